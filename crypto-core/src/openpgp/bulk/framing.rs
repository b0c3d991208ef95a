//! Packets whose length is not known beforehand: written in parts, and read as they come (RFC 9580, section 4.2).

use super::octets::{Octets, Piece, Written};
use crate::Plaintext;
use pgp::packet::PacketHeader;
use pgp::types::{PacketLength, Tag};
use std::io::{self, ErrorKind};
use std::ops::Range;

/// Length of the parts that are written: 2 to the power of this. As long as a chunk of a container, which so has little
/// more than one piece of a part in it.
const PART_POWER: u8 = 18;
const PART_BYTES: usize = 1 << PART_POWER;
/// The same for parts of octets that are not copied: as few pieces as memory allows.
const LONG_PART_POWER: u8 = 20;
const LONG_PART_BYTES: usize = 1 << LONG_PART_POWER;
/// The longest header there is.
const MAX_HEADER_BYTES: usize = 6;
/// The first part of a packet is no shorter.
const MIN_FIRST_PART_BYTES: u32 = 512;

/// A packet's body that is written in parts, at the end of what it is written into. The last part is open: only when more
/// comes, or nothing, is it known what length it is to be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PartialBody {
    open_bytes: usize,
}

impl PartialBody {
    /// Begins a packet.
    pub(super) fn begin(tag: u8, into: &mut Vec<u8>) -> Self {
        into.extend([tag, mark(PART_POWER)]);
        Self { open_bytes: 1 }
    }

    /// How many octets at the end are the open part, with the mark in front of it.
    pub(super) const fn open_bytes(self) -> usize {
        self.open_bytes
    }

    /// Adds to the body.
    pub(super) fn push<O: Octets + ?Sized>(&mut self, octets: &O, into: &mut Vec<u8>) {
        let mut at = 0;
        while at < octets.count() {
            if self.open_bytes > PART_BYTES {
                into.push(mark(PART_POWER));
                self.open_bytes = 1;
            }
            let end = octets.count().min(at + PART_BYTES + 1 - self.open_bytes);
            octets.append_to(at..end, into);
            self.open_bytes += end - at;
            at = end;
        }
    }

    /// Ends the packet: its last part has a length of its own.
    pub(super) fn end(self, into: &mut Vec<u8>) {
        let part = Plaintext::new(into.split_off(into.len() - self.open_bytes));
        let (_mark, body) = part.split_at(1);
        let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
        into.push(0xff);
        into.extend_from_slice(&length.to_be_bytes());
        into.extend_from_slice(body);
    }
}

/// As [`PartialBody`], of pieces that stay where they are. They wait for their part to be complete.
pub(super) struct PiecewiseBody<P> {
    open: Vec<Written<P>>,
    open_bytes: usize,
}

impl<P: Piece> PiecewiseBody<P> {
    /// Begins a packet whose body begins with a header.
    pub(super) fn begin(tag: u8, header: Vec<u8>, into: &mut Vec<Written<P>>) -> Self {
        into.push(Written::Frame(vec![tag]));
        Self {
            open_bytes: header.len(),
            open: vec![Written::Frame(header)],
        }
    }

    /// Adds to the body.
    pub(super) fn push(&mut self, mut piece: P, into: &mut Vec<Written<P>>) {
        while self.open_bytes + piece.count() >= LONG_PART_BYTES {
            let rest = piece.split_off(LONG_PART_BYTES - self.open_bytes);
            into.push(Written::Frame(vec![mark(LONG_PART_POWER)]));
            into.append(&mut self.open);
            into.push(Written::Sealed(std::mem::replace(&mut piece, rest)));
            self.open_bytes = 0;
        }
        if piece.count() > 0 {
            self.open_bytes += piece.count();
            self.open.push(Written::Sealed(piece));
        }
    }

    /// Ends the packet: its last part has a length of its own.
    pub(super) fn end(&mut self, into: &mut Vec<Written<P>>) {
        let length = u32::try_from(self.open_bytes).unwrap_or(u32::MAX);
        into.push(Written::Frame(vec![0xff]));
        into.push(Written::Frame(length.to_be_bytes().to_vec()));
        into.append(&mut self.open);
        self.open_bytes = 0;
    }
}

/// The octet in front of a part.
const fn mark(power: u8) -> u8 {
    0xe0 | power
}

/// What comes next.
pub(super) enum Event {
    /// A packet begins.
    Begin(PacketHeader),
    /// A piece of its body lies there.
    Body(Range<usize>),
    /// It is complete.
    End,
}

/// Octets that are no packets, or end inside of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broken;

/// Packets that are read as they come, piece by piece.
#[derive(Default)]
pub(super) struct Packets {
    /// What earlier pieces had of the header that is next.
    header: Vec<u8>,
    left: Option<Left>,
    has_ended: bool,
}

