//! Takes an mbox apart as its octets come, in memory for one message. Whatever it is given, it gives pieces that lie one
//! after another; what is too large for a message is passed over and told.

use super::from_line::FromLine;
use crate::message::MAX_MESSAGE_BYTES;

/// A longer line is taken in parts, in bytes: no line that means something here is.
const MAX_LINE_BYTES: usize = 64 * 1024;
/// What is kept of the beginning of a message that is too large, in bytes.
const KEPT_BYTES: usize = 64 * 1024;

/// One message of an mbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::transfer) struct Piece {
    /// Where the line before it begins in the file.
    pub(in crate::transfer) at: u64,
    /// Where it ends.
    pub(in crate::transfer) end: u64,
    /// When it came, as the line before it says, in milliseconds since 1970.
    pub(in crate::transfer) came_ms: Option<u64>,
    /// The message, without quoting; its beginning when it is too large.
    pub(in crate::transfer) octets: Vec<u8>,
    /// Larger than a message may be.
    pub(in crate::transfer) is_too_large: bool,
}

/// An mbox that is being taken apart.
#[derive(Debug)]
pub(in crate::transfer) struct Splitter {
    /// What came and is not in a message yet, from `read` on.
    ahead: Vec<u8>,
    read: usize,
    /// Where in the file `read` is.
    at: u64,
    is_ended: bool,
    /// The line that comes next began before.
    is_within_line: bool,
    was_empty_line: bool,
    message: Option<Piece>,
}

impl Splitter {
    /// One that is given a file from here on.
    pub(in crate::transfer) const fn new(at: u64) -> Self {
        Self {
            ahead: Vec::new(),
            read: 0,
            at,
            is_ended: false,
            is_within_line: false,
            was_empty_line: true,
            message: None,
        }
    }

    /// More of the file. Pieces are to be taken before the next push.
    pub(in crate::transfer) fn push(&mut self, octets: &[u8]) {
        self.ahead.drain(..self.read);
        self.read = 0;
        self.ahead.extend_from_slice(octets);
    }

    /// There is no more.
    pub(in crate::transfer) const fn end(&mut self) {
        self.is_ended = true;
    }

    /// The next message that is whole.
    pub(in crate::transfer) fn next_piece(&mut self) -> Option<Piece> {
        while let Some(line_bytes) = self.line_bytes(0) {
            let Some(begins) = self.begins(line_bytes) else {
                return None; // not known before the next line has come
            };
            let finished = match begins {
                Some(came_ms) => self.begin(came_ms),
                None => {
                    self.go_on(line_bytes);
                    None
                }
            };
            self.pass(line_bytes);
            if finished.is_some() {
                return finished;
            }
        }
        if self.is_ended { self.finish() } else { None }
    }

    /// How long the line is, with its end, that begins so far ahead; `None` when that is not here yet, or nothing is.
    fn line_bytes(&self, further: usize) -> Option<usize> {
        let ahead = self.ahead.get(self.read + further..)?;
        match ahead.iter().position(|byte| *byte == b'\n') {
            Some(at) => Some((at + 1).min(MAX_LINE_BYTES)),
            None if ahead.len() >= MAX_LINE_BYTES => Some(MAX_LINE_BYTES),
            None if self.is_ended && !ahead.is_empty() => Some(ahead.len()),
            None => None,
        }
    }

    fn line(&self, further: usize, bytes: usize) -> &[u8] {
        let from = self.read + further;
        self.ahead.get(from..from + bytes).unwrap_or_default()
    }

    /// Whether a message begins with this line, and when it came then. `None`: the line behind it is not here yet.
    fn begins(&self, line_bytes: usize) -> Option<Option<Option<u64>>> {
        let line = trimmed(self.line(0, line_bytes));
        let from_line = match FromLine::read(line) {
            Some(from_line) if !self.is_within_line => from_line,
            _ => return Some(None),
        };
        let next = match self.line_bytes(line_bytes) {
            Some(bytes) => self.line(line_bytes, bytes),
            None if self.is_ended => &[],
            None => return None,
        };
        let has_header = is_field(next);
        Some(match from_line {
            FromLine::Dated { ms } if self.was_empty_line || has_header => Some(Some(ms)),
            FromLine::Bare if self.was_empty_line && has_header => Some(None),
            _ => None,
        })
    }

    /// A message begins; gives the one before.
    fn begin(&mut self, came_ms: Option<u64>) -> Option<Piece> {
        let before = self.finish();
        self.message = Some(Piece {
            at: self.at,
            end: self.at,
            came_ms,
            octets: Vec::new(),
            is_too_large: false,
        });
        before
    }

    /// A line of the message that is under way.
    fn go_on(&mut self, line_bytes: usize) {
        let line = self
            .ahead
            .get(self.read..self.read + line_bytes)
            .unwrap_or_default();
        if self.message.is_none() && trimmed(line).is_empty() {
            return;
        }
        let at = self.at;
        let message = self.message.get_or_insert_with(|| Piece {
            at,
            end: at,
            came_ms: None,
            octets: Vec::new(),
            is_too_large: false,
        });
        let line = if self.is_within_line {
            line
        } else {
            unquoted(line)
        };
        if message.octets.len() + line.len() > MAX_MESSAGE_BYTES {
            message.is_too_large = true;
            message.octets.truncate(KEPT_BYTES);
        }
        if !message.is_too_large {
            message.octets.extend_from_slice(line);
        }
    }

    fn pass(&mut self, line_bytes: usize) {
        let line = self.line(0, line_bytes);
        let (ends, is_empty) = (line.ends_with(b"\n"), trimmed(line).is_empty());
        self.was_empty_line = ends && is_empty && !self.is_within_line;
        self.is_within_line = !ends;
        self.read += line_bytes;
        self.at += line_bytes as u64;
    }

    /// The message that is under way, without the empty line that belongs to the file.
    fn finish(&mut self) -> Option<Piece> {
        let mut message = self.message.take()?;
        message.end = self.at;
        if self.was_empty_line && !message.is_too_large {
            let without = trimmed(&message.octets).len();
            message.octets.truncate(without);
        }
        Some(message)
    }
}

/// Without the last line end.
fn trimmed(line: &[u8]) -> &[u8] {
    super::super::fields::ended(line)
}

/// Without one `>` before `From `, however many there are (mboxrd; mboxo had one at most).
fn unquoted(line: &[u8]) -> &[u8] {
    let marks = line.iter().take_while(|byte| **byte == b'>').count();
    let is_quoted = marks > 0
        && line
            .get(marks..)
            .is_some_and(|rest| rest.starts_with(b"From "));
    if is_quoted {
        line.get(1..).unwrap_or_default()
    } else {
        line
    }
}

/// Whether a line is a header field (RFC 5322, section 2.2), or what an older mbox puts before one.
fn is_field(line: &[u8]) -> bool {
    let name = line.iter().position(|byte| *byte == b':');
    let name = name.and_then(|colon| line.get(..colon)).unwrap_or_default();
    let is_name = !name.is_empty() && name.iter().all(|byte| (33..=126).contains(byte));
    is_name || line.starts_with(b">From ")
}

#[cfg(test)]
#[path = "split_tests.rs"]
mod tests;
