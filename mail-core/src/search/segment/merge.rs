//! Several segments become one, without the messages that are no longer in them.

use super::Doc;
use super::Words as _;
use super::entries::Entries;
use super::read::Segment;
use super::write::Writer;
use crate::search::bits::Bits;
use crate::search::field::FieldSet;
use smail_protocol::ItemId;

/// The octets of one segment with these messages of these segments.
pub(crate) fn merged(sources: &[(&Segment, &Bits)], gone: &[ItemId]) -> Vec<u8> {
    let mut docs: Vec<Doc> = Vec::new();
    let mut readers: Vec<Source<'_>> = Vec::new();
    for (segment, live) in sources {
        let mut numbers = vec![None; segment.docs().len()];
        for (doc, new) in segment
            .docs()
            .iter()
            .zip(&mut numbers)
            .enumerate()
            .filter_map(|(at, pair)| live.has(at).then_some(pair))
        {
            *new = u32::try_from(docs.len()).ok();
            docs.push(*doc);
        }
        let mut entries = segment.entries();
        let more = entries.advance().is_some();
        readers.push(Source {
            entries,
            more,
            numbers,
        });
    }
    let mut writer = Writer::new(docs.len());
    let (mut word, mut found) = (Vec::new(), Vec::new());
    while next_word(&readers, &mut word) {
        found.clear();
        for source in readers.iter_mut().filter(|source| source.is_at(&word)) {
            source.give(&mut found);
        }
        writer.word(&word, &found);
    }
    writer.finish(&docs, gone)
}

/// One of the segments, on its way through.
struct Source<'a> {
    entries: Entries<'a>,
    /// Whether the entries have come to a word.
    more: bool,
    /// Old number to new one.
    numbers: Vec<Option<u32>>,
}

impl Source<'_> {
    fn is_at(&self, word: &[u8]) -> bool {
        self.more && self.entries.word == word
    }

    /// Gives the messages of the word come to, and goes on.
    fn give(&mut self, found: &mut Vec<(u32, FieldSet)>) {
        let numbers = &self.numbers;
        self.entries.each_message(&mut |message, fields| {
            if let Some(new) = numbers.get(message as usize).copied().flatten() {
                found.push((new, fields));
            }
        });
        self.more = self.entries.advance().is_some();
    }
}

/// The first of the words that the sources have come to; whether there is one.
fn next_word(sources: &[Source<'_>], word: &mut Vec<u8>) -> bool {
    let open = sources.iter().filter(|source| source.more);
    let first = open.map(|source| &source.entries.word).min();
    if let Some(first) = first {
        word.clone_from(first);
    }
    first.is_some()
}
