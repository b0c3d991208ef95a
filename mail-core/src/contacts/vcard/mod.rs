//! Cards of people in files: vCard 4.0 (RFC 6350), 3.0 (RFC 2426) and 2.1 are read, 4.0 is written. What is read came
//! from anywhere: it is bounded in size and number, and nothing in it can make reading fail as a whole.

mod lines;
mod read;
mod value;
mod write;

pub(super) use read::{Card, CardFault, read};
pub(super) use write::write;

/// Largest file that is read, in MiB: cards with pictures are large.
pub(super) const MAX_FILE_MIB: usize = 32;
/// Most cards that are read of one file.
pub(super) const MAX_CARDS: usize = 10_000;
/// Most lines of one card.
const MAX_CARD_LINES: usize = 2_000;
/// Longest line that is kept, in bytes, once unfolded. What goes on longer is a picture, or no line of a person's card.
const MAX_LINE_BYTES: usize = 32 * 1024;
/// Most parameters of one line.
const MAX_PARAMETERS: usize = 50;
/// Most values of a kind that are kept of one card.
const MAX_VALUES: usize = 100;

#[cfg(test)]
mod tests;
