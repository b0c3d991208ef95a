//! The data directory: `lock`, which one process holds and which says whether a store was made here, `sled/`, which is the engine's, `durable`, which says how far
//! the engine's log is on the disk, and the control socket.

use super::log_check::{self, LogFault, Sound};
use super::log_form::{SEGMENT_BYTES, SEGMENT_HEADER_BYTES};
use super::mark::{Mark, MarkFile, NoteFault};
use super::snapshot::UNFINISHED;
use crate::store::{OpenError, StoreError};
use std::ffi::OsStr;
use std::fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{
    DirBuilderExt as _, FileExt as _, OpenOptionsExt as _, PermissionsExt as _,
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The running server's socket for its operator; see `control`.
pub const CONTROL_SOCKET: &str = "control.sock";
const LOCK: &str = "lock";
/// What `lock` holds once there is a store.
const MADE: &[u8] = b"made\n";
const SLED: &str = "sled";
const DURABLE: &str = "durable";
/// What `durable` is called until it is on the disk for the first time.
const NEW_DURABLE: &str = "durable.new";
/// Permissions of the directory.
const OWNER_ALONE: u32 = 0o700;
/// What others than the owner and the group may do.
const OTHERS: u32 = 0o007;
/// What a file system may have put into its own root.
const LOST_AND_FOUND: &str = "lost+found";
/// What is wrong with a log that sled itself refuses. Its own words are for those who work on it.
const NO_SENSE: &str = "the engine cannot make sense of its log";
/// How often sled's own lock is tried again, and how long apart.
const SLED_LOCK_ATTEMPTS: u32 = 500;
const SLED_LOCK_PAUSE: Duration = Duration::from_millis(10);

/// A directory that this process alone has open.
#[derive(Debug)]
pub(super) struct DataDirectory {
    path: PathBuf,
    lock: File,
}

impl DataDirectory {
    /// Makes the directory when it is not there, keeps it to its owner's eyes alone, and locks it.
    pub(super) fn lock(path: &Path) -> Result<Self, OpenError> {
        let io = |source| io_error(path, source);
        DirBuilder::new()
            .recursive(true)
            .mode(OWNER_ALONE)
            .create(path)
            .map_err(io)?;
        if has_foreign_files(path).map_err(io)? {
            return Err(OpenError::Foreign {
                path: path.to_owned(),
            });
        }
        keep_to_owner(path, |mode| std::fs::set_permissions(path, mode))?;
        let mut options = OpenOptions::new();
        let lock = options
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(path.join(LOCK))
            .map_err(io)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                path: path.to_owned(),
                lock,
            }),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse {
                path: path.to_owned(),
            }),
            Err(TryLockError::Error(source)) => Err(io(source)),
        }
    }

    /// Whether a directory holds anything that a store is made of.
    pub(super) fn is_at(path: &Path) -> bool {
        [SLED, DURABLE].iter().any(|part| path.join(part).exists())
    }

    /// Notes that a store was made here: from then on one that lacks all its parts is not taken for a new one.
    pub(super) fn note_as_made(&self) -> Result<(), OpenError> {
        if self.was_made()? {
            return Ok(());
        }
        self.lock
            .write_all_at(MADE, 0)
            .and_then(|()| self.lock.sync_all())
            .map_err(|source| self.io(source))
    }

    fn was_made(&self) -> Result<bool, OpenError> {
        let lock = self.lock.metadata().map_err(|source| self.io(source))?;
        Ok(lock.len() > 0)
    }

    /// Opens sled, once its log has been found sound, and gives the note of how far that is on the disk. What sled
    /// panics at while it reads a log that it cannot make sense of is damage too.
    pub(super) fn open_sled(&self, cache_bytes: u64) -> Result<(::sled::Db, MarkFile), OpenError> {
        self.await_sled_lock()?;
        let mut mark = self.known()?;
        if mark.says_nothing() {
            self.remove_beginning()?;
        } else {
            mark = self.make_log_ready(mark)?;
            // sled takes what it finds into a snapshot. The end of the log of a process that was killed may not be on
            // the disk yet; without it the snapshot would be of a log that there never was.
            self.database_file()?
                .sync_data()
                .map_err(|source| self.io(source))?;
            self.remove_unfinished_snapshots()
                .map_err(|source| self.io(source))?;
        }
        let mark =
            MarkFile::open(&self.path.join(DURABLE), mark).map_err(|source| self.io(source))?;
        Ok((self.open_checked_sled(cache_bytes)?, mark))
    }

    fn open_checked_sled(&self, cache_bytes: u64) -> Result<::sled::Db, OpenError> {
        let config = ::sled::Config::new()
            .path(self.path.join(SLED))
            .segment_size(SEGMENT_BYTES)
            .cache_capacity(cache_bytes);
        match catch_unwind(AssertUnwindSafe(|| config.open())) {
            Ok(Ok(tree)) => Ok(tree),
            Ok(Err(error)) => Err(self.open_error(error)),
            Err(_) => Err(self.damaged(NO_SENSE.to_owned())),
        }
    }

    /// What is known of the log. A note is made where there is no log: beside one it must be there.
    fn known(&self) -> Result<Mark, OpenError> {
        let path = self.path.join(DURABLE);
        match Mark::read(&path) {
            Ok(mark) => Ok(mark),
            Err(NoteFault::Io(source)) => Err(self.io(source)),
            Err(fault) if self.has_log()? || self.was_made()? => {
                Err(self.damaged(fault.to_string()))
            }
            Err(_) => {
                Mark::make(&path, &self.path.join(NEW_DURABLE)).map_err(|source| self.io(source))
            }
        }
    }

    /// Whether there is anything of sled's.
    fn has_log(&self) -> Result<bool, OpenError> {
        match self.path.join(SLED).read_dir() {
            Ok(mut entries) => Ok(entries.next().is_some()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(self.io(error)),
        }
    }

    /// Takes away what the very first opening had begun when it was cut off, torn as it may be: the note says that
    /// nobody was told of anything in it. More than such a beginning is never taken away.
    fn remove_beginning(&self) -> Result<(), OpenError> {
        let sled = self.path.join(SLED);
        let outcome = match sled.join("db").metadata() {
            Ok(log) if log.len() > SEGMENT_BYTES as u64 => {
                let detail = "the file `durable` knows of nothing in its log, which is long";
                return Err(self.damaged(detail.to_owned()));
            }
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => std::fs::remove_dir_all(sled),
        };
        match outcome {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(self.io(error)),
            _ => Ok(()),
        }
    }

    /// Refuses a log that is not as it was written, before sled writes to it. Of a sound one it empties the headers that
    /// sled would go wrong by. Gives the mark by which to go on.
    fn make_log_ready(&self, mark: Mark) -> Result<Mark, OpenError> {
        let sound = self.check_log(mark)?;
        if sound.headers_to_empty.is_empty() {
            return Ok(sound.mark);
        }
        let log = self.database_file()?;
        let mut headers = sound.headers_to_empty.iter();
        headers
            .try_for_each(|at_byte| log.write_all_at(&[0; SEGMENT_HEADER_BYTES], *at_byte))
            .and_then(|()| log.sync_data())
            .map_err(|source| self.io(source))?;
        let again = self.check_log(mark)?;
        if again.headers_to_empty.is_empty() {
            Ok(again.mark)
        } else {
            Err(self.damaged(NO_SENSE.to_owned()))
        }
    }

    /// Refuses a log that is not as it was written.
    fn check_log(&self, mark: Mark) -> Result<Sound, OpenError> {
        log_check::check(&self.path.join(SLED), mark).map_err(|fault| match fault {
            LogFault::Io(source) => self.io(source),
            fault => self.damaged(fault.to_string()),
        })
    }

    /// A snapshot that was being written when the process died is no snapshot; sled would take it for one.
    fn remove_unfinished_snapshots(&self) -> io::Result<()> {
        let entries = match self.path.join(SLED).read_dir() {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            if entry.file_name().to_string_lossy().ends_with(UNFINISHED) {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// sled locks its file too, and lets go of it a little after its last handle is dropped: when the epoch moves on
    /// in which its pages were retired. We hold the directory's lock, so whoever has sled's is this process itself, on
    /// its way out.
    fn await_sled_lock(&self) -> Result<(), OpenError> {
        let database = match File::open(self.path.join(SLED).join("db")) {
            Ok(database) => database,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(self.io(error)),
        };
        for _ in 0..SLED_LOCK_ATTEMPTS {
            match database.try_lock() {
                Ok(()) => return Ok(()),
                Err(TryLockError::Error(source)) => return Err(self.io(source)),
                Err(TryLockError::WouldBlock) => {
                    crossbeam_epoch::pin().flush();
                    std::thread::sleep(SLED_LOCK_PAUSE);
                }
            }
        }
        Err(OpenError::InUse {
            path: self.path.clone(),
        })
    }

    fn open_error(&self, error: ::sled::Error) -> OpenError {
        match error {
            ::sled::Error::Io(source)
                if !matches!(
                    source.kind(),
                    ErrorKind::InvalidData | ErrorKind::UnexpectedEof
                ) =>
            {
                self.io(source)
            }
            _ => self.damaged(NO_SENSE.to_owned()),
        }
    }

    fn io(&self, source: io::Error) -> OpenError {
        io_error(&self.path, source)
    }

    fn damaged(&self, detail: String) -> OpenError {
        OpenError::Damaged {
            path: self.path.clone(),
            detail,
        }
    }

    /// A descriptor of our own for the file that holds everything.
    pub(super) fn database_file(&self) -> Result<File, OpenError> {
        let mut options = OpenOptions::new();
        options.read(true).write(true);
        let path = self.path.join(SLED).join("db");
        options.open(path).map_err(|source| self.io(source))
    }

    /// Makes the files' names durable. sled makes the ones that matter when it opens, none later.
    pub(super) fn sync_entries(&self) -> Result<(), OpenError> {
        let sled = self.path.join(SLED);
        let parent = self.path.canonicalize().map_err(|source| self.io(source))?;
        let parent = parent.parent().unwrap_or(&parent);
        [
            &sled.join("conf"),
            &sled.join("blobs"),
            &sled,
            &self.path,
            parent,
        ]
        .into_iter()
        .try_for_each(|path| File::open(path)?.sync_all())
        .map_err(|source| self.io(source))
    }

    /// How much the file system has left for us.
    pub(super) fn free_bytes(&self) -> Result<u64, StoreError> {
        let space = rustix::fs::statvfs(&self.path)
            .map_err(|error| StoreError::from(&io::Error::from(error)))?;
        Ok(space.f_bavail.saturating_mul(space.f_frsize))
    }
}

/// The file system's word, by remedy.
fn io_error(path: &Path, source: io::Error) -> OpenError {
    let path = path.to_owned();
    match source.kind() {
        ErrorKind::ReadOnlyFilesystem => OpenError::ReadOnly { path },
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => OpenError::Write(StoreError::Full),
        _ => OpenError::Io { path, source },
    }
}

/// A directory that was there before may have been made for more eyes. One that is another's, as volumes often are,
/// stays as it is, if it is open to our group at most.
fn keep_to_owner(
    path: &Path,
    set_permissions: impl FnOnce(Permissions) -> io::Result<()>,
) -> Result<(), OpenError> {
    let metadata = path.metadata().map_err(|source| io_error(path, source))?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode == OWNER_ALONE {
        return Ok(());
    }
    match set_permissions(Permissions::from_mode(OWNER_ALONE)) {
        Ok(()) => Ok(()),
        Err(source) if source.kind() == ErrorKind::ReadOnlyFilesystem => {
            Err(io_error(path, source))
        }
        Err(_) if mode & OTHERS == 0 => {
            tracing::warn!(
                mode = format_args!("{mode:o}"),
                "the data directory belongs to another user, and its rights are left as they are"
            );
            Ok(())
        }
        Err(_) => Err(OpenError::Exposed {
            path: path.to_owned(),
            mode,
        }),
    }
}

fn has_foreign_files(path: &Path) -> io::Result<bool> {
    let ours = [
        LOCK,
        SLED,
        DURABLE,
        NEW_DURABLE,
        CONTROL_SOCKET,
        LOST_AND_FOUND,
    ]
    .map(OsStr::new);
    for entry in path.read_dir()? {
        if !ours.contains(&entry?.file_name().as_os_str()) {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of a directory with these rights that the file system does not let be changed.
    fn unchangeable(mode: u32) -> Result<(), OpenError> {
        let directory = tempfile::tempdir().unwrap();
        std::fs::set_permissions(directory.path(), Permissions::from_mode(mode)).unwrap();
        keep_to_owner(
            directory.path(),
            |_| Err(ErrorKind::PermissionDenied.into()),
        )
    }

    #[test]
    fn anothers_directory_will_do_if_the_world_is_kept_out() {
        for mode in [0o700, 0o770, 0o750, 0o500] {
            unchangeable(mode).unwrap();
        }
        for mode in [0o777, 0o755, 0o701] {
            let error = unchangeable(mode).unwrap_err();
            assert!(
                matches!(error, OpenError::Exposed { mode: it, .. } if it == mode),
                "{error}"
            );
        }
    }

    #[test]
    fn a_log_that_sled_refuses_is_damaged_in_our_own_words() {
        let directory = tempfile::tempdir().unwrap();
        let data = DataDirectory::lock(directory.path()).unwrap();
        let corruption = ::sled::Error::Corruption { at: None, bt: () };
        let bug = ::sled::Error::ReportableBug("a bug".to_owned());
        let eof = ::sled::Error::Io(ErrorKind::UnexpectedEof.into());
        for error in [corruption, bug, eof] {
            let theirs = error.to_string();
            let ours = data.open_error(error);
            assert!(matches!(ours, OpenError::Damaged { .. }), "{ours}");
            let ours = ours.to_string();
            assert!(ours.contains(NO_SENSE) && !ours.contains(&theirs), "{ours}");
        }
    }
}
