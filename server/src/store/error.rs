//! What can go wrong below the verbs.

use std::io;
use std::path::PathBuf;

/// Why the store could not do what it was asked, by remedy. Every verb can fail with it; nothing was written unless
/// the variant says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The disk is full. Reads still work; writes do again when there is space.
    #[error("the disk is full")]
    Full,
    /// The disk or the engine does not answer as it should. After a failed write it is not known whether the batch
    /// would survive a crash: ask again, by the same idempotency key or version.
    #[error("the store does not answer")]
    Unavailable,
    /// What was read is not what was written.
    #[error("the store is damaged")]
    Corrupt,
    /// A key or a value is outside the engine's bounds: a mistake of this program. Nothing was written.
    #[error("a key or a value is outside the engine's bounds")]
    OutOfBounds,
}

impl StoreError {
    /// A stable word for logs and problem documents.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Full => "storage-full",
            Self::Unavailable => "unavailable",
            Self::Corrupt => "corrupt",
            Self::OutOfBounds => "out-of-bounds",
        }
    }
}

impl From<&io::Error> for StoreError {
    fn from(error: &io::Error) -> Self {
        use io::ErrorKind::{InvalidData, QuotaExceeded, StorageFull};
        match error.kind() {
            StorageFull | QuotaExceeded => Self::Full,
            InvalidData => Self::Corrupt,
            _ => Self::Unavailable,
        }
    }
}

/// Why a data directory could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Another process has it open.
    #[error("{} is in use by another process; stop it first", path.display())]
    InUse {
        /// The directory.
        path: PathBuf,
    },
    /// It holds something else.
    #[error("{} holds files that are not S-Mail's; name an empty or a new directory", path.display())]
    Foreign {
        /// The directory.
        path: PathBuf,
    },
    /// A newer (or much older) S-Mail wrote it, or was about to bring it to its own layout.
    #[error(
        "the data has layout {found}, this program reads layout {supported}; use the program that wrote it"
    )]
    UnsupportedLayout {
        /// The layout found.
        found: u32,
        /// The layout this program reads and writes.
        supported: u32,
    },
    /// It cannot be read back. What the log check finds leaves every file as it was.
    #[error(
        "{} is damaged: {detail}. Put it aside as it is, and restore a backup into an empty directory",
        path.display()
    )]
    Damaged {
        /// The directory.
        path: PathBuf,
        /// What the engine says.
        detail: String,
    },
    /// Anybody on this machine can look into it, and it is not this user's to close.
    #[error(
        "{} is open to every user of this machine (mode {mode:o}) and belongs to another one; \
         let its owner run `chmod o=` on it, or give it to the user that S-Mail runs as",
        path.display()
    )]
    Exposed {
        /// The directory.
        path: PathBuf,
        /// Its rights.
        mode: u32,
    },
    /// It is on a file system that cannot be written.
    #[error("{} is on a read-only file system; mount it to be written", path.display())]
    ReadOnly {
        /// The directory.
        path: PathBuf,
    },
    /// The file system says no.
    #[error("{} cannot be opened: {source}", path.display())]
    Io {
        /// The directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The first write failed.
    #[error("the data directory cannot be written: {0}")]
    Write(StoreError),
}

impl OpenError {
    /// A stable word for logs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InUse { .. } => "data-in-use",
            Self::Foreign { .. } => "data-foreign",
            Self::UnsupportedLayout { .. } => "data-layout-unsupported",
            Self::Damaged { .. } => "data-damaged",
            Self::Exposed { .. } => "data-exposed",
            Self::ReadOnly { .. } => "data-read-only",
            Self::Io { .. } => "data-io",
            Self::Write(_) => "data-write",
        }
    }
}