/// What is left of the packet that is being read.
#[derive(Clone, Copy)]
enum Left {
    Exactly(usize),
    ThenMore(usize),
    UntilTheEnd,
}

impl From<PacketLength> for Left {
    fn from(length: PacketLength) -> Self {
        match length {
            PacketLength::Fixed(bytes) => Self::Exactly(bytes as usize),
            PacketLength::Partial(bytes) => Self::ThenMore(bytes as usize),
            PacketLength::Indeterminate => Self::UntilTheEnd,
        }
    }
}

impl Packets {
    /// No more comes.
    pub(super) fn end(&mut self) {
        self.has_ended = true;
    }

    /// Whether all is read, and nothing is open.
    pub(super) fn is_done(&self) -> bool {
        self.has_ended && self.header.is_empty() && self.left.is_none()
    }

    /// What comes next in a piece, of which all before `at` was read; `None` when more has to come first, or nothing comes.
    pub(super) fn next<O: Octets + ?Sized>(
        &mut self,
        piece: &O,
        at: &mut usize,
    ) -> Result<Option<Event>, Broken> {
        loop {
            let is_read = *at == piece.count();
            match self.left {
                None if is_read && (self.header.is_empty() || !self.has_ended) => return Ok(None),
                None => {
                    let header =
                        self.read(piece, at, |octets| PacketHeader::try_from_reader(octets))?;
                    let Some(header) = header else {
                        return Ok(None);
                    };
                    if !is_allowed(&header) {
                        return Err(Broken);
                    }
                    self.left = Some(header.packet_length().into());
                    return Ok(Some(Event::Begin(header)));
                }
                Some(Left::Exactly(0)) => {
                    self.left = None;
                    return Ok(Some(Event::End));
                }
                Some(Left::ThenMore(0)) => {
                    let length =
                        self.read(piece, at, |octets| PacketLength::try_from_reader(octets))?;
                    let Some(length) = length else {
                        return Ok(None);
                    };
                    self.left = Some(length.into());
                }
                Some(left) if is_read => return self.starved(left),
                Some(left) => {
                    let begin = *at;
                    *at += self.take(left, piece.count() - begin);
                    return Ok(Some(Event::Body(begin..*at)));
                }
            }
        }
    }

    fn starved(&mut self, left: Left) -> Result<Option<Event>, Broken> {
        match (self.has_ended, left) {
            (false, _) => Ok(None),
            (true, Left::UntilTheEnd) => {
                self.left = None;
                Ok(Some(Event::End))
            }
            (true, _) => Err(Broken),
        }
    }

    /// Takes what is there of the body; gives how much that is.
    fn take(&mut self, left: Left, available: usize) -> usize {
        let (taken, then) = match left {
            Left::Exactly(bytes) => {
                let taken = bytes.min(available);
                (taken, Left::Exactly(bytes - taken))
            }
            Left::ThenMore(bytes) => {
                let taken = bytes.min(available);
                (taken, Left::ThenMore(bytes - taken))
            }
            Left::UntilTheEnd => (available, Left::UntilTheEnd),
        };
        self.left = Some(then);
        taken
    }

    fn read<O: Octets + ?Sized, V>(
        &mut self,
        piece: &O,
        at: &mut usize,
        parse: impl FnOnce(&mut &[u8]) -> io::Result<V>,
    ) -> Result<Option<V>, Broken> {
        let earlier_bytes = self.header.len();
        let most_bytes = MAX_HEADER_BYTES.saturating_sub(earlier_bytes);
        let end = piece.count().min(*at + most_bytes);
        piece.append_to(*at..end, &mut self.header);
        let mut rest = &self.header[..];
        match parse(&mut rest) {
            Ok(value) => {
                // What came earlier was not enough.
                *at += self.header.len() - rest.len() - earlier_bytes;
                self.header.clear();
                Ok(Some(value))
            }
            Err(error) => {
                let may_come = error.kind() == ErrorKind::UnexpectedEof
                    && self.header.len() < MAX_HEADER_BYTES
                    && !self.has_ended;
                *at = end;
                if may_come { Ok(None) } else { Err(Broken) }
            }
        }
    }
}

/// Only data come in parts, and the first part is not short (RFC 9580, section 4.2.1.4). rPGP keeps to the same when it
/// reads a whole message.
fn is_allowed(header: &PacketHeader) -> bool {
    let PacketLength::Partial(bytes) = header.packet_length() else {
        return true;
    };
    let is_data = matches!(
        header.tag(),
        Tag::LiteralData
            | Tag::CompressedData
            | Tag::SymEncryptedData
            | Tag::SymEncryptedProtectedData
            | Tag::GnupgAeadData
    );
    is_data && bytes >= MIN_FIRST_PART_BYTES
}
