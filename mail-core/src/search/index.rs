//! The index: segments side by side. A message counts in one of them, whichever has it best; what stands of it
//! elsewhere is passed over, and goes when segments are merged.

use super::bits::Bits;
use super::evaluate::Sheet;
use super::field::MessageFields;
use super::query::Query;
use super::segment::{Doc, Growing, Segment, Words};
use smail_protocol::ItemId;
use std::collections::{BTreeMap, BTreeSet};

/// Most messages that are indexed by their summary until they can be opened.
const MAX_SUMMARIES: usize = 20_000;

/// The words of all messages that have been indexed.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// By a number that grows.
    parts: BTreeMap<u32, Part>,
    last_part: u32,
    /// Messages that are in no part yet.
    growing: Growing,
    growing_live: Bits,
    /// Messages known by their summary alone.
    summaries: Growing,
    summaries_live: Bits,
    current: BTreeMap<ItemId, At>,
    /// Items that were removed.
    gone: BTreeSet<ItemId>,
    /// Those of them that no part tells of yet.
    untold: BTreeSet<ItemId>,
}

/// A segment that is written down.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) segment: Segment,
    /// Its messages that count.
    pub(crate) live: Bits,
    /// The item that it is kept as, and its version; none when the server does not have it yet.
    pub(crate) stored: Option<(ItemId, u64)>,
}

/// Where a message counts.
#[derive(Debug, Clone, Copy)]
struct At {
    place: Place,
    message: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Summaries,
    Growing,
    Part(u32),
}

/// A message that a query may be in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    pub(crate) doc: Doc,
    place: Place,
    message: u32,
    /// Whether the words alone say so.
    pub(crate) is_sure: bool,
}

/// What the index says to a query.
pub(crate) struct Findings {
    sheets: BTreeMap<Place, Sheet>,
    /// Latest first.
    pub(crate) candidates: Vec<Candidate>,
}

impl Findings {
    /// What the words of the candidate's segment say.
    pub(crate) fn sheet(&self, candidate: &Candidate) -> Option<(&Sheet, usize)> {
        let sheet = self.sheets.get(&candidate.place)?;
        Some((sheet, candidate.message as usize))
    }
}

impl Index {
    /// Adds a message, or what it has become.
    pub(crate) fn add(&mut self, doc: Doc, fields: &MessageFields) {
        if self.has(doc.item, doc.draft_version) {
            return;
        }
        let message = self.growing.add(doc, fields);
        self.growing_live.push(false);
        self.place(Place::Growing, message, doc);
    }

    /// Adds a message by its summary, until it can be opened.
    pub(crate) fn add_summary(&mut self, doc: Doc, fields: &MessageFields) {
        if self.is_known(doc.item, doc.draft_version)
            || self.summaries.docs().len() >= MAX_SUMMARIES
        {
            return;
        }
        let message = self.summaries.add(doc, fields);
        self.summaries_live.push(false);
        self.place(Place::Summaries, message, doc);
    }

    /// Forgets a message that was removed.
    pub(crate) fn remove(&mut self, item: ItemId) {
        let at = self.current.remove(&item);
        if let Some(at) = at {
            self.count(at, false);
        }
        let is_stored = matches!(at.map(|at| at.place), Some(Place::Part(_)));
        if self.gone.insert(item) && is_stored {
            self.untold.insert(item);
        }
    }

    /// Adds what was written down.
    pub(crate) fn add_part(&mut self, segment: Segment, stored: Option<(ItemId, u64)>) {
        self.last_part += 1;
        let number = self.last_part;
        for item in segment.gone() {
            if let Some(at) = self.current.remove(item) {
                self.count(at, false);
            }
            self.gone.insert(*item);
            self.untold.remove(item);
        }
        let docs = segment.docs().to_vec();
        let part = Part {
            live: Bits::none(docs.len()),
            segment,
            stored,
        };
        self.parts.insert(number, part);
        for (message, doc) in docs.into_iter().enumerate() {
            self.place(Place::Part(number), message, doc);
        }
    }

    /// Forgets the part that is kept as this item, of this version or an older one. Whether there was one.
    pub(crate) fn drop_part(&mut self, item: ItemId, version: u64) -> bool {
        let dropped = |part: &Part| {
            part.stored
                .is_some_and(|(stored, at)| stored == item && at <= version)
        };
        let before = self.parts.len();
        self.parts.retain(|_, part| !dropped(part));
        let is_dropped = self.parts.len() < before;
        if is_dropped {
            self.count_anew();
        }
        is_dropped
    }

