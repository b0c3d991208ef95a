//! Why keys were not changed or given out.

use crate::api::ApiError;
use crate::auth::NewPasswordError;
use crate::error::CodedError;
use smail_crypto_core::openpgp::{LockError, RenewError, UnlockError};
use smail_protocol::ProblemCode;

/// Why something about an account's keys could not be done. They are as they were, but for [`Self::Unconfirmed`].
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum KeysError {
    /// The file holds no secret key.
    #[error("This file holds no OpenPGP secret key that can be read here.")]
    NoSecretKey(#[source] UnlockError),
    /// The passphrase does not open the key.
    #[error("This is not the key’s passphrase.")]
    WrongPassphrase,
    /// Nothing can be read with it.
    #[error(
        "Nothing can be decrypted with this key: it only signs, or its secret part is elsewhere."
    )]
    CannotDecrypt,
    /// It is there already.
    #[error("You have this key already.")]
    AlreadyThere,
    /// There is no room for more keys.
    #[error("There is no room for more keys. Remove one first.")]
    Full,
    /// There is no such key among those that were brought along.
    #[error("This key is not there any more.")]
    Gone,
    /// The passphrase for a key on its way out is too easy to guess.
    #[error(transparent)]
    Passphrase(NewPasswordError),
    /// The key could not be locked.
    #[error("The key could not be locked with this passphrase.")]
    Lock(#[source] LockError),
    /// No new keys could be made.
    #[error("New keys could not be made: {0}.")]
    Renew(#[source] RenewError),
    /// The keyring could not be put together or sealed.
    #[error("This device could not protect the new keys. Reload the page and try again.")]
    Seal,
    /// The log-in is too long ago for such a change.
    #[error("Enter your password again first: this needs a log-in of the last few minutes.")]
    FreshLoginRequired,
    /// Other sessions keep changing the keys.
    #[error("Another session changed your keys at the same time. Try again.")]
    Contended,
    /// The last answer was lost: the change may have been made.
    #[error(
        "The connection was lost at the last step. Reload the page to see whether it was done."
    )]
    Unconfirmed,
    /// The server's part failed.
    #[error(transparent)]
    Server(ApiError),
}

impl CodedError for KeysError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSecretKey(error) => error.code(),
            Self::WrongPassphrase => "unlock-wrong-password",
            Self::CannotDecrypt => "key-cannot-decrypt",
            Self::AlreadyThere => "key-already-there",
            Self::Full => "keyring-full",
            Self::Gone => "key-gone",
            Self::Passphrase(error) => error.code(),
            Self::Lock(error) => error.code(),
            Self::Renew(error) => error.code(),
            Self::Seal => "keyring-not-sealed",
            Self::FreshLoginRequired => "fresh-login-required",
            Self::Contended => "conflict",
            Self::Unconfirmed => "change-unconfirmed",
            Self::Server(error) => error.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NoSecretKey(_) | Self::CannotDecrypt | Self::AlreadyThere => Some("file"),
            Self::WrongPassphrase | Self::Passphrase(_) => Some("passphrase"),
            _ => None,
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Server(error) => error.retry_after_s(),
            _ => None,
        }
    }
}

impl From<UnlockError> for KeysError {
    fn from(error: UnlockError) -> Self {
        match error {
            UnlockError::WrongPassword => Self::WrongPassphrase,
            other => Self::NoSecretKey(other),
        }
    }
}

impl From<ApiError> for KeysError {
    fn from(error: ApiError) -> Self {
        if error.is(ProblemCode::FreshLoginRequired) {
            Self::FreshLoginRequired
        } else {
            Self::Server(error)
        }
    }
}
