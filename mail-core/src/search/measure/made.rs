//! Made mail: the same for the same seed. Words are as frequent as in English, lengths of messages follow a log-normal
//! distribution, one message in three quotes the one before; some words are numbers, some addresses of web pages.

use crate::search::field::MessageFields;
use crate::search::segment::Doc;
use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;
use smail_protocol::ItemId;

/// People who write to one another.
const PEOPLE: usize = 2_000;
/// How large a part of all running words the most frequent words make, and their number as a power of ten: what corpora
/// of English show.
const COVERAGE: [(f64, f64); 6] = [
    (0.0, 0.0),
    (0.49, 2.0),
    (0.74, 3.0),
    (0.93, 4.0),
    (0.985, 5.0),
    (1.0, 6.3),
];
const SYLLABLES: [&str; 40] = [
    "a", "be", "ca", "de", "en", "fi", "ga", "ho", "in", "ju", "ka", "lo", "mi", "no", "or", "pe",
    "qua", "ri", "sta", "ti", "un", "ver", "wa", "xe", "yo", "zu", "ing", "er", "ion", "al",
    "ment", "pro", "con", "re", "tra", "ble", "ly", "ch", "sh", "th",
];

/// Makes one message after the other.
pub(super) struct Maker {
    rng: ChaCha8Rng,
    made: u64,
    last_body: String,
}

impl Maker {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            rng: ChaCha8Rng::seed_from_u64(seed),
            made: 0,
            last_body: String::new(),
        }
    }

    /// The next message; each is some minutes later than the one before.
    pub(super) fn message(&mut self) -> (Doc, MessageFields) {
        self.made += 1;
        let mut id = [0; 16];
        self.rng.fill_bytes(&mut id);
        let doc = Doc {
            item: ItemId::from_bytes(id),
            date_s: 1_700_000_000 + self.made * 300,
            attachment: self.rng.gen_ratio(1, 6),
            draft_version: 0,
        };
        let words = self.length();
        let subject_words = self.rng.gen_range(2..9);
        let files = if doc.attachment {
            format!("{}-{}.pdf", self.word(), self.rng.gen_range(1..2_000))
        } else {
            String::new()
        };
        let own = self.text(words);
        let quote = if self.rng.gen_ratio(1, 3) {
            std::mem::take(&mut self.last_body)
        } else {
            String::new()
        };
        let body = format!("{own}{quote}");
        self.last_body = own;
        let fields = MessageFields {
            from: self.person(),
            to: self.person(),
            subject: self.text(subject_words),
            body,
            files,
        };
        (doc, fields)
    }

    /// Number of words of a body: half of all have fewer than 150, one in fifty more than 1,300.
    fn length(&mut self) -> usize {
        let normal: f64 = (0..12).map(|_| self.rng.r#gen::<f64>()).sum::<f64>() - 6.0;
        (150.0 * (1.05 * normal).exp()).clamp(3.0, 20_000.0) as usize
    }

    fn text(&mut self, words: usize) -> String {
        let mut text = String::new();
        let mut used: Vec<String> = Vec::new();
        for at in 0..words {
            let after = match at % 11 {
                10 => ".\n",
                4 => ", ",
                _ => " ",
            };
            match self.rng.gen_range(0..100) {
                0..=2 => text.push_str(&self.rng.gen_range(0..3_000).to_string()),
                3 if self.rng.gen_ratio(1, 8) => {
                    let page = self.rng.gen_range(0..1_000_000);
                    text.push_str(&format!("https://{}.com/{page:x}", self.word()));
                }
                // What a message is about is named more than once.
                4..=23 if !used.is_empty() => {
                    let again = self.rng.gen_range(0..used.len());
                    text.push_str(used.get(again).map_or("", String::as_str));
                }
                _ => {
                    let word = self.word();
                    text.push_str(&word);
                    used.push(word);
                }
            }
            text.push_str(after);
        }
        text
    }

    /// A word as frequent as it is in English: between two steps of the coverage by Zipf's law.
    fn word(&mut self) -> String {
        let at: f64 = self.rng.r#gen();
        let steps = COVERAGE.iter().zip(COVERAGE.iter().skip(1));
        let step = steps.into_iter().find(|(_, (to, _))| at < *to);
        let power = step.map_or(0.0, |((from, low), (to, high))| {
            low + (high - low) * (at - from) / (to - from)
        });
        word(10_f64.powf(power) as u64)
    }

    fn person(&mut self) -> String {
        let number = self.rng.gen_range(0..PEOPLE) * self.rng.gen_range(0..PEOPLE) / PEOPLE;
        let name = word(number as u64 * 7 + 300);
        format!(
            "{name} {} {name}{number}@localhost",
            word(number as u64 * 13 + 500)
        )
    }
}

/// The word of this rank. Frequent words are short.
pub(super) fn word(rank: u64) -> String {
    let mut rest = rank;
    let mut word = String::new();
    loop {
        let syllable = SYLLABLES.get((rest % 40) as usize).copied();
        word.push_str(syllable.unwrap_or_default());
        rest /= 40;
        if rest == 0 {
            return word;
        }
    }
}
