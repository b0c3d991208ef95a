//! What the index has to do, and how far it has come. All in memory; what outlives it is in the parts.

use super::field::MessageFields;
use super::index::Index;
use futures_util::lock::Mutex;
use smail_protocol::{Item, ItemId};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

/// Most octets of opened messages that are kept for the next phrase.
const MAX_TEXT_BYTES: usize = 16 * 1024 * 1024;

/// The index and what is to be done for it.
#[derive(Default)]
pub(crate) struct Work {
    pub(super) index: Index,
    /// Whether the parts that the server had at first are here.
    pub(super) is_loaded: bool,
    /// One step at a time.
    pub(super) gate: Rc<Mutex<()>>,
    /// Parts that the server has told of and that are not here yet.
    pub(super) wanted: BTreeMap<ItemId, Item>,
    /// Every item that was a part at some time.
    pub(super) heard_of: BTreeSet<ItemId>,
    /// How far the summaries have been gone through.
    pub(super) walk: Walk,
    /// Messages that are not in the index yet.
    pub(super) queue: VecDeque<Item>,
    pub(super) queued: BTreeSet<ItemId>,
    /// How often a message could not be fetched.
    pub(super) failures: BTreeMap<ItemId, u32>,
    /// Parts that did not open.
    pub(super) damaged: u32,
    /// When a part was written last, in milliseconds since 1970.
    pub(super) written_ms: Option<u64>,
    /// Why parts cannot be kept on the server.
    pub(super) unsaved: Option<Unsaved>,
    pub(super) texts: Texts,
}

/// How far the summaries that have been taken in have been gone through, for what is not in the index.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// The next slot.
    pub(super) next: u32,
    /// All summaries were there when this round began: after it, nothing is missing.
    pub(super) of_all: bool,
    pub(super) is_over: bool,
}

/// Why parts cannot be kept, and since when.
#[derive(Debug, Clone)]
pub(super) struct Unsaved {
    pub(super) sentence: String,
    pub(super) since_ms: u64,
}

impl Work {
    /// Puts a message into the queue, unless it is there or in the index.
    pub(super) fn want(&mut self, item: Item, draft_version: u64) {
        if !self.index.has(item.item_id, draft_version) && self.queued.insert(item.item_id) {
            self.queue.push_back(item);
        }
    }

    /// The next messages of the queue: so many, and so many octets.
    pub(super) fn take_from_queue(&mut self, most: usize, most_bytes: u64) -> Vec<Item> {
        let mut taken = Vec::new();
        let mut bytes = 0;
        while let Some(item) = self.queue.pop_front() {
            self.queued.remove(&item.item_id);
            bytes += item.size_bytes;
            if !taken.is_empty() && bytes > most_bytes {
                self.queued.insert(item.item_id);
                self.queue.push_front(item);
                break;
            }
            taken.push(item);
            if taken.len() == most {
                break;
            }
        }
        taken
    }

    /// Everything that was to be done has been.
    pub(super) fn is_done(&self) -> bool {
        self.is_loaded && self.wanted.is_empty() && self.queue.is_empty() && self.walk.is_over
    }
}

/// Texts of messages that were opened to look for a phrase.
#[derive(Default)]
pub(super) struct Texts {
    /// By item, with the version of a draft.
    texts: BTreeMap<ItemId, (u64, Rc<MessageFields>)>,
    bytes: usize,
}

impl Texts {
    pub(super) fn get(&self, item: ItemId, draft_version: u64) -> Option<Rc<MessageFields>> {
        let (version, text) = self.texts.get(&item)?;
        (*version == draft_version).then(|| text.clone())
    }

    pub(super) fn keep(&mut self, item: ItemId, draft_version: u64, text: Rc<MessageFields>) {
        self.bytes += text.body.len() + text.subject.len();
        if self.bytes > MAX_TEXT_BYTES {
            self.texts.clear();
            self.bytes = text.body.len();
        }
        self.texts.insert(item, (draft_version, text));
    }
}
