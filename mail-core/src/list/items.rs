//! Every item a client knows, in little room: what lists are sorted and filtered by stands open, the rest of a summary
//! stays as its JSON until it is asked for. An item of ordinary size takes some 700 bytes.

use super::subject::base_subject;
use super::threads::{SubjectTie, Threads, Ties};
use crate::item::{BlobKind, ItemContent, came_ms};
use crate::memory::{Fault, Known};
use crate::search::draft_version;
use crate::views::Person;
use smail_protocol::{Bytes, Item, ItemId, MailboxId};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// Changes told one by one; after more of them whoever follows begins anew.
const MAX_CHANGES: usize = 128;

/// The items, each in a numbered slot.
#[derive(Default)]
pub(crate) struct Items {
    slots: Vec<Option<Kept>>,
    free: Vec<u32>,
    places: BTreeMap<ItemId, u32>,
    counts: BTreeMap<MailboxId, Counts>,
    threads: Threads,
    changes: Changes,
}

/// What lists need of an item, open.
#[derive(Debug)]
pub(crate) struct Kept {
    /// The item, without its envelope.
    item: Item,
    is_sealed: bool,
    /// When it came, which is what lists are ordered by: a date is its author's word.
    pub(crate) order_ms: u64,
    pub(crate) unread: bool,
    pub(crate) starred: bool,
    pub(crate) attachments: u32,
    pub(crate) is_draft: bool,
    /// Its shortened Message-ID.
    pub(crate) id: Option<u64>,
    /// Its ties in one number, to see whether they have changed.
    ties: u64,
    /// Ids of labels.
    labels: Box<[Box<str>]>,
    content: Option<Box<[u8]>>,
    fault: Option<Box<str>>,
    /// The fault may be gone at the next try.
    is_passing: bool,
}

/// Messages in a mailbox, as far as they have been taken in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) total: u32,
    pub(crate) unread: u32,
}

/// What has changed since it was last asked for.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// Items, by their slots.
    pub(crate) slots: Vec<u32>,
    /// Conversations, by their roots.
    pub(crate) roots: Vec<u32>,
    /// More than is told one by one.
    pub(crate) many: bool,
}

impl Kept {
    pub(crate) const fn item_id(&self) -> ItemId {
        self.item.item_id
    }

    pub(crate) const fn mailbox(&self) -> MailboxId {
        self.item.mailbox_id
    }

    /// Which text of a draft it is; 0 for a message.
    pub(crate) fn draft_version(&self) -> u64 {
        if self.is_draft {
            self.content().as_ref().map_or(0, draft_version)
        } else {
            0
        }
    }

    pub(crate) const fn size_bytes(&self) -> u64 {
        self.item.size_bytes
    }

    fn new(known: &Known) -> Self {
        let ties = ties(known);
        let content = known.content.as_ref();
        let mut hasher = DefaultHasher::new();
        (ties.id, &ties.references, ties.print).hash(&mut hasher);
        Self {
            item: Item {
                sealed: None,
                ..known.item.clone()
            },
            is_sealed: known.item.sealed.is_some(),
            order_ms: order_ms(&known.item, content),
            unread: content.is_some_and(|content| content.unread),
            starred: content.is_some_and(|content| content.starred),
            attachments: content.map_or(0, |content| content.attachments),
            is_draft: content.is_some_and(|it| matches!(it.kind, BlobKind::Draft { .. })),
            id: ties.id,
            ties: hasher.finish(),
            labels: content.map_or_else(Box::default, |content| {
                content.labels.iter().map(|id| id.as_str().into()).collect()
            }),
            content: content.map(|content| content.to_json().into_boxed_slice()),
            fault: known
                .fault
                .as_ref()
                .map(|fault| fault.sentence.as_str().into()),
            is_passing: !known.is_settled(),
        }
    }

    pub(crate) fn has_label(&self, label_id: &str) -> bool {
        self.labels.iter().any(|id| **id == *label_id)
    }

    /// The item with its summary opened.
    pub(crate) fn known(&self) -> Known {
        Known {
            item: Item {
                sealed: self.is_sealed.then(|| Bytes::from(Vec::new())),
                ..self.item.clone()
            },
            content: self.content(),
            fault: self.fault.as_ref().map(|sentence| Fault {
                sentence: sentence.to_string(),
                passing: self.is_passing,
            }),
        }
    }

    pub(crate) fn content(&self) -> Option<ItemContent> {
        serde_json::from_slice(self.content.as_deref()?).ok()
    }
}

impl Items {
    /// The item with its summary. Its envelope is not kept: that it has one is all that is left of it.
    pub(crate) fn get(&self, item_id: &ItemId) -> Option<Known> {
        self.at(self.slot(item_id)?).map(Kept::known)
    }

    pub(crate) fn contains_key(&self, item_id: &ItemId) -> bool {
        self.places.contains_key(item_id)
    }

    /// The item's version and mailbox.
    pub(crate) fn place(&self, item_id: &ItemId) -> Option<(u64, MailboxId)> {
        let kept = self.at(self.slot(item_id)?)?;
        Some((kept.item.version, kept.item.mailbox_id))
    }

    pub(crate) fn counts(&self, mailbox: MailboxId) -> Counts {
        self.counts.get(&mailbox).copied().unwrap_or_default()
    }

