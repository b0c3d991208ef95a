//! Why something could not be done with a folder or a label.

use super::name::NameError;
use super::tree::{MAX_FOLDERS, MAX_LEVELS};
use crate::ApiError;
use crate::error::CodedError;
use crate::items::ItemError;
use crate::labels::MAX_LABELS;
use crate::state::StateError;
use smail_protocol::{MalformedId, ProblemCode};

/// Why a folder or label was not made, changed or deleted.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// What was typed cannot be a name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// There is one of this name in the same place.
    #[error("There is one of this name here already. Choose another name.")]
    NameTaken,
    /// No more folders.
    #[error("You have {MAX_FOLDERS} folders, which is the most there can be. Delete some first.")]
    TooMany,
    /// No more labels.
    #[error("You have {MAX_LABELS} labels, which is the most there can be. Delete some first.")]
    TooManyLabels,
    /// No deeper.
    #[error("Folders go {MAX_LEVELS} levels deep at most.")]
    TooDeep,
    /// A folder cannot be in itself.
    #[error("A folder cannot be moved into itself.")]
    IntoItself,
    /// There is no such folder or label.
    #[error("This is no longer there: another session has deleted it.")]
    Gone,
    /// Every account has this one.
    #[error("This folder cannot be changed: every account has it.")]
    BuiltIn,
    /// Something has come into it.
    #[error("There are still messages in this folder. Try again.")]
    NotEmpty,
    /// Not the id of a folder.
    #[error("There is no such folder.")]
    NoSuchId(#[from] MalformedId),
    /// The sealed state could not be read or written.
    #[error(transparent)]
    State(StateError),
    /// All of the room for names is taken.
    #[error(
        "There is no room for more names. Delete some folders or labels, or shorten their names."
    )]
    Full,
    /// The server's part failed.
    #[error(transparent)]
    Server(ApiError),
    /// What was inside could not be moved.
    #[error(transparent)]
    Item(#[from] ItemError),
}

impl CodedError for FolderError {
    fn code(&self) -> &'static str {
        match self {
            Self::Name(error) => error.code(),
            Self::NameTaken => "name-taken",
            Self::TooMany | Self::TooManyLabels => "too-many",
            Self::TooDeep => "too-deep",
            Self::IntoItself => "into-itself",
            Self::Gone => "not-found",
            Self::BuiltIn => "built-in",
            Self::NotEmpty => "not-empty",
            Self::NoSuchId(_) => "malformed-id",
            Self::State(error) => error.code(),
            Self::Full => "state-full",
            Self::Server(error) => error.code(),
            Self::Item(error) => error.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Name(_) | Self::NameTaken | Self::Full => Some("name"),
            _ => None,
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::State(error) => error.retry_after_s(),
            Self::Server(error) => error.retry_after_s(),
            Self::Item(error) => error.retry_after_s(),
            _ => None,
        }
    }
}

impl From<StateError> for FolderError {
    fn from(error: StateError) -> Self {
        match error {
            StateError::Full => Self::Full,
            other => Self::State(other),
        }
    }
}

impl From<ApiError> for FolderError {
    fn from(error: ApiError) -> Self {
        match error.problem_code() {
            Some(ProblemCode::MailboxInUse) => Self::NotEmpty,
            // The one value that the server can find fault with is the number of mailboxes.
            Some(ProblemCode::InvalidValue) => Self::TooMany,
            _ => Self::Server(error),
        }
    }
}
