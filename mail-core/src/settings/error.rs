//! Why settings were not changed.

use crate::error::CodedError;
use crate::state::StateError;

/// Why settings could not be changed. They stay as they were.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The name is too long.
    #[error("The name is too long: at most {limit} characters.")]
    DisplayNameTooLong {
        /// The limit, in characters.
        limit: usize,
    },
    /// The name could be taken for an address: readers would be warned of it.
    #[error("A name cannot hold “@”: readers would take it for another address.")]
    AddressInDisplayName,
    /// A value that no setting has.
    #[error("This cannot be chosen.")]
    NoSuchValue,
    /// A signature needs a name that is not too long.
    #[error("Give the signature a name of at most {limit} characters.")]
    SignatureName {
        /// The limit, in characters.
        limit: usize,
    },
    /// A signature's text is too long.
    #[error("The signature is too long: at most {limit} characters.")]
    SignatureTooLong {
        /// The limit, in characters.
        limit: usize,
    },
    /// There are as many signatures as can be.
    #[error("There are {limit} signatures already. Remove one first.")]
    TooManySignatures {
        /// The limit.
        limit: usize,
    },
    /// The signature was removed, here or in another session.
    #[error("This signature was removed in the meantime.")]
    SignatureGone,
    /// The settings could not be read or written.
    #[error(transparent)]
    State(#[from] StateError),
}

impl CodedError for SettingsError {
    fn code(&self) -> &'static str {
        match self {
            Self::DisplayNameTooLong { .. } => "display-name-too-long",
            Self::AddressInDisplayName => "display-name-holds-address",
            Self::NoSuchValue => "setting-unknown",
            Self::SignatureName { .. } => "signature-name",
            Self::SignatureTooLong { .. } => "signature-too-long",
            Self::TooManySignatures { .. } => "too-many-signatures",
            Self::SignatureGone => "signature-gone",
            Self::State(error) => error.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::DisplayNameTooLong { .. } | Self::AddressInDisplayName => Some("displayName"),
            Self::SignatureName { .. } => Some("name"),
            Self::SignatureTooLong { .. } => Some("text"),
            _ => None,
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::State(error) => error.retry_after_s(),
            _ => None,
        }
    }
}
