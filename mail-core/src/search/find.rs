//! Carrying a search out: the index says where the words are, and what it cannot say is looked up, for the latest
//! messages first and for no more of them than are shown.

use super::error::SearchError;
use super::evaluate::Asked;
use super::field::{FIELDS, FieldSet, MessageFields};
use super::index::{Candidate, Findings};
use super::message_fields::{draft_version, of_draft, of_message};
use super::phrase::has_phrase;
use super::places::Places;
use super::query::{Condition, Parsed, Problem, Query, Today, parse};
use super::show::{Marks, filters, problem, shown};
use crate::client::Client;
use crate::env::Randomness;
use crate::items::ItemError;
use crate::list::Kept;
use crate::memory::{Known, Memory};
use crate::transport::Transport;
use crate::views::SearchResults;
use std::rc::Rc;

/// Most hits given at once.
const MAX_HITS: u32 = 500;
/// Messages that are looked up at once.
const LOOKED_UP: usize = 16;
/// Candidates beyond the hits that are counted one by one.
const COUNTED: usize = 2_000;

/// A search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRequest {
    /// What is looked for, as typed.
    pub query: String,
    /// Most hits wanted.
    pub limit: u32,
    /// How far the clock on the wall is ahead of UTC, in minutes.
    pub utc_offset_min: i32,
}

/// What is known of a candidate.
enum Verdict {
    Hit,
    Miss,
    /// It has to be looked up.
    Unknown,
}

/// A search under way.
struct Search {
    query: Query,
    places: Places,
    marks: Marks,
    findings: Findings,
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Looks for messages. A search that cannot be read is no error: the results say what is wrong with it.
    ///
    /// # Errors
    /// [`SearchError`].
    pub async fn search(&self, request: &SearchRequest) -> Result<SearchResults, SearchError> {
        let today = Today {
            now_ms: self.env.now_ms(),
            utc_offset_min: request.utc_offset_min,
        };
        let text = request.query.as_str();
        match parse(text, today) {
            Ok(parsed) => {
                let results = SearchResults {
                    filters: filters(text, &parsed.filters),
                    blank: parsed.is_empty(),
                    exact: true,
                    ..SearchResults::default()
                };
                if results.blank {
                    return Ok(results);
                }
                let limit = request.limit.clamp(1, MAX_HITS) as usize;
                self.find_all(parsed, limit, results).await
            }
            Err(error) => Ok(refused(text, &error)),
        }
    }

    async fn find_all(
        &self,
        parsed: Parsed,
        limit: usize,
        mut results: SearchResults,
    ) -> Result<SearchResults, SearchError> {
        self.need_parts().await?;
        let search = Search {
            places: self.places(&parsed.query).await?,
            marks: Marks::of(&parsed.query),
            findings: self.memory.borrow().search.index.find(&parsed.query),
            query: parsed.query,
        };
        let candidates = &search.findings.candidates;
        let mut looked_up = 0;
        let (mut at, mut total) = (0, 0);
        while let Some(candidate) = candidates.get(at).filter(|_| results.hits.len() < limit) {
            if at >= looked_up {
                looked_up = (at + LOOKED_UP).min(candidates.len());
                let next = candidates.get(at..looked_up).unwrap_or_default();
                self.look_up_unknown(&search, next).await?;
            }
            if matches!(self.verdict(&search, candidate), Verdict::Hit) {
                let known = self.known_now(candidate);
                results.hits.extend(
                    known.map(|known| shown(&known, &self.account.address(), &search.marks)),
                );
                total += 1;
            }
            at += 1;
        }
        let rest = candidates.get(at..).unwrap_or_default();
        for (number, candidate) in rest.iter().enumerate() {
            let is_counted = number < COUNTED;
            let verdict = if is_counted {
                self.verdict(&search, candidate)
            } else {
                Verdict::Unknown
            };
            results.exact &= !matches!(verdict, Verdict::Unknown);
            if !matches!(verdict, Verdict::Miss) {
                results.more = true;
                total += 1;
            }
        }
        results.total = total;
        Ok(results)
    }

    /// Waits for the parts of the index, if nobody has fetched them yet.
    async fn need_parts(&self) -> Result<(), SearchError> {
        if self.memory.borrow().search.is_loaded {
            return Ok(());
        }
        let gate = self.memory.borrow().search.gate.clone();
        let _one_at_a_time = gate.lock().await;
        self.load_parts().await
    }

