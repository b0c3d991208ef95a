//! Mailboxes: random ids, each with the number of its items.

use super::{Store, StoreError};
use smail_protocol::{AccountId, MailboxId};

/// Why a mailbox was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PutMailboxError {
    /// No such account.
    #[error("no such account")]
    NoAccount,
    /// The account has [`MAX_MAILBOXES`](smail_protocol::limits::MAX_MAILBOXES).
    #[error("too many mailboxes")]
    TooMany,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a mailbox was not removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeleteMailboxError {
    /// No such mailbox of this account.
    #[error("no such mailbox")]
    NotFound,
    /// It holds items, or is the inbox.
    #[error("the mailbox is not empty, or is the inbox")]
    InUse,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Makes a mailbox; one that is there already is left as it is.
    ///
    /// # Errors
    /// See [`PutMailboxError`].
    pub fn put_mailbox(&self, account: AccountId, mailbox: MailboxId) -> Result<(), PutMailboxError> {
        let _ = (account, mailbox);
        unimplemented!()
    }

    /// Removes an empty mailbox.
    ///
    /// # Errors
    /// See [`DeleteMailboxError`].
    pub fn delete_mailbox(&self, account: AccountId, mailbox: MailboxId) -> Result<(), DeleteMailboxError> {
        let _ = (account, mailbox);
        unimplemented!()
    }
}
