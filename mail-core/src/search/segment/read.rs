//! Reads a segment. Whatever the octets are, nothing is read past their end.

use super::bitstream::{BitReader, rice_parameter};
use super::varint::{Reader, unzigzag};
use super::{BLOCK_WORDS, Doc, FIELD_BITS, LONG, SEGMENT_VERSION, Words};
use crate::search::bits::Bits;
use crate::search::field::FieldSet;
use smail_protocol::ItemId;
use std::ops::Range;

/// Why octets are no segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MalformedSegment {
    #[error("not a part of the search index")]
    Damaged,
    #[error("a part of the search index from a newer version")]
    Newer,
}

/// A segment, as it was written.
#[derive(Debug)]
pub(crate) struct Segment {
    octets: Vec<u8>,
    docs: Vec<Doc>,
    gone: Vec<ItemId>,
    dictionary: Range<usize>,
    postings: Range<usize>,
    /// Where each block of words begins.
    blocks: Vec<Block>,
}

/// The beginning of a block, in octets of the dictionary and of the postings.
#[derive(Debug, Clone, Copy)]
struct Block {
    word: usize,
    postings: usize,
}

impl Segment {
    /// Takes what was written.
    ///
    /// # Errors
    /// [`MalformedSegment`].
    pub(crate) fn from_octets(octets: Vec<u8>) -> Result<Self, MalformedSegment> {
        match octets.first() {
            Some(&SEGMENT_VERSION) => {}
            Some(version) if *version > SEGMENT_VERSION => return Err(MalformedSegment::Newer),
            _ => return Err(MalformedSegment::Damaged),
        }
        Self::read(octets).ok_or(MalformedSegment::Damaged)
    }

    fn read(octets: Vec<u8>) -> Option<Self> {
        let limit = octets.len();
        let mut reader = Reader(&octets);
        reader.byte()?;
        let [docs, gone, words, dictionary, postings] = [
            reader.count(limit)?,
            reader.count(limit)?,
            reader.count(limit)?,
            reader.count(limit)?,
            reader.count(limit)?,
        ];
        let docs = read_docs(&mut reader, docs)?;
        let gone = read_ids(&mut reader, gone)?;
        let start = limit - reader.0.len();
        let middle = start + dictionary;
        if middle + postings != limit {
            return None;
        }
        let mut segment = Self {
            docs,
            gone,
            dictionary: start..middle,
            postings: middle..limit,
            blocks: Vec::new(),
            octets,
        };
        segment.blocks = segment.find_blocks(words)?;
        Some(segment)
    }

    /// Walks over the dictionary once; `None` when it is not as long as it says.
    fn find_blocks(&self, words: usize) -> Option<Vec<Block>> {
        let mut entries = self.entries();
        let mut blocks = Vec::with_capacity(words / BLOCK_WORDS + 1);
        for number in 0..words {
            if number % BLOCK_WORDS == 0 {
                blocks.push(Block {
                    word: entries.word_at(),
                    postings: entries.postings_end,
                });
            }
            entries.advance()?;
        }
        (entries.reader.is_empty() && entries.postings_end == self.postings.len()).then_some(blocks)
    }

    /// The octets, for whoever keeps them.
    pub(crate) fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// Items that were removed, wherever else they stand.
    pub(crate) fn gone(&self) -> &[ItemId] {
        &self.gone
    }

    /// All words, in order.
    pub(super) fn entries(&self) -> Entries<'_> {
        self.entries_from(Block {
            word: 0,
            postings: 0,
        })
    }

    fn entries_from(&self, block: Block) -> Entries<'_> {
        let section = |range: &Range<usize>| self.octets.get(range.clone()).unwrap_or_default();
        let dictionary = section(&self.dictionary);
        Entries {
            docs: self.docs.len(),
            dictionary_len: dictionary.len(),
            reader: Reader(dictionary.get(block.word..).unwrap_or_default()),
            words_in_block: 0,
            postings: section(&self.postings),
            postings_end: block.postings,
            unread: Vec::new(),
            bits: BitReader::new(&[]),
            messages: Vec::new(),
            word: Vec::new(),
        }
    }

    /// The entries from the block on that this word would be in.
    fn entries_near(&self, word: &[u8]) -> Entries<'_> {
        let after = self
            .blocks
            .partition_point(|block| self.first_word(*block) <= word);
        let block = self.blocks.get(after.saturating_sub(1)).copied();
        self.entries_from(block.unwrap_or(Block {
            word: 0,
            postings: 0,
        }))
    }

    /// The word that a block begins with, which is written in full.
    fn first_word(&self, block: Block) -> &[u8] {
        let dictionary = self.octets.get(self.dictionary.clone()).unwrap_or_default();
        let mut reader = Reader(dictionary.get(block.word..).unwrap_or_default());
        // The length of the postings comes first.
        reader
            .number()
            .and_then(|_| read_lens(&mut reader))
            .and_then(|(_, len)| reader.take(len))
            .unwrap_or_default()
    }
}

/// The lengths of what a word shares with the one before, and of the rest.
fn read_lens(reader: &mut Reader<'_>) -> Option<(usize, usize)> {
    let byte = usize::from(reader.byte()?);
    let mut len = |half: usize| {
        if half < LONG {
            return Some(half);
        }
        reader.count(usize::MAX)?.checked_add(LONG)
    };
    Some((len(byte >> 4)?, len(byte & 15)?))
}

impl Words for Segment {
    fn docs(&self) -> &[Doc] {
        &self.docs
    }

    fn find(&self, fields: FieldSet, token: &str, prefix: bool, found: &mut Bits) {
        let token = token.as_bytes();
        let mut entries = self.entries_near(token);
        while entries.advance().is_some() {
            let fits = entries.word == token || (prefix && entries.word.starts_with(token));
            if fits {
                entries.each_message(&mut |message, at| {
                    if at.meets(fields) {
                        found.set(message as usize, true);
                    }
                });
            } else if entries.word.as_slice() > token {
                break;
            }
        }
    }
}

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

impl Entries<'_> {
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
        let number = self.reader.count(self.docs.checked_mul(2)?.checked_add(1)?)?;
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
            here.iter().take(passed).for_each(|message| take(*message, FieldSet::BODY));
            take(*place, fields);
            read += passed + 1;
        }
        let rest = messages.iter().skip(read);
        rest.for_each(|message| take(*message, FieldSet::BODY));
        self.messages = messages;
        Some(())
    }

    const fn word_at(&self) -> usize {
        self.dictionary_len - self.reader.0.len()
    }
}

fn read_ids(reader: &mut Reader<'_>, count: usize) -> Option<Vec<ItemId>> {
    let octets = reader.take(count.checked_mul(16)?)?;
    Some(octets.as_chunks().0.iter().copied().map(ItemId::from_bytes).collect())
}

fn read_docs(reader: &mut Reader<'_>, count: usize) -> Option<Vec<Doc>> {
    let items = read_ids(reader, count)?;
    let mut docs = Vec::with_capacity(count);
    let mut last = 0_i64;
    for item in items {
        last = last.wrapping_add(unzigzag(reader.number()?));
        let flags = reader.number()?;
        docs.push(Doc {
            item,
            date_s: u64::try_from(last).ok()?,
            attachment: flags & 1 == 1,
            draft_version: flags >> 1,
        });
    }
    Some(docs)
}
