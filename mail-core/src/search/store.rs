//! Bringing parts up and down, and keeping their number small.

use super::error::SearchError;
use super::index::Index;
use super::merge_plan::next_merge;
use super::parts::{Fetched, is_full};
use super::segment::{Segment, Words as _, merged};
use super::work::{Unsaved, Walk};
use crate::client::Client;
use crate::env::Randomness;
use crate::transport::Transport;
use smail_protocol::{Item, ItemId};

/// Parts that are downloaded at once.
const DOWNLOADS: usize = 4;
/// How long to wait after the server had no room for a part.
const ROOM_AGAIN_MS: u64 = 5 * 60_000;

/// The parts of a merge: their numbers, items and versions, and what they become.
struct Merge {
    numbers: Vec<u32>,
    stored: Vec<(ItemId, u64)>,
    segment: Segment,
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Fetches all parts, unless they are here.
    pub(super) async fn load_parts(&self) -> Result<(), SearchError> {
        if self.memory.borrow().search.is_loaded {
            return Ok(());
        }
        let items = self.list_parts().await?;
        {
            let work = &mut self.memory.borrow_mut().search;
            work.heard_of.extend(items.iter().map(|item| item.item_id));
            work.wanted
                .extend(items.into_iter().map(|item| (item.item_id, item)));
        }
        self.fetch_wanted().await?;
        self.memory.borrow_mut().search.is_loaded = true;
        Ok(())
    }

    /// Fetches the parts that the server has told of. One that does not open is dropped, here and there: the walk
    /// through the folders finds what is missing then.
    pub(super) async fn fetch_wanted(&self) -> Result<(), SearchError> {
        loop {
            let batch: Vec<Item> = {
                let work = &mut self.memory.borrow_mut().search;
                let (index, wanted) = (&work.index, &mut work.wanted);
                wanted.retain(|_, item| !index.has_part(item.item_id, item.version));
                wanted.values().take(DOWNLOADS).cloned().collect()
            };
            if batch.is_empty() {
                return Ok(());
            }
            let fetched = batch.iter().map(|item| self.fetch_part(item));
            let fetched = futures_util::future::join_all(fetched).await;
            for (item, fetched) in batch.iter().zip(fetched) {
                self.take_part(item, fetched?).await?;
            }
        }
    }

    async fn take_part(&self, item: &Item, fetched: Fetched) -> Result<(), SearchError> {
        let is_damaged = {
            let work = &mut self.memory.borrow_mut().search;
            let is_told_of_newer = work
                .wanted
                .get(&item.item_id)
                .is_some_and(|wanted| wanted.version > item.version);
            if !is_told_of_newer {
                work.wanted.remove(&item.item_id);
            }
            if let Fetched::Part(segment) = fetched {
                work.index.drop_part(item.item_id, item.version);
                work.index
                    .add_part(segment, Some((item.item_id, item.version)));
                return Ok(());
            }
            let is_damaged = matches!(fetched, Fetched::Damaged);
            if is_damaged {
                work.damaged += 1;
                // What it held is found missing by going through the summaries once more.
                work.walk = Walk::default();
            }
            is_damaged
        };
        if is_damaged {
            self.remove_part(item.item_id, item.version).await?;
        }
        Ok(())
    }

    /// Writes down what is in no part yet, and brings it up. With no room there, it is tried again later.
    ///
    /// # Errors
    /// [`SearchError`].
    pub async fn save_index(&self) -> Result<(), SearchError> {
        let gate = self.memory.borrow().search.gate.clone();
        let _one_at_a_time = gate.lock().await;
        self.write_down().await
    }

    pub(super) async fn write_down(&self) -> Result<(), SearchError> {
        let now_ms = self.env.now_ms();
        {
            let work = &mut self.memory.borrow_mut().search;
            if !work.is_loaded {
                return Ok(());
            }
            if work.index.unwritten() + work.index.untold() > 0 {
                work.index.write_down();
                work.written_ms = Some(now_ms);
            }
            let waits = |unsaved: &Unsaved| now_ms < unsaved.since_ms + ROOM_AGAIN_MS;
            if work.unsaved.as_ref().is_some_and(waits) {
                return Ok(());
            }
        }
        match self.bring_up().await {
            Err(SearchError::Server(error)) if is_full(&error) => {
                self.memory.borrow_mut().search.unsaved = Some(Unsaved {
                    sentence: error.to_string(),
                    since_ms: now_ms,
                });
                Ok(())
            }
            outcome => outcome,
        }
    }

    /// Brings up each part that the server does not have.
    async fn bring_up(&self) -> Result<(), SearchError> {
        loop {
            let next = {
                let memory = self.memory.borrow();
                let unstored = memory.search.index.unstored();
                unstored.map(|(number, part)| {
                    let octets = part.segment.octets().to_vec();
                    (number, octets, part.segment.docs().len())
                })
            };
            let Some((number, octets, messages)) = next else {
                self.memory.borrow_mut().search.unsaved = None;
                return Ok(());
            };
            let item_id = ItemId::from_bytes(self.env.random_id());
            let stored = self.store_part(item_id, 0, &octets, messages).await?;
            if let Some(item) = stored {
                let work = &mut self.memory.borrow_mut().search;
                let index = &mut work.index;
                index.is_stored(number, item.item_id, item.version);
                work.heard_of.insert(item.item_id);
            }
        }
    }

    /// Merges some parts, if there is cause to. Whether it did.
    pub(super) async fn merge_some(&self) -> Result<bool, SearchError> {
        let Some(merge) = plan(&self.memory.borrow().search.index) else {
            return Ok(false);
        };
        let Some(((item_id, version), others)) = merge.stored.split_first() else {
            return Ok(false);
        };
        let messages = merge.segment.docs().len();
        let octets = merge.segment.octets();
        let stored = self
            .store_part(*item_id, *version, octets, messages)
            .await?;
        let Some(item) = stored else {
            // Another session was faster: what it wrote comes by the change feed, and this part with it.
            self.memory
                .borrow_mut()
                .search
                .index
                .drop_part(*item_id, *version);
            return Ok(true);
        };
        {
            let index = &mut self.memory.borrow_mut().search.index;
            index.replace(&merge.numbers, merge.segment, (item.item_id, item.version));
        }
        for (item_id, version) in others {
            self.remove_part(*item_id, *version).await?;
        }
        Ok(true)
    }
}

fn plan(index: &Index) -> Option<Merge> {
    let numbers = next_merge(index)?;
    let parts: Vec<_> = numbers
        .iter()
        .filter_map(|number| index.part(*number))
        .collect();
    let kept = index.kept(&numbers);
    let segments = parts.iter().map(|part| &part.segment);
    let sources: Vec<_> = segments.zip(&kept).collect();
    let octets = merged(&sources, &index.gone_elsewhere(&numbers));
    Some(Merge {
        stored: parts.iter().filter_map(|part| part.stored).collect(),
        segment: Segment::from_octets(octets).ok()?,
        numbers,
    })
}
