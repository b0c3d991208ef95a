//! Messages that wait to be sent.

use super::{Check, Fault};
use crate::store::StoreError;
use crate::store::engine::{Batch, KeyRange};
use crate::store::layout;
use crate::store::records::ScheduledRecord;
use smail_protocol::ItemId;

impl Check<'_> {
    /// That each has an item that it waits with, and a time at which it is found.
    pub(super) fn scheduled(&mut self) -> Result<(), StoreError> {
        self.each(&KeyRange::prefix(b"j"), |check, entry| {
            let (Some(account), Some(item)) = (
                layout::account_of(&entry.key),
                entry.key.last_chunk().copied().map(ItemId::from_bytes),
            ) else {
                return Ok(());
            };
            let mut repair = Batch::default();
            if check.bytes(&layout::item(account, item))?.is_none() {
                repair.delete(entry.key);
                return check.repairable(&Fault::StraySending(account, item), &repair);
            }
            let Some(record) = check.decode::<ScheduledRecord>("message that waits", &entry) else {
                return Ok(());
            };
            let note = layout::sending(record.due_ms, account, item);
            if check.bytes(&note)?.is_some() {
                return Ok(());
            }
            repair.put(note, []);
            check.repairable(&Fault::SendingWithoutTime(account, item), &repair)
        })
    }
}
