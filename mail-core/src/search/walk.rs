//! Finding out what is not in the index yet: by going through the summaries once, and by hearing of what changes.

use super::error::SearchError;
use super::message_fields::{doc_of_summary, draft_version, of_summary};
use crate::client::Client;
use crate::env::Randomness;
use crate::item::ItemContent;
use crate::memory::{Known, Memory};
use crate::transport::Transport;
use smail_protocol::{Item, ItemId};

/// Summaries looked at in one step: most of them are in the index, which is seen by their id.
const LOOKED_AT: u32 = 20_000;
/// Those that are not, taken from one step.
const NOTICED: usize = 250;

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

    /// Goes on through the summaries, of which one more page is taken in unless all are there. Whether anything was left.
    pub(super) async fn walk_on(&self) -> Result<bool, SearchError> {
        if self.memory.borrow().search.walk.is_over {
            return Ok(false);
        }
        if !self.memory.borrow().filling.is_done() {
            self.take_in_more().await?;
        }
        for known in self.next_missing() {
            self.notice_known(known.item, known.content);
        }
        Ok(true)
    }

    /// The next items that are not in the index.
    fn next_missing(&self) -> Vec<Known> {
        let mut memory = self.memory.borrow_mut();
        let Memory {
            items,
            search,
            filling,
            ..
        } = &mut *memory;
        let mut missing = Vec::new();
        let walk = &mut search.walk;
        for slot in walk.next..items.end().min(walk.next.saturating_add(LOOKED_AT)) {
            walk.next = slot + 1;
            let Some(kept) = items.at(slot) else {
                continue;
            };
            let is_queued = search.queued.contains(&kept.item_id());
            if !is_queued && !search.index.has(kept.item_id(), kept.draft_version()) {
                missing.push(kept.known());
            }
            if missing.len() == NOTICED {
                return missing;
            }
        }
        if walk.next >= items.end() {
            // While there were still summaries to come, one may have taken a place that was passed already.
            walk.is_over = walk.of_all;
            walk.of_all = filling.is_done();
            walk.next = if walk.of_all { 0 } else { walk.next };
        }
        missing
    }

    /// Puts an item into the queue that is not in the index yet.
    fn notice(&self, item: Item) {
        let content = self.account.open_item(&item).ok().flatten();
        self.notice_known(item, content);
    }

    /// As [`Self::notice`]. Until its turn comes it is found by its summary.
    fn notice_known(&self, item: Item, content: Option<ItemContent>) {
        let work = &mut self.memory.borrow_mut().search;
        let version = content.as_ref().map_or(0, draft_version);
        if work.index.has(item.item_id, version) {
            return;
        }
        if let Some(content) = content.filter(|content| content.fault.is_none()) {
            let doc = doc_of_summary(&item, Some(&content));
            work.index.add_summary(doc, &of_summary(&content));
        }
        work.want(item, version);
    }

    /// What is known of an item: from its envelope, or, where that was not kept, from memory.
    pub(crate) fn summary_of(&self, item: &Item) -> Option<ItemContent> {
        let opened = self.account.open_item(item).ok().flatten();
        opened.or_else(|| self.memory.borrow().items.get(&item.item_id)?.content)
    }
}
