//! Sealed state objects, each with a version.

use super::{Store, StoreError};
use smail_protocol::{AccountId, ObjectId, StateObject, StatePage, StateWriteRequest};

/// Why a state object was not written or removed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteStateError {
    /// The version named is not the current one; this is the object as it is.
    #[error("the object was changed meanwhile")]
    Conflict(Box<StateObject>),
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
        let _ = account;
        unimplemented!()
    }

    /// One state object.
    ///
    /// # Errors
    /// [`StoreError`] alone; an object that is not there is `None`.
    pub fn state_object(&self, account: AccountId, object: ObjectId) -> Result<Option<StateObject>, StoreError> {
        let _ = (account, object);
        unimplemented!()
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
        let _ = (account, object, write);
        unimplemented!()
    }

    /// Removes a state object.
    ///
    /// # Errors
    /// See [`WriteStateError`].
    pub fn delete_state(&self, account: AccountId, object: ObjectId, version: u64) -> Result<(), WriteStateError> {
        let _ = (account, object, version);
        unimplemented!()
    }
}