    /// Whether this part, in this version or a newer one, is here.
    pub(crate) fn has_part(&self, item: ItemId, version: u64) -> bool {
        self.parts
            .values()
            .filter_map(|part| part.stored)
            .any(|(stored, at)| stored == item && at >= version)
    }

    /// Whether the message is indexed whole, a draft in this version.
    pub(crate) fn has(&self, item: ItemId, draft_version: u64) -> bool {
        self.is_known(item, draft_version)
            && self
                .current
                .get(&item)
                .is_some_and(|at| at.place != Place::Summaries)
    }

    /// Whether the message is indexed at all, or need not be.
    fn is_known(&self, item: ItemId, draft_version: u64) -> bool {
        let known = self.current.get(&item).and_then(|at| self.doc(*at));
        self.gone.contains(&item) || known.is_some_and(|doc| doc.draft_version >= draft_version)
    }

    /// Whether the item was removed.
    pub(crate) fn is_gone(&self, item: ItemId) -> bool {
        self.gone.contains(&item)
    }

    /// Messages indexed whole.
    pub(crate) fn whole(&self) -> usize {
        let in_parts: usize = self.parts.values().map(|part| part.live.count()).sum();
        in_parts + self.growing_live.count()
    }

    /// Messages that are in no part yet.
    pub(crate) fn unwritten(&self) -> usize {
        self.growing_live.count()
    }

    /// Removed items that no part tells of yet.
    pub(crate) fn untold(&self) -> usize {
        self.untold.len()
    }

    /// Writes what is in no part yet into one, which the server does not have.
    pub(crate) fn write_down(&mut self) {
        let gone: Vec<ItemId> = std::mem::take(&mut self.untold).into_iter().collect();
        let octets = self.growing.written(&self.growing_live, &gone);
        let Ok(segment) = Segment::from_octets(octets) else {
            return;
        };
        self.growing = Growing::default();
        self.growing_live = Bits::default();
        // The messages are placed anew, in their part.
        self.current.retain(|_, at| at.place != Place::Growing);
        self.add_part(segment, None);
    }

    /// A part that the server does not have yet.
    pub(crate) fn unstored(&self) -> Option<(u32, &Part)> {
        let mut parts = self.parts.iter();
        parts
            .find(|(_, part)| part.stored.is_none())
            .map(|(number, part)| (*number, part))
    }

    /// The server has this part now.
    pub(crate) fn is_stored(&mut self, number: u32, item: ItemId, version: u64) {
        if let Some(part) = self.parts.get_mut(&number) {
            part.stored = Some((item, version));
        }
    }

