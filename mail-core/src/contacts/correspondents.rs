//! Whom there was mail with, as the summaries that this client knows tell: how often, and how lately. Nothing of it is
//! kept on the server; each client counts what it has taken in.

use super::lookup::Words;
use crate::item::{BlobKind, ItemContent};
use crate::memory::Known;
use crate::views::{Person, SignatureState};
use smail_protocol::MailboxId;
use std::collections::BTreeMap;

/// What one message counts halves in this time.
const HALF_LIFE_MS: f64 = 30.0 * 24.0 * 3_600_000.0;
/// A point in time from which half-lives are counted: 2026-01-01.
const ORIGIN_MS: f64 = 1_767_225_600_000.0;
/// Half-lives beyond which a clock is wrong.
const MAX_HALF_LIVES: f64 = 900.0;
/// What a message counts that the person has written, against one that came.
const WRITTEN: f64 = 3.0;
/// Most correspondents counted; later ones are not.
const MAX_CORRESPONDENTS: usize = 20_000;

/// Correspondents by address in lower case.
#[derive(Debug, Default)]
pub(crate) struct Correspondents {
    people: BTreeMap<String, Correspondent>,
}

/// One of them.
#[derive(Debug, Clone)]
pub(super) struct Correspondent {
    pub(super) person: Person,
    /// How often and how lately, in one number: larger is more.
    pub(super) score: f64,
    /// Whether the person has written to them.
    written_to: bool,
    /// Where their latest message is.
    mailbox: Option<MailboxId>,
    /// Name and address, to be found by.
    pub(super) words: Words,
}

impl Correspondents {
    /// Counts a message that has just become known.
    pub(crate) fn count(&mut self, known: &Known, own: &str) {
        let Some(content) = known.content.as_ref().filter(|it| is_counted(it)) else {
            return;
        };
        let worth = worth(known.item.arrival_ms);
        if content.from.address.eq_ignore_ascii_case(own) {
            for person in &content.to {
                self.add(person, WRITTEN * worth, None);
            }
        } else if content.signature == Some(SignatureState::Verified) {
            self.add(&content.from, worth, Some(known.item.mailbox_id));
        }
    }

    /// A message that was counted has gone to another folder.
    pub(crate) fn moved(&mut self, known: &Known) {
        let Some(content) = &known.content else {
            return;
        };
        let author = self.people.get_mut(&content.from.address.to_lowercase());
        if let Some(author) = author {
            author.mailbox = Some(known.item.mailbox_id);
        }
    }

    /// Those worth suggesting: whom the person has written to, or whose latest message is in none of these folders.
    pub(super) fn people(&self, unwanted: &[MailboxId]) -> impl Iterator<Item = &Correspondent> {
        let wanted = move |it: &&Correspondent| {
            it.written_to || !it.mailbox.is_some_and(|id| unwanted.contains(&id))
        };
        self.people.values().filter(wanted)
    }

    /// How often and how lately there was mail with this address.
    pub(super) fn score(&self, address: &str) -> f64 {
        let person = self.people.get(&address.to_lowercase());
        person.map_or(0.0, |person| person.score)
    }

    fn add(&mut self, person: &Person, worth: f64, mailbox: Option<MailboxId>) {
        let address = person.address.to_lowercase();
        if !address.contains('@')
            || (self.people.len() >= MAX_CORRESPONDENTS && !self.people.contains_key(&address))
        {
            return;
        }
        let known = self.people.entry(address).or_insert_with(|| Correspondent {
            person: person.clone(),
            score: 0.0,
            written_to: false,
            mailbox: None,
            words: Words::of(&[&person.name, &person.address]),
        });
        known.score += worth;
        known.written_to |= mailbox.is_none();
        known.mailbox = mailbox.or(known.mailbox);
        if !person.name.is_empty() && known.person.name != person.name {
            known.person.name.clone_from(&person.name);
            known.words = Words::of(&[&person.name, &person.address]);
        }
    }
}

fn is_counted(content: &ItemContent) -> bool {
    content.kind == BlobKind::Message && content.fault.is_none()
}

/// What a message of this time counts: twice as much as one a half-life before it.
#[allow(
    clippy::cast_precision_loss,
    reason = "milliseconds of this age are exact in an f64"
)]
fn worth(arrival_ms: u64) -> f64 {
    let half_lives = (arrival_ms as f64 - ORIGIN_MS) / HALF_LIFE_MS;
    half_lives.clamp(-MAX_HALF_LIVES, MAX_HALF_LIVES).exp2()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: u64 = 24 * 3_600_000;

    #[test]
    fn one_today_counts_more_than_one_two_months_ago_and_less_than_five() {
        let now_ms = 1_800_000_000_000;
        let (today, before) = (worth(now_ms), worth(now_ms - 60 * DAY_MS));
        assert!(today > 3.9 * before && today < 5.0 * before);
        assert!(worth(0) > 0.0 && worth(u64::MAX).is_finite());
    }
}
