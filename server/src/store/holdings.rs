//! Who holds a blob. An account holds one while an item of it names the blob, or from uploading it until an item names
//! it or [`CLAIM_MS`] have passed. A blob without holders goes, and its chunks after it.

use super::layout::{Ending, StreamId};
use super::records::{BlobRecord, HoldingRecord};
use super::transaction::Transaction;
use super::{StoreError, layout};
use smail_protocol::{AccountId, BlobId};

/// How long an uploader may take to name a blob in an item.
pub(super) const CLAIM_MS: u64 = 24 * 3_600 * 1_000;

impl Transaction<'_> {
    /// Whether the account may read the blob and name it in an item.
    pub(super) fn may_name(
        &mut self,
        account: AccountId,
        blob: BlobId,
    ) -> Result<bool, StoreError> {
        Ok(self.get_bytes(&layout::holding(account, blob))?.is_some())
    }

    /// Notes that one more item of the account names the blob, which is there; a claim is used up by it. Gives the
    /// blob's size.
    pub(super) fn name_blob(
        &mut self,
        account: AccountId,
        blob: BlobId,
    ) -> Result<u64, StoreError> {
        let mut record = self
            .get::<BlobRecord>(&layout::blob(blob))?
            .ok_or(StoreError::Corrupt)?;
        let key = layout::holding(account, blob);
        let holding = self.get::<HoldingRecord>(&key)?;
        if holding.is_none() {
            record.holders += 1;
            self.put(layout::blob(blob), &record)?;
            self.use_bytes(account, record.size_bytes, 0)?;
        }
        let items = holding.unwrap_or_default().items + 1;
        self.put(
            key,
            &HoldingRecord {
                items,
                claimed_ms: None,
            },
        )?;
        Ok(record.size_bytes)
    }

    /// Notes that one item less names the blob.
    pub(super) fn unname_blob(
        &mut self,
        account: AccountId,
        blob: BlobId,
    ) -> Result<(), StoreError> {
        let key = layout::holding(account, blob);
        let holding = self
            .get::<HoldingRecord>(&key)?
            .ok_or(StoreError::Corrupt)?;
        let items = holding.items.checked_sub(1).ok_or(StoreError::Corrupt)?;
        self.keep_or_drop(account, blob, HoldingRecord { items, ..holding })
    }

    /// Gives the uploader a claim on the blob, which is there; one who has an item of it needs none.
    pub(super) fn claim_blob(
        &mut self,
        account: AccountId,
        blob: BlobId,
        now_ms: u64,
    ) -> Result<(), StoreError> {
        let key = layout::holding(account, blob);
        let holding = self.get::<HoldingRecord>(&key)?;
        if holding.is_some_and(|holding| holding.items > 0) {
            return Ok(());
        }
        if holding.is_none() {
            let mut record = self
                .get::<BlobRecord>(&layout::blob(blob))?
                .ok_or(StoreError::Corrupt)?;
            record.holders += 1;
            self.put(layout::blob(blob), &record)?;
            self.use_bytes(account, record.size_bytes, 0)?;
        }
        self.mark(layout::ending(
            now_ms.saturating_add(CLAIM_MS),
            Ending::Claim(account, blob),
        ));
        self.put(
            key,
            &HoldingRecord {
                items: 0,
                claimed_ms: Some(now_ms),
            },
        )
    }

    /// Ends the account's claim, if it has one made by `claimed_by_ms`. Says whether it had.
    pub(super) fn unclaim_blob(
        &mut self,
        account: AccountId,
        blob: BlobId,
        claimed_by_ms: u64,
    ) -> Result<bool, StoreError> {
        let holding = self.get::<HoldingRecord>(&layout::holding(account, blob))?;
        let claimed =
            |holding: &HoldingRecord| holding.claimed_ms.is_some_and(|at| at <= claimed_by_ms);
        let Some(holding) = holding.filter(claimed) else {
            return Ok(false);
        };
        self.keep_or_drop(
            account,
            blob,
            HoldingRecord {
                claimed_ms: None,
                ..holding
            },
        )?;
        Ok(true)
    }

    fn keep_or_drop(
        &mut self,
        account: AccountId,
        blob: BlobId,
        holding: HoldingRecord,
    ) -> Result<(), StoreError> {
        let key = layout::holding(account, blob);
        if holding.items > 0 || holding.claimed_ms.is_some() {
            return self.put(key, &holding);
        }
        self.delete(key);
        let size_bytes = self.drop_holder(blob)?;
        self.use_bytes(account, 0, size_bytes)
    }

    /// Notes that one account less holds the blob; with its last holder it goes. Gives its size.
    pub(super) fn drop_holder(&mut self, blob: BlobId) -> Result<u64, StoreError> {
        let key = layout::blob(blob);
        let mut record = self.get::<BlobRecord>(&key)?.ok_or(StoreError::Corrupt)?;
        record.holders = record.holders.checked_sub(1).ok_or(StoreError::Corrupt)?;
        if record.holders > 0 {
            self.put(key, &record)?;
        } else {
            self.delete(key);
            self.loosen_stream(StreamId(record.stream));
        }
        Ok(record.size_bytes)
    }

    /// Leaves a stream to be freed: after this transaction, or, if a crash comes first, by the next sweep.
    pub(super) fn loosen_stream(&mut self, stream: StreamId) {
        self.mark(layout::ending(0, Ending::Stream(stream)));
        self.loose.push(stream);
    }
}
