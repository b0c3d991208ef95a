//! Mailboxes: random ids, each with the number of its items.

use super::engine::{Direction, Entry};
use super::records::{AccountRecord, MailboxRecord, Record as _};
use super::transaction::Transaction;
use super::{Store, StoreError, layout};
use smail_protocol::limits::MAX_MAILBOXES;
use smail_protocol::{AccountId, MailboxId, MailboxList, MailboxTotal};

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
    /// The account's mailboxes with their totals, in the order of their ids.
    ///
    /// # Errors
    /// [`StoreError`] alone; an account that is not there has none.
    pub fn mailboxes(&self, account: AccountId) -> Result<MailboxList, StoreError> {
        let range = layout::mailboxes(account);
        let entries = self
            .engine()
            .scan(&range, Direction::Ascending, MAX_MAILBOXES)?;
        let total = |entry: &Entry| {
            let mailbox_id = layout::mailbox_of(&entry.key).ok_or(StoreError::Corrupt)?;
            let MailboxRecord { total } = MailboxRecord::decode(&entry.value)?;
            Ok(MailboxTotal { mailbox_id, total })
        };
        let mailboxes: Result<Vec<_>, StoreError> = entries.iter().map(total).collect();
        let mailboxes = mailboxes?;
        self.settled(MailboxList { mailboxes })
    }

    /// Makes a mailbox; one that is there already is left as it is.
    ///
    /// # Errors
    /// See [`PutMailboxError`].
    pub fn put_mailbox(
        &self,
        account: AccountId,
        mailbox: MailboxId,
    ) -> Result<(), PutMailboxError> {
        self.transact(|transaction| {
            let account_key = layout::account(account);
            let mut record = transaction
                .get::<AccountRecord>(&account_key)?
                .ok_or(PutMailboxError::NoAccount)?;
            let key = layout::mailbox(account, mailbox);
            if transaction.get_bytes(&key)?.is_some() {
                return Ok(());
            }
            record.mailboxes += 1;
            if usize::try_from(record.mailboxes).is_ok_and(|mailboxes| mailboxes > MAX_MAILBOXES) {
                return Err(PutMailboxError::TooMany);
            }
            transaction.put(account_key, &record)?;
            Ok(transaction.put(key, &MailboxRecord::default())?)
        })
    }

    /// Removes an empty mailbox.
    ///
    /// # Errors
    /// See [`DeleteMailboxError`].
    pub fn delete_mailbox(
        &self,
        account: AccountId,
        mailbox: MailboxId,
    ) -> Result<(), DeleteMailboxError> {
        self.transact(|transaction| {
            let account_key = layout::account(account);
            let mut record = transaction
                .get::<AccountRecord>(&account_key)?
                .ok_or(DeleteMailboxError::NotFound)?;
            let key = layout::mailbox(account, mailbox);
            let total = transaction
                .get::<MailboxRecord>(&key)?
                .ok_or(DeleteMailboxError::NotFound)?
                .total;
            if total > 0 || record.inbox == *mailbox.as_bytes() {
                return Err(DeleteMailboxError::InUse);
            }
            transaction.use_reserve();
            record.mailboxes = record.mailboxes.saturating_sub(1);
            transaction.put(account_key, &record)?;
            transaction.delete(key);
            Ok(())
        })
    }
}

impl Transaction<'_> {
    /// Whether the account has the mailbox.
    pub(super) fn has_mailbox(
        &mut self,
        account: AccountId,
        mailbox: MailboxId,
    ) -> Result<bool, StoreError> {
        Ok(self
            .get_bytes(&layout::mailbox(account, mailbox))?
            .is_some())
    }

    /// Counts items into (or, negative, out of) a mailbox that is there.
    pub(super) fn count_items(
        &mut self,
        account: AccountId,
        mailbox: MailboxId,
        difference: i64,
    ) -> Result<(), StoreError> {
        let key = layout::mailbox(account, mailbox);
        let record = self
            .get::<MailboxRecord>(&key)?
            .ok_or(StoreError::Corrupt)?;
        let total = record
            .total
            .checked_add_signed(difference)
            .ok_or(StoreError::Corrupt)?;
        self.put(key, &MailboxRecord { total })
    }
}
