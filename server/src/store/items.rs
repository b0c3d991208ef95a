//! Items: messages and drafts in mailboxes, each with a version.

use super::changes::ChangedThing;
use super::engine::Direction;
use super::records::{ItemRecord, MailboxRecord};
use super::transaction::Transaction;
use super::usage::sealed_bytes;
use super::{Store, StoreError, layout};
use smail_protocol::limits::{MAX_PAGE, MAX_PAGE_SEALED_BYTES};
use smail_protocol::{
    AccountId, BlobId, Bytes, Item, ItemId, ItemPage, ItemWriteRequest, MailboxId,
};

/// Why a mailbox was not listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ListItemsError {
    /// No such mailbox of this account.
    #[error("no such mailbox")]
    NoMailbox,
    /// The cursor is none that a page gave.
    #[error("the cursor is none that a page gave")]
    MalformedCursor,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why an item was not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteItemError {
    /// The base version is not the current one; this is the item as it is.
    #[error("the item was changed meanwhile")]
    Conflict(Box<Item>),
    /// There is no such item, and the base version is not 0.
    #[error("no such item")]
    NotFound,
    /// No such mailbox of this account.
    #[error("no such mailbox")]
    NoMailbox,
    /// A blob that this account neither uploaded nor has an item of.
    #[error("no such blob")]
    UnknownBlob,
    /// A part that this account neither uploaded nor has an item of.
    #[error("no such part")]
    UnknownPart,
    /// A new item, and the account stores as much as it may.
    #[error("the account stores as much as it may")]
    OverQuota,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why an item was not removed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeleteItemError {
    /// The version is not the current one; this is the item as it is.
    #[error("the item was changed meanwhile")]
    Conflict(Box<Item>),
    /// There is no such item.
    #[error("no such item")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// One page of a mailbox, latest arrival first (same arrival: highest id first). `before` is an earlier page's
    /// `next`. `limit` is brought into 1 to [`MAX_PAGE`](smail_protocol::limits::MAX_PAGE). The page's `seq` is read
    /// first: whatever the page may have missed comes as a later change.
    ///
    /// # Errors
    /// See [`ListItemsError`].
    pub fn item_page(
        &self,
        account: AccountId,
        mailbox: MailboxId,
        before: Option<&str>,
        limit: u32,
    ) -> Result<ItemPage, ListItemsError> {
        let seq = self.seq_now(account)?;
        let record = self.read::<MailboxRecord>(&layout::mailbox(account, mailbox))?;
        let total = record.ok_or(ListItemsError::NoMailbox)?.total;
        let mut range = layout::listings(account, mailbox);
        if let Some(before) = before {
            let (arrival_ms, item) = read_cursor(before).ok_or(ListItemsError::MalformedCursor)?;
            range.end = layout::listing(account, mailbox, arrival_ms, item);
        }
        let limit = limit.clamp(1, MAX_PAGE) as usize;
        let mut listed = self
            .engine()
            .scan(&range, Direction::Descending, limit + 1)?;
        let mut more = listed.len() > limit;
        listed.truncate(limit);
        let mut page = ItemPage {
            items: Vec::new(),
            next: None,
            total,
            seq,
        };
        let (mut last, mut sealed_bytes) = (None, 0);
        for entry in &listed {
            if sealed_bytes >= MAX_PAGE_SEALED_BYTES {
                more = true;
                break;
            }
            let (arrival_ms, item) = layout::listed(&entry.key).ok_or(StoreError::Corrupt)?;
            // One that went or moved since it was listed is told of by a change after `seq`.
            last = Some((arrival_ms, item));
            let found = self.item_now(account, item)?;
            if let Some(item) = found.filter(|item| item.mailbox_id == mailbox) {
                sealed_bytes += item.sealed.as_ref().map_or(0, |it| it.as_slice().len());
                page.items.push(item);
            }
        }
        page.next = last
            .filter(|_| more)
            .map(|(arrival_ms, item)| cursor(arrival_ms, item));
        Ok(self.settled(page)?)
    }

    /// An item of the account.
    ///
    /// # Errors
    /// [`StoreError`] alone; an item that is not there is `None`.
    pub fn item(&self, account: AccountId, item: ItemId) -> Result<Option<Item>, StoreError> {
        self.settled(self.item_now(account, item)?)
    }

    fn item_now(&self, account: AccountId, item: ItemId) -> Result<Option<Item>, StoreError> {
        let record = self.read::<ItemRecord>(&layout::item(account, item))?;
        Ok(record.map(|record| wire_item(item, record)))
    }

    /// Makes (base version 0; arrival is `now_ms`) or replaces (arrival stays) an item.
    ///
    /// # Errors
    /// See [`WriteItemError`].
    pub fn put_item(
        &self,
        account: AccountId,
        item: ItemId,
        write: &ItemWriteRequest,
        now_ms: u64,
    ) -> Result<Item, WriteItemError> {
        self.transact(|transaction| transaction.write_item(account, item, write, now_ms))
    }

    /// Removes an item for good; a blob that nothing names any more goes with it.
    ///
    /// # Errors
    /// See [`DeleteItemError`].
    pub fn delete_item(
        &self,
        account: AccountId,
        item: ItemId,
        version: u64,
    ) -> Result<(), DeleteItemError> {
        self.transact(|transaction| {
            if !transaction.has_account(account)? {
                return Err(DeleteItemError::NotFound);
            }
            transaction.use_reserve();
            match transaction.item_at(account, item, version) {
                Ok(Some(record)) => Ok(transaction.remove_item(account, item, &record)?),
                Ok(None) | Err(WriteItemError::NotFound) => Err(DeleteItemError::NotFound),
                Err(WriteItemError::Conflict(current)) => Err(DeleteItemError::Conflict(current)),
                Err(WriteItemError::Store(error)) => Err(error.into()),
                Err(
                    WriteItemError::NoMailbox
                    | WriteItemError::UnknownBlob
                    | WriteItemError::UnknownPart
                    | WriteItemError::OverQuota,
                ) => Err(StoreError::Corrupt.into()),
            }
        })
    }
}

/// What is filed as an item.
#[derive(Debug)]
pub(super) struct Filing<'parts> {
    /// Where.
    pub(super) mailbox: MailboxId,
    /// Its octets.
    pub(super) blob: BlobId,
    /// When it came.
    pub(super) arrival_ms: u64,
    /// The client's envelope.
    pub(super) sealed: Option<Bytes>,
    /// Its parts; none: those that it has.
    pub(super) parts: Option<&'parts [BlobId]>,
}

