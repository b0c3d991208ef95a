//! What a client has learned from the server and keeps while it is open. Nothing here outlives it.

use crate::account::Account;
use crate::item::{ItemContent, fault_row};
use crate::organise::UndoLog;
use crate::send::PendingDelivery;
use crate::sync::News;
use crate::views::MessageRow;
use smail_protocol::{BlobId, Bytes, Item, ItemId, MailboxId, ObjectId, StateObject};
use std::collections::{BTreeMap, BTreeSet};

/// An item, with its content when that could be opened.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) item: Item,
    pub(crate) content: Option<ItemContent>,
    /// Why there is no content.
    pub(crate) fault: Option<Fault>,
}

/// Why an item could not be opened.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    /// For a person.
    pub(crate) sentence: String,
    /// Whether it may be gone at the next try. Such an item is not remembered.
    pub(crate) passing: bool,
}

impl Known {
    /// An item whose content is this.
    pub(crate) const fn opened(item: Item, content: ItemContent) -> Self {
        Self {
            item,
            content: Some(content),
            fault: None,
        }
    }

    /// An item that could not be opened.
    pub(crate) const fn faulty(item: Item, fault: Fault) -> Self {
        Self {
            item,
            content: None,
            fault: Some(fault),
        }
    }

    /// The row that a list shows.
    pub(crate) fn row(&self) -> MessageRow {
        match &self.content {
            Some(content) => content.row(&self.item),
            None => fault_row(
                &self.item,
                self.fault
                    .as_ref()
                    .map(|fault| fault.sentence.clone())
                    .unwrap_or_default(),
            ),
        }
    }
}

/// The client's memory.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) items: BTreeMap<ItemId, Known>,
    pub(crate) states: BTreeMap<ObjectId, StateObject>,
    /// Fingerprints that this client was the first to see, by address, whether or not they are written yet.
    pub(crate) first_pins: BTreeMap<String, String>,
    /// Messages in a mailbox in all; a mailbox whose number is in doubt is not in here.
    pub(crate) totals: BTreeMap<MailboxId, u64>,
    /// Mailboxes that were listed: their totals are kept up.
    pub(crate) listed: BTreeSet<MailboxId>,
    /// Whether all that is snoozed has been taken in.
    pub(crate) knows_snoozed: bool,
    /// What can be undone.
    pub(crate) undo: UndoLog,
    /// What was taken in and not told of yet.
    pub(crate) news: News,
    /// The newest change this client has taken in.
    pub(crate) cursor: u64,
    /// What a reload needs, as the server keeps it with the session.
    pub(crate) resume: Option<Bytes>,
    /// Messages that a list does not open: they ended an earlier client.
    pub(crate) set_aside: BTreeSet<ItemId>,
    /// Texts of drafts whose saving was not answered: one of them may be what the server has.
    pub(crate) unanswered: BTreeMap<ItemId, BTreeSet<BlobId>>,
    /// Deliveries whose answers were lost.
    pub(crate) pending: Vec<PendingDelivery>,
}

impl Memory {
    /// Keeps an item as it is now, unless a newer version is known, and puts the totals right.
    pub(crate) fn keep(&mut self, known: Known) {
        let (item_id, mailbox) = (known.item.item_id, known.item.mailbox_id);
        match self.items.get(&item_id) {
            Some(before) if before.item.version > known.item.version => return,
            Some(before) if before.item.mailbox_id != mailbox => {
                let left = before.item.mailbox_id;
                self.count(left, -1);
                self.count(mailbox, 1);
            }
            _ => {}
        }
        self.items.insert(item_id, known);
    }

    /// Keeps an item that this client has just made.
    pub(crate) fn keep_made(&mut self, known: Known) {
        if !self.items.contains_key(&known.item.item_id) {
            self.count(known.item.mailbox_id, 1);
        }
        self.keep(known);
    }

    /// Forgets an item that is gone. Whether it was known.
    pub(crate) fn forget(&mut self, item_id: ItemId) -> bool {
        let Some(known) = self.items.remove(&item_id) else {
            return false;
        };
        self.count(known.item.mailbox_id, -1);
        true
    }

    /// Adds to a mailbox's total, when that is known.
    pub(crate) fn count(&mut self, mailbox: MailboxId, by: i64) {
        if let Some(total) = self.totals.get_mut(&mailbox) {
            *total = total.saturating_add_signed(by);
        }
    }

    /// A mailbox was listed, and holds so many.
    pub(crate) fn listed(&mut self, mailbox: MailboxId, total: u64) {
        self.listed.insert(mailbox);
        self.totals.insert(mailbox, total);
    }

    /// Unread messages among the known ones, by mailbox.
    pub(crate) fn unread(&self) -> BTreeMap<MailboxId, u32> {
        let mut unread = BTreeMap::new();
        for known in self.items.values() {
            if known.content.as_ref().is_some_and(|content| content.unread) {
                *unread.entry(known.item.mailbox_id).or_default() += 1;
            }
        }
        unread
    }
}

/// Opens an item's summary; `None` when it has none yet.
pub(crate) fn open_known(account: &Account, item: &Item) -> Option<Known> {
    match account.open_item(item) {
        Ok(Some(content)) => Some(Known::opened(item.clone(), content)),
        Ok(None) => None,
        Err(error) => {
            let fault = Fault {
                sentence: error.to_string(),
                passing: false,
            };
            Some(Known::faulty(item.clone(), fault))
        }
    }
}
