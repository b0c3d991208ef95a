//! Why the address book could not be changed or read.

use crate::error::{CodedError, Typed};
use crate::folders::NameError;
use crate::state::StateError;

/// Why the address book could not be changed or read.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ContactError {
    /// The sealed state could not be read or written.
    #[error(transparent)]
    State(StateError),
    /// Neither a name nor an address.
    #[error("Enter a name or an address.")]
    Empty,
    /// An address that mail cannot go to.
    #[error("“{0}” is not an address. Write a user name of this server, or name@domain.")]
    MalformedAddress(Typed),
    /// A field is too long, or has too many values.
    #[error("This is too long. At most {limit} are kept.")]
    TooLong {
        /// The form's field.
        field: &'static str,
        /// Characters, or values.
        limit: usize,
    },
    /// There is no room for more.
    #[error(
        "Your address book is full. Delete contacts that you no longer need, or shorten long notes."
    )]
    Full,
    /// A group's name that cannot be.
    #[error(transparent)]
    Name(#[from] NameError),
    /// Another group has this name.
    #[error("There is a group with this name already. Choose another.")]
    NameTaken,
    /// No room for another group.
    #[error("There are as many groups as there can be. Delete one first.")]
    TooManyGroups,
    /// The file is larger than any address book.
    #[error("This file is too large. At most {limit_mib} MB can be read at once.")]
    FileTooLarge {
        /// The limit, in MiB.
        limit_mib: usize,
    },
    /// The file holds no card.
    #[error("There is no contact in this file. Choose a vCard file (.vcf).")]
    NoCards,
    /// The fingerprint that was compared is none.
    #[error("This is no fingerprint.")]
    MalformedFingerprint,
    /// It is somebody else's, or on another server, whose keys are not known.
    #[error("The key of this address is not known.")]
    NoKey,
}

impl CodedError for ContactError {
    fn code(&self) -> &'static str {
        match self {
            Self::State(error) => error.code(),
            Self::Empty => "contact-empty",
            Self::MalformedAddress(_) => "malformed-address",
            Self::TooLong { .. } => "contact-too-long",
            Self::Full => "contacts-full",
            Self::Name(error) => error.code(),
            Self::NameTaken => "name-taken",
            Self::TooManyGroups => "too-many-groups",
            Self::FileTooLarge { .. } => "file-too-large",
            Self::NoCards => "no-cards",
            Self::MalformedFingerprint => "fingerprint-malformed",
            Self::NoKey => "no-key",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Empty | Self::Name(_) | Self::NameTaken => Some("name"),
            Self::MalformedAddress(_) => Some("addresses"),
            Self::TooLong { field, .. } => Some(field),
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

impl From<StateError> for ContactError {
    fn from(error: StateError) -> Self {
        match error {
            StateError::Full => Self::Full,
            other => Self::State(other),
        }
    }
}
