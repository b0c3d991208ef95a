//! The form of sled 0.34's log, to which the version is pinned (its `pagecache/logger.rs`, `iterator.rs`).
//!
//! Segments of [`SEGMENT_BYTES`], in any order in the file. Each begins with CRC-32, LSN and highest stable LSN, and goes
//! on with messages: CRC-32, kind, then as varints length, segment number and page, then the body. A page's state is the
//! newest message that replaces it and all that add to it since. A segment that holds no part of any page's state is
//! written over with a new one.

use std::collections::btree_map::Entry::Vacant;
use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt as _;

/// Octets of a segment: sled's default, written out because the files depend on it.
pub(super) const SEGMENT_BYTES: usize = 512 * 1024;

pub(super) const SEGMENT_HEADER_BYTES: usize = 20;
/// The last place in a segment where a message may begin, a cap too: 32 octets before its end.
const LAST_MESSAGE_AT: usize = SEGMENT_BYTES - 32;

/// How a segment's messages end.
#[derive(Clone, Copy)]
pub(super) enum End {
    /// With no room for more.
    Full,
    /// By a cap at this place, before there was no room for more. What comes behind only fills the segment up.
    Capped(usize),
    /// With room for one small message, which is not there. sled then goes on with the next segment.
    Unfilled,
    /// With something, this many bytes into the segment, that is no message.
    Torn(usize),
}

/// A segment's place in the log, and its place in the file.
#[derive(Clone, Copy)]
pub(super) struct Segment {
    pub(super) lsn: u64,
    pub(super) at_byte: u64,
    /// How far the log was written when this segment was begun, in sled's own word.
    stable_lsn: u64,
}

impl Segment {
    /// A message's place in the log.
    pub(super) const fn lsn_of(&self, message: &Message) -> u64 {
        self.lsn + message.at as u64
    }
}

/// The log's segments.
#[derive(Default)]
pub(super) struct Segments {
    pub(super) by_lsn: BTreeMap<u64, Segment>,
    /// Where in the file headers are that are neither sound nor empty, or of no segment's place in the log.
    pub(super) broken: Vec<u64>,
    /// Where in the file headers are empty: of what was never written, or set to zero.
    empty: Vec<u64>,
}

/// What a message does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// Its page is what it says, or no more.
    Replaces,
    /// Its page is what it was, and this.
    Adds,
    /// It says that nothing more comes in its segment.
    Ends,
    /// It was taken back, or is about other messages.
    Nothing,
}

/// A message, without what it says.
#[derive(Clone, Copy)]
pub(super) struct Message {
    pub(super) effect: Effect,
    pub(super) page: u64,
    /// Where in its segment.
    pub(super) at: usize,
    segment_number: u64,
    len_bytes: usize,
}

/// A segment's octets, as many as the file has.
pub(super) struct SegmentOctets(Vec<u8>);

impl Segments {
    /// Finds them by their headers.
    ///
    /// # Errors
    /// What the file system says.
    pub(super) fn read(log: &File) -> io::Result<Self> {
        let mut segments = Self::default();
        let len_bytes = log.metadata()?.len();
        for at_byte in (0..len_bytes).step_by(SEGMENT_BYTES) {
            let mut header = [0; SEGMENT_HEADER_BYTES];
            match log.read_exact_at(&mut header, at_byte) {
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => break,
                outcome => outcome?,
            }
            match read_header(&header) {
                Some((lsn, stable_lsn)) if lsn % SEGMENT_BYTES as u64 == 0 => {
                    let segment = Segment {
                        lsn,
                        at_byte,
                        stable_lsn,
                    };
                    segments.by_lsn.insert(lsn, segment);
                }
                None if header == [0; SEGMENT_HEADER_BYTES] => segments.empty.push(at_byte),
                _ => segments.broken.push(at_byte),
            }
        }
        Ok(segments)
    }

    /// Whether this place in the log is in one, at this place in the file.
    pub(super) fn holds(&self, lsn: u64, at_byte: u64) -> bool {
        let within = lsn % SEGMENT_BYTES as u64;
        let segment = self.by_lsn.get(&(lsn - within));
        segment.is_some_and(|segment| segment.at_byte + within == at_byte)
    }

    /// How far the log was written, in sled's own word.
    pub(super) fn stable_lsn(&self) -> u64 {
        let all = self.by_lsn.values();
        all.map(|segment| segment.stable_lsn).max().unwrap_or(0)
    }