    /// Finds out about those of these candidates of which not enough is known.
    async fn look_up_unknown(
        &self,
        search: &Search,
        candidates: &[Candidate],
    ) -> Result<(), SearchError> {
        let unknown = candidates
            .iter()
            .filter(|candidate| matches!(self.verdict(search, candidate), Verdict::Unknown));
        let found_out = unknown.map(|candidate| self.find_out(search, candidate));
        let outcomes = futures_util::future::join_all(found_out).await;
        outcomes.into_iter().collect()
    }

    async fn find_out(&self, search: &Search, candidate: &Candidate) -> Result<(), SearchError> {
        let item_id = candidate.doc.item;
        let known = match self.known(item_id).await {
            Ok(known) => known,
            Err(ItemError::Gone) => {
                self.memory.borrow_mut().search.index.remove(item_id);
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        if matches!(self.verdict(search, candidate), Verdict::Unknown) {
            let text = Rc::new(self.whole_text(&known).await?);
            let version = known.content.as_ref().map_or(0, draft_version);
            let texts = &mut self.memory.borrow_mut().search.texts;
            texts.keep(item_id, version, text);
        }
        Ok(())
    }

    /// The whole text of a message; of one that does not open, nothing.
    async fn whole_text(&self, known: &Known) -> Result<MessageFields, SearchError> {
        let is_draft = known.content.as_ref().map_or(0, draft_version) > 0;
        if is_draft {
            let draft = self.draft_text(&known.item).await?;
            let fields = draft.map(|draft| of_draft(&draft, &self.account.address()));
            return Ok(fields.unwrap_or_default());
        }
        match self.look_at_message(&known.item).await {
            Ok(message) => Ok(of_message(&message)),
            Err(error) => match error.server() {
                Some(server) => Err(server.clone().into()),
                None => Ok(MessageFields::default()),
            },
        }
    }

    fn known_now(&self, candidate: &Candidate) -> Option<Known> {
        let memory = self.memory.borrow();
        memory.items.get(&candidate.doc.item)
    }

    fn verdict(&self, search: &Search, candidate: &Candidate) -> Verdict {
        let memory = self.memory.borrow();
        if memory.search.index.is_gone(candidate.doc.item) {
            return Verdict::Miss;
        }
        let slot = memory.items.slot(&candidate.doc.item);
        let Some(kept) = slot.and_then(|slot| memory.items.at(slot)) else {
            return Verdict::Unknown;
        };
        if search.places.is_apart(kept.mailbox()) {
            return Verdict::Miss;
        }
        if candidate.is_sure {
            return Verdict::Hit;
        }
        let Some((sheet, message)) = search.findings.sheet(candidate) else {
            return Verdict::Miss;
        };
        let ask = |asked: Asked<'_>| match asked {
            Asked::Phrase(fields, tokens) => phrase(&memory, &kept.known(), fields, tokens),
            Asked::Condition(condition) => Some(holds(&search.places, kept, condition)),
        };
        match sheet.decide(&search.query, message, &ask) {
            Some(true) => Verdict::Hit,
            Some(false) => Verdict::Miss,
            None => Verdict::Unknown,
        }
    }
}

/// Whether a phrase is in a message, as far as that can be said without opening it.
fn phrase(memory: &Memory, known: &Known, fields: FieldSet, tokens: &[String]) -> Option<bool> {
    let version = known.content.as_ref().map_or(0, draft_version);
    let is_in = |text: &MessageFields| {
        let mut wanted = FIELDS
            .iter()
            .filter(|field| fields.meets(FieldSet::of(**field)));
        wanted.any(|field| has_phrase(text.text(*field), tokens))
    };
    if let Some(text) = memory.search.texts.get(known.item.item_id, version) {
        return Some(is_in(&text));
    }
    let summary = known
        .content
        .as_ref()
        .map(super::message_fields::of_summary);
    summary.filter(is_in).map(|_| true)
}

fn holds(places: &Places, kept: &Kept, condition: &Condition) -> bool {
    match condition {
        Condition::Unread => kept.unread,
        Condition::Starred => kept.starred,
        Condition::In(name) => places.is_in(name, kept.mailbox()),
        Condition::Label(name) => places.has_label(name, kept),
        Condition::Anywhere => true,
    }
}

fn refused(text: &str, error: &Problem) -> SearchResults {
    SearchResults {
        problem: Some(problem(text, error)),
        exact: true,
        ..SearchResults::default()
    }
}
