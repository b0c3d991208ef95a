//! How far the log is known to be on the disk: a note beside it, so that damage can be told from a torn end.
//!
//! File `durable`: LSN, 8 bytes; whether the log was closed in order, 1 byte; CRC-32 of both, 4 bytes. Written after each
//! write of the log has reached the disk, and not itself waited for: after a power cut it may say less than is true,
//! never more. That the log was closed is taken back, and waited for, before sled writes to it.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// What the note says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// The last place in the log that is known to be on the disk.
    pub(super) durable_lsn: u64,
    /// Whether nothing was written afterwards.
    pub(super) was_closed: bool,
}

impl Mark {
    const LEN_BYTES: usize = 13;

    fn encode(self) -> [u8; Self::LEN_BYTES] {
        let mut octets = [0; Self::LEN_BYTES];
        let (fields, crc) = octets.split_at_mut(9);
        let (lsn, closed) = fields.split_at_mut(8);
        lsn.copy_from_slice(&self.durable_lsn.to_be_bytes());
        closed.fill(u8::from(self.was_closed));
        crc.copy_from_slice(&crc32fast::hash(fields).to_be_bytes());
        octets
    }

    fn decode(octets: &[u8]) -> Option<Self> {
        let (fields, crc) = octets.split_last_chunk()?;
        let (lsn, closed) = fields.split_first_chunk()?;
        let is_sound = crc32fast::hash(fields) == u32::from_be_bytes(*crc);
        (is_sound && closed.len() == 1).then(|| Self {
            durable_lsn: u64::from_be_bytes(*lsn),
            was_closed: closed == [1],
        })
    }

    /// What the note beside a log says; none if there is none, or none that is whole: a power cut may have torn it.
    ///
    /// # Errors
    /// What the file system says.
    pub(super) fn read(path: &Path) -> io::Result<Option<Self>> {
        match std::fs::read(path) {
            Ok(octets) => Ok(Self::decode(&octets)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The note, open to be written.
#[derive(Debug)]
pub(super) struct MarkFile {
    file: File,
    durable_lsn: AtomicU64,
}

impl MarkFile {
    /// Opens the note of a log that is about to be written, and says in it, durably, that the log is not closed.
    ///
    /// # Errors
    /// What the file system says.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let before = Mark::read(path)?;
        let mut options = OpenOptions::new();
        let file = options
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(path)?;
        let durable_lsn = AtomicU64::new(before.map_or(0, |mark| mark.durable_lsn));
        let mark_file = Self { file, durable_lsn };
        if before.is_some() {
            mark_file.write(false)?;
            mark_file.file.sync_all()?;
        }
        Ok(mark_file)
    }

    /// Notes that the log is on the disk as far as `lsn`. What fails leaves less known than could be.
    pub(super) fn note(&self, lsn: u64) {
        self.durable_lsn.fetch_max(lsn, Ordering::SeqCst);
        if let Err(error) = self.write(false) {
            tracing::warn!(%error, "it could not be noted how far the log is on the disk");
        }
    }

    /// Notes that the log is closed.
    pub(super) fn close(&self) {
        if let Err(error) = self.write(true).and_then(|()| self.file.sync_all()) {
            tracing::warn!(%error, "it could not be noted that the log is closed");
        }
    }

    fn write(&self, was_closed: bool) -> io::Result<()> {
        let mark = Mark {
            durable_lsn: self.durable_lsn.load(Ordering::SeqCst),
            was_closed,
        };
        self.file.write_all_at(&mark.encode(), 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_stays_as_it_is_and_a_torn_one_is_none() {
        let mark = Mark {
            durable_lsn: 0x0102,
            was_closed: true,
        };
        let octets = mark.encode();
        assert_eq!(octets[..9], [0, 0, 0, 0, 0, 0, 1, 2, 1]);
        assert_eq!(Mark::decode(&octets), Some(mark));
        for len in 0..octets.len() {
            assert_eq!(Mark::decode(&octets[..len]), None);
        }
        let mut torn = octets;
        torn[7] ^= 1;
        assert_eq!(Mark::decode(&torn), None);
    }

    #[test]
    fn what_was_closed_is_open_again_and_no_less_durable() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("durable");
        assert_eq!(Mark::read(&path).unwrap(), None);
        let file = MarkFile::open(&path).unwrap();
        file.note(700);
        file.note(7);
        file.close();
        let closed = Mark::read(&path).unwrap().unwrap();
        assert_eq!((closed.durable_lsn, closed.was_closed), (700, true));
        drop(MarkFile::open(&path).unwrap());
        let open = Mark::read(&path).unwrap().unwrap();
        assert_eq!((open.durable_lsn, open.was_closed), (700, false));
    }
}
