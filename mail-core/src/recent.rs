//! Messages opened lately, kept in memory so that reading one that was fetched ahead waits for nothing, and its attachments
//! need no second download. Bounded in number and octets; what is kept is wiped when it is dropped.

use crate::open::OpenedMail;
use smail_protocol::{BlobId, ItemId};
use std::collections::VecDeque;
use std::rc::Rc;

/// Most messages kept.
const MAX_MESSAGES: usize = 24;
/// Most octets kept, of all messages together.
const MAX_BYTES: usize = 48 * 1024 * 1024;
/// How long a verdict may wait to be shown: keys change.
const MAX_AGE_MS: u64 = 5 * 60 * 1_000;

/// The messages, oldest first.
#[derive(Default)]
pub(crate) struct Recent {
    kept: VecDeque<Kept>,
}

struct Kept {
    item_id: ItemId,
    blob_id: BlobId,
    opened_ms: u64,
    /// Its verdict was shown: the next time it is asked for, it is judged anew.
    shown: bool,
    mail: Rc<OpenedMail>,
}

impl Recent {
    /// The message, when its item still names the same blob. Its verdict may be an old one.
    pub(crate) fn find(&self, item_id: ItemId, blob_id: BlobId) -> Option<Rc<OpenedMail>> {
        let mut kept = self.kept.iter();
        let found = kept.find(|kept| kept.item_id == item_id && kept.blob_id == blob_id);
        found.map(|kept| Rc::clone(&kept.mail))
    }

    /// The message that was opened last for this item.
    pub(crate) fn find_any(&self, item_id: ItemId) -> Option<Rc<OpenedMail>> {
        let mut kept = self.kept.iter();
        let found = kept.find(|kept| kept.item_id == item_id);
        found.map(|kept| Rc::clone(&kept.mail))
    }

    /// The message to be shown, when it was opened ahead just now and not shown since.
    pub(crate) fn find_to_show(
        &mut self,
        item_id: ItemId,
        blob_id: BlobId,
        now_ms: u64,
    ) -> Option<Rc<OpenedMail>> {
        let found = self.kept.iter_mut().find(|kept| {
            kept.item_id == item_id
                && kept.blob_id == blob_id
                && !kept.shown
                && now_ms.saturating_sub(kept.opened_ms) < MAX_AGE_MS
        })?;
        found.shown = true;
        Some(Rc::clone(&found.mail))
    }

    /// Keeps a message, and lets go of the oldest ones that there is no room for.
    pub(crate) fn keep(
        &mut self,
        (item_id, blob_id): (ItemId, BlobId),
        now_ms: u64,
        shown: bool,
        mail: &Rc<OpenedMail>,
    ) {
        self.forget(item_id);
        self.kept.push_back(Kept {
            item_id,
            blob_id,
            opened_ms: now_ms,
            shown,
            mail: Rc::clone(mail),
        });
        while self.kept.len() > MAX_MESSAGES || self.size_bytes() > MAX_BYTES {
            self.kept.pop_front();
        }
    }

    /// Lets go of one message.
    pub(crate) fn forget(&mut self, item_id: ItemId) {
        self.kept.retain(|kept| kept.item_id != item_id);
    }

    /// Lets go of all: what is known of their authors has changed.
    pub(crate) fn clear(&mut self) {
        self.kept.clear();
    }

    fn size_bytes(&self) -> usize {
        self.kept.iter().map(|kept| kept.mail.size_bytes()).sum()
    }
}
