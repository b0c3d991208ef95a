//! The end of an account.

use super::credentials::ChangeCredentialError;
use crate::api::ApiError;
use crate::client::Client;
use crate::env::Randomness;
use crate::error::CodedError;
use crate::transport::Transport;
use crate::views::Step;

/// Why an account was not deleted. It is there as before, but for [`Self::Unconfirmed`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeleteAccountError {
    /// The password was not confirmed.
    #[error(transparent)]
    Password(#[from] ChangeCredentialError),
    /// The answer was lost: the account may be gone.
    #[error(
        "The connection was lost at the last step, so it is not known whether the account is deleted. Try to log in: if that works, it is not."
    )]
    Unconfirmed,
    /// The server's part failed.
    #[error(transparent)]
    Server(ApiError),
}

impl CodedError for DeleteAccountError {
    fn code(&self) -> &'static str {
        match self {
            Self::Password(error) => error.code(),
            Self::Unconfirmed => "deletion-unconfirmed",
            Self::Server(error) => error.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Password(error) => error.field(),
            _ => None,
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Password(error) => error.retry_after_s(),
            Self::Server(error) => error.retry_after_s(),
            Self::Unconfirmed => None,
        }
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Deletes the account and all its mail, for good, after the password was proved once more. Drop the client
    /// afterwards.
    ///
    /// # Errors
    /// [`DeleteAccountError`].
    pub async fn delete_account(
        &self,
        password: &str,
        progress: impl Fn(Step),
    ) -> Result<(), DeleteAccountError> {
        self.confirm_password(password, &progress).await?;
        progress(Step::Contacting);
        self.env.delete_account().await.map_err(|error| {
            if error.leaves_doubt() {
                DeleteAccountError::Unconfirmed
            } else {
                DeleteAccountError::Server(error)
            }
        })
    }
}
