//! Items: messages and drafts in mailboxes, each with a version.

use super::{Store, StoreError};
use smail_protocol::{AccountId, Item, ItemId, ItemPage, ItemWriteRequest, MailboxId};

/// Why a mailbox was not listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ListItemsError {
    /// No such mailbox of this account.
    #[error("no such mailbox")]
    NoMailbox,
    /// The cursor is none that a page gave.
    #[error("the cursor is none that a page gave")]
    MalformedCursor,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why an item was not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteItemError {
    /// The base version is not the current one; this is the item as it is.
    #[error("the item was changed meanwhile")]
    Conflict(Box<Item>),
    /// There is no such item, and the base version is not 0.
    #[error("no such item")]
    NotFound,
    /// No such mailbox of this account.
    #[error("no such mailbox")]
    NoMailbox,
    /// A blob that this account neither uploaded nor has an item of.
    #[error("no such blob")]
    UnknownBlob,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why an item was not removed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeleteItemError {
    /// The version is not the current one; this is the item as it is.
    #[error("the item was changed meanwhile")]
    Conflict(Box<Item>),
    /// There is no such item.
    #[error("no such item")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// One page of a mailbox, latest arrival first (same arrival: highest id first). `before` is an earlier page's
    /// `next`. `limit` is brought into 1 to [`MAX_PAGE`](smail_protocol::limits::MAX_PAGE). The page's `seq` is read
    /// first: whatever the page may have missed comes as a later change.
    ///
    /// # Errors
    /// See [`ListItemsError`].
    pub fn item_page(
        &self,
        account: AccountId,
        mailbox: MailboxId,
        before: Option<&str>,
        limit: u32,
    ) -> Result<ItemPage, ListItemsError> {
        let _ = (account, mailbox, before, limit);
        unimplemented!()
    }

    /// An item of the account.
    ///
    /// # Errors
    /// [`StoreError`] alone; an item that is not there is `None`.
    pub fn item(&self, account: AccountId, item: ItemId) -> Result<Option<Item>, StoreError> {
        let _ = (account, item);
        unimplemented!()
    }

    /// Makes (base version 0; arrival is `now_ms`) or replaces (arrival stays) an item.
    ///
    /// # Errors
    /// See [`WriteItemError`].
    pub fn put_item(
        &self,
        account: AccountId,
        item: ItemId,
        write: &ItemWriteRequest,
        now_ms: u64,
    ) -> Result<Item, WriteItemError> {
        let _ = (account, item, write, now_ms);
        unimplemented!()
    }

    /// Removes an item for good; a blob that nothing names any more goes with it.
    ///
    /// # Errors
    /// See [`DeleteItemError`].
    pub fn delete_item(&self, account: AccountId, item: ItemId, version: u64) -> Result<(), DeleteItemError> {
        let _ = (account, item, version);
        unimplemented!()
    }
}
