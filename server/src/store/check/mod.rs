//! Checking a store: that every record reads, that every reference leads to something, that every count is right and
//! that every blob is, octet by octet, what its name says. What can be put right without losing anything is repaired.
//!
//! One file a concern. Each walks its keys in order and looks the others up. Memory: some hundred bytes for each item
//! of the account that is being looked at, and for each blob. Nobody else may write meanwhile.

mod accounts;
mod blobs;
mod changes;
mod endings;
mod fault;
mod mail;
mod parts;
mod scheduled;
mod sessions;
mod survey;

pub use fault::{Changed, Fault, Place, StreamName};

use super::engine::{Batch, Direction, Entry, KeyRange};
use super::layout::{self, PREFIXES};
use super::records::Record;
use super::{Store, StoreError};
use endings::Endings;
use fault::hex;
use smail_protocol::AccountId;

/// Entries looked at in one go.
const ENTRIES_AT_ONCE: usize = 256;

/// What a check came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// How much was wrong.
    pub found: u64,
    /// How much of that was repaired.
    pub repaired: u64,
    /// Accounts, items and blobs that were looked at.
    pub accounts: u64,
    /// Items.
    pub items: u64,
    /// Blobs.
    pub blobs: u64,
    /// Places that the engine cannot read. If there are any, they and what was in them are all that was looked for.
    pub unread: u64,
}

impl CheckReport {
    /// How much is still wrong.
    #[must_use]
    pub const fn left(&self) -> u64 {
        self.found - self.repaired
    }
}

/// What a check tells of as it goes.
#[derive(Debug)]
pub enum CheckStep<'a> {
    /// Something is wrong, and was repaired, or not.
    Found(&'a Fault, bool),
    /// Chunks are being read; the newest key.
    Reading(&'a [u8]),
}

impl Store {
    /// Checks everything, and repairs what can be repaired if `repairs` says so. The store is to be served by nobody.
    ///
    /// # Errors
    /// The first [`StoreError`] that is of no place in the data; a fault is none.
    pub fn check(
        &self,
        repairs: bool,
        mut watch: impl FnMut(&CheckStep<'_>),
    ) -> Result<CheckReport, StoreError> {
        let mut check = Check {
            store: self,
            repairs,
            watch: &mut watch,
            report: CheckReport::default(),
        };
        match check.compare() {
            Err(error @ (StoreError::Corrupt | StoreError::Unavailable)) => {
                check.report.unread = check.survey();
                if check.report.unread == 0 {
                    return Err(error);
                }
            }
            compared => compared?,
        }
        let report = check.report;
        self.engine().sync(self.engine().applied())?;
        Ok(report)
    }
}

/// A check under way.
struct Check<'a> {
    store: &'a Store,
    repairs: bool,
    watch: &'a mut dyn FnMut(&CheckStep<'_>),
    report: CheckReport,
}

impl Check<'_> {
    fn compare(&mut self) -> Result<(), StoreError> {
        self.unknown_keys()?;
        let endings = Endings::read(self)?;
        let accounts = self.accounts()?;
        let mut holders = Vec::new();
        for account in &accounts {
            self.mail(*account, &endings, &mut holders)?;
            self.changes(*account)?;
        }
        self.sessions(&endings)?;
        self.deliveries(&endings)?;
        self.scheduled()?;
        let streams = self.blobs(holders)?;
        self.chunks(streams, &endings)
    }

    /// Notes something that cannot be repaired.
    fn broken(&mut self, fault: &Fault) {
        self.report.found += 1;
        (self.watch)(&CheckStep::Found(fault, false));
    }

    /// Notes something that the batch repairs, and repairs it if that is wanted.
    fn repairable(&mut self, fault: &Fault, repair: &Batch) -> Result<(), StoreError> {
        self.report.found += 1;
        if self.repairs {
            self.store.apply(repair)?;
            self.report.repaired += 1;
        }
        (self.watch)(&CheckStep::Found(fault, self.repairs));
        Ok(())
    }

    /// Goes through a range in the order of its keys.
    fn each(
        &mut self,
        range: &KeyRange,
        mut look: impl FnMut(&mut Self, Entry) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut range = range.clone();
        loop {
            let page = self.scan(&range, ENTRIES_AT_ONCE)?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            range.start = [&last.key[..], &[0]].concat();
            for entry in page {
                look(self, entry)?;
            }
        }
    }

    fn scan(&self, range: &KeyRange, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.store.engine().scan(range, Direction::Ascending, limit)
    }

    fn bytes(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.engine().get(key)
    }

    /// A record that is there and reads; one that does not read is noted where its own kind is looked at.
    fn record<R: Record>(&self, key: &[u8]) -> Result<Option<R>, StoreError> {
        let stored = self.bytes(key)?;
        Ok(stored.and_then(|stored| R::decode(&stored).ok()))
    }

    /// An entry's record; notes one that does not read.
    fn decode<R: Record>(&mut self, what: &'static str, entry: &Entry) -> Option<R> {
        let record = R::decode(&entry.value).ok();
        if record.is_none() {
            self.broken(&Fault::Unreadable(what, hex(&entry.key)));
        }
        record
    }

    /// Keys that nothing else here looks at.
    fn unknown_keys(&mut self) -> Result<(), StoreError> {
        for prefix in 0..=u8::MAX - 1 {
            let range = KeyRange::prefix(&[prefix]);
            match PREFIXES.iter().find(|known| known.byte == prefix) {
                None => self.each(&range, |check, entry| {
                    check.broken(&Fault::UnknownKey(hex(&entry.key)));
                    Ok(())
                })?,
                // Lengths of chunks are looked at with the chunks, and those that vary with what they name.
                Some(known) => {
                    if let (Some(len), true) = (known.key_len, prefix != b'd') {
                        self.each(&range, |check, entry| {
                            if entry.key.len() != len {
                                check.broken(&Fault::UnknownKey(hex(&entry.key)));
                            }
                            Ok(())
                        })?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The accounts that have keys of this prefix.
    fn accounts_with(&self, prefix: u8) -> Result<Vec<AccountId>, StoreError> {
        let mut accounts = Vec::new();
        let mut range = KeyRange::prefix(&[prefix]);
        while let Some(entry) = self.scan(&range, 1)?.pop() {
            match layout::account_of(&entry.key) {
                Some(account) => {
                    accounts.push(account);
                    range.start = layout::after_account(prefix, account);
                }
                None => range.start = [&entry.key[..], &[0]].concat(),
            }
        }
        Ok(accounts)
    }
}
