//! Restore: from an archive to a data directory, whole or not at all.
//!
//! The archive is read twice. The first time nothing is written: it must be whole and unaltered to its last byte. The
//! second time it goes into a new directory beside the one that was asked for, which gets its name when everything in
//! it is on the disk and was checked.

use super::archive::{ArchiveCounts, ArchiveError, ArchiveHeader, ArchiveReader, Part};
use super::check::{CheckStep, Fault};
use super::engine::{ApplyError, Batch, Engine, Ticket};
use super::{OpenError, SledEngine, Store, StoreError, StoreOptions, layout, open};
use std::fs::{DirBuilder, File};
use std::io::{self, BufReader};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Bytes of the archive between two writes to the disk: what memory and the engine's log hold in between.
const SYNC_EVERY_BYTES: u64 = 64 * 1024 * 1024;
/// Bytes of the archive read in one go.
const READ_BYTES: usize = 1024 * 1024;

/// How a backup is restored.
#[derive(Debug, Clone, Default)]
pub struct RestoreOptions {
    /// How the new store is opened.
    pub store: StoreOptions,
    /// Whether login sessions are restored too. They are not unless it is said: a session that was ended after the
    /// backup would live again, and a client that goes on from a newer state than the store's misses changes.
    pub keep_sessions: bool,
    /// Whether a store is made that the check finds faults in: those that the old store had when it was backed up.
    pub accepts_faults: bool,
}

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreReport {
    /// What the archive says of itself.
    pub header: ArchiveHeader,
    /// What it held.
    pub counts: ArchiveCounts,
    /// How many faults the check has found and was told to accept.
    pub faults: u64,
}

/// What a restore is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestoreStep<'a> {
    /// Reading the archive for the first time; bytes so far.
    Verifying(u64),
    /// Writing the data directory; bytes of the archive so far.
    Writing(u64),
    /// Checking what was written; the newest key.
    Checking(&'a [u8]),
}

/// Why a backup was not restored. The directory that was asked for is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// The file is not a backup that can be restored.
    #[error("{}: {source}", path.display())]
    Archive {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ArchiveError,
    },
    /// The store was not whole when it was backed up.
    #[error(
        "the backup is sound, but the store in it was not: {found} wrong, first of all: {first}; take an earlier \
         backup, or say --accept-faults and repair afterwards"
    )]
    Faulty {
        /// How much.
        found: u64,
        /// The first of it.
        first: Box<Fault>,
    },
    /// There is something already where the data is to go.
    #[error("{} is not empty; name a new directory, or move the old one away", path.display())]
    NotEmpty {
        /// The directory.
        path: PathBuf,
    },
    /// Something is mounted there: the new directory could not take its place.
    #[error("{} is a mount point; name a new directory in it", path.display())]
    MountPoint {
        /// The directory.
        path: PathBuf,
    },
    /// A directory cannot be made, read or renamed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The new store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The new store cannot be written.
    #[error("the new data directory cannot be written: {0}")]
    Store(#[from] StoreError),
}

