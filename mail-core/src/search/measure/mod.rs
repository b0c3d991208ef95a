//! How large the index is and how fast: `cargo bench -p smail-mail-core --features bench --bench search`.

mod made;

use super::field::FIELDS;
use super::index::Index;
use super::merge_plan::next_merge;
use super::query::{Today, parse};
use super::segment::{Segment, merged};
use made::{Maker, word};
use smail_protocol::ItemId;
use std::time::{Duration, Instant};

/// Messages between two parts, as the client writes them.
const PART_MESSAGES: usize = super::FLUSH_MESSAGES;

/// What was measured.
#[derive(Debug, Clone)]
pub struct Figures {
    /// Messages.
    pub messages: usize,
    /// Octets of subjects, people, bodies and file names, as text.
    pub text_bytes: usize,
    /// Octets of the bodies alone.
    pub body_bytes: usize,
    /// Octets of all parts, before they are sealed.
    pub index_bytes: usize,
    /// Octets written while it was built, merges included.
    pub written_bytes: usize,
    /// Number of parts.
    pub parts: usize,
    /// Taking the messages apart and writing them down.
    pub building: Duration,
    /// Reading all parts, as a new device does once it has them.
    pub loading: Duration,
    /// A search each: what it is, how many messages it finds, how long it took, the median of eleven.
    pub searches: Vec<(String, usize, Duration)>,
}

/// Makes this many messages, indexes them as the client does, and looks for some.
#[must_use]
pub fn measure(messages: usize, seed: u64) -> Figures {
    let mut maker = Maker::new(seed);
    let mut index = Index::default();
    let (mut text_bytes, mut body_bytes, mut written_bytes) = (0, 0, 0);
    let mut building = Duration::ZERO;
    let mut made_parts = 0_u8..;
    for at in 1..=messages {
        let (doc, fields) = maker.message();
        text_bytes += FIELDS
            .map(|field| fields.text(field).len())
            .iter()
            .sum::<usize>();
        body_bytes += fields.body.len();
        let start = Instant::now();
        index.add(doc, &fields);
        if at % PART_MESSAGES == 0 || at == messages {
            index.write_down();
            written_bytes += store(&mut index, &mut || made_parts.next());
        }
        building += start.elapsed();
    }
    let octets: Vec<Vec<u8>> = index
        .parts()
        .map(|(_, part)| part.segment.octets().to_vec())
        .collect();
    drop(index);
    let index_bytes = octets.iter().map(Vec::len).sum();
    let parts = octets.len();
    let start = Instant::now();
    let mut loaded = Index::default();
    for (number, octets) in (0_u8..).zip(octets) {
        if let Ok(segment) = Segment::from_octets(octets) {
            loaded.add_part(segment, Some((ItemId::from_bytes([number; 16]), 1)));
        }
    }
    let loading = start.elapsed();
    let searches = searches()
        .into_iter()
        .map(|text| search(&loaded, text))
        .collect();
    Figures {
        messages,
        text_bytes,
        body_bytes,
        index_bytes,
        written_bytes,
        parts,
        building,
        loading,
        searches,
    }
}

/// Gives the new part a place and merges what is due; the octets that were written.
fn store(index: &mut Index, next_id: &mut dyn FnMut() -> Option<u8>) -> usize {
    let mut written = 0;
    let mut id = || ItemId::from_bytes([next_id().unwrap_or_default(); 16]);
    if let Some((number, part)) = index.unstored() {
        written += part.segment.octets().len();
        index.is_stored(number, id(), 1);
    }
    while let Some(numbers) = next_merge(index) {
        let parts: Vec<_> = numbers
            .iter()
            .filter_map(|number| index.part(*number))
            .collect();
        let kept = index.kept(&numbers);
        let segments = parts.iter().map(|part| &part.segment);
        let sources: Vec<_> = segments.zip(&kept).collect();
        let octets = merged(&sources, &[]);
        written += octets.len();
        if let Ok(segment) = Segment::from_octets(octets) {
            index.replace(&numbers, segment, (id(), 1));
        }
    }
    written
}

/// Three words that are frequent, middling and rare; one being typed; people; what is not there.
fn searches() -> Vec<String> {
    let [frequent, other, middling, rare] = [3, 17, 700, 30_000].map(word);
    vec![
        format!("{frequent} {other} {middling} "),
        format!("{middling} {rare} {frequent} "),
        format!("{frequent} {other} {}", word(25)),
        format!("{middling} a"),
        format!(
            "from:{} {middling} has:attachment before:2030-01-01 ",
            word(300)
        ),
        format!("{frequent} OR {other} -{middling} "),
        "nobodyhaswrittenthis ever before ".to_owned(),
    ]
}

fn search(index: &Index, text: String) -> (String, usize, Duration) {
    let today = Today {
        now_ms: 1_795_324_800_000,
        utc_offset_min: 0,
    };
    let mut hits = 0;
    let mut times: Vec<Duration> = (0..11)
        .map(|_| {
            let start = Instant::now();
            if let Ok(parsed) = parse(&text, today) {
                hits = index.find(&parsed.query).candidates.len();
            }
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    (text, hits, median)
}
