//! Packets whose length is not known beforehand: written in parts, and read as they come (RFC 9580, section 4.2).

use super::queue::Queue;
use crate::plaintext::Plaintext;
use pgp::packet::PacketHeader;
use pgp::types::{PacketLength, Tag};
use std::io::{self, ErrorKind};

/// Length of the parts that are written: 2 to the power of this.
const PART_POWER: u8 = 17;
const PART_BYTES: usize = 1 << PART_POWER;
/// Octet in front of a part.
const PART_MARK: u8 = 0xe0 | PART_POWER;
/// The longest header there is.
const MAX_HEADER_BYTES: usize = 6;
/// The first part of a packet is no shorter.
const MIN_FIRST_PART_BYTES: u32 = 512;

/// A packet's body that is written in parts. What waits is wiped.
#[derive(Default)]
pub(super) struct PartialBody {
    waiting: Plaintext,
}

impl PartialBody {
    /// Begins a packet.
    pub(super) fn begin(tag: u8, into: &mut Vec<u8>) -> Self {
        into.push(tag);
        Self {
            waiting: Plaintext::new(Vec::with_capacity(PART_BYTES)),
        }
    }

    /// Adds to the body.
    pub(super) fn push(&mut self, mut octets: &[u8], into: &mut Vec<u8>) {
        while let Some((fitting, rest)) = octets.split_at_checked(PART_BYTES - self.waiting.len()) {
            into.push(PART_MARK);
            into.extend_from_slice(&self.waiting);
            into.extend_from_slice(fitting);
            self.waiting.clear();
            octets = rest;
        }
        self.waiting.extend_from_slice(octets);
    }

    /// Ends the packet: its last part has a length of its own.
    pub(super) fn end(&mut self, into: &mut Vec<u8>) {
        let length = u32::try_from(self.waiting.len()).unwrap_or(u32::MAX);
        into.push(0xff);
        into.extend_from_slice(&length.to_be_bytes());
        into.extend_from_slice(&self.waiting);
        self.waiting.clear();
    }
}

/// What comes next.
pub(super) enum Event {
    /// A packet begins.
    Begin(PacketHeader),
    /// A piece of its body.
    Body(Vec<u8>),
    /// It is complete.
    End,
}

/// Octets that are no packets, or end inside of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broken;

/// Packets that are read as they come.
#[derive(Default)]
pub(super) struct Packets {
    input: Queue,
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
    /// More has come.
    pub(super) fn push(&mut self, octets: &[u8]) {
        self.input.back().extend_from_slice(octets);
    }

    /// No more comes.
    pub(super) fn end(&mut self) {
        self.has_ended = true;
    }

    /// Whether all is read, and nothing is open.
    pub(super) fn is_done(&self) -> bool {
        self.has_ended && self.input.is_empty() && self.left.is_none()
    }

    /// What comes next; `None` when more has to come first, or nothing comes.
    pub(super) fn next(&mut self) -> Result<Option<Event>, Broken> {
        loop {
            match self.left {
                None if self.input.is_empty() => return Ok(None),
                None => {
                    let Some(header) = self.read(|input| PacketHeader::try_from_reader(input))?
                    else {
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
                    let length = self.read(|input| PacketLength::try_from_reader(input))?;
                    let Some(length) = length else {
                        return Ok(None);
                    };
                    self.left = Some(length.into());
                }
                Some(left) if self.input.is_empty() => return self.starved(left),
                Some(left) => return Ok(Some(Event::Body(self.take(left)))),
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

    fn take(&mut self, left: Left) -> Vec<u8> {
        let available = self.input.len();
        let (bytes, then) = match left {
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
        self.input.take(bytes)
    }

    fn read<V>(
        &mut self,
        parse: impl FnOnce(&mut &[u8]) -> io::Result<V>,
    ) -> Result<Option<V>, Broken> {
        let mut rest = self.input.front();
        match parse(&mut rest) {
            Ok(value) => {
                let read_bytes = self.input.len() - rest.len();
                self.input.pass(read_bytes);
                Ok(Some(value))
            }
            Err(error) => {
                let may_come = error.kind() == ErrorKind::UnexpectedEof
                    && self.input.len() < MAX_HEADER_BYTES
                    && !self.has_ended;
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
