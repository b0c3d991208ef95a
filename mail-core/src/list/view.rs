//! Views: a folder's rows in one order under one filter, kept up with what changes.

use super::items::{Changes, Items, Kept};
use super::order::{Key, key};
use crate::views::{ListFilter, SortOrder};
use smail_protocol::{ItemId, MailboxId};
use std::collections::BTreeSet;

/// Most views kept: one in use, and some to come back to.
const MAX_VIEWS: usize = 4;

/// What a view is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Mailbox(MailboxId),
    /// Everything with this label.
    Label(String),
}

/// What a view shows, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spec {
    pub(crate) place: Place,
    pub(crate) sort: SortOrder,
    pub(crate) filter: ListFilter,
    /// Messages one by one, not as conversations.
    pub(crate) single: bool,
    /// The account's address, in lower case.
    pub(crate) own_address: String,
}

impl Spec {
    /// Whether a message belongs to what is shown.
    pub(super) fn has(&self, kept: &Kept) -> bool {
        match &self.place {
            Place::Mailbox(mailbox) => kept.mailbox() == *mailbox,
            Place::Label(label_id) => kept.has_label(label_id),
        }
    }
}

/// What a row is sorted and filtered by.
#[derive(Debug, Clone)]
pub(super) struct RowFacts {
    /// The newest of its messages in the folder.
    pub(super) lead: u32,
    pub(super) order_ms: u64,
    pub(super) size_bytes: u64,
    unread: bool,
    starred: bool,
    attachments: bool,
}

/// A row: its place in the order, and the slot or root that it stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    key: Key,
    place: u32,
}

/// One view.
#[derive(Debug)]
pub(crate) struct View {
    spec: Spec,
    entries: Vec<Entry>,
    /// Rows that the filter no longer lets through and that stay until the view is left: what is being read.
    lingering: BTreeSet<u32>,
    /// Grows with every change.
    version: u64,
}

/// The views in use, the latest first.
#[derive(Debug, Default)]
pub(crate) struct Views {
    views: Vec<View>,
    versions: u64,
}

impl Views {
    /// Reads the view of this spec as things are now. One in which rows linger is made anew when it is come back to.
    pub(crate) fn read<V>(
        &mut self,
        spec: &Spec,
        items: &mut Items,
        read: impl FnOnce(&View, &Items) -> V,
    ) -> V {
        self.catch_up(items);
        let known = self.views.iter().position(|view| view.spec == *spec);
        let kept = known.map(|place| (place, self.views.remove(place)));
        let view = match kept {
            Some((place, view)) if place == 0 || view.lingering.is_empty() => view,
            _ => {
                self.versions += 1;
                View::new(spec.clone(), items, self.versions)
            }
        };
        let outcome = read(&view, items);
        self.views.truncate(MAX_VIEWS - 1);
        self.views.insert(0, view);
        outcome
    }

    /// The mailbox that is being looked at.
    pub(crate) fn looked_at(&self) -> Option<MailboxId> {
        match self.views.first()?.spec.place {
            Place::Mailbox(mailbox) => Some(mailbox),
            Place::Label(_) => None,
        }
    }

    fn catch_up(&mut self, items: &mut Items) {
        let changes = items.take_changes();
        if changes.many {
            self.views.truncate(1);
        }
        for view in &mut self.views {
            if view.take(&changes, items) {
                self.versions += 1;
                view.version = self.versions;
            }
        }
    }
}

impl View {
    fn new(spec: Spec, items: &Items, version: u64) -> Self {
        let mut view = Self {
            spec,
            entries: Vec::new(),
            lingering: BTreeSet::new(),
            version,
        };
        view.fill(items);
        view
    }

    pub(crate) const fn version(&self) -> u64 {
        self.version
    }

