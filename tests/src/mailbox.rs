//! A made mailbox of realistic sizes: the same messages for the same seed, whoever makes which of them. Some four in ten
//! answer an earlier one; one in twenty has an attachment; texts are of 200 to 20,000 octets, the median some 1,500.

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use std::fmt::Write as _;

/// The newest messages, which are of one size and answer nothing: what a measurement opens.
pub const MEASURED: u64 = 12;
/// Octets of their text.
const MEASURED_TEXT_BYTES: usize = 20_000;
/// How far back an answer reaches.
const REACH: u64 = 60;
const PEOPLE: u64 = 240;
const NAMES: [&str; 16] = [
    "Amara", "Bela", "Chiara", "Dariusz", "Elif", "Farid", "Greta", "Hiro", "Ines", "Jonas",
    "Kofi", "Lena", "Mateo", "Noor", "Oksana", "Priya",
];
const WORDS: [&str; 48] = [
    "harbour",
    "invoice",
    "meeting",
    "lantern",
    "schedule",
    "garden",
    "report",
    "ticket",
    "window",
    "chapter",
    "kitchen",
    "contract",
    "station",
    "picture",
    "budget",
    "weekend",
    "letter",
    "summer",
    "bicycle",
    "concert",
    "delivery",
    "question",
    "answer",
    "project",
    "archive",
    "morning",
    "evening",
    "coffee",
    "library",
    "mountain",
    "river",
    "village",
    "teacher",
    "doctor",
    "neighbour",
    "cousin",
    "festival",
    "train",
    "journey",
    "passport",
    "museum",
    "recipe",
    "orchard",
    "workshop",
    "keyboard",
    "printer",
    "the",
    "and",
];

/// What others are spelled with.
const SYLLABLES: [&str; 24] = [
    "ba", "cor", "den", "eli", "fo", "gra", "hun", "ish", "jo", "ker", "lum", "mo", "nif", "ost",
    "pra", "qui", "rel", "sun", "ter", "ulo", "ven", "wod", "yas", "zim",
];
/// How large a part of all running words the most frequent ones are, and their number as a power of ten: what corpora of
/// English show.
const COVERAGE: [(f64, f64); 6] = [
    (0.0, 0.0),
    (0.49, 2.0),
    (0.74, 3.0),
    (0.93, 4.0),
    (0.985, 5.0),
    (1.0, 6.0),
];

/// Where a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The inbox.
    Inbox,
    /// The archive.
    Archive,
    /// Sent.
    Sent,
}

/// One message.
#[derive(Debug, Clone)]
pub struct Made {
    /// The message (RFC 5322).
    pub message: String,
    /// Where it goes.
    pub place: Place,
    /// Not read yet.
    pub unread: bool,
    /// Marked with a star.
    pub starred: bool,
}

/// A mailbox of so many messages, of a person with this address.
#[derive(Debug, Clone)]
pub struct Mailbox {
    /// The address.
    pub address: String,
    /// How many messages.
    pub messages: u64,
    /// What they follow from.
    pub seed: u64,
}

impl Mailbox {
    /// The message with this number; the highest is the newest.
    #[must_use]
    pub fn message(&self, number: u64) -> Made {
        let mut rng = self.rng(number, 1);
        let ancestors = self.ancestors(number);
        let first = ancestors.first().copied().unwrap_or(number);
        let measured = self.is_measured(number);
        let place = match rng.gen_range(0..100) {
            _ if measured => Place::Inbox,
            0..60 => Place::Inbox,
            60..88 => Place::Archive,
            _ => Place::Sent,
        };
        let other = person(self.rng(first, 2).gen_range(0..PEOPLE));
        let own = format!("<{}>", self.address);
        let (from, to) = if place == Place::Sent {
            (own, other)
        } else {
            (other, own)
        };
        let mut message = String::new();
        let prefix = if ancestors.is_empty() { "" } else { "Re: " };
        let subject = words(&mut self.rng(first, 3), 5);
        let _ = write!(
            message,
            "From: {from}\r\nTo: {to}\r\nSubject: {prefix}{subject}\r\nMessage-ID: <{}>\r\n",
            id(number)
        );
        if !ancestors.is_empty() {
            let ids: Vec<String> = ancestors
                .iter()
                .map(|it| format!("<{}>", id(*it)))
                .collect();
            let _ = write!(message, "References: {}\r\n", ids.join(" "));
        }
        let text = self.text(number, &mut rng);
        message.push_str("MIME-Version: 1.0\r\n");
        if !measured && rng.gen_bool(0.05) {
            let _ = write!(
                message,
                "Content-Type: multipart/mixed; boundary=b0\r\n\r\n--b0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n--b0\r\n\
                 Content-Type: text/csv; name=table.csv\r\nContent-Disposition: attachment; filename=table.csv\r\n\r\n{}\r\n--b0--\r\n",
                "1,2,3\r\n".repeat(200)
            );
        } else {
            let _ = write!(
                message,
                "Content-Type: text/plain; charset=utf-8\r\n\r\n{text}"
            );
        }
        Made {
            message,
            place,
            unread: place == Place::Inbox && (measured || rng.gen_bool(0.04)),
            starred: rng.gen_bool(0.02),
        }
    }

    fn is_measured(&self, number: u64) -> bool {
        number + MEASURED >= self.messages
    }

