//! The dictionary of a segment, word by word, and the postings that go with it.

use super::bitstream::{BitReader, rice_parameter};
use super::varint::Reader;
use super::{BLOCK_WORDS, FIELD_BITS, LONG};
use crate::search::field::FieldSet;

/// The dictionary, walked through.
#[derive(Debug)]
pub(super) struct Entries<'a> {
    docs: usize,
    dictionary_len: usize,
    reader: Reader<'a>,
    /// Words of this block that have been come to.
    words_in_block: usize,
    postings: &'a [u8],
    /// Where the postings of this block end.
    postings_end: usize,
    /// Words of this block whose postings have been passed by and not read: the last one is the word come to.
    unread: Vec<Postings>,
    bits: BitReader<'a>,
    /// Room for the messages of a word.
    messages: Vec<u32>,
    /// The word come to.
    pub(super) word: Vec<u8>,
}

/// How the postings of a word are to be read.
#[derive(Debug, Clone, Copy)]
struct Postings {
    messages: usize,
    /// In how many of them the word is elsewhere than in the text alone.
    elsewhere: usize,
}

impl<'a> Entries<'a> {
    /// From a block on, whose first word and postings stand there.
    pub(super) fn new(
        docs: usize,
        dictionary: &'a [u8],
        postings: &'a [u8],
        (word, postings_at): (usize, usize),
    ) -> Self {
        Self {
            docs,
            dictionary_len: dictionary.len(),
            reader: Reader(dictionary.get(word..).unwrap_or_default()),
            words_in_block: 0,
            postings,
            postings_end: postings_at,
            unread: Vec::new(),
            bits: BitReader::new(&[]),
            messages: Vec::new(),
            word: Vec::new(),
        }
    }

    /// Whether there are no more words, and no more postings than theirs.
    pub(super) const fn is_at_end(&self) -> bool {
        self.reader.is_empty() && self.postings_end == self.postings.len()
    }

    /// Where the next block begins: its word and its postings.
    pub(super) const fn at(&self) -> (usize, usize) {
        (self.dictionary_len - self.reader.0.len(), self.postings_end)
    }

    /// Goes on to the next word; `None` at the end, or where what comes is no entry.
    pub(super) fn advance(&mut self) -> Option<()> {
        if self.reader.is_empty() {
            return None;
        }
        if self.words_in_block.is_multiple_of(BLOCK_WORDS) {
            self.begin_block()?;
        }
        self.words_in_block += 1;
        let (shared, len) = read_lens(&mut self.reader)?;
        let rest = self.reader.take(len)?;
        let number = self
            .reader
            .count(self.docs.checked_mul(2)?.checked_add(1)?)?;
        let messages = number >> 1;
        let elsewhere = if number & 1 == 1 {
            self.reader.count(messages)?
        } else {
            0
        };
        self.unread.push(Postings {
            messages,
            elsewhere,
        });
        if shared > self.word.len() {
            return None;
        }
        self.word.truncate(shared);
        self.word.extend_from_slice(rest);
        Some(())
    }

    fn begin_block(&mut self) -> Option<()> {
        let len = self.reader.count(self.postings.len())?;
        let end = self.postings_end.checked_add(len)?;
        self.bits = BitReader::new(self.postings.get(self.postings_end..end)?);
        self.postings_end = end;
        self.unread.clear();
        Some(())
    }

    /// The messages of the word come to, by number, with the fields that it is in. Once for each word.
    pub(super) fn each_message(&mut self, take: &mut dyn FnMut(u32, FieldSet)) {
        let Some(wanted) = self.unread.pop() else {
            return;
        };
        for passed in std::mem::take(&mut self.unread) {
            self.read(passed, &mut |_, _| {});
        }
        self.read(wanted, take);
    }

    /// Reads the postings of a word; to the end of what there is, when that is less than it says.
    fn read(&mut self, postings: Postings, take: &mut dyn FnMut(u32, FieldSet)) -> Option<()> {
        let parameter = rice_parameter(self.docs, postings.messages);
        let mut messages = std::mem::take(&mut self.messages);
        messages.clear();
        let mut next = 0_u32;
        for _ in 0..postings.messages {
            let message = next.checked_add(self.bits.rice(parameter)?)?;
            next = message.checked_add(1)?;
            messages.push(message);
        }
        let parameter = rice_parameter(postings.messages, postings.elsewhere);
        let mut read = 0;
        for _ in 0..postings.elsewhere {
            let passed = self.bits.rice(parameter)? as usize;
            let fields = FieldSet::from_bits(self.bits.bits(FIELD_BITS)? as u8);
            let here = messages.get(read..)?;
            let place = here.get(passed)?;
            here.iter()
                .take(passed)
                .for_each(|message| take(*message, FieldSet::BODY));
            take(*place, fields);
            read += passed + 1;
        }
        let rest = messages.iter().skip(read);
        rest.for_each(|message| take(*message, FieldSet::BODY));
        self.messages = messages;
        Some(())
    }
}

/// The lengths of what a word shares with the one before, and of the rest.
pub(super) fn read_lens(reader: &mut Reader<'_>) -> Option<(usize, usize)> {
    let byte = usize::from(reader.byte()?);
    let mut len = |half: usize| {
        if half < LONG {
            return Some(half);
        }
        reader.count(usize::MAX)?.checked_add(LONG)
    };
    Some((len(byte >> 4)?, len(byte & 15)?))
}