impl Transaction<'_> {
    /// Makes or replaces an item. One that waits to be sent waits no longer when it is moved or becomes another.
    pub(super) fn write_item(
        &mut self,
        account: AccountId,
        item: ItemId,
        write: &ItemWriteRequest,
        now_ms: u64,
    ) -> Result<Item, WriteItemError> {
        let old = self.item_at(account, item, write.base_version)?;
        if !self.has_mailbox(account, write.mailbox_id)? {
            return Err(WriteItemError::NoMailbox);
        }
        if !self.may_name(account, write.blob_id)? {
            return Err(WriteItemError::UnknownBlob);
        }
        let parts = write.parts.as_deref();
        if !self.may_name_parts(account, parts.unwrap_or_default())? {
            return Err(WriteItemError::UnknownPart);
        }
        if let Some(old) = &old {
            self.use_reserve();
            let stays = old.mailbox == *write.mailbox_id.as_bytes()
                && old.blob == *write.blob_id.as_bytes()
                && parts.is_none();
            if !stays {
                self.unschedule(account, item)?;
            }
        }
        let filing = Filing {
            mailbox: write.mailbox_id,
            blob: write.blob_id,
            arrival_ms: old.as_ref().map_or(now_ms, |record| record.arrival_ms),
            sealed: Some(write.sealed.clone()),
            parts,
        };
        let is_new = old.is_none();
        let filed = self.file_item(account, item, filing, old)?;
        if is_new && !self.is_within_quota(account)? {
            return Err(WriteItemError::OverQuota);
        }
        Ok(filed)
    }

    /// The item, if its version is the one named; none if the version named is 0 and there is no item.
    fn item_at(
        &mut self,
        account: AccountId,
        item: ItemId,
        version: u64,
    ) -> Result<Option<ItemRecord>, WriteItemError> {
        match self.item(account, item)? {
            Some(record) if record.version == version => Ok(Some(record)),
            Some(record) => Err(WriteItemError::Conflict(Box::new(wire_item(item, record)))),
            None if version == 0 => Ok(None),
            None => Err(WriteItemError::NotFound),
        }
    }

    /// The item's record.
    pub(super) fn item(
        &mut self,
        account: AccountId,
        item: ItemId,
    ) -> Result<Option<ItemRecord>, StoreError> {
        self.get(&layout::item(account, item))
    }

    /// Writes an item in place of `old`, with all that hangs on it: listing, mailbox total, blob and change log. The
    /// mailbox and the blob are there.
    pub(super) fn file_item(
        &mut self,
        account: AccountId,
        item: ItemId,
        filing: Filing<'_>,
        old: Option<ItemRecord>,
    ) -> Result<Item, StoreError> {
        let size_bytes = self.name_blob(account, filing.blob)?;
        if let Some(old) = &old {
            self.unlist_item(account, item, old)?;
        }
        if let Some(parts) = filing.parts {
            self.set_parts(account, item, parts)?;
        }
        self.count_items(account, filing.mailbox, 1)?;
        self.mark(layout::listing(
            account,
            filing.mailbox,
            filing.arrival_ms,
            item,
        ));
        let previous = old.as_ref().map(|old| old.change_seq);
        let removed = old.as_ref().and_then(|old| old.sealed.as_deref());
        let added = filing.sealed.as_ref().map(Bytes::as_slice);
        self.use_bytes(account, sealed_bytes(added), sealed_bytes(removed))?;
        let record = ItemRecord {
            mailbox: *filing.mailbox.as_bytes(),
            blob: *filing.blob.as_bytes(),
            size_bytes,
            arrival_ms: filing.arrival_ms,
            version: old.map_or(0, |old| old.version) + 1,
            change_seq: self.log_change(account, ChangedThing::Item(item), previous)?,
            sealed: filing.sealed.map(Bytes::into_vec),
        };
        self.put(layout::item(account, item), &record)?;
        Ok(wire_item(item, record))
    }

    /// Removes an item with all that hangs on it.
    pub(super) fn remove_item(
        &mut self,
        account: AccountId,
        item: ItemId,
        record: &ItemRecord,
    ) -> Result<(), StoreError> {
        self.unschedule(account, item)?;
        self.unlist_item(account, item, record)?;
        self.set_parts(account, item, &[])?;
        self.delete(layout::item(account, item));
        self.use_bytes(account, 0, sealed_bytes(record.sealed.as_deref()))?;
        self.log_change(
            account,
            ChangedThing::ItemRemoved(item),
            Some(record.change_seq),
        )?;
        Ok(())
    }

    /// Takes an item out of its mailbox and lets go of its blob.
    fn unlist_item(
        &mut self,
        account: AccountId,
        item: ItemId,
        record: &ItemRecord,
    ) -> Result<(), StoreError> {
        let mailbox = MailboxId::from_bytes(record.mailbox);
        self.count_items(account, mailbox, -1)?;
        self.delete(layout::listing(account, mailbox, record.arrival_ms, item));
        self.unname_blob(account, BlobId::from_sha256(record.blob))
    }
}

/// The form of the wire.
pub(super) fn wire_item(item_id: ItemId, record: ItemRecord) -> Item {
    Item {
        item_id,
        mailbox_id: MailboxId::from_bytes(record.mailbox),
        blob_id: BlobId::from_sha256(record.blob),
        size_bytes: record.size_bytes,
        arrival_ms: record.arrival_ms,
        version: record.version,
        sealed: record.sealed.map(Bytes::from),
    }
}

/// A page's end: arrival and id of its last item, base64url.
fn cursor(arrival_ms: u64, item: ItemId) -> String {
    Bytes::from([&arrival_ms.to_be_bytes()[..], item.as_bytes()].concat()).to_string()
}

fn read_cursor(text: &str) -> Option<(u64, ItemId)> {
    let bytes = Bytes::parse(text).ok()?.into_vec();
    if bytes.len() != size_of::<u64>() + ItemId::LEN_BYTES {
        None
    } else {
        layout::listed(&bytes)
    }
}
