//! How much an account stores, kept by whoever changes it, and how much it may.
//!
//! Counted are the octets of each blob that the account holds, once however many of its items name it, and the sealed
//! envelopes of its items and state objects. A store that was written before there were counters has none: whoever
//! needs an account's first counts all that it has.

use super::engine::{Direction, Engine, KeyRange};
use super::records::{BlobRecord, ItemRecord, Record, StateRecord, UsageRecord};
use super::transaction::Transaction;
use super::{Store, StoreError, layout};
use smail_protocol::{AccountId, BlobId};
use std::sync::atomic::Ordering;

/// Entries looked at in one go.
const ENTRIES_AT_ONCE: usize = 256;

impl Store {
    /// Sets how many bytes an account may store, from now on. Who stores more already keeps it, and may read, change,
    /// move and delete it.
    pub fn set_quota(&self, quota_bytes: u64) {
        self.shared
            .quota_bytes
            .store(quota_bytes, Ordering::Relaxed);
    }

    /// How many bytes an account may store.
    #[must_use]
    pub fn quota_bytes(&self) -> u64 {
        self.shared.quota_bytes.load(Ordering::Relaxed)
    }

    /// Whether an account may store so many bytes more, as far as can be said now.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn has_room(&self, account: AccountId, more_bytes: u64) -> Result<bool, StoreError> {
        let quota_bytes = self.quota_bytes();
        // Counting can wait when it cannot matter.
        if quota_bytes == u64::MAX {
            return Ok(true);
        }
        Ok(self.used_bytes(account)?.saturating_add(more_bytes) <= quota_bytes)
    }

    /// How many bytes an account stores.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn used_bytes(&self, account: AccountId) -> Result<u64, StoreError> {
        match self.read::<UsageRecord>(&layout::usage(account))? {
            Some(usage) => Ok(usage.bytes),
            None => count_all(self.engine(), account),
        }
    }
}

impl Transaction<'_> {
    /// Notes that an account stores `added` bytes more, and `removed` bytes less.
    pub(super) fn use_bytes(
        &mut self,
        account: AccountId,
        added: u64,
        removed: u64,
    ) -> Result<(), StoreError> {
        if added == removed {
            return Ok(());
        }
        let bytes = self.used(account)?;
        let bytes = bytes.saturating_add(added).saturating_sub(removed);
        self.put(layout::usage(account), &UsageRecord { bytes })
    }

    /// Whether an account stores no more than it may, with all that this transaction has noted.
    pub(super) fn is_within_quota(&mut self, account: AccountId) -> Result<bool, StoreError> {
        Ok(self.used(account)? <= self.quota_bytes)
    }

    /// Counts what was there before this transaction, if nobody has. Whoever changes what is counted writes the
    /// counter, so that one that was missed makes this transaction run again.
    pub(super) fn used(&mut self, account: AccountId) -> Result<u64, StoreError> {
        let key = layout::usage(account);
        if let Some(usage) = self.get::<UsageRecord>(&key)? {
            return Ok(usage.bytes);
        }
        let bytes = count_all(self.engine, account)?;
        self.put(key, &UsageRecord { bytes })?;
        Ok(bytes)
    }
}

/// What an account stores, counted anew.
pub(super) fn count_all(engine: &dyn Engine, account: AccountId) -> Result<u64, StoreError> {
    let holdings = sum(engine, &layout::holdings(account), |key, _| {
        let blob = key.last_chunk().copied().map(BlobId::from_sha256);
        let blob = engine.get(&layout::blob(blob.ok_or(StoreError::Corrupt)?))?;
        // A holding of a blob that is lost holds nothing.
        blob.map_or(Ok(0), |blob| Ok(BlobRecord::decode(&blob)?.size_bytes))
    })?;
    let items = sum(engine, &layout::items(account), |_, value| {
        Ok(sealed_bytes(ItemRecord::decode(value)?.sealed.as_deref()))
    })?;
    let states = sum(engine, &layout::state_objects(account), |_, value| {
        Ok(StateRecord::decode(value)?.sealed.len() as u64)
    })?;
    Ok(holdings + items + states)
}

/// The length of an envelope that may not be there.
pub(super) fn sealed_bytes(sealed: Option<&[u8]>) -> u64 {
    sealed.map_or(0, |sealed| sealed.len() as u64)
}

fn sum(
    engine: &dyn Engine,
    range: &KeyRange,
    size: impl Fn(&[u8], &[u8]) -> Result<u64, StoreError>,
) -> Result<u64, StoreError> {
    let mut range = range.clone();
    let mut bytes = 0_u64;
    loop {
        let page = engine.scan(&range, Direction::Ascending, ENTRIES_AT_ONCE)?;
        let Some(last) = page.last() else {
            return Ok(bytes);
        };
        range.start = [&last.key[..], &[0]].concat();
        for entry in &page {
            bytes = bytes.saturating_add(size(&entry.key, &entry.value)?);
        }
    }
}
