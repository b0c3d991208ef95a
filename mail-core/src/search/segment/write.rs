//! Writes a segment, word by word in their order.

use super::bitstream::{BitWriter, rice_parameter};
use super::varint::{put, zigzag};
use super::{BLOCK_WORDS, Doc, FIELD_BITS, LONG, SEGMENT_VERSION};
use crate::search::field::FieldSet;
use smail_protocol::ItemId;

/// A segment being written.
#[derive(Debug)]
pub(super) struct Writer {
    docs: usize,
    words: usize,
    last: Vec<u8>,
    dictionary: Vec<u8>,
    postings: Vec<u8>,
    /// The entries and the postings of the block under way.
    block: Vec<u8>,
    bits: BitWriter,
}

impl Writer {
    /// Begins a segment of so many messages.
    pub(super) fn new(docs: usize) -> Self {
        Self {
            docs,
            words: 0,
            last: Vec::new(),
            dictionary: Vec::new(),
            postings: Vec::new(),
            block: Vec::new(),
            bits: BitWriter::default(),
        }
    }

    /// Appends a word and the messages it is in, by number. Words come in the order of their octets, messages in theirs.
    pub(super) fn word(&mut self, word: &[u8], messages: &[(u32, FieldSet)]) {
        if messages.is_empty() {
            return;
        }
        if self.words.is_multiple_of(BLOCK_WORDS) {
            self.end_block();
        }
        let elsewhere = |(_, fields): &&(u32, FieldSet)| *fields != FieldSet::BODY;
        let elsewhere_count = messages.iter().filter(elsewhere).count();
        self.entry(word, messages.len(), elsewhere_count);
        self.passed_over(self.docs, messages.iter().map(|(message, _)| *message));
        let places = (0_u32..)
            .zip(messages)
            .filter(|(_, message)| elsewhere(message));
        let parameter = rice_parameter(messages.len(), elsewhere_count);
        let mut next = 0;
        for (place, (_, fields)) in places {
            self.bits.rice(place - next, parameter);
            self.bits.bits(u64::from(fields.bits()), FIELD_BITS);
            next = place + 1;
        }
    }

    /// Appends numbers that grow, of so many.
    fn passed_over(&mut self, of: usize, numbers: impl ExactSizeIterator<Item = u32>) {
        let parameter = rice_parameter(of, numbers.len());
        let mut next = 0;
        for number in numbers {
            self.bits.rice(number.saturating_sub(next), parameter);
            next = number + 1;
        }
    }

    fn entry(&mut self, word: &[u8], messages: usize, elsewhere: usize) {
        let shared = if self.words.is_multiple_of(BLOCK_WORDS) {
            0
        } else {
            let same = self.last.iter().zip(word).take_while(|(a, b)| a == b);
            same.count()
        };
        let rest = word.get(shared..).unwrap_or_default();
        let lens = [shared, rest.len()];
        let [high, low] = lens.map(|len| len.min(LONG) as u8);
        self.block.push(high << 4 | low);
        for len in lens.into_iter().filter(|len| *len >= LONG) {
            put(&mut self.block, (len - LONG) as u64);
        }
        self.block.extend_from_slice(rest);
        put(
            &mut self.block,
            (messages as u64) << 1 | u64::from(elsewhere > 0),
        );
        if elsewhere > 0 {
            put(&mut self.block, elsewhere as u64);
        }
        self.last.clear();
        self.last.extend_from_slice(word);
        self.words += 1;
    }

    fn end_block(&mut self) {
        if self.block.is_empty() {
            return;
        }
        let postings = self.bits.take();
        put(&mut self.dictionary, postings.len() as u64);
        self.dictionary.append(&mut self.block);
        self.postings.extend_from_slice(&postings);
    }

    /// The whole segment.
    pub(super) fn finish(mut self, docs: &[Doc], gone: &[ItemId]) -> Vec<u8> {
        self.end_block();
        let rough = docs.len() * 24 + gone.len() * 16 + self.dictionary.len() + self.postings.len();
        let mut out = Vec::with_capacity(rough + 32);
        out.push(SEGMENT_VERSION);
        let counts = [
            docs.len(),
            gone.len(),
            self.words,
            self.dictionary.len(),
            self.postings.len(),
        ];
        counts.iter().for_each(|count| put(&mut out, *count as u64));
        docs.iter()
            .for_each(|doc| out.extend_from_slice(doc.item.as_bytes()));
        let mut last = 0_i64;
        for doc in docs {
            let date_s = i64::try_from(doc.date_s).unwrap_or(i64::MAX);
            put(&mut out, zigzag(date_s.wrapping_sub(last)));
            put(&mut out, doc.draft_version << 1 | u64::from(doc.attachment));
            last = date_s;
        }
        gone.iter()
            .for_each(|item| out.extend_from_slice(item.as_bytes()));
        out.extend_from_slice(&self.dictionary);
        out.extend_from_slice(&self.postings);
        out
    }
}
