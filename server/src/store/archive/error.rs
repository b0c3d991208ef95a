//! Why a file is no archive to restore from.

use std::io;

/// Why an archive was not read, by remedy. Nothing that was read of it so far is to be trusted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// It is something else.
    #[error("this is not an S-Mail backup")]
    Foreign,
    /// A newer S-Mail made it.
    #[error("a newer S-Mail made this backup (format {found}); restore it with that one")]
    NewerFormat {
        /// The format found.
        found: u16,
    },
    /// It holds a layout that this program does not read.
    #[error(
        "this backup has layout {found}, this program reads up to layout {supported}; restore it with the S-Mail that made it"
    )]
    NewerLayout {
        /// The layout found.
        found: u32,
        /// The newest layout that this program reads.
        supported: u32,
    },
    /// It ends before its end: a copy that was broken off.
    #[error("the backup ends too early, at byte {at_bytes}; copy it again, or take another")]
    Truncated {
        /// How long it is.
        at_bytes: u64,
    },
    /// A byte of it is not what was written.
    #[error("the backup is damaged near byte {at_bytes}; copy it again, or take another")]
    Damaged {
        /// Where the frame begins that is not sound.
        at_bytes: u64,
    },
    /// It cannot be read.
    #[error("the backup cannot be read: {0}")]
    Io(#[source] io::Error),
}

impl ArchiveError {
    /// A stable word for tests and logs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Foreign => "backup-foreign",
            Self::NewerFormat { .. } => "backup-newer-format",
            Self::NewerLayout { .. } => "backup-newer-layout",
            Self::Truncated { .. } => "backup-truncated",
            Self::Damaged { .. } => "backup-damaged",
            Self::Io(_) => "backup-unreadable",
        }
    }
}
