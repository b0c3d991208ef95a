//! The change log of each account: for every object its newest change, and a tombstone for every one that is gone.

use super::{Store, StoreError};
use smail_protocol::{AccountId, ChangePage};

impl Store {
    /// The account's newest change; 0 for an account that has none.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn newest_seq(&self, account: AccountId) -> Result<u64, StoreError> {
        let _ = account;
        unimplemented!()
    }

    /// Changes after `since`, oldest first. `limit` is brought into 1 to
    /// [`MAX_PAGE`](smail_protocol::limits::MAX_PAGE).
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn changes(&self, account: AccountId, since: u64, limit: u32) -> Result<ChangePage, StoreError> {
        let _ = (account, since, limit);
        unimplemented!()
    }
}
