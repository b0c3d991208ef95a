//! An answer in pieces, so that its end, and what went wrong before it, are never taken for a part of it.
//!
//! Each piece is its length (`u32`, big-endian) and its octets. A piece of length 0 ends the answer; after it comes
//! `ok`, or else what went wrong, in words for a person, up to the end of the stream.

use std::io::{self, Read, Write};

/// Octets gathered before a piece is sent.
const PIECE_BYTES: usize = 64 * 1024;
const OK: &str = "ok";
/// Longest text about what went wrong.
const MAX_TEXT_BYTES: u64 = 4 * 1024;

/// Writes an answer.
#[derive(Debug)]
pub struct PieceWriter<W> {
    out: W,
    pending: Vec<u8>,
}

impl<W: Write> PieceWriter<W> {
    /// An answer with nothing in it yet.
    pub const fn new(out: W) -> Self {
        Self {
            out,
            pending: Vec::new(),
        }
    }

    /// Ends the answer, which went well or else as the text says.
    ///
    /// # Errors
    /// When the other side has gone.
    pub fn end(mut self, outcome: Result<(), String>) -> io::Result<()> {
        self.send()?;
        self.out.write_all(&0_u32.to_be_bytes())?;
        let text = outcome.err().unwrap_or_else(|| OK.to_owned());
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }

    fn send(&mut self) -> io::Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let len_bytes = u32::try_from(self.pending.len()).map_err(io::Error::other)?;
        self.out.write_all(&len_bytes.to_be_bytes())?;
        self.out.write_all(&self.pending)?;
        self.pending.clear();
        Ok(())
    }
}

impl<W: Write> Write for PieceWriter<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(octets);
        if self.pending.len() >= PIECE_BYTES {
            self.send()?;
        }
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send()?;
        self.out.flush()
    }
}

/// Reads an answer. Its end is an end only when it went well: otherwise reading fails with what went wrong.
#[derive(Debug)]
pub struct PieceReader<R> {
    input: R,
    left_bytes: u64,
    is_ended: bool,
}

impl<R: Read> PieceReader<R> {
    /// The answer that comes from `input`.
    pub const fn new(input: R) -> Self {
        Self {
            input,
            left_bytes: 0,
            is_ended: false,
        }
    }

    fn begin_piece(&mut self) -> io::Result<()> {
        let mut len_bytes = [0; 4];
        self.input.read_exact(&mut len_bytes).map_err(broken_off)?;
        self.left_bytes = u32::from_be_bytes(len_bytes).into();
        if self.left_bytes > 0 {
            return Ok(());
        }
        let mut text = String::new();
        self.input
            .by_ref()
            .take(MAX_TEXT_BYTES)
            .read_to_string(&mut text)?;
        match text.as_str() {
            OK => {
                self.is_ended = true;
                Ok(())
            }
            "" => Err(broken_off(io::ErrorKind::UnexpectedEof.into())),
            what => Err(io::Error::other(what.to_owned())),
        }
    }
}

impl<R: Read> Read for PieceReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        if self.left_bytes == 0 && !self.is_ended {
            self.begin_piece()?;
        }
        if self.is_ended {
            return Ok(0);
        }
        let read = self.input.by_ref().take(self.left_bytes).read(buffer)?;
        if read == 0 {
            return Err(broken_off(io::ErrorKind::UnexpectedEof.into()));
        }
        self.left_bytes -= read as u64;
        Ok(read)
    }
}

fn broken_off(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => io::Error::other("the server broke off its answer"),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(octets: &[u8], outcome: Result<(), String>) -> Vec<u8> {
        let mut sent = Vec::new();
        let mut writer = PieceWriter::new(&mut sent);
        writer.write_all(octets).unwrap();
        writer.end(outcome).unwrap();
        sent
    }

    fn read(sent: &[u8]) -> Result<Vec<u8>, String> {
        let mut octets = Vec::new();
        match PieceReader::new(sent).read_to_end(&mut octets) {
            Ok(_) => Ok(octets),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn an_answer_comes_as_it_was_sent() {
        for len in [0, 1, PIECE_BYTES - 1, PIECE_BYTES, 3 * PIECE_BYTES + 1] {
            let octets: Vec<u8> = (0..len).map(|n| (n % 251) as u8).collect();
            assert_eq!(read(&answer(&octets, Ok(()))), Ok(octets));
        }
    }

    #[test]
    fn what_went_wrong_is_told() {
        let sent = answer(b"the first half", Err("the disk is gone".to_owned()));
        assert_eq!(read(&sent), Err("the disk is gone".to_owned()));
    }

    #[test]
    fn an_answer_that_breaks_off_anywhere_has_failed() {
        let sent = answer(b"all of it", Ok(()));
        for len in 0..sent.len() {
            assert!(read(&sent[..len]).is_err(), "{len}");
        }
    }
}