    /// Parts by number.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (u32, &Part)> {
        self.parts.iter().map(|(number, part)| (*number, part))
    }

    pub(crate) fn part(&self, number: u32) -> Option<&Part> {
        self.parts.get(&number)
    }

    /// The messages of these parts that are to be kept when they are merged. A message that counts elsewhere is kept all
    /// the same: another session may see it count here, and would let go of the other one. What stands in two of these
    /// parts is kept once.
    pub(crate) fn kept(&self, numbers: &[u32]) -> Vec<Bits> {
        let mut taken = BTreeSet::new();
        let parts = numbers.iter().filter_map(|number| self.parts.get(number));
        parts
            .map(|part| {
                let docs = part.segment.docs();
                let mut kept = Bits::none(docs.len());
                for (message, doc) in docs.iter().enumerate() {
                    kept.set(message, self.is_latest(doc) && taken.insert(doc.item));
                }
                kept
            })
            .collect()
    }

    /// Messages of a part that were removed, or of which there is something later.
    pub(crate) fn outdated(&self, part: &Part) -> usize {
        let docs = part.segment.docs().iter();
        docs.filter(|doc| !self.is_latest(doc)).count()
    }

    fn is_latest(&self, doc: &Doc) -> bool {
        let known = self.current.get(&doc.item).and_then(|at| self.doc(*at));
        known.is_some_and(|known| known.draft_version <= doc.draft_version)
    }

    /// Removed items that a part outside of these still has messages of.
    pub(crate) fn gone_elsewhere(&self, besides: &[u32]) -> Vec<ItemId> {
        let others = self
            .parts
            .iter()
            .filter(|(number, _)| !besides.contains(number));
        let docs = others.flat_map(|(_, part)| part.segment.docs());
        let held: BTreeSet<ItemId> = docs.map(|doc| doc.item).collect();
        self.gone.intersection(&held).copied().collect()
    }

    /// Takes parts out and puts what they were merged into in their place.
    pub(crate) fn replace(&mut self, numbers: &[u32], segment: Segment, stored: (ItemId, u64)) {
        self.parts.retain(|number, _| !numbers.contains(number));
        self.count_anew();
        self.add_part(segment, Some(stored));
    }

    /// Where the query may be, latest first.
    pub(crate) fn find(&self, query: &Query) -> Findings {
        let mut findings = Findings {
            sheets: BTreeMap::new(),
            candidates: Vec::new(),
        };
        let mut look = |place: Place, words: &dyn Words, live: &Bits| {
            if live.count() == 0 {
                return;
            }
            let sheet = Sheet::of(query, words);
            let mut bounds = sheet.bounds(query);
            bounds.maybe.meet(live);
            for message in bounds.maybe.iter() {
                let Some(doc) = words.docs().get(message) else {
                    continue;
                };
                findings.candidates.push(Candidate {
                    doc: *doc,
                    place,
                    message: u32::try_from(message).unwrap_or(u32::MAX),
                    is_sure: bounds.surely.has(message),
                });
            }
            findings.sheets.insert(place, sheet);
        };
        look(Place::Summaries, &self.summaries, &self.summaries_live);
        look(Place::Growing, &self.growing, &self.growing_live);
        for (number, part) in &self.parts {
            look(Place::Part(*number), &part.segment, &part.live);
        }
        let latest_first =
            |candidate: &Candidate| std::cmp::Reverse((candidate.doc.date_s, candidate.doc.item));
        findings.candidates.sort_unstable_by_key(latest_first);
        findings
    }

    /// Lets a message count here if this is the best there is of it.
    fn place(&mut self, place: Place, message: usize, doc: Doc) {
        if self.gone.contains(&doc.item) {
            return;
        }
        let at = At {
            place,
            message: u32::try_from(message).unwrap_or(u32::MAX),
        };
        let before = self.current.get(&doc.item).copied();
        if let Some(before) = before {
            let known = self.doc(before).map_or(0, |doc| doc.draft_version);
            if (known, rank(before.place)) >= (doc.draft_version, rank(place)) {
                return;
            }
            self.count(before, false);
        }
        self.current.insert(doc.item, at);
        self.count(at, true);
    }

    fn count(&mut self, at: At, is_live: bool) {
        let live = match at.place {
            Place::Summaries => Some(&mut self.summaries_live),
            Place::Growing => Some(&mut self.growing_live),
            Place::Part(number) => self.parts.get_mut(&number).map(|part| &mut part.live),
        };
        if let Some(live) = live {
            live.set(at.message as usize, is_live);
        }
    }

    fn doc(&self, at: At) -> Option<&Doc> {
        let docs = match at.place {
            Place::Summaries => self.summaries.docs(),
            Place::Growing => self.growing.docs(),
            Place::Part(number) => self.parts.get(&number)?.segment.docs(),
        };
        docs.get(at.message as usize)
    }

    /// Finds out once more where each message counts.
    fn count_anew(&mut self) {
        self.current.clear();
        self.summaries_live = Bits::none(self.summaries.docs().len());
        self.growing_live = Bits::none(self.growing.docs().len());
        let mut all: Vec<(Place, Vec<Doc>)> = vec![
            (Place::Summaries, self.summaries.docs().to_vec()),
            (Place::Growing, self.growing.docs().to_vec()),
        ];
        for (number, part) in &mut self.parts {
            part.live = Bits::none(part.segment.docs().len());
            all.push((Place::Part(*number), part.segment.docs().to_vec()));
        }
        for (place, docs) in all {
            for (message, doc) in docs.into_iter().enumerate() {
                self.place(place, message, doc);
            }
        }
    }
}

/// Of the same message in several places, which one counts.
const fn rank(place: Place) -> u8 {
    match place {
        Place::Summaries => 0,
        Place::Growing => 1,
        Place::Part(_) => 2,
    }
}

#[cfg(test)]
#[path = "index_tests.rs"]
mod tests;
