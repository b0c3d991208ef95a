//! The data directory: `lock`, which one process holds, `sled/`, which is the engine's, and the control socket.

use crate::store::{OpenError, StoreError};
use std::ffi::OsStr;
use std::fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The running server's socket for its operator; see `control`.
pub const CONTROL_SOCKET: &str = "control.sock";
const LOCK: &str = "lock";
const SLED: &str = "sled";
/// Permissions of the directory.
const OWNER_ALONE: u32 = 0o700;
/// What a file system may have put into its own root.
const LOST_AND_FOUND: &str = "lost+found";
/// How often sled's own lock is tried again, and how long apart.
const SLED_LOCK_ATTEMPTS: u32 = 500;
const SLED_LOCK_PAUSE: Duration = Duration::from_millis(10);

/// A directory that this process alone has open.
#[derive(Debug)]
pub(super) struct DataDirectory {
    path: PathBuf,
    _lock: File,
}

impl DataDirectory {
    /// Makes the directory when it is not there, keeps it to its owner's eyes alone, and locks it.
    pub(super) fn lock(path: &Path) -> Result<Self, OpenError> {
        let io = |source| OpenError::Io {
            path: path.to_owned(),
            source,
        };
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
        keep_to_owner(path).map_err(io)?;
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
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse {
                path: path.to_owned(),
            }),
            Err(TryLockError::Error(source)) => Err(io(source)),
        }
    }

    /// Opens sled. What it panics at while it reads a log that it cannot make sense of is damage too.
    pub(super) fn open_sled(&self, cache_bytes: u64) -> Result<::sled::Db, OpenError> {
        self.await_sled_lock()?;
        let config = ::sled::Config::new()
            .path(self.path.join(SLED))
            .cache_capacity(cache_bytes);
        match catch_unwind(AssertUnwindSafe(|| config.open())) {
            Ok(Ok(tree)) => Ok(tree),
            Ok(Err(error)) => Err(self.open_error(error)),
            Err(_) => Err(self.damaged("the engine cannot make sense of its log".to_owned())),
        }
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
            other => self.damaged(other.to_string()),
        }
    }

    fn io(&self, source: io::Error) -> OpenError {
        OpenError::Io {
            path: self.path.clone(),
            source,
        }
    }

    fn damaged(&self, detail: String) -> OpenError {
        OpenError::Damaged {
            path: self.path.clone(),
            detail,
        }
    }

    /// A descriptor of our own for the file that holds everything.
    pub(super) fn database_file(&self) -> Result<File, OpenError> {
        File::open(self.path.join(SLED).join("db")).map_err(|source| self.io(source))
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

/// A directory that was there before may have been made for more eyes.
fn keep_to_owner(path: &Path) -> io::Result<()> {
    if path.metadata()?.permissions().mode() & 0o777 == OWNER_ALONE {
        return Ok(());
    }
    std::fs::set_permissions(path, Permissions::from_mode(OWNER_ALONE))
}

fn has_foreign_files(path: &Path) -> io::Result<bool> {
    let ours = [LOCK, SLED, CONTROL_SOCKET, LOST_AND_FOUND].map(OsStr::new);
    for entry in path.read_dir()? {
        if !ours.contains(&entry?.file_name().as_os_str()) {
            return Ok(true);
        }
    }
    Ok(false)
}
