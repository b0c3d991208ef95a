//! Parts of items: blobs beside their own.

use super::mail::Counted;
use super::{Check, Fault};
use crate::store::StoreError;
use crate::store::engine::{Batch, Entry};
use crate::store::layout;
use crate::store::records::PartsRecord;
use smail_protocol::{AccountId, ItemId};

impl Check<'_> {
    /// Counts an item's parts with what the account holds. Parts of an item that is not there hold nothing.
    pub(super) fn parts(
        &mut self,
        account: AccountId,
        entry: Entry,
        counted: &mut Counted,
    ) -> Result<(), StoreError> {
        let Some(item) = entry.key.last_chunk().copied().map(ItemId::from_bytes) else {
            return Ok(());
        };
        if self.bytes(&layout::item(account, item))?.is_none() {
            let mut repair = Batch::default();
            repair.delete(entry.key);
            return self.repairable(&Fault::StrayParts(account, item), &repair);
        }
        let Some(record) = self.decode::<PartsRecord>("parts", &entry) else {
            return Ok(());
        };
        for part in record.blobs() {
            if self.bytes(&layout::blob(part))?.is_none() {
                self.broken(&Fault::ItemWithoutPart(account, item, part));
            } else {
                *counted.blobs.entry(part).or_default() += 1;
            }
        }
        Ok(())
    }
}
