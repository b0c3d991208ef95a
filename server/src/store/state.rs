//! Sealed state objects, each with a version.

use super::changes::ChangedThing;
use super::engine::Direction;
use super::records::{Record as _, StateRecord};
use super::transaction::Transaction;
use super::{Store, StoreError, layout};
use smail_protocol::limits::MAX_STATE_OBJECTS;
use smail_protocol::{AccountId, Bytes, ObjectId, StateObject, StatePage, StateWriteRequest};

/// Why a state object was not written or removed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteStateError {
    /// The version named is not the current one; this is the object as it is.
    #[error("the object was changed meanwhile")]
    Conflict(Box<StateObject>),
    /// The account has [`MAX_STATE_OBJECTS`](smail_protocol::limits::MAX_STATE_OBJECTS).
    #[error("too many state objects")]
    TooMany,
    /// A new object, and the account stores as much as it may.
    #[error("the account stores as much as it may")]
    OverQuota,
    /// There is no such object, and the version named is not 0.
    #[error("no such object")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Every state object of the account, by id. Its `seq` is read first.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn state_page(&self, account: AccountId) -> Result<StatePage, StoreError> {
        let seq = self.seq_now(account)?;
        let entries = self.engine().scan(
            &layout::state_objects(account),
            Direction::Ascending,
            usize::MAX,
        )?;
        let object = |entry: &super::engine::Entry| {
            let object_id = layout::object_of(&entry.key).ok_or(StoreError::Corrupt)?;
            Ok(state_object(object_id, StateRecord::decode(&entry.value)?))
        };
        let objects: Result<Vec<_>, StoreError> = entries.iter().map(object).collect();
        let objects = objects?;
        self.settled(StatePage { objects, seq })
    }

    /// One state object.
    ///
    /// # Errors
    /// [`StoreError`] alone; an object that is not there is `None`.
    pub fn state_object(
        &self,
        account: AccountId,
        object: ObjectId,
    ) -> Result<Option<StateObject>, StoreError> {
        let record = self.read::<StateRecord>(&layout::state_object(account, object))?;
        self.settled(record.map(|record| state_object(object, record)))
    }

    /// Makes (base version 0) or replaces a state object.
    ///
    /// # Errors
    /// See [`WriteStateError`].
    pub fn put_state(
        &self,
        account: AccountId,
        object: ObjectId,
        write: &StateWriteRequest,
    ) -> Result<StateObject, WriteStateError> {
        self.transact(|transaction| {
            if !transaction.has_account(account)? {
                return Err(WriteStateError::NotFound);
            }
            let old = transaction.state_at(account, object, write.base_version)?;
            match old {
                Some(_) => transaction.use_reserve(),
                None => transaction.has_room_for_state(account)?,
            }
            let is_new = old.is_none();
            let removed = old.as_ref().map_or(0, |record| record.sealed.len() as u64);
            let added = write.sealed.as_slice().len() as u64;
            transaction.use_bytes(account, added, removed)?;
            if is_new && !transaction.is_within_quota(account)? {
                return Err(WriteStateError::OverQuota);
            }
            let previous = old.map(|record| record.change_seq);
            let record = StateRecord {
                version: write.base_version + 1,
                change_seq: transaction.log_change(
                    account,
                    ChangedThing::State(object),
                    previous,
                )?,
                sealed: write.sealed.as_slice().to_vec(),
            };
            transaction.put(layout::state_object(account, object), &record)?;
            Ok(state_object(object, record))
        })
    }

    /// Removes a state object.
    ///
    /// # Errors
    /// See [`WriteStateError`].
    pub fn delete_state(
        &self,
        account: AccountId,
        object: ObjectId,
        version: u64,
    ) -> Result<(), WriteStateError> {
        self.transact(|transaction| {
            if !transaction.has_account(account)? {
                return Err(WriteStateError::NotFound);
            }
            transaction.use_reserve();
            let old = transaction
                .state_at(account, object, version)?
                .ok_or(WriteStateError::NotFound)?;
            transaction.log_change(
                account,
                ChangedThing::StateRemoved(object),
                Some(old.change_seq),
            )?;
            transaction.delete(layout::state_object(account, object));
            transaction.use_bytes(account, 0, old.sealed.len() as u64)?;
            Ok(())
        })
    }
}

impl Transaction<'_> {
    /// Refuses when the account has as many state objects as it may have.
    fn has_room_for_state(&mut self, account: AccountId) -> Result<(), WriteStateError> {
        // Whoever makes an object writes this record: one that the count has missed makes this transaction run again.
        self.seq(account)?;
        if self.count(&layout::state_objects(account), MAX_STATE_OBJECTS)? < MAX_STATE_OBJECTS {
            Ok(())
        } else {
            Err(WriteStateError::TooMany)
        }
    }

    /// The object, if its version is the one named; none if the version named is 0 and there is no object.
    fn state_at(
        &mut self,
        account: AccountId,
        object: ObjectId,
        version: u64,
    ) -> Result<Option<StateRecord>, WriteStateError> {
        match self.get::<StateRecord>(&layout::state_object(account, object))? {
            Some(record) if record.version == version => Ok(Some(record)),
            Some(record) => Err(WriteStateError::Conflict(Box::new(state_object(
                object, record,
            )))),
            None if version == 0 => Ok(None),
            None => Err(WriteStateError::NotFound),
        }
    }
}

/// The form of the wire.
pub(super) fn state_object(object_id: ObjectId, record: StateRecord) -> StateObject {
    StateObject {
        object_id,
        version: record.version,
        sealed: Bytes::from(record.sealed),
    }
}
