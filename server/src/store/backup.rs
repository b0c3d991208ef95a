//! Backup: every key and value of the store in one archive, as of one moment, while it is read and written.
//!
//! The engine has no snapshots, so the archive is made of two things. A recording (see `recording`) notes every batch
//! that is applied from the start on. A scan reads all keys, page by page. After each page the notes made so far are
//! put behind it. So every note in the archive was applied before the pages that come after it were read, and every
//! page may have missed, or seen, only what is noted behind it. Writes of a note are absolute: carried out again they
//! change nothing. Whoever goes through the archive in its order therefore ends, key by key, with the last note about
//! it, or, where there is none, with what the scan found: the state of the store between the last batch that was
//! noted and the next.

use super::archive::{ArchiveCounts, ArchiveHeader, ArchiveWriter};
use super::engine::Direction;
use super::recording::{Note, RecordingError};
use super::{Store, StoreError, layout};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Entries read in one go: about a megabyte where they are chunks.
const ENTRIES_AT_ONCE: usize = 256;

/// Why a backup was not made. What was written of it has no end, and no reader takes it for a backup.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// One at a time.
    #[error("another backup is being made; wait for its end")]
    Busy,
    /// More was written meanwhile than could be kept until the backup takes it, or there was no place to keep it.
    #[error(
        "the mail that came meanwhile could not be kept for the backup; write to a faster place, or when less comes in"
    )]
    Lost,
    /// Whoever asked has gone, or the server is going down.
    #[error("the backup was broken off")]
    BrokenOff,
    /// There is no file to keep in what comes meanwhile.
    #[error("{}: what comes meanwhile cannot be kept there: {source}", path.display())]
    Spill {
        /// The directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The archive cannot be written.
    #[error("the backup cannot be written: {0}")]
    Write(#[from] io::Error),
    /// The store cannot be read.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl From<RecordingError> for BackupError {
    fn from(error: RecordingError) -> Self {
        match error {
            RecordingError::Busy => Self::Busy,
            RecordingError::Lost => Self::Lost,
        }
    }
}

/// How far a backup has come.
#[derive(Debug, Clone, Copy)]
pub struct BackupStep<'a> {
    /// Bytes written.
    pub len_bytes: u64,
    /// The newest key that was scanned.
    pub key: &'a [u8],
}

/// A file without a name in this directory, for what comes while a backup is made.
///
/// # Errors
/// [`BackupError::Spill`] alone.
pub fn spill_in(directory: &Path) -> Result<File, BackupError> {
    tempfile::tempfile_in(directory).map_err(|error| BackupError::Spill {
        path: directory.to_owned(),
        // The rest would be a name that nobody gave.
        source: error.kind().into(),
    })
}

impl Store {
    /// Writes the whole store into an archive, as it is at one moment before this returns. Others read and write
    /// meanwhile; `spill` is an empty file for what they write. `watch` is told of each step, and says whether to go on.
    ///
    /// # Errors
    /// See [`BackupError`].
    pub fn back_up(
        &self,
        out: impl Write,
        spill: File,
        made_ms: u64,
        mut watch: impl FnMut(&BackupStep<'_>) -> bool,
    ) -> Result<ArchiveCounts, BackupError> {
        let recording = self.shared.engine.record(spill)?;
        let mut archive = ArchiveWriter::begin(out, &self.archive_header(made_ms)?)?;
        let mut range = layout::everything();
        loop {
            let page = self
                .engine()
                .scan(&range, Direction::Ascending, ENTRIES_AT_ONCE)?;
            let Some(last) = page.last() else { break };
            archive.entries(&page)?;
            recording.drain(|note| add(&mut archive, &note))?;
            let len_bytes = archive.len_bytes();
            let key = &last.key;
            if !watch(&BackupStep { len_bytes, key }) {
                return Err(BackupError::BrokenOff);
            }
            range.start = [key, &[0][..]].concat();
            if page.len() < ENTRIES_AT_ONCE {
                break;
            }
        }
        recording.finish(|note| add(&mut archive, &note))?;
        Ok(archive.finish()?)
    }

    fn archive_header(&self, made_ms: u64) -> Result<ArchiveHeader, StoreError> {
        let setup = self.engine().get(&layout::server_setup())?;
        let domain = setup.as_deref().and_then(layout::domain_of);
        Ok(ArchiveHeader {
            layout: self.layout_version()?,
            made_ms,
            domain: domain.unwrap_or_default().to_owned(),
        })
    }

    /// The layout that the store has; one in memory has this program's.
    pub(super) fn layout_version(&self) -> Result<u32, StoreError> {
        match self.engine().get(&layout::layout_version())? {
            Some(version) => version
                .try_into()
                .map(u32::from_be_bytes)
                .map_err(|_| StoreError::Corrupt),
            None => Ok(layout::LAYOUT_VERSION),
        }
    }
}

fn add<W: Write>(archive: &mut ArchiveWriter<W>, note: &Note) -> Result<(), BackupError> {
    Ok(archive.batch(note.writes, &note.payload)?)
}
