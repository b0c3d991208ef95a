//! Deleting an account. What makes it one goes first, in one batch with a note that the account is going: from then on
//! nobody logs in, no mail gets in, its certificate is nobody's, and its name is never given again. All the rest, which
//! may be much, goes afterwards in steps, each of which can be repeated: whatever cuts them off, the note leads the next
//! sweep back to them, and the note goes last. Notes of ends (`x`) go when their time comes, as any others whose thing is gone.

use super::engine::{Direction, Entry};
use super::layout::PREFIXES;
use super::records::AccountRecord;
use super::transaction::Transaction;
use super::{Store, StoreError, layout};
use smail_protocol::{AccountId, BlobId, CredentialKind, Username};

/// Entries removed in one step.
const ENTRIES_AT_ONCE: usize = 128;

/// Why an account was not deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeleteAccountError {
    /// No such account.
    #[error("no such account")]
    NoAccount,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Ends an account, for good. When it returns, that is durable, and nothing of the account can be reached any more;
    /// [`Store::finish_deletion`] removes what it leaves.
    ///
    /// # Errors
    /// See [`DeleteAccountError`].
    pub fn delete_account(&self, account: AccountId) -> Result<(), DeleteAccountError> {
        self.transact(|transaction| {
            let key = layout::account(account);
            let record = transaction
                .get::<AccountRecord>(&key)?
                .ok_or(DeleteAccountError::NoAccount)?;
            let username: Username = record.username.parse().map_err(|_| StoreError::Corrupt)?;
            transaction.use_reserve();
            transaction.end_sessions(account, |_| true)?;
            transaction.put_bytes(layout::username(&username), layout::NOBODY.to_vec());
            // Whoever makes a mailbox, or a passkey below, writes the account's record: one that the scan has missed makes
            // this run again.
            for mailbox in transaction.scan(&layout::mailboxes(account))? {
                transaction.delete(mailbox.key);
            }
            for kind in [CredentialKind::Password, CredentialKind::Recovery] {
                transaction.delete(layout::credential(account, kind));
            }
            // A login that waits for its second factor is not asked for one any more.
            for passkey in transaction.scan(&layout::passkeys(account))? {
                transaction.delete(passkey.key);
            }
            transaction.delete(layout::second_factor(account));
            transaction.delete(layout::certificate(account));
            transaction.delete(layout::keyring(account));
            transaction.delete(key);
            transaction.mark(layout::deletion(account));
            Ok(())
        })
    }

    /// Removes what is left of an account that was deleted. May be called as often as one likes; of an account that is
    /// still there nothing is removed.
    ///
    /// # Errors
    /// [`StoreError`] alone; what was removed until then stays so, and the rest is left to the next call.
    pub fn finish_deletion(&self, account: AccountId) -> Result<(), StoreError> {
        let note = layout::deletion(account);
        if self.engine().get(&note)?.is_none() {
            return Ok(());
        }
        for prefix in PREFIXES.iter().filter(|prefix| prefix.is_of_accounts) {
            while prefix.byte != layout::DELETION && self.remove_some(account, prefix.byte)? {}
        }
        self.transact(|transaction| {
            transaction.use_reserve();
            transaction.delete(note.clone());
            Ok(())
        })
    }

    /// Finishes every deletion that was cut off. Gives their number.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn finish_deletions(&self) -> Result<u64, StoreError> {
        let notes = self
            .engine()
            .scan(&layout::deletions(), Direction::Ascending, usize::MAX)?;
        for note in &notes {
            self.finish_deletion(layout::account_of(&note.key).ok_or(StoreError::Corrupt)?)?;
        }
        Ok(notes.len() as u64)
    }

    /// Removes the next entries of an account under a prefix; whether there were any.
    pub(super) fn remove_some(&self, account: AccountId, prefix: u8) -> Result<bool, StoreError> {
        let range = layout::of_account(prefix, account);
        let entries = self
            .engine()
            .scan(&range, Direction::Ascending, ENTRIES_AT_ONCE)?;
        if entries.is_empty() {
            return Ok(false);
        }
        self.transact(|transaction| {
            transaction.use_reserve();
            entries
                .iter()
                .try_for_each(|entry| transaction.remove_entry(prefix, entry))
        })?;
        Ok(true)
    }
}

impl Transaction<'_> {
    /// Whether there is such an account, and it was not deleted.
    pub(super) fn has_account(&mut self, account: AccountId) -> Result<bool, StoreError> {
        Ok(self.get_bytes(&layout::account(account))?.is_some())
    }

    fn remove_entry(&mut self, prefix: u8, entry: &Entry) -> Result<(), StoreError> {
        if prefix == b'h' {
            return self.let_go(entry);
        }
        self.delete(entry.key.clone());
        Ok(())
    }

    /// Lets go of a blob that the account holds: with its last holder it goes.
    fn let_go(&mut self, entry: &Entry) -> Result<(), StoreError> {
        // Another who finishes the same deletion, or the sweep, may have been here first.
        if self.get_bytes(&entry.key)?.is_none() {
            return Ok(());
        }
        let blob = entry.key.last_chunk().copied().map(BlobId::from_sha256);
        let blob = blob.ok_or(StoreError::Corrupt)?;
        self.delete(entry.key.clone());
        // A blob that is lost keeps nobody's account from going.
        match self.get_bytes(&layout::blob(blob))? {
            Some(_) => self.drop_holder(blob).map(drop),
            None => Ok(()),
        }
    }
}
