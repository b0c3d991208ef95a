//! Finding out what is not in the index yet: by walking through the folders once, and by hearing of what changes.

use super::error::SearchError;
use super::message_fields::{doc_of_summary, draft_version, of_summary};
use super::work::Walked;
use crate::api::ApiError;
use crate::client::Client;
use crate::env::Randomness;
use crate::transport::Transport;
use smail_protocol::{Item, ItemId, MailboxId, ProblemCode};

/// Items asked for at a time.
const PAGE: u32 = 250;

impl<T: Transport, R: Randomness> Client<T, R> {
    /// The server told of an item. Whether that is a part of the index, and nothing else's concern.
    pub(crate) fn index_hears_of(&self, item: &Item) -> bool {
        if item.mailbox_id == self.index_mailbox() {
            let work = &mut self.memory.borrow_mut().search;
            work.heard_of.insert(item.item_id);
            let is_new = !work.index.has_part(item.item_id, item.version);
            if work.is_loaded && is_new {
                work.wanted.insert(item.item_id, item.clone());
            }
            return true;
        }
        if self.memory.borrow().search.is_loaded {
            self.notice(item.clone());
        }
        false
    }

    /// The server told of an item's removal. Whether that was a part of the index.
    pub(crate) fn index_hears_of_removal(&self, item_id: ItemId) -> bool {
        let work = &mut self.memory.borrow_mut().search;
        if work.heard_of.contains(&item_id) {
            work.index.drop_part(item_id, u64::MAX);
            work.wanted.remove(&item_id);
            return true;
        }
        work.index.remove(item_id);
        false
    }

    /// Goes one page on. Whether there was anything left to walk through.
    pub(super) async fn walk_on(&self, folders: &[MailboxId]) -> Result<bool, SearchError> {
        let next = {
            let memory = self.memory.borrow();
            let unwalked = folders
                .iter()
                .find(|mailbox| memory.search.walked.get(*mailbox) != Some(&Walked::Whole));
            unwalked.map(|mailbox| match memory.search.walked.get(mailbox) {
                Some(Walked::To(cursor)) => (*mailbox, Some(cursor.clone())),
                _ => (*mailbox, None),
            })
        };
        let Some((mailbox, before)) = next else {
            return Ok(false);
        };
        let page = self
            .env
            .mailbox_items(mailbox, before.as_deref(), PAGE)
            .await;
        let (items, walked) = match page {
            Err(error) if is_no_folder(&error) => (Vec::new(), Walked::Whole),
            page => {
                let page = page?;
                (page.items, page.next.map_or(Walked::Whole, Walked::To))
            }
        };
        items.into_iter().for_each(|item| self.notice(item));
        self.memory
            .borrow_mut()
            .search
            .walked
            .insert(mailbox, walked);
        Ok(true)
    }

    /// Puts an item into the queue that is not in the index yet. Until its turn comes it is found by its summary.
    fn notice(&self, item: Item) {
        let content = self.account.open_item(&item).ok().flatten();
        let work = &mut self.memory.borrow_mut().search;
        let version = content.as_ref().map_or(0, draft_version);
        if work.index.has(item.item_id, version) {
            return;
        }
        if let Some(content) = content.filter(|content| content.fault.is_none()) {
            let doc = doc_of_summary(&item, &content);
            work.index.add_summary(doc, &of_summary(&content));
        }
        work.want(item, version);
    }
}

/// A folder that was removed meanwhile has nothing in it.
fn is_no_folder(error: &ApiError) -> bool {
    error.is(ProblemCode::NotFound)
}