/// Restores the archive `file` to `data`, which is not there or empty. `watch` is told of each step.
///
/// # Errors
/// See [`RestoreError`].
pub fn restore(
    file: &Path,
    data: &Path,
    options: &RestoreOptions,
    mut watch: impl FnMut(RestoreStep<'_>),
) -> Result<RestoreReport, RestoreError> {
    check_target(data)?;
    let bad = |source| RestoreError::Archive {
        path: file.to_owned(),
        source,
    };
    let first = open_archive(file).map_err(bad)?;
    first
        .verify(|bytes| watch(RestoreStep::Verifying(bytes)))
        .map_err(bad)?;
    let place = Place::beside(data)?;
    let engine = SledEngine::open(place.path(), &options.store)?;
    let mut archive = open_archive(file).map_err(bad)?;
    write_layout(&engine, archive.header().layout)?;
    let mut synced_bytes = 0;
    while let Some(part) = archive.next_part().map_err(bad)? {
        let ticket = write(&engine, part, options.keep_sessions)?;
        let bytes = archive.counts().len_bytes;
        if bytes - synced_bytes >= SYNC_EVERY_BYTES {
            engine.sync(ticket)?;
            synced_bytes = bytes;
        }
        watch(RestoreStep::Writing(bytes));
    }
    engine.sync(engine.applied())?;
    let store = open::over(engine, place.path())?;
    // A backup that was made in the middle of one holds its note.
    store.finish_deletions()?;
    let faults = check(&store, options, |key| watch(RestoreStep::Checking(key)))?;
    drop(store);
    place.name_it(data)?;
    Ok(RestoreReport {
        header: archive.header().clone(),
        counts: archive.counts(),
        faults,
    })
}

/// Looks at all that was written; gives how much of it is wrong, if that is accepted.
fn check(
    store: &Store,
    options: &RestoreOptions,
    mut watch: impl FnMut(&[u8]),
) -> Result<u64, RestoreError> {
    let mut first = None;
    let report = store.check(false, |step| match step {
        CheckStep::Reading(key) => watch(key),
        CheckStep::Found(fault, _) => {
            first.get_or_insert_with(|| Box::new((*fault).clone()));
        }
    })?;
    match first {
        Some(first) if !options.accepts_faults => Err(RestoreError::Faulty {
            found: report.found,
            first,
        }),
        _ => Ok(report.found),
    }
}

fn open_archive(file: &Path) -> Result<ArchiveReader<BufReader<File>>, ArchiveError> {
    if !file.metadata().map_err(ArchiveError::Io)?.is_file() {
        let why = "a backup is read twice, so it must be an ordinary file";
        return Err(ArchiveError::Io(io::Error::new(
            io::ErrorKind::InvalidInput,
            why,
        )));
    }
    let file = File::open(file).map_err(ArchiveError::Io)?;
    ArchiveReader::open(BufReader::with_capacity(READ_BYTES, file))
}

/// Whether a directory is on another file system than the one that it is in.
fn is_mount_point(directory: &Path) -> io::Result<bool> {
    let device = directory.metadata()?.dev();
    match directory.canonicalize()?.parent() {
        Some(parent) => Ok(parent.metadata()?.dev() != device),
        None => Ok(true),
    }
}

/// Refuses a directory that holds anything, or that cannot be replaced.
fn check_target(data: &Path) -> Result<(), RestoreError> {
    let io = |source| RestoreError::Io {
        path: data.to_owned(),
        source,
    };
    let path = || data.to_owned();
    match data.read_dir() {
        Ok(_) if is_mount_point(data).map_err(io)? => {
            Err(RestoreError::MountPoint { path: path() })
        }
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(RestoreError::NotEmpty { path: path() }),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(io(error)),
    }
}

/// What an archive holds in its entries too, unless it is of a store in memory.
fn write_layout(engine: &dyn Engine, version: u32) -> Result<(), StoreError> {
    let mut batch = Batch::default();
    batch.put(layout::layout_version(), version.to_be_bytes());
    apply(engine, &batch).map(|_| ())
}

fn write(engine: &dyn Engine, part: Part, keep_sessions: bool) -> Result<Ticket, StoreError> {
    let mut batch = Batch {
        writes: part.writes,
        ..Batch::default()
    };
    if !keep_sessions {
        batch
            .writes
            .retain(|(key, _)| !layout::is_of_a_session(key));
    }
    apply(engine, &batch)
}

fn apply(engine: &dyn Engine, batch: &Batch) -> Result<Ticket, StoreError> {
    engine.apply(batch).map_err(|error| match error {
        ApplyError::Store(error) => error,
        ApplyError::Conflict => StoreError::Unavailable,
    })
}

/// A directory under another name until all is in it; removed with all that is in it when that is never.
struct Place {
    directory: TempDir,
    parent: PathBuf,
}

impl Place {
    fn beside(data: &Path) -> Result<Self, RestoreError> {
        let parent = match data.parent() {
            Some(parent) if parent != Path::new("") => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        let io = |source| RestoreError::Io {
            path: parent.clone(),
            source,
        };
        let mut builder = DirBuilder::new();
        builder.recursive(true).mode(0o700);
        builder.create(&parent).map_err(io)?;
        let directory = tempfile::Builder::new()
            .prefix(".smail-restore-")
            .tempdir_in(&parent)
            // The rest would be a name that nobody gave.
            .map_err(|error| io(error.kind().into()))?;
        Ok(Self { directory, parent })
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Gives it its name, which an empty directory may have had, and makes that durable.
    fn name_it(self, data: &Path) -> Result<(), RestoreError> {
        let io = |source| RestoreError::Io {
            path: data.to_owned(),
            source,
        };
        File::open(self.path())
            .and_then(|directory| directory.sync_all())
            .map_err(io)?;
        std::fs::rename(self.path(), data).map_err(io)?;
        // Nothing is left under the old name.
        let _ = self.directory.keep();
        File::open(&self.parent)
            .and_then(|parent| parent.sync_all())
            .map_err(io)
    }
}
