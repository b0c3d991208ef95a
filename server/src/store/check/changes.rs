//! An account's change log: each thing is told of once, where it says.

use super::mail::of;
use super::{Changed, Check, Fault};
use crate::store::StoreError;
use crate::store::engine::Batch;
use crate::store::layout;
use crate::store::records::{AccountRecord, ChangeRecord, ItemRecord, Record, StateRecord};
use smail_protocol::{AccountId, ItemId, ObjectId};

impl Check<'_> {
    /// Looks at one account's log and at all that it is to tell of.
    pub(super) fn changes(&mut self, account: AccountId) -> Result<(), StoreError> {
        self.newest(account)?;
        self.stale_changes(account)?;
        if let Some(record) = self.record::<AccountRecord>(&layout::account(account))?
            && let Some(seq) = record.change_seq
        {
            let told = |seq| AccountRecord {
                change_seq: Some(seq),
                ..record.clone()
            };
            let key = layout::account(account);
            self.told(account, Changed::Account, seq, &key, told)?;
        }
        self.each(&of(b'i', account), |check, entry| {
            let (Ok(record), Some(id)) = (ItemRecord::decode(&entry.value), entry.key.last_chunk())
            else {
                return Ok(());
            };
            let item = Changed::Item(ItemId::from_bytes(*id));
            let told = |change_seq| ItemRecord {
                change_seq,
                ..record.clone()
            };
            check.told(account, item, record.change_seq, &entry.key, told)
        })?;
        self.each(&of(b'o', account), |check, entry| {
            let (Some(record), Some(id)) = (
                check.decode::<StateRecord>("state object", &entry),
                entry.key.last_chunk(),
            ) else {
                return Ok(());
            };
            let object = Changed::State(ObjectId::from_bytes(*id));
            let told = |change_seq| StateRecord {
                change_seq,
                ..record.clone()
            };
            check.told(account, object, record.change_seq, &entry.key, told)
        })
    }

    /// The newest change is as new as the log, or newer: a change that a later one replaced leaves no trace.
    fn newest(&mut self, account: AccountId) -> Result<(), StoreError> {
        let mut found = 0;
        self.each(&of(b'g', account), |_, entry| {
            found = layout::seq_of(&entry.key).unwrap_or_default().max(found);
            Ok(())
        })?;
        let key = layout::newest_seq(account);
        let kept = match self.bytes(&key)?.map(<[u8; 8]>::try_from) {
            Some(Ok(kept)) => u64::from_be_bytes(kept),
            Some(Err(_)) | None => 0,
        };
        if kept >= found {
            return Ok(());
        }
        let mut repair = Batch::default();
        repair.put(key, found.to_be_bytes());
        self.repairable(&Fault::SeqBehind(account, kept, found), &repair)
    }

    /// Changes of things that are not there, or that have changed since.
    fn stale_changes(&mut self, account: AccountId) -> Result<(), StoreError> {
        self.each(&of(b'g', account), |check, entry| {
            let Some(seq) = layout::seq_of(&entry.key) else {
                return Ok(());
            };
            let Some(change) = check.decode::<ChangeRecord>("change", &entry) else {
                return Ok(());
            };
            let told_at = match change {
                ChangeRecord::Item(id) => {
                    let key = layout::item(account, ItemId::from_bytes(id));
                    check.seq_in(&key, seq, |record: ItemRecord| Some(record.change_seq))?
                }
                ChangeRecord::State(id) => {
                    let key = layout::state_object(account, ObjectId::from_bytes(id));
                    check.seq_in(&key, seq, |record: StateRecord| Some(record.change_seq))?
                }
                ChangeRecord::Account => {
                    let key = layout::account(account);
                    check.seq_in(&key, seq, |record: AccountRecord| record.change_seq)?
                }
                ChangeRecord::ItemRemoved(_) | ChangeRecord::StateRemoved(_) => Some(seq),
            };
            if told_at == Some(seq) {
                return Ok(());
            }
            let mut repair = Batch::default();
            repair.delete(entry.key);
            check.repairable(&Fault::StaleChange(account, seq), &repair)
        })
    }

    /// The change that a thing says tells of it; `seq` when it does not read, which is noted elsewhere.
    fn seq_in<R: Record>(
        &self,
        key: &[u8],
        seq: u64,
        seq_of: impl FnOnce(R) -> Option<u64>,
    ) -> Result<Option<u64>, StoreError> {
        Ok(match self.bytes(key)?.as_deref().map(R::decode) {
            None => None,
            Some(Ok(record)) => seq_of(record),
            Some(Err(_)) => Some(seq),
        })
    }

    /// A thing is told of where it says; otherwise it is told of anew, as the newest change.
    fn told<R: Record>(
        &mut self,
        account: AccountId,
        changed: Changed,
        seq: u64,
        key: &[u8],
        told: impl FnOnce(u64) -> R,
    ) -> Result<(), StoreError> {
        let change = match changed {
            Changed::Item(item) => ChangeRecord::Item(*item.as_bytes()),
            Changed::State(object) => ChangeRecord::State(*object.as_bytes()),
            Changed::Account => ChangeRecord::Account,
        };
        let found = self.record::<ChangeRecord>(&layout::change(account, seq))?;
        if found == Some(change) {
            return Ok(());
        }
        let next = self.store.newest_seq(account)? + 1;
        let mut repair = Batch::default();
        repair.put(layout::newest_seq(account), next.to_be_bytes());
        repair.put(layout::change(account, next), change.encode()?);
        repair.put(key, told(next).encode()?);
        self.repairable(&Fault::ChangeMissing(account, changed), &repair)
    }
}
