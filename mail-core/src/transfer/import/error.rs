//! Why mail cannot be taken in at all, and why taking in ended before the files did.

use crate::api::ApiError;
use crate::error::CodedError;
use crate::state::StateError;
use crate::views::ImportStop;
use smail_protocol::MalformedId;

/// Why mail cannot be taken in.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// Not the id of a folder.
    #[error("There is no such folder.")]
    NoSuchId(#[from] MalformedId),
    /// The folder is gone.
    #[error("This folder is no longer there: another session has deleted it.")]
    FolderGone,
    /// The folders could not be read.
    #[error(transparent)]
    Folders(#[from] StateError),
}

impl CodedError for ImportError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchId(_) => "malformed-id",
            Self::FolderGone => "folder-gone",
            Self::Folders(error) => error.code(),
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Folders(error) => error.retry_after_s(),
            _ => None,
        }
    }
}

/// Why it ended early.
#[derive(Debug, Clone)]
pub(super) enum Stop {
    /// Nobody wants it any more.
    Cancelled,
    /// Every further message would fail the same way.
    Failed { code: &'static str, message: String },
}

impl Stop {
    pub(super) fn by(error: &impl CodedError) -> Self {
        Self::Failed {
            code: error.code(),
            message: error.to_string(),
        }
    }

    pub(super) fn view(&self) -> ImportStop {
        match self {
            Self::Cancelled => ImportStop {
                code: "cancelled".to_owned(),
                message: "This was cancelled.".to_owned(),
            },
            Self::Failed { code, message } => ImportStop {
                code: (*code).to_owned(),
                message: message.clone(),
            },
        }
    }
}

/// Whether an error of the server's part is one message's own.
pub(super) fn is_of_one_message(error: &ApiError) -> bool {
    matches!(error, ApiError::TooLarge) || error.is(smail_protocol::ProblemCode::TooLarge)
}
