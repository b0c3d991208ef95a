//! Who is to be told at once: open event streams, by account and by session. In memory alone; what a stream missed is
//! in the change log.

use super::{Store, StoreError};
use smail_protocol::{AccountId, SessionId};
use tokio::sync::watch;

/// What an open event stream listens to.
#[derive(Debug)]
pub struct Feed {
    /// The account's newest change, durable before it is told.
    pub newest_seq: watch::Receiver<u64>,
    /// Becomes true when the session has ended.
    pub session_ended: watch::Receiver<bool>,
}

impl Store {
    /// Listens for an account's changes and a session's end; `None` when the session has ended already.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn subscribe(&self, account: AccountId, session: SessionId) -> Result<Option<Feed>, StoreError> {
        let _ = (account, session);
        unimplemented!()
    }
}
