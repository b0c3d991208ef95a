//! Reads a segment. Whatever the octets are, nothing is read past their end.

use super::entries::{Entries, read_lens};
use super::varint::{Reader, unzigzag};
use super::{BLOCK_WORDS, Doc, SEGMENT_VERSION, Words};
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
                let (word, postings) = entries.at();
                blocks.push(Block { word, postings });
            }
            entries.advance()?;
        }
        entries.is_at_end().then_some(blocks)
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
        let (dictionary, postings) = (section(&self.dictionary), section(&self.postings));
        let at = (block.word, block.postings);
        Entries::new(self.docs.len(), dictionary, postings, at)
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

fn read_ids(reader: &mut Reader<'_>, count: usize) -> Option<Vec<ItemId>> {
    let octets = reader.take(count.checked_mul(16)?)?;
    Some(
        octets
            .as_chunks()
            .0
            .iter()
            .copied()
            .map(ItemId::from_bytes)
            .collect(),
    )
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