    /// Keeps an item, in place of what was known of it.
    pub(crate) fn insert(&mut self, known: &Known) {
        let kept = Kept::new(known);
        let item_id = kept.item.item_id;
        let before = self.slot(&item_id);
        if before.is_some_and(|slot| self.at(slot).is_some_and(|it| it.ties == kept.ties)) {
            return self.replace(before, kept);
        }
        self.remove(&item_id);
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
        });
        self.places.insert(item_id, slot);
        self.threads
            .add(slot, &ties(known), &mut self.changes.roots);
        self.replace(Some(slot), kept);
    }

    /// Forgets an item; whether it was known.
    pub(crate) fn remove(&mut self, item_id: &ItemId) -> bool {
        let Some(slot) = self.places.remove(item_id) else {
            return false;
        };
        self.threads.remove(slot, &mut self.changes.roots);
        if let Some(kept) = self.slots.get_mut(slot as usize).and_then(Option::take) {
            self.count(&kept, false);
        }
        self.free.push(slot);
        self.changes.note(slot);
        true
    }

    pub(crate) fn slot(&self, item_id: &ItemId) -> Option<u32> {
        self.places.get(item_id).copied()
    }

    pub(crate) fn at(&self, slot: u32) -> Option<&Kept> {
        self.slots.get(slot as usize)?.as_ref()
    }

    /// The slot after the last.
    pub(crate) fn end(&self) -> u32 {
        u32::try_from(self.slots.len()).unwrap_or(u32::MAX)
    }

    /// Every item with its slot.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Kept)> {
        let slots = (0..).zip(&self.slots);
        slots.filter_map(|(slot, kept)| kept.as_ref().map(|kept| (slot, kept)))
    }

    /// The items of a mailbox, with their summaries.
    pub(crate) fn known_in(&self, mailbox: MailboxId) -> impl Iterator<Item = Known> {
        let there = self
            .iter()
            .filter(move |(_, kept)| kept.mailbox() == mailbox);
        there.map(|(_, kept)| kept.known())
    }

    /// The items with a label, with their summaries.
    pub(crate) fn labelled(&self, label_id: &str) -> impl Iterator<Item = Known> {
        let there = self
            .iter()
            .filter(move |(_, kept)| kept.has_label(label_id));
        there.map(|(_, kept)| kept.known())
    }

    pub(crate) const fn threads(&self) -> &Threads {
        &self.threads
    }

    pub(crate) fn take_changes(&mut self) -> Changes {
        std::mem::take(&mut self.changes)
    }

    fn replace(&mut self, slot: Option<u32>, kept: Kept) {
        let Some((slot, place)) =
            slot.and_then(|slot| Some((slot, self.slots.get_mut(slot as usize)?)))
        else {
            return;
        };
        let before = place.take();
        if let Some(before) = &before {
            self.count(before, false);
        }
        self.count(&kept, true);
        if let Some(place) = self.slots.get_mut(slot as usize) {
            *place = Some(kept);
        }
        self.changes.roots.push(self.threads.conversation(slot));
        self.changes.note(slot);
    }

    fn count(&mut self, kept: &Kept, is_there: bool) {
        let counts = self.counts.entry(kept.item.mailbox_id).or_default();
        let unread = u32::from(kept.unread);
        if is_there {
            counts.total += 1;
            counts.unread += unread;
        } else {
            counts.total = counts.total.saturating_sub(1);
            counts.unread = counts.unread.saturating_sub(unread);
        }
    }
}

impl Changes {
    fn note(&mut self, slot: u32) {
        self.slots.push(slot);
        if self.many || self.slots.len() > MAX_CHANGES || self.roots.len() > 2 * MAX_CHANGES {
            self.slots.clear();
            self.roots.clear();
            self.many = true;
        }
    }
}

/// When it came, here or to where it was brought from, or came back.
fn order_ms(item: &Item, content: Option<&ItemContent>) -> u64 {
    let returned_ms = content.and_then(|content| content.returned_ms);
    came_ms(item, content).max(returned_ms.unwrap_or(0))
}

/// What ties an item to others. A draft is tied to nothing: it is not part of any conversation yet.
fn ties(known: &Known) -> Ties {
    let Some(content) = known
        .content
        .as_ref()
        .filter(|content| content.kind == BlobKind::Message)
    else {
        return Ties::default();
    };
    let Some(id) = content.thread.message_id else {
        return Ties::default();
    };
    let base = base_subject(&content.subject);
    let from = content.from.address.to_lowercase();
    let subject = (!base.text.is_empty() && !from.is_empty()).then(|| SubjectTie {
        key: print(&(&base.text, people(&content.from, &content.to))),
        is_answer: base.is_answer,
        at_ms: came_ms(&known.item, Some(content)),
    });
    Ties {
        id: Some(id.0),
        references: content.thread.references.iter().map(|id| id.0).collect(),
        print: print(&(from, base.text)),
        subject,
    }
}

fn people(from: &Person, to: &[Person]) -> Vec<String> {
    let all = std::iter::once(from).chain(to);
    let mut addresses: Vec<String> = all.map(|person| person.address.to_lowercase()).collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses
}

/// A number that stands for a value; never 0.
fn print(value: &impl std::hash::Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish().max(1)
}