    /// Takes out those whose headers say that the log was written as far as `lsn`, as if these were empty.
    pub(super) fn take_out(&mut self, lsn: u64) -> Vec<Segment> {
        let claims = |segment: &Segment| segment.stable_lsn >= lsn;
        let taken: Vec<Segment> = self.by_lsn.values().copied().filter(claims).collect();
        self.by_lsn.retain(|_, segment| !claims(segment));
        self.empty
            .extend(taken.iter().map(|segment| segment.at_byte));
        taken
    }

    /// Finds those too that have lost their header, by the messages in them, among those that began no later than
    /// `newest_lsn`; gives their LSNs. No more than `most` places are read, those with a broken header first.
    ///
    /// # Errors
    /// What the file system says.
    pub(super) fn find_headless(
        &mut self,
        log: &File,
        newest_lsn: u64,
        most: usize,
    ) -> io::Result<HashSet<u64>> {
        let mut headless = HashSet::new();
        for &at_byte in self.broken.iter().chain(&self.empty).take(most) {
            let lsn = SegmentOctets::read(log, at_byte)?.lsn_by_messages(newest_lsn);
            if let Some(lsn) = lsn
                && let Vacant(place) = self.by_lsn.entry(lsn)
            {
                place.insert(Segment {
                    lsn,
                    at_byte,
                    stable_lsn: 0,
                });
                headless.insert(lsn);
            }
        }
        Ok(headless)
    }
}

/// A segment header's own LSN and the highest stable one when it was written.
fn read_header(header: &[u8; SEGMENT_HEADER_BYTES]) -> Option<(u64, u64)> {
    let (crc, fields) = header.split_first_chunk()?;
    let (lsn, stable) = fields.split_first_chunk()?;
    let number = |field: &[u8; 8]| i64::from_le_bytes(*field) ^ i64::MAX;
    if crc32fast::hash(fields) != u32::from_le_bytes(*crc) ^ u32::MAX {
        return None;
    }
    // Before the first byte is written, -1 is stable.
    let stable_lsn = u64::try_from(number(stable.try_into().ok()?)).unwrap_or(0);
    Some((u64::try_from(number(lsn)).ok()?, stable_lsn))
}

impl SegmentOctets {
    /// # Errors
    /// What the file system says.
    pub(super) fn read(log: &File, at_byte: u64) -> io::Result<Self> {
        let mut octets = vec![0; SEGMENT_BYTES];
        let mut len_bytes = 0;
        while let Some(rest) = octets.get_mut(len_bytes..).filter(|rest| !rest.is_empty()) {
            match log.read_at(rest, at_byte + len_bytes as u64)? {
                0 => break,
                more => len_bytes += more,
            }
        }
        octets.truncate(len_bytes);
        Ok(Self(octets))
    }

    /// The messages up to what ends them, each given to `see`.
    pub(super) fn messages(&self, lsn: u64, mut see: impl FnMut(Message)) -> End {
        let mut at = SEGMENT_HEADER_BYTES;
        while at <= LAST_MESSAGE_AT {
            match self.message(at, |number| number == number_at(lsn)) {
                None if at == LAST_MESSAGE_AT => return End::Unfilled,
                None => return End::Torn(at),
                Some(message) if message.effect == Effect::Ends => {
                    return if at == LAST_MESSAGE_AT {
                        End::Full
                    } else {
                        End::Capped(at)
                    };
                }
                Some(message) => {
                    see(message);
                    at += message.len_bytes;
                }
            }
        }
        End::Full
    }

    /// The messages that can still be made out from here on, wherever they begin.
    pub(super) fn messages_anywhere(&self, lsn: u64, from: usize, mut see: impl FnMut(Message)) {
        let mut at = from;
        while at < self.0.len() {
            at += match self.message(at, |number| number == number_at(lsn)) {
                None => 1,
                Some(message) => {
                    see(message);
                    message.len_bytes
                }
            };
        }
    }

    /// The LSN of a segment by the first of its messages that is from a segment that began no later than `newest_lsn`.
    fn lsn_by_messages(&self, newest_lsn: u64) -> Option<u64> {
        let is_number = |number| number <= number_at(newest_lsn);
        let mut found =
            (SEGMENT_HEADER_BYTES..self.0.len()).filter_map(|at| self.message(at, is_number));
        found
            .next()
            .map(|message| message.segment_number * SEGMENT_BYTES as u64)
    }

