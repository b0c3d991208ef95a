//! Why mail was not given out.

use crate::attachment::TransferError;
use crate::error::CodedError;
use crate::list::ListError;
use crate::message::ParseError;
use crate::open::OpenMessageError;
use crate::read::ReadError;

/// Why mail was not given out.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The message does not open.
    #[error(transparent)]
    Message(#[from] ReadError),
    /// A file that is beside it did not come.
    #[error(transparent)]
    File(#[from] TransferError),
    /// What there is could not be taken in.
    #[error(transparent)]
    List(#[from] ListError),
}

impl From<ParseError> for ExportError {
    fn from(error: ParseError) -> Self {
        Self::Message(ReadError::Message(OpenMessageError::Message(error)))
    }
}

impl CodedError for ExportError {
    fn code(&self) -> &'static str {
        match self {
            Self::Message(error) => error.code(),
            Self::File(error) => error.code(),
            Self::List(error) => error.code(),
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Message(error) => error.retry_after_s(),
            Self::File(error) => error.retry_after_s(),
            Self::List(error) => error.retry_after_s(),
        }
    }
}
