//! A segment: the words of some messages, written once and read many times.
//!
//! ```text
//! version 1 B = 1
//! messages, gone, words: varint each | octets of the dictionary, of the postings: varint each
//! messages: item id 16 B each; then for each: date in seconds less that of the one before, zigzag varint |
//!           attachment? 1 : 0, plus twice the draft's version (0: no draft), varint
//! gone:     item id 16 B each: removed, wherever else they stand
//! dictionary, in the order of the octets: before each 16th word, octets of the postings of these 16, varint | then
//!           lengths 1 B: shared with the word before (0 for each 16th) times 16, plus that of the rest; 15 stands for
//!           15 and more, and what is more follows, varint each | the rest |
//!           twice the number of its messages, plus 1 when it is elsewhere than in the text of some, varint; then of how
//!           many, varint
//! postings, for each 16 words beginning in an octet of their own: for each message with the word, the messages passed
//!           over, in Rice's code | for each of those in which it is elsewhere, those passed over, in Rice's code, and
//!           fields 5 bits
//! ```
//!
//! Rice's code with parameter k: the number without its low k bits as ones and a zero, then these bits; 24 ones, and the
//! number in 32 bits follows. k is the binary logarithm, rounded down, of 69/100 of how many there are over how many are
//! named (both divisions rounded down; 0 below 1): messages in the segment over those with the word, and these over those
//! in which it is elsewhere. The low bits of an octet come first.
//!
//! A varint is LEB128: seven bits an octet, the low ones first, a set high bit when more follow.

mod bitstream;
mod entries;
mod growing;
mod merge;
mod read;
mod varint;
mod write;

pub(crate) use growing::Growing;
pub(crate) use merge::merged;
pub(crate) use read::{MalformedSegment, Segment};

use super::bits::Bits;
use super::field::FieldSet;
use smail_protocol::ItemId;

/// Version of the format written now.
const SEGMENT_VERSION: u8 = 1;
/// Words of which the first one is written in full.
const BLOCK_WORDS: usize = 16;
/// A length that does not fit into half an octet.
const LONG: usize = 15;
/// Bits of a set of fields.
const FIELD_BITS: u32 = 5;

/// A message of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Doc {
    pub(crate) item: ItemId,
    /// When it was written, in seconds since 1970.
    pub(crate) date_s: u64,
    pub(crate) attachment: bool,
    /// The draft's version, as its item names it; 0 for a message.
    pub(crate) draft_version: u64,
}

/// What words can be looked up in.
pub(crate) trait Words {
    /// The messages, numbered from 0.
    fn docs(&self) -> &[Doc];

    /// Adds the messages that have this word, or with `prefix` one that begins so, in one of these fields.
    fn find(&self, fields: FieldSet, token: &str, prefix: bool, found: &mut Bits);
}

#[cfg(test)]
mod tests;
