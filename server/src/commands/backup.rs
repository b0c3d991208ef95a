//! `smail backup`: the whole store into one file, while it is served or not.

use super::new_file::NewFile;
use super::{DataDirectory, UseStoreError, open_store, readable_bytes};
use crate::clock::{Clock as _, SystemClock};
use crate::control::{self, Request};
use crate::progress::{Bar, share_of_keys};
use crate::store::{ArchiveCounts, ArchiveError, ArchiveReader, BackupError, spill_in};
use clap::Args;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// Settings of `smail backup`.
#[derive(Debug, Clone, Args)]
pub struct BackupArgs {
    /// File to write. It holds every secret of the server: keep it as you keep the data directory
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Which store.
    #[command(flatten)]
    pub store: DataDirectory,

    /// Replace FILE if it is there
    #[arg(long)]
    pub force: bool,
}

/// Why there is no backup. FILE is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupCommandError {
    /// The store.
    #[error(transparent)]
    Store(#[from] UseStoreError),
    /// The file.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It was begun here, and failed.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The server began it, and failed.
    #[error("the server gave no whole backup: {0}")]
    Server(ArchiveError),
}

/// Makes the backup, and says so on standard output.
///
/// # Errors
/// See [`BackupCommandError`].
pub fn run(args: &BackupArgs) -> Result<(), BackupCommandError> {
    let in_file = |source| BackupCommandError::File {
        path: args.file.clone(),
        source,
    };
    let new = NewFile::beside(&args.file, args.force).map_err(in_file)?;
    let out = BufWriter::with_capacity(1024 * 1024, new.file());
    let asked = control::ask(&args.store.data, Request::Backup).map_err(UseStoreError::Ask)?;
    let counts = match asked {
        Some(answer) => copy(answer, out).map_err(|error| match error {
            CopyError::Write(source) => in_file(source),
            CopyError::Archive(source) => BackupCommandError::Server(source),
        })?,
        None => back_up(&args.store.data, out).map_err(|error| match error {
            BackupCommandError::Backup(BackupError::Write(source)) => in_file(source),
            other => other,
        })?,
    };
    new.keep().map_err(in_file)?;
    let size = readable_bytes(counts.len_bytes);
    writeln!(
        io::stdout(),
        "{}: {} entries, {} batches that came meanwhile, {size}",
        args.file.display(),
        counts.entries,
        counts.batches
    )
    .map_err(in_file)
}

/// Without a server.
fn back_up(data: &Path, out: impl Write) -> Result<ArchiveCounts, BackupCommandError> {
    let store = open_store(data)?;
    let bar = Bar::of_keys("backing up");
    let spill = spill_in(data)?;
    let counts = store.back_up(out, spill, SystemClock.now_ms(), |step| {
        bar.set(share_of_keys(step.key));
        true
    })?;
    Ok(counts)
}

enum CopyError {
    Write(io::Error),
    Archive(ArchiveError),
}

/// Writes what the server sends, and reads it on the way, so that only a whole and sound archive is kept.
fn copy(answer: impl Read, out: impl Write) -> Result<ArchiveCounts, CopyError> {
    let bar = Bar::of_keys("backing up");
    let mut copying = Copying {
        answer,
        out,
        fault: None,
    };
    let copied = ArchiveReader::open(&mut copying).and_then(|mut archive| {
        while let Some(part) = archive.next_part()? {
            if let (true, Some((key, _))) = (part.is_scanned, part.writes.last()) {
                bar.set(share_of_keys(key));
            }
        }
        Ok(archive.counts())
    });
    if let Some(fault) = copying.fault {
        return Err(CopyError::Write(fault));
    }
    let counts = copied.map_err(CopyError::Archive)?;
    copying.out.flush().map_err(CopyError::Write)?;
    Ok(counts)
}

/// Reads from one side and writes to the other.
struct Copying<R, W> {
    answer: R,
    out: W,
    /// Why nothing more is written.
    fault: Option<io::Error>,
}

impl<R: Read, W: Write> Read for Copying<R, W> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.answer.read(buffer)?;
        if let Err(error) = self.out.write_all(buffer.get(..read).unwrap_or_default()) {
            let kind = error.kind();
            self.fault = Some(error);
            return Err(kind.into());
        }
        Ok(read)
    }
}
