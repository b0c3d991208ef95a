//! What one person knows of their account.

use smail_protocol::{
    BlobId, Bytes, DeliverRequest, Item, ItemId, MailboxId, ObjectId, StateObject,
};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of one object: what was acknowledged, and what a request without an answer may have made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fate<T> {
    /// As last acknowledged; none when it was never acknowledged, or is gone.
    pub acknowledged: Option<T>,
    /// What it is if the request under way is carried out: it (none: it is gone).
    pub unanswered: Option<Option<T>>,
}

impl<T: PartialEq> Fate<T> {
    /// An object that is there.
    pub const fn known(object: T) -> Self {
        Self {
            acknowledged: Some(object),
            unanswered: None,
        }
    }

    /// Whether what was found can be: as acknowledged, or as the unanswered request wanted it.
    pub fn allows(&self, found: Option<&T>) -> bool {
        found == self.acknowledged.as_ref()
            || self
                .unanswered
                .as_ref()
                .is_some_and(|wanted| found == wanted.as_ref())
    }
}

/// All objects of one kind.
#[derive(Debug)]
pub struct Shelf<Id, T> {
    /// Those that are, or may be, there.
    pub known: BTreeMap<Id, Fate<T>>,
    /// Those whose removal was acknowledged.
    pub removed: BTreeSet<Id>,
    /// What each has been since the last restart, with the number of the operation that made it so: the owner's
    /// operations are counted from 1, and what was there before is of operation 0.
    pub past: BTreeMap<Id, Vec<(u64, Option<T>)>>,
}

impl<Id, T> Default for Shelf<Id, T> {
    fn default() -> Self {
        Self {
            known: BTreeMap::new(),
            removed: BTreeSet::new(),
            past: BTreeMap::new(),
        }
    }
}

impl<Id: Copy + Ord, T: Clone + PartialEq> Shelf<Id, T> {
    /// Notes that a request is about to be made, after which the object is `wanted` (none: gone).
    pub fn ask(&mut self, id: Id, operation: u64, wanted: Option<T>) {
        self.past
            .entry(id)
            .or_default()
            .push((operation, wanted.clone()));
        let fate = self.known.entry(id).or_insert(Fate {
            acknowledged: None,
            unanswered: None,
        });
        fate.unanswered = Some(wanted);
    }

    /// Notes that the request was acknowledged.
    pub fn acknowledge(&mut self, id: Id) {
        let wanted = self.known.remove(&id).and_then(|fate| fate.unanswered);
        match wanted.flatten() {
            Some(object) => drop(self.known.insert(id, Fate::known(object))),
            None => drop(self.removed.insert(id)),
        }
    }

    /// Takes what was found for what is known.
    pub fn settle(&mut self, found: BTreeMap<Id, T>) {
        self.past = found
            .iter()
            .map(|(id, object)| (*id, vec![(0, Some(object.clone()))]))
            .collect();
        self.known = found
            .into_iter()
            .map(|(id, object)| (id, Fate::known(object)))
            .collect();
    }
}

/// An item as its writer and its owner can know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownItem {
    /// Where it is.
    pub mailbox: MailboxId,
    /// What it names.
    pub blob: BlobId,
    /// How often it was written.
    pub version: u64,
    /// The envelope.
    pub sealed: Option<Bytes>,
}

impl From<&Item> for KnownItem {
    fn from(item: &Item) -> Self {
        Self {
            mailbox: item.mailbox_id,
            blob: item.blob_id,
            version: item.version,
            sealed: item.sealed.clone(),
        }
    }
}

/// A state object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownState {
    /// How often it was written.
    pub version: u64,
    /// The envelope.
    pub sealed: Bytes,
}

impl From<&StateObject> for KnownState {
    fn from(object: &StateObject) -> Self {
        Self {
            version: object.version,
            sealed: object.sealed.clone(),
        }
    }
}

/// A delivery that was asked for.
#[derive(Debug, Clone)]
pub struct Posted {
    /// The request.
    pub request: DeliverRequest,
    /// Who gets which blob: the place of each recipient in the cast.
    pub recipients: Vec<(usize, BlobId)>,
    /// Whether the server said that it is done.
    pub acknowledged: bool,
    /// Whether it was found done after a crash before it was asked for again: then nobody gets it a second time.
    pub was_done: bool,
}

impl Posted {
    /// The sender's copy as it is filed.
    #[must_use]
    pub fn sent_copy(&self) -> KnownItem {
        let sent = &self.request.sent;
        KnownItem {
            mailbox: sent.mailbox_id,
            blob: sent.blob_id,
            version: 1,
            sealed: Some(sent.sealed.clone()),
        }
    }
}

/// What one person knows of their account.
#[derive(Debug, Default)]
pub struct Book {
    /// Items.
    pub items: Shelf<ItemId, KnownItem>,
    /// State objects.
    pub states: Shelf<ObjectId, KnownState>,
    /// Blobs whose upload was acknowledged and that no item names yet.
    pub uploads: BTreeSet<BlobId>,
    /// Deliveries asked for since the last restart.
    pub posted: Vec<Posted>,
    /// The delivery that had no answer before the last restart, to be asked for again.
    pub again: Option<Posted>,
    /// The newest change that an answer told of.
    pub seq: u64,
    /// The newest change at the last restart: from there on the feed is read.
    pub read_to: u64,
    /// How many operations were acknowledged.
    pub acknowledged: u64,
    /// How many writes and removals of objects were asked for since the last restart.
    pub operations: u64,
}

impl Book {
    /// The number of the next operation.
    pub fn next_operation(&mut self) -> u64 {
        self.operations += 1;
        self.operations
    }

    /// Notes that a request about an item is about to be made.
    pub fn ask_item(&mut self, id: ItemId, wanted: Option<KnownItem>) {
        let operation = self.next_operation();
        self.items.ask(id, operation, wanted);
    }

    /// Notes that it was acknowledged.
    pub fn acknowledge_item(&mut self, id: ItemId) {
        self.acknowledged += 1;
        self.items.acknowledge(id);
    }

    /// Notes that a request about a state object is about to be made.
    pub fn ask_state(&mut self, id: ObjectId, wanted: Option<KnownState>) {
        let operation = self.next_operation();
        self.states.ask(id, operation, wanted);
    }

    /// Notes that it was acknowledged.
    pub fn acknowledge_state(&mut self, id: ObjectId) {
        self.acknowledged += 1;
        self.states.acknowledge(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unanswered_request_leaves_two_possibilities() {
        let mut fate = Fate::known(1);
        assert!(fate.allows(Some(&1)) && !fate.allows(Some(&2)) && !fate.allows(None));
        fate.unanswered = Some(Some(2));
        assert!(fate.allows(Some(&1)) && fate.allows(Some(&2)) && !fate.allows(None));
        fate.unanswered = Some(None);
        assert!(fate.allows(Some(&1)) && fate.allows(None) && !fate.allows(Some(&2)));
    }

    #[test]
    fn a_shelf_follows_what_is_acknowledged() {
        let mut shelf = Shelf::default();
        shelf.ask('a', 1, Some(1));
        assert!(shelf.known[&'a'].allows(None) && shelf.known[&'a'].allows(Some(&1)));
        shelf.acknowledge('a');
        assert_eq!(shelf.known[&'a'], Fate::known(1));
        shelf.ask('a', 2, None);
        assert!(shelf.known[&'a'].allows(Some(&1)));
        shelf.acknowledge('a');
        assert!(shelf.known.is_empty() && shelf.removed.contains(&'a'));
        assert_eq!(shelf.past[&'a'], [(1, Some(1)), (2, None)]);
    }
}