    /// The message at a place, if there is one, of a segment with such a number.
    fn message(&self, at: usize, is_number: impl Fn(u64) -> bool) -> Option<Message> {
        let (crc, rest) = self.0.get(at..)?.split_first_chunk()?;
        let (&kind, mut fields) = rest.split_first()?;
        let effect = effect(kind)?;
        let body_len = usize::try_from(read_varint(&mut fields)?).ok()?;
        let segment_number = read_varint(&mut fields).filter(|number| is_number(*number))?;
        let page = read_varint(&mut fields)?;
        let body = fields.get(..body_len)?;
        let head = rest.get(..rest.len() - fields.len())?;
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(body);
        hasher.update(head);
        let is_sound = hasher.finalize() ^ u32::MAX == u32::from_le_bytes(*crc);
        is_sound.then_some(Message {
            effect,
            page,
            at,
            segment_number,
            len_bytes: size_of::<u32>() + head.len() + body_len,
        })
    }
}

/// The number of the segment that a place in the log is in.
const fn number_at(lsn: u64) -> u64 {
    lsn / SEGMENT_BYTES as u64
}

/// What messages of a kind do. 0 stands for what is no message.
const fn effect(kind: u8) -> Option<Effect> {
    match kind {
        1 | 3 => Some(Effect::Nothing),
        2 => Some(Effect::Ends),
        4..=9 => Some(Effect::Replaces),
        10 | 11 => Some(Effect::Adds),
        _ => None,
    }
}

/// sled's variable-length integers.
pub(super) fn read_varint(octets: &mut &[u8]) -> Option<u64> {
    let (&first, mut rest) = octets.split_first()?;
    let mut byte = || {
        let (&byte, after) = rest.split_first()?;
        rest = after;
        Some(u64::from(byte))
    };
    let number = match first {
        0..=240 => u64::from(first),
        241..=248 => 240 + 256 * (u64::from(first) - 241) + byte()?,
        249 => 2_288 + 256 * byte()? + byte()?,
        250.. => (0..u32::from(first) - 247)
            .try_fold(0, |number, place| Some(number | byte()? << (8 * place)))?,
    };
    *octets = rest;
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: u8 = 7;

    /// A message that replaces [`PAGE`], in the log's first segment, of so many octets.
    fn message(len_bytes: usize) -> Vec<u8> {
        let body = vec![0x5a; len_bytes - 11];
        let len = u32::try_from(body.len()).unwrap().to_le_bytes();
        let head = [5, 250, len[0], len[1], len[2], 0, PAGE];
        let crc = crc32fast::hash(&[&body[..], &head].concat()) ^ u32::MAX;
        [&crc.to_le_bytes()[..], &head, &body].concat()
    }

    /// A segment with a message that leaves so many octets, which are these.
    fn filled_up_to(rest: &[u8]) -> SegmentOctets {
        let mut octets = vec![0; SEGMENT_HEADER_BYTES];
        octets.extend(message(SEGMENT_BYTES - SEGMENT_HEADER_BYTES - rest.len()));
        octets.extend(rest);
        SegmentOctets(octets)
    }

    fn count(octets: &SegmentOctets) -> (usize, End) {
        let mut count = 0;
        let end = octets.messages(0, |message| {
            assert_eq!(message.page, u64::from(PAGE));
            count += 1;
        });
        (count, end)
    }

    #[test]
    fn of_places_without_a_header_so_many_are_read() {
        let log = tempfile::tempfile().unwrap();
        let message_at = |at_byte: u64| {
            log.write_all_at(&message(100), at_byte + SEGMENT_HEADER_BYTES as u64)
                .unwrap();
        };
        // An empty header, a broken one, and what makes the file long enough.
        message_at(0);
        let broken_at = SEGMENT_BYTES as u64;
        log.write_all_at(&[1], broken_at).unwrap();
        message_at(broken_at);
        log.set_len(2 * broken_at).unwrap();
        let found = |most| {
            let mut segments = Segments::read(&log).unwrap();
            let headless = segments.find_headless(&log, 0, most).unwrap();
            assert_eq!(headless.len(), segments.by_lsn.len());
            segments.by_lsn.first_key_value().map(|(_, it)| it.at_byte)
        };
        assert_eq!(found(0), None);
        assert_eq!(found(1), Some(broken_at));
        assert_eq!(found(2), Some(broken_at));
    }

    #[test]
    fn the_last_place_may_hold_a_message_or_none() {
        for (rest, messages) in [
            (message(32), 2),
            ([message(20), vec![0; 12]].concat(), 2),
            (vec![0; 32], 1),
            (vec![0; 31], 1),
            (Vec::new(), 1),
        ] {
            let (count, end) = count(&filled_up_to(&rest));
            assert_eq!(count, messages, "{rest:?}");
            assert!(!matches!(end, End::Torn(_)), "{rest:?}");
        }
        let (count, end) = count(&filled_up_to(&[0; 33]));
        assert!(count == 1 && matches!(end, End::Torn(at) if at == LAST_MESSAGE_AT - 1));
    }
}
