//! Why sealing and opening fail.

/// Why something could not be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The content is longer than [`MAX_CONTENT_BYTES`](super::MAX_CONTENT_BYTES).
    #[error("this is too long to be sealed: at most {limit_bytes} bytes")]
    TooLong {
        /// The limit, in bytes.
        limit_bytes: usize,
    },
}

impl SealError {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "seal-too-long",
        }
    }
}

/// Why an envelope does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Not an envelope.
    #[error("sealed data is malformed: {field}")]
    Malformed {
        /// The part that is wrong.
        field: &'static str,
    },
    /// An envelope of a format that this program does not know.
    #[error("sealed data has format version {version}, which this program does not know")]
    UnknownFormat {
        /// The format version found.
        version: u8,
    },
    /// Altered, sealed under another key, or in the place of another envelope: of another kind, owner, object or
    /// version.
    #[error("sealed data was altered, or stands in the place of other data")]
    Tampered,
}

impl OpenError {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "open-malformed",
            Self::UnknownFormat { .. } => "open-unknown-format",
            Self::Tampered => "open-tampered",
        }
    }
}
