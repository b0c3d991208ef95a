//! Parts of an item: blobs beside its own, cut-off attachments. The server knows which blobs they are and nothing else.
//! An account holds a part as it holds an item's own blob: while an item of it names it.

use super::records::PartsRecord;
use super::transaction::Transaction;
use super::{StoreError, layout};
use smail_protocol::{AccountId, BlobId, ItemId};
use std::collections::BTreeSet;

impl Transaction<'_> {
    /// Whether the account may name all of these.
    pub(super) fn may_name_parts(
        &mut self,
        account: AccountId,
        parts: &[BlobId],
    ) -> Result<bool, StoreError> {
        for part in parts {
            if !self.may_name(account, *part)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Makes these the parts of an item, each once, in place of those that it had. They are there.
    pub(super) fn set_parts(
        &mut self,
        account: AccountId,
        item: ItemId,
        parts: &[BlobId],
    ) -> Result<(), StoreError> {
        let key = layout::parts(account, item);
        let before = self.get::<PartsRecord>(&key)?.unwrap_or_default().blobs();
        let after: BTreeSet<BlobId> = parts.iter().copied().collect();
        // What stays is not let go of in between.
        for part in after.difference(&before) {
            self.name_blob(account, *part)?;
        }
        for part in before.difference(&after) {
            self.unname_blob(account, *part)?;
        }
        if after.is_empty() {
            if !before.is_empty() {
                self.delete(key);
            }
            return Ok(());
        }
        if after == before {
            return Ok(());
        }
        self.put(key, &PartsRecord::of(after))
    }
}

impl PartsRecord {
    fn of(parts: BTreeSet<BlobId>) -> Self {
        Self {
            blobs: parts.iter().map(|part| *part.as_bytes()).collect(),
        }
    }

    /// The blobs.
    pub(super) fn blobs(&self) -> BTreeSet<BlobId> {
        self.blobs
            .iter()
            .copied()
            .map(BlobId::from_sha256)
            .collect()
    }
}
