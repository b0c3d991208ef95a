//! What a client has learned from the server and keeps while it is open. Nothing here outlives it.

use crate::account::Account;
use crate::auth::NewTotp;
use crate::contacts::{Correspondents, Lookup};
use crate::folders::Cut;
use crate::item::{ItemContent, fault_row};
use crate::list::{Filling, Items, Views};
use crate::organise::UndoLog;
use crate::recent::Recent;
use crate::search::Work;
use crate::send::PendingDelivery;
use crate::sync::News;
use crate::views::MessageRow;
use smail_protocol::{BlobId, Bytes, Item, ItemId, MailboxId, ObjectId, StateObject};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

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
    /// Whether it may be gone at the next try. Such an item is listed, and looked at anew when it is asked for.
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

    /// Whether this is all there is to know of the item's version.
    pub(crate) fn is_settled(&self) -> bool {
        self.fault.as_ref().is_none_or(|fault| !fault.passing)
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
    pub(crate) items: Items,
    /// Lists that are or were looked at.
    pub(crate) views: Views,
    /// How far all summaries have been taken in.
    pub(crate) filling: Filling,
    pub(crate) states: BTreeMap<ObjectId, StateObject>,
    /// Fingerprints that this client was the first to see, by address, whether or not they are written yet.
    pub(crate) first_pins: BTreeMap<String, String>,
    /// Messages in a mailbox in all; a mailbox whose number is in doubt is not in here.
    pub(crate) totals: BTreeMap<MailboxId, u64>,
    /// How often an answer that was on its way may have come to miss something.
    pub(crate) doubts: u64,
    /// Whether all that is snoozed has been taken in.
    pub(crate) knows_snoozed: bool,
    /// What can be undone.
    pub(crate) undo: UndoLog,
    /// Folders that were deleted here, latest last.
    pub(crate) deleted_folders: Vec<Cut>,
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
    /// Messages opened lately.
    pub(crate) recent: Recent,
    /// The secret of an authenticator app that is being set up.
    pub(crate) new_totp: Option<NewTotp>,
    /// Deliveries whose answers were lost.
    pub(crate) pending: Vec<PendingDelivery>,
    /// The search index, and what is to be done for it.
    pub(crate) search: Work,
    /// The account's address: what tells written messages from those that came.
    pub(crate) own_address: String,
    /// Whom there was mail with.
    pub(crate) correspondents: Correspondents,
    /// The address book, made ready to be looked through.
    pub(crate) lookup: Rc<Lookup>,
}

impl Memory {
    /// Keeps an item as it is now, unless a newer version is known, and puts the totals right.
    pub(crate) fn keep(&mut self, known: Known) {
        let (item_id, mailbox) = (known.item.item_id, known.item.mailbox_id);
        self.filling.made(item_id);
        match self.items.place(&item_id) {
            Some((version, _)) if version > known.item.version => return,
            Some((_, left)) if left != mailbox => {
                self.count(left, -1);
                self.count(mailbox, 1);
                self.correspondents.moved(&known);
            }
            Some(_) => {}
            None => self.correspondents.count(&known, &self.own_address),
        }
        self.items.insert(&known);
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
        self.recent.forget(item_id);
        self.filling.removed(item_id);
        let Some((_, mailbox)) = self.items.place(&item_id) else {
            return false;
        };
        self.items.remove(&item_id);
        self.count(mailbox, -1);
        true
    }

    /// Adds to a mailbox's total, when that is known.
    pub(crate) fn count(&mut self, mailbox: MailboxId, by: i64) {
        match self.totals.get_mut(&mailbox) {
            Some(total) => *total = total.saturating_add_signed(by),
            None => self.doubts += 1,
        }
    }

    /// Counts an item that another session or somebody else made, or that is not taken in yet.
    pub(crate) fn count_unheard_of(&mut self, item: &Item) {
        if self.filling.is_done() {
            self.count(item.mailbox_id, 1);
        } else if item.version == 1 {
            // It has just come, and may be counted already.
            self.totals.remove(&item.mailbox_id);
            self.doubts += 1;
        } else {
            // Where it was before is not known: the counts are asked for anew.
            self.totals.clear();
            self.doubts += 1;
        }
    }

    /// Messages in a mailbox: as the server said, or else as many as are known.
    pub(crate) fn total(&self, mailbox: MailboxId) -> u32 {
        let known = self.items.counts(mailbox).total;
        let total = self.totals.get(&mailbox).copied();
        total.map_or(known, |total| u32::try_from(total).unwrap_or(u32::MAX))
    }

    /// Unread messages among the known ones of this mailbox.
    pub(crate) fn unread(&self, mailbox: MailboxId) -> u32 {
        self.items.counts(mailbox).unread
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
