//! An account's mail: mailboxes, lists, items, and what holds their blobs.

use super::endings::Endings;
use super::{Check, Fault};
use crate::store::StoreError;
use crate::store::engine::{Batch, Entry, KeyRange};
use crate::store::holdings::CLAIM_MS;
use crate::store::layout::{self, Ending};
use crate::store::records::{
    BlobRecord, HoldingRecord, ItemRecord, MailboxRecord, Record as _, UsageRecord,
};
use crate::store::usage::count_all;
use smail_protocol::{AccountId, BlobId, ItemId, MailboxId};
use std::collections::HashMap;

/// What an account's items come to.
#[derive(Default)]
pub(super) struct Counted {
    /// Items of each mailbox.
    mailboxes: HashMap<MailboxId, u64>,
    /// Items that name each blob, as their own or as a part.
    pub(super) blobs: HashMap<BlobId, u64>,
}

impl Check<'_> {
    /// Looks at one account's mail, and adds each blob that it holds to `holders`.
    pub(super) fn mail(
        &mut self,
        account: AccountId,
        endings: &Endings,
        holders: &mut Vec<BlobId>,
    ) -> Result<(), StoreError> {
        let mut counted = Counted::default();
        self.each(&of(b'i', account), |check, entry| {
            check.item(account, &entry, &mut counted)
        })?;
        self.each(&of(b'y', account), |check, entry| {
            check.parts(account, entry, &mut counted)
        })?;
        self.listings(account)?;
        for mailbox in counted.mailboxes.keys() {
            self.needs_mailbox(account, *mailbox)?;
        }
        self.mailbox_count(account)?;
        self.each(&of(b'm', account), |check, entry| {
            check.mailbox(account, &entry, &counted)
        })?;
        self.each(&of(b'h', account), |check, entry| {
            let Some(blob) = entry.key.last_chunk().copied().map(BlobId::from_sha256) else {
                return Ok(());
            };
            let items = counted.blobs.remove(&blob).unwrap_or_default();
            let Some(kept) = check.decode::<HoldingRecord>("holding", &entry) else {
                holders.push(blob);
                return Ok(());
            };
            if check.holding(account, blob, items, kept, endings)? {
                holders.push(blob);
            }
            Ok(())
        })?;
        // Items that name a blob of which the account has no note at all.
        for (blob, items) in counted.blobs {
            if self.count_holding(account, blob, 0, items)? {
                holders.push(blob);
            }
        }
        self.usage(account)
    }

    /// How much the account stores, if it was ever counted.
    fn usage(&mut self, account: AccountId) -> Result<(), StoreError> {
        let key = layout::usage(account);
        let Some(entry) = self.bytes(&key)?.map(|value| Entry { key, value }) else {
            return Ok(());
        };
        // What does not read was noted, and cannot be counted.
        let (Some(kept), Ok(found)) = (
            self.decode::<UsageRecord>("counter of bytes", &entry),
            count_all(self.store.engine(), account),
        ) else {
            return Ok(());
        };
        if kept.bytes == found {
            return Ok(());
        }
        let mut repair = Batch::default();
        repair.put(entry.key, UsageRecord { bytes: found }.encode()?);
        self.repairable(&Fault::Usage(account, kept.bytes, found), &repair)
    }

    fn item(
        &mut self,
        account: AccountId,
        entry: &Entry,
        counted: &mut Counted,
    ) -> Result<(), StoreError> {
        self.report.items += 1;
        let Some(id) = entry.key.last_chunk().copied() else {
            return Ok(());
        };
        let item = ItemId::from_bytes(id);
        let Some(record) = self.decode::<ItemRecord>("item", entry) else {
            return Ok(());
        };
        let mailbox = MailboxId::from_bytes(record.mailbox);
        let blob = BlobId::from_sha256(record.blob);
        *counted.mailboxes.entry(mailbox).or_default() += 1;
        let listing = layout::listing(account, mailbox, record.arrival_ms, item);
        if self.bytes(&listing)?.is_none() {
            let mut repair = Batch::default();
            repair.put(listing, []);
            self.repairable(&Fault::NotListed(account, item), &repair)?;
        }
        let Some(stored) = self.bytes(&layout::blob(blob))? else {
            self.broken(&Fault::ItemWithoutBlob(account, item, blob));
            return Ok(());
        };
        *counted.blobs.entry(blob).or_default() += 1;
        // A blob's record that does not read is noted with the blobs.
        match BlobRecord::decode(&stored) {
            Ok(found) if found.size_bytes != record.size_bytes => {
                self.resize(account, item, record, found.size_bytes)
            }
            _ => Ok(()),
        }
    }

    fn resize(
        &mut self,
        account: AccountId,
        item: ItemId,
        record: ItemRecord,
        size_bytes: u64,
    ) -> Result<(), StoreError> {
        let resized = ItemRecord {
            size_bytes,
            ..record
        };
        let mut repair = Batch::default();
        repair.put(layout::item(account, item), resized.encode()?);
        self.repairable(&Fault::ItemSize(account, item), &repair)
    }

    /// Each line of a list leads to an item that is there.
    fn listings(&mut self, account: AccountId) -> Result<(), StoreError> {
        self.each(&of(b'l', account), |check, entry| {
            let Some((arrival_ms, item)) = layout::listed(&entry.key) else {
                return Ok(());
            };
            let record = check.bytes(&layout::item(account, item))?;
            let is_right = match record.as_deref().map(ItemRecord::decode) {
                Some(Ok(record)) => {
                    let mailbox = MailboxId::from_bytes(record.mailbox);
                    arrival_ms == record.arrival_ms
                        && entry.key == layout::listing(account, mailbox, arrival_ms, item)
                }
                Some(Err(_)) => true,
                None => false,
            };
            if is_right {
                return Ok(());
            }
            let mut repair = Batch::default();
            repair.delete(entry.key);
            check.repairable(&Fault::StaleListing(account, item), &repair)
        })
    }

    /// Makes a mailbox that must be there; its total is counted afterwards.
    pub(super) fn needs_mailbox(
        &mut self,
        account: AccountId,
        mailbox: MailboxId,
    ) -> Result<(), StoreError> {
        let key = layout::mailbox(account, mailbox);
        if self.bytes(&key)?.is_some() {
            return Ok(());
        }
        let mut repair = Batch::default();
        repair.put(key, MailboxRecord::default().encode()?);
        self.repairable(&Fault::MailboxMissing(account, mailbox), &repair)
    }

    fn mailbox(
        &mut self,
        account: AccountId,
        entry: &Entry,
        counted: &Counted,
    ) -> Result<(), StoreError> {
        let Some(id) = entry.key.last_chunk().copied() else {
            return Ok(());
        };
        let mailbox = MailboxId::from_bytes(id);
        let total = counted.mailboxes.get(&mailbox).copied().unwrap_or_default();
        let Some(kept) = self.decode::<MailboxRecord>("mailbox", entry) else {
            return Ok(());
        };
        if kept.total == total {
            return Ok(());
        }
        let mut repair = Batch::default();
        repair.put(entry.key.clone(), MailboxRecord { total }.encode()?);
        let fault = Fault::MailboxTotal(account, mailbox, kept.total, total);
        self.repairable(&fault, &repair)
    }

    /// Looks at the note of what an account has to do with a blob, and says whether it holds it.
    fn holding(
        &mut self,
        account: AccountId,
        blob: BlobId,
        items: u64,
        kept: HoldingRecord,
        endings: &Endings,
    ) -> Result<bool, StoreError> {
        let is_there = self.bytes(&layout::blob(blob))?.is_some();
        if !is_there || (items == 0 && kept.claimed_ms.is_none()) {
            let mut repair = Batch::default();
            repair.delete(layout::holding(account, blob));
            self.repairable(&Fault::StrayHolding(account, blob), &repair)?;
            return Ok(is_there && !self.repairs);
        }
        if kept.items != items {
            return self.count_holding(account, blob, kept.items, items);
        }
        if let Some(claimed_ms) = kept.claimed_ms
            && !endings.claims.contains(&(account, blob))
        {
            let due_ms = claimed_ms.saturating_add(CLAIM_MS);
            let mut repair = Batch::default();
            repair.put(layout::ending(due_ms, Ending::Claim(account, blob)), []);
            self.repairable(&Fault::ClaimWithoutEnd(account, blob), &repair)?;
        }
        Ok(true)
    }

    /// Counts an account's items with a blob anew. Says whether the note is there afterwards.
    fn count_holding(
        &mut self,
        account: AccountId,
        blob: BlobId,
        kept: u64,
        items: u64,
    ) -> Result<bool, StoreError> {
        let key = layout::holding(account, blob);
        let stored = self.record::<HoldingRecord>(&key)?;
        let mut record = stored.unwrap_or_default();
        record.items = items;
        let mut repair = Batch::default();
        repair.put(key, record.encode()?);
        self.repairable(&Fault::HoldingCount(account, blob, kept, items), &repair)?;
        Ok(self.repairs || stored.is_some())
    }
}

/// The keys of an account under a prefix.
pub(super) fn of(prefix: u8, account: AccountId) -> KeyRange {
    KeyRange::prefix(&[&[prefix][..], account.as_bytes()].concat())
}
