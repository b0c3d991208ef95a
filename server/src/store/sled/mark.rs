//! How far the log is known to be on the disk: a note beside it, so that damage can be told from a torn end.
//!
//! File `durable`: LSN, 8 bytes; whether the log was closed in order, 1 byte; CRC-32 of both, 4 bytes.
//!
//! **It is never missing beside a log.** It is made whole under another name, and is on the disk under its own, before
//! sled makes its first file; it then says [`Mark::NOTHING`]. All later writes go over the same 13 bytes of one sector,
//! which no power cut tears. So a note that is missing or not sound beside a log means damage, always.
//!
//! **It never says too much.** It is written after each write of the log has reached the disk, and not itself waited for:
//! after a power cut it may say less than is true, never more. Two writes are waited for. The first that says more than
//! nothing, before anything is acknowledged: as long as the note says nothing, nobody was told of anything in the log.
//! And the one at each opening, before sled writes to the log: it takes back that the log was closed. Where the log ends
//! with what only fills a segment up it takes that back too. sled had written it, so it was noted; now sled writes its
//! next message over it.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// What the note says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// The last place in the log that is known to be on the disk. 0 stands for none: the first is behind a header.
    pub(super) durable_lsn: u64,
    /// Whether nothing was written afterwards.
    pub(super) was_closed: bool,
}

/// Why the note cannot be gone by.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoteFault {
    /// There is none.
    #[error("the file `durable`, which says how far its log must reach, is missing")]
    Missing,
    /// It is not what was written.
    #[error("the file `durable`, which says how far its log must reach, is not as it was written")]
    Changed,
    /// It cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Mark {
    const LEN_BYTES: usize = 13;
    /// What is known of a log that does not exist yet.
    const NOTHING: Self = Self {
        durable_lsn: 0,
        was_closed: false,
    };

    /// Whether nobody was ever told of anything in the log.
    pub(super) const fn says_nothing(self) -> bool {
        self.durable_lsn == Self::NOTHING.durable_lsn
    }

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

    /// What the note beside a log says.
    ///
    /// # Errors
    /// See [`NoteFault`].
    pub(super) fn read(path: &Path) -> Result<Self, NoteFault> {
        match std::fs::read(path) {
            Ok(octets) => Self::decode(&octets).ok_or(NoteFault::Changed),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(NoteFault::Missing),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes the note of a log that does not exist yet, in place of whatever is there. When this returns it is on the
    /// disk under its name; before, it is there whole or not at all. `new` is the name that it is written under.
    ///
    /// # Errors
    /// What the file system says.
    pub(super) fn make(path: &Path, new: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let file = options
            .create(true)
            .truncate(true)
            .write(true)
            .mode(0o600)
            .open(new)?;
        file.write_all_at(&Self::NOTHING.encode(), 0)?;
        file.sync_all()?;
        std::fs::rename(new, path)?;
        path.parent()
            .map_or(Ok(()), |directory| File::open(directory)?.sync_all())?;
        Ok(Self::NOTHING)
    }
}

/// The note, open to be written.
#[derive(Debug)]
pub(super) struct MarkFile {
    file: File,
    durable_lsn: AtomicU64,
}

impl MarkFile {
    /// Opens the note of a log that is about to be written, and says in it, durably, that the log is not closed, and that
    /// it is on the disk as far as `before` says.
    ///
    /// # Errors
    /// What the file system says.
    pub(super) fn open(path: &Path, before: Mark) -> io::Result<Self> {
        let file = OpenOptions::new().write(true).open(path)?;
        let mark_file = Self {
            file,
            durable_lsn: AtomicU64::new(before.durable_lsn),
        };
        mark_file.write(false)?;
        mark_file.file.sync_all()?;
        Ok(mark_file)
    }

    /// Notes that the log is on the disk as far as `lsn`. What fails leaves less known than could be.
    ///
    /// # Errors
    /// What the file system says, the first time ever.
    pub(super) fn note(&self, lsn: u64) -> io::Result<()> {
        let before = self.durable_lsn.fetch_max(lsn, Ordering::SeqCst);
        let noted = self.write(false);
        if before == Mark::NOTHING.durable_lsn {
            return noted.and_then(|()| self.file.sync_all());
        }
        if let Err(error) = noted {
            tracing::warn!(%error, "it could not be noted how far the log is on the disk");
        }
        Ok(())
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
    fn the_note_stays_as_it_is_and_a_changed_one_is_none() {
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
        let mut changed = octets;
        changed[7] ^= 1;
        assert_eq!(Mark::decode(&changed), None);
    }

    #[test]
    fn what_was_closed_is_open_again_and_no_less_durable() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("durable");
        assert!(matches!(Mark::read(&path), Err(NoteFault::Missing)));
        let new = directory.path().join("durable.new");
        // One that an opening has begun which was cut off.
        std::fs::write(&new, [0; 20]).unwrap();
        let made = Mark::make(&path, &new).unwrap();
        assert!(!new.exists());
        assert_eq!(Mark::read(&path).unwrap(), made);
        assert!(made.says_nothing());
        let file = MarkFile::open(&path, made).unwrap();
        file.note(700).unwrap();
        file.note(7).unwrap();
        file.close();
        let closed = Mark::read(&path).unwrap();
        assert_eq!((closed.durable_lsn, closed.was_closed), (700, true));
        assert!(!closed.says_nothing());
        drop(MarkFile::open(&path, closed).unwrap());
        let open = Mark::read(&path).unwrap();
        assert_eq!((open.durable_lsn, open.was_closed), (700, false));
    }
}