    pub(crate) const fn spec(&self) -> &Spec {
        &self.spec
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The slots or roots of these rows.
    pub(crate) fn places(&self, start: usize, end: usize) -> impl Iterator<Item = u32> {
        let count = end.saturating_sub(start);
        let entries = self.entries.iter().skip(start).take(count);
        entries.map(|entry| entry.place)
    }

    /// Where the row is that this message is part of.
    pub(crate) fn index_of(&self, item_id: &ItemId, items: &Items) -> Option<usize> {
        let slot = items.slot(item_id)?;
        let place = place_of(&self.spec, items, slot);
        self.entries.iter().position(|entry| entry.place == place)
    }

    /// Takes changes; whether a row may look otherwise now.
    fn take(&mut self, changes: &Changes, items: &Items) -> bool {
        if changes.many {
            self.fill(items);
            return true;
        }
        let changed = if self.spec.single {
            &changes.slots
        } else {
            &changes.roots
        };
        let distinct: BTreeSet<u32> = changed.iter().copied().collect();
        // Every one of them, whatever comes of the first.
        let shown = distinct.into_iter().filter(|place| self.put(*place, items));
        shown.count() > 0
    }

    /// Puts one row where it belongs now, if anywhere; whether it is or was one.
    fn put(&mut self, place: u32, items: &Items) -> bool {
        let before = self.entries.iter().position(|entry| entry.place == place);
        if let Some(index) = before {
            self.entries.remove(index);
        }
        let Some((facts, lead)) = facts_of(&self.spec, items, place) else {
            self.lingering.remove(&place);
            return before.is_some();
        };
        if !passes(self.spec.filter, &facts) {
            if before.is_none() {
                return false;
            }
            self.lingering.insert(place);
        }
        let entry = Entry {
            key: key(&self.spec, &facts, lead),
            place,
        };
        let index = self.entries.partition_point(|other| *other < entry);
        self.entries.insert(index, entry);
        true
    }

    /// Makes all rows anew.
    fn fill(&mut self, items: &Items) {
        let rows = all_facts(&self.spec, items);
        let entries = rows.into_iter().filter_map(|(place, facts)| {
            let stays = passes(self.spec.filter, &facts) || self.lingering.contains(&place);
            let lead = items.at(facts.lead).filter(|_| stays)?;
            Some(Entry {
                key: key(&self.spec, &facts, lead),
                place,
            })
        });
        self.entries = entries.collect();
        self.entries.sort_unstable();
    }
}

fn place_of(spec: &Spec, items: &Items, slot: u32) -> u32 {
    if spec.single {
        slot
    } else {
        items.threads().conversation(slot)
    }
}

/// The messages of a row: all of its conversation, wherever they are.
pub(super) fn members(spec: &Spec, items: &Items, place: u32) -> Vec<u32> {
    if spec.single {
        vec![place]
    } else {
        items.threads().messages_of(place)
    }
}

fn facts_of<'a>(spec: &Spec, items: &'a Items, place: u32) -> Option<(RowFacts, &'a Kept)> {
    let mut facts: Option<RowFacts> = None;
    for slot in members(spec, items, place) {
        if let Some(kept) = items.at(slot).filter(|kept| spec.has(kept)) {
            match &mut facts {
                Some(facts) => facts.add(slot, kept),
                None => facts = Some(RowFacts::new(slot, kept)),
            }
        }
    }
    let facts = facts?;
    let lead = items.at(facts.lead)?;
    Some((facts, lead))
}

fn all_facts(spec: &Spec, items: &Items) -> Vec<(u32, RowFacts)> {
    let here = items.iter().filter(|(_, kept)| spec.has(kept));
    if spec.single {
        return here
            .map(|(slot, kept)| (slot, RowFacts::new(slot, kept)))
            .collect();
    }
    let mut rows: Vec<(u32, RowFacts)> = Vec::new();
    let mut row_of = vec![u32::MAX; items.threads().bound()];
    for (slot, kept) in here {
        let root = items.threads().conversation(slot);
        let Some(row) = row_of.get_mut(root as usize) else {
            continue;
        };
        match rows.get_mut(*row as usize) {
            Some((_, facts)) => facts.add(slot, kept),
            None => {
                *row = u32::try_from(rows.len()).unwrap_or(u32::MAX);
                rows.push((root, RowFacts::new(slot, kept)));
            }
        }
    }
    rows
}

const fn passes(filter: ListFilter, facts: &RowFacts) -> bool {
    match filter {
        ListFilter::All => true,
        ListFilter::Unread => facts.unread,
        ListFilter::Starred => facts.starred,
        ListFilter::Attachments => facts.attachments,
    }
}

impl RowFacts {
    fn new(slot: u32, kept: &Kept) -> Self {
        Self {
            lead: slot,
            order_ms: kept.order_ms,
            size_bytes: kept.size_bytes(),
            unread: kept.unread,
            starred: kept.starred,
            attachments: kept.attachments > 0,
        }
    }

    fn add(&mut self, slot: u32, kept: &Kept) {
        if (kept.order_ms, slot) > (self.order_ms, self.lead) {
            (self.lead, self.order_ms) = (slot, kept.order_ms);
        }
        self.size_bytes = self.size_bytes.saturating_add(kept.size_bytes());
        self.unread |= kept.unread;
        self.starred |= kept.starred;
        self.attachments |= kept.attachments > 0;
    }
}