    fn rng(&self, number: u64, purpose: u64) -> StdRng {
        StdRng::seed_from_u64(
            self.seed ^ (number << 8 | purpose).wrapping_mul(0x9e37_79b9_7f4a_7c15),
        )
    }

    /// What this message answers, the first of it first.
    fn ancestors(&self, number: u64) -> Vec<u64> {
        let mut ancestors = Vec::new();
        let mut at = number;
        while let Some(parent) = self.parent(at) {
            ancestors.push(parent);
            at = parent;
        }
        ancestors.reverse();
        ancestors
    }

    fn parent(&self, number: u64) -> Option<u64> {
        let mut rng = self.rng(number, 4);
        if number == 0 || self.is_measured(number) || !rng.gen_bool(0.42) {
            return None;
        }
        Some(number - rng.gen_range(1..=REACH.min(number)))
    }

    fn text(&self, number: u64, rng: &mut StdRng) -> String {
        let bytes = if self.is_measured(number) {
            MEASURED_TEXT_BYTES
        } else {
            // Between 200 and 20,000, evenly in their logarithms.
            (200.0 * 100_f64.powf(rng.gen_range(0.0_f64..1.0).powf(1.3))) as usize
        };
        let mut text = String::with_capacity(bytes + 80);
        while text.len() < bytes {
            let sentence = words(rng, 11);
            let _ = write!(text, "{sentence}.\r\n");
        }
        text.truncate(bytes);
        text
    }
}

fn id(number: u64) -> String {
    format!("made-{number}@mail.example")
}

fn person(number: u64) -> String {
    let name = of(&NAMES, number);
    format!(
        "{name} {} <{}.{number}@mail.example>",
        of(&WORDS, number % 46),
        name.to_lowercase()
    )
}

fn words(rng: &mut StdRng, count: usize) -> String {
    let words: Vec<String> = (0..count).map(|_| word(rank(rng))).collect();
    words.join(" ")
}

/// A word's place among all by frequency, as in running English.
fn rank(rng: &mut StdRng) -> u64 {
    let share = rng.gen_range(0.0..1.0);
    let above = COVERAGE.partition_point(|(part, _)| *part <= share);
    let edge = |at: usize| COVERAGE.get(at).copied().unwrap_or_default();
    let ((from, low), (to, high)) = (edge(above.saturating_sub(1)), edge(above));
    10_f64.powf(low + (high - low) * (share - from) / (to - from)) as u64 - 1
}

/// The word of this place: the first ones are chosen, the others spelled.
fn word(rank: u64) -> String {
    let chosen = WORDS.len() as u64;
    if rank < chosen {
        return of(&WORDS, rank).to_owned();
    }
    let mut rest = rank - chosen;
    let mut word = of(&SYLLABLES, rest).to_owned();
    while rest > 0 {
        rest /= SYLLABLES.len() as u64;
        word.push_str(of(&SYLLABLES, rest + 7));
    }
    word
}

/// One of these, the same for the same number.
fn of(words: &[&'static str], number: u64) -> &'static str {
    let place = number % words.len() as u64;
    words.get(place as usize).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn mailbox() -> Mailbox {
        Mailbox {
            address: "alice@localhost".to_owned(),
            messages: 1_000,
            seed: 1,
        }
    }

    #[test]
    fn the_same_seed_makes_the_same_messages_and_another_others() {
        let other = Mailbox {
            seed: 2,
            ..mailbox()
        };
        let message = mailbox().message(500).message;
        assert_eq!(message, mailbox().message(500).message);
        assert_ne!(message, other.message(500).message);
    }

    #[test]
    fn sizes_places_and_conversations_are_those_of_a_mailbox() {
        let made: Vec<Made> = (0..1_000).map(|number| mailbox().message(number)).collect();
        let mut sizes: Vec<usize> = made.iter().map(|made| made.message.len()).collect();
        sizes.sort_unstable();
        assert!((1_000..3_500).contains(&sizes[500]), "{}", sizes[500]);
        let answers = made
            .iter()
            .filter(|made| made.message.contains("\r\nReferences: "));
        assert!((300..500).contains(&answers.count()));
        let inbox = made
            .iter()
            .filter(|made| made.place == Place::Inbox)
            .count();
        assert!((500..700).contains(&inbox), "{inbox}");
        let newest = made.last().unwrap();
        assert!(newest.unread && newest.message.len() > MEASURED_TEXT_BYTES);
        let mut subjects: BTreeMap<&str, usize> = BTreeMap::new();
        for made in &made {
            let subject = made.message.split("Subject: ").nth(1).unwrap();
            *subjects
                .entry(subject.split('\r').next().unwrap())
                .or_default() += 1;
        }
        assert!(subjects.len() > 550, "{}", subjects.len());
    }

    #[test]
    fn words_are_as_many_and_as_frequent_as_in_a_language() {
        let mut rng = mailbox().rng(1, 9);
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for _ in 0..100_000 {
            *counts.entry(word(rank(&mut rng))).or_default() += 1;
        }
        assert!((9_000..20_000).contains(&counts.len()), "{}", counts.len());
        let harbour = counts.get("harbour").copied().unwrap_or_default();
        assert!((3_000..10_000).contains(&harbour), "{harbour}");
    }
}
