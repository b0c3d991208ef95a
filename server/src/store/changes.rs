//! The change log of each account: for every object its newest change, and a tombstone for every one that is gone.

use super::engine::{Direction, Entry};
use super::items::wire_item;
use super::records::{ChangeRecord, ItemRecord, Record as _, StateRecord};
use super::state::state_object;
use super::transaction::Transaction;
use super::{Store, StoreError, layout};
use smail_protocol::limits::{MAX_PAGE, MAX_PAGE_SEALED_BYTES};
use smail_protocol::{AccountId, Change, ChangePage, ChangedObject, ItemId, ObjectId};

/// What a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChangedThing {
    /// An item came or was written.
    Item(ItemId),
    /// An item went.
    ItemRemoved(ItemId),
    /// A state object came or was written.
    State(ObjectId),
    /// A state object went.
    StateRemoved(ObjectId),
    /// The account itself.
    Account,
}

impl From<ChangedThing> for ChangeRecord {
    fn from(thing: ChangedThing) -> Self {
        match thing {
            ChangedThing::Item(item) => Self::Item(*item.as_bytes()),
            ChangedThing::ItemRemoved(item) => Self::ItemRemoved(*item.as_bytes()),
            ChangedThing::State(object) => Self::State(*object.as_bytes()),
            ChangedThing::StateRemoved(object) => Self::StateRemoved(*object.as_bytes()),
            ChangedThing::Account => Self::Account,
        }
    }
}

impl Store {
    /// The account's newest change; 0 for an account that has none.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn newest_seq(&self, account: AccountId) -> Result<u64, StoreError> {
        self.settled(self.seq_now(account)?)
    }

    /// The account's newest change. To be settled before it is told.
    pub(super) fn seq_now(&self, account: AccountId) -> Result<u64, StoreError> {
        self.engine()
            .get(&layout::newest_seq(account))?
            .map_or(Ok(0), read_seq)
    }

    /// Changes after `since`, oldest first. `limit` is brought into 1 to
    /// [`MAX_PAGE`](smail_protocol::limits::MAX_PAGE).
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn changes(
        &self,
        account: AccountId,
        since: u64,
        limit: u32,
    ) -> Result<ChangePage, StoreError> {
        let limit = limit.clamp(1, MAX_PAGE) as usize;
        let range = layout::changes_after(account, since);
        let mut entries = self
            .engine()
            .scan(&range, Direction::Ascending, limit + 1)?;
        let more = entries.len() > limit;
        entries.truncate(limit);
        let mut page = ChangePage {
            changes: Vec::new(),
            seq: since,
            more,
        };
        let mut sealed_bytes = 0;
        for Entry { key, value } in entries {
            if sealed_bytes >= MAX_PAGE_SEALED_BYTES {
                page.more = true;
                break;
            }
            page.seq = layout::seq_of(&key).ok_or(StoreError::Corrupt)?;
            let object = self.changed_object(account, ChangeRecord::decode(&value)?)?;
            sealed_bytes += object.as_ref().map_or(0, sealed_bytes_of);
            page.changes.extend(object.map(|object| Change {
                seq: page.seq,
                object,
            }));
        }
        self.settled(page)
    }

    /// The changed thing as it is now; `None` when it went after the log was read: its tombstone comes later.
    fn changed_object(
        &self,
        account: AccountId,
        change: ChangeRecord,
    ) -> Result<Option<ChangedObject>, StoreError> {
        Ok(match change {
            ChangeRecord::Item(item) => {
                let item_id = ItemId::from_bytes(item);
                let record = self.read::<ItemRecord>(&layout::item(account, item_id))?;
                record.map(|record| ChangedObject::Item {
                    item: wire_item(item_id, record),
                })
            }
            ChangeRecord::State(object) => {
                let object_id = ObjectId::from_bytes(object);
                let record = self.read::<StateRecord>(&layout::state_object(account, object_id))?;
                record.map(|record| ChangedObject::State {
                    object: state_object(object_id, record),
                })
            }
            ChangeRecord::ItemRemoved(item) => Some(ChangedObject::ItemRemoved {
                item_id: ItemId::from_bytes(item),
            }),
            ChangeRecord::StateRemoved(object) => Some(ChangedObject::StateRemoved {
                object_id: ObjectId::from_bytes(object),
            }),
            ChangeRecord::Account => Some(ChangedObject::Account),
        })
    }
}

impl Transaction<'_> {
    /// Writes a change at the account's next place and forgets the thing's `previous` one. Gives the place.
    pub(super) fn log_change(
        &mut self,
        account: AccountId,
        thing: ChangedThing,
        previous: Option<u64>,
    ) -> Result<u64, StoreError> {
        let seq = self.seq(account)? + 1;
        self.put_bytes(layout::newest_seq(account), seq.to_be_bytes().to_vec());
        self.put(layout::change(account, seq), &ChangeRecord::from(thing))?;
        if let Some(previous) = previous {
            self.delete(layout::change(account, previous));
        }
        self.news.changes.insert(account, seq);
        Ok(seq)
    }

    /// The account's newest change, this transaction's included.
    pub(super) fn seq(&mut self, account: AccountId) -> Result<u64, StoreError> {
        self.get_bytes(&layout::newest_seq(account))?
            .map_or(Ok(0), read_seq)
    }
}

fn sealed_bytes_of(object: &ChangedObject) -> usize {
    let sealed = match object {
        ChangedObject::Item { item } => item.sealed.as_ref(),
        ChangedObject::State { object } => Some(&object.sealed),
        _ => None,
    };
    sealed.map_or(0, |sealed| sealed.as_slice().len())
}

fn read_seq(stored: Vec<u8>) -> Result<u64, StoreError> {
    stored
        .try_into()
        .map(u64::from_be_bytes)
        .map_err(|_| StoreError::Corrupt)
}
