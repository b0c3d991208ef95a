//! Why an attachment did not go up or come down.

use crate::api::ApiError;
use crate::blob::BlobError;
use crate::error::CodedError;
use smail_crypto_core::envelope::SealError;
use smail_protocol::ProblemCode;

/// Why an attachment did not go up or come down.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum TransferError {
    /// Nobody wants it any more.
    #[error("This was cancelled.")]
    Cancelled,
    /// The file cannot be read, or has changed.
    #[error("This file could not be read to its end, or was changed meanwhile. Attach it again.")]
    Unreadable,
    /// The file has nothing in it.
    #[error("This file is empty.")]
    Empty,
    /// Larger than an attachment may be.
    #[error("This file is too large: at most {} MB can be attached.", .limit_bytes / 1_048_576)]
    TooLarge {
        /// The limit.
        limit_bytes: u64,
    },
    /// More than one message can name.
    #[error(
        "These are too many or too large attachments for one message. Remove some, or send them in several messages."
    )]
    TooMany,
    /// The cipher failed.
    #[error("This file could not be encrypted on this device. Reload the page and try again.")]
    Seal,
    /// What names the attachment could not be protected.
    #[error(
        "This attachment could not be protected on this device. Reload the page and try again."
    )]
    Handle(#[from] SealError),
    /// A handle that this account has not made.
    #[error("This attachment is not known here. Remove it and attach the file again.")]
    UnknownHandle,
    /// What came is not what the message names.
    #[error(
        "This attachment was damaged, cut off or exchanged on the server. It is not given out."
    )]
    Altered,
    /// It is not on the server any more.
    #[error("This attachment is no longer on the server.")]
    Gone,
    /// The server has given up what was not in any draft for too long.
    #[error("An attachment is no longer on the server. Remove it, and attach the file again.")]
    GivenUp,
    /// The server's part failed.
    #[error(transparent)]
    Server(ApiError),
}

impl From<BlobError> for TransferError {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Server(error) if error.is(ProblemCode::NotFound) => Self::Gone,
            BlobError::Server(error) => Self::Server(error),
            BlobError::Altered => Self::Altered,
            BlobError::TooLarge { limit_bytes } => Self::TooLarge { limit_bytes },
        }
    }
}

impl CodedError for TransferError {
    fn code(&self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Unreadable => "file-unreadable",
            Self::Empty => "file-empty",
            Self::TooLarge { .. } => "attachment-too-large",
            Self::TooMany => "too-many-attachments",
            Self::Seal => "attachment-not-sealed",
            Self::Handle(error) => error.code(),
            Self::UnknownHandle => "unknown-attachment",
            Self::Altered => "attachment-altered",
            Self::Gone | Self::GivenUp => "attachment-gone",
            Self::Server(error) => error.code(),
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Server(error) => error.retry_after_s(),
            _ => None,
        }
    }
}
