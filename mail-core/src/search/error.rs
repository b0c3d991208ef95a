//! Why the index cannot be used or built.

use crate::api::ApiError;
use crate::error::CodedError;
use crate::items::ItemError;
use crate::list::ListError;
use crate::state::StateError;
use smail_crypto_core::envelope::SealError;

/// Why a search or a step of the index failed. The next try goes on from there.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum SearchError {
    /// The server's part failed.
    #[error(transparent)]
    Server(#[from] ApiError),
    /// A message could not be looked at.
    #[error(transparent)]
    Item(#[from] ItemError),
    /// The folders or the saved searches could not be read.
    #[error(transparent)]
    State(#[from] StateError),
    /// A part could not be sealed.
    #[error(
        "The search index could not be protected on this device. Reload the page and try again."
    )]
    Seal(#[from] SealError),
    /// A saved search without a name, or without anything to look for.
    #[error("Give the search a name of up to {limit} characters, and something to look for.")]
    Unnamed {
        /// Most characters of a name.
        limit: usize,
    },
    /// There are too many saved searches.
    #[error("There is no room for more saved searches: at most {limit} are kept.")]
    TooManySaved {
        /// The limit.
        limit: usize,
    },
}

impl From<ListError> for SearchError {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Item(error) => Self::Item(error),
            ListError::Folders(error) => Self::State(error),
        }
    }
}

impl CodedError for SearchError {
    fn code(&self) -> &'static str {
        match self {
            Self::Server(error) => error.code(),
            Self::Item(error) => error.code(),
            Self::State(error) => error.code(),
            Self::Seal(error) => error.code(),
            Self::Unnamed { .. } => "search-unnamed",
            Self::TooManySaved { .. } => "too-many-searches",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Unnamed { .. } => Some("name"),
            _ => None,
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Server(error) => error.retry_after_s(),
            Self::Item(error) => error.retry_after_s(),
            Self::State(error) => error.retry_after_s(),
            _ => None,
        }
    }
}
