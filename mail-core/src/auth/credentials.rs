//! Changing how one logs in, in an open account: a new password, a recovery code, and the fresh log-in that both want.

use super::exchange::{
    ExchangeError, Login, LoginRefused, finish_registration, identity, log_in, start_registration,
    wrapped_credential,
};
use super::policy::{NewPasswordError, new_password, password_sentence};
use crate::api::{ApiError, LoginAnswer};
use crate::client::Client;
use crate::env::Randomness;
use crate::error::CodedError;
use crate::transport::Transport;
use crate::views::Step;
use smail_crypto_core::envelope::SealError;
use smail_crypto_core::{CredentialSecret, ExportKey, Password, PasswordError, RecoveryCode};
use smail_protocol::{CredentialKind, ProblemCode};
use zeroize::Zeroizing;

/// A recovery code, to show and print once. Secret: whoever has it has the account.
pub struct RecoveryKit {
    /// The code in groups.
    pub code: Zeroizing<String>,
}

impl std::fmt::Debug for RecoveryKit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryKit(..)")
    }
}

/// Why a credential could not be changed. The old one stays in force, but for [`Self::Unconfirmed`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeCredentialError {
    /// The password entered now is none.
    #[error("{}", password_sentence(*.0))]
    CurrentPassword(#[source] PasswordError),
    /// The password entered now is not the account's.
    #[error("The current password is not right.")]
    WrongPassword,
    /// Not a password to change to.
    #[error(transparent)]
    NewPassword(NewPasswordError),
    /// The session has ended meanwhile: a log-in would ask for the second factor.
    #[error("You have been logged out. Log in again to go on.")]
    SessionEnded,
    /// The log-in is too long ago for such a change.
    #[error("Enter your password again first: this needs a log-in of the last few minutes.")]
    FreshLoginRequired,
    /// The last answer was lost: the change may have been made.
    #[error(
        "The connection was lost at the last step. Either the old or the new one is in force: try again."
    )]
    Unconfirmed,
    /// The key could not be wrapped.
    #[error("This device could not protect the account's key. Reload the page and try again.")]
    Wrap(#[source] SealError),
    /// The exchange with the server failed.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
}

impl CodedError for ChangeCredentialError {
    fn code(&self) -> &'static str {
        match self {
            Self::CurrentPassword(error) => error.code(),
            Self::WrongPassword => "login-failed",
            Self::NewPassword(error) => error.code(),
            Self::SessionEnded => "no-session",
            Self::FreshLoginRequired => "fresh-login-required",
            Self::Unconfirmed => "change-unconfirmed",
            Self::Wrap(error) => error.code(),
            Self::Exchange(error) => error.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::CurrentPassword(_) | Self::WrongPassword => Some("currentPassword"),
            Self::NewPassword(_) => Some("newPassword"),
            _ => None,
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Exchange(error) => error.retry_after_s(),
            _ => None,
        }
    }
}

impl From<LoginRefused> for ChangeCredentialError {
    fn from(refused: LoginRefused) -> Self {
        match refused {
            LoginRefused::Credentials => Self::WrongPassword,
            LoginRefused::Failed(error) => Self::Exchange(error),
        }
    }
}

impl From<ApiError> for ChangeCredentialError {
    fn from(error: ApiError) -> Self {
        if error.is(ProblemCode::FreshLoginRequired) {
            Self::FreshLoginRequired
        } else {
            Self::Exchange(error.into())
        }
    }
}

/// The secret to be registered, and the key that wraps the account key beside it.
pub(super) enum NewCredential<'a> {
    Password(&'a Password),
    Recovery(&'a RecoveryCode),
}

impl NewCredential<'_> {
    const fn kind(&self) -> CredentialKind {
        match self {
            Self::Password(_) => CredentialKind::Password,
            Self::Recovery(_) => CredentialKind::Recovery,
        }
    }

    fn secret(&self) -> CredentialSecret<'_> {
        match self {
            Self::Password(password) => CredentialSecret::Password(password),
            Self::Recovery(code) => CredentialSecret::RecoveryCode(code),
        }
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Logs in again, as changes of credentials want. The session becomes a new one.
    ///
    /// # Errors
    /// [`ChangeCredentialError`].
    pub async fn confirm_password(
        &self,
        current: &str,
        progress: impl Fn(Step),
    ) -> Result<(), ChangeCredentialError> {
        let current = Password::new(current).map_err(ChangeCredentialError::CurrentPassword)?;
        let login = Login {
            username: &self.account.username,
            domain: &self.account.domain,
            kind: CredentialKind::Password,
            secret: (&current).into(),
        };
        let (answer, _) = log_in(&self.env, &login, &progress).await?;
        // Who has a live session is not asked for the second factor again.
        let LoginAnswer::Open(view) = answer else {
            return Err(ChangeCredentialError::SessionEnded);
        };
        self.account.session_id.set(view.session_id);
        self.carry_resume_over().await
    }

    /// Changes the password. All other sessions end.
    ///
    /// # Errors
    /// [`ChangeCredentialError`].
    pub async fn change_password(
        &self,
        current: &str,
        new: &str,
        progress: impl Fn(Step),
    ) -> Result<(), ChangeCredentialError> {
        let new = new_password(new, &self.account.username)
            .map_err(ChangeCredentialError::NewPassword)?;
        self.confirm_password(current, &progress).await?;
        self.set_credential(&NewCredential::Password(&new), &progress)
            .await
    }

    /// Makes a recovery code and sets it; an older one ends. The code is shown once and kept nowhere.
    ///
    /// # Errors
    /// [`ChangeCredentialError`].
    pub async fn make_recovery_kit(
        &self,
        progress: impl Fn(Step),
    ) -> Result<RecoveryKit, ChangeCredentialError> {
        let code = self.env.with_rng(|rng| RecoveryCode::generate(rng));
        self.set_credential(&NewCredential::Recovery(&code), &progress)
            .await?;
        self.account.has_recovery.set(true);
        // EXPOSE: shown to its owner, once.
        Ok(RecoveryKit {
            code: code.expose_text(),
        })
    }

    /// Registers a credential and wraps the account key beside it.
    pub(super) async fn set_credential(
        &self,
        credential: &NewCredential<'_>,
        progress: &dyn Fn(Step),
    ) -> Result<(), ChangeCredentialError> {
        progress(Step::Contacting);
        let (state, request) = start_registration(&self.env, credential.secret())?;
        let answer = self
            .env
            .credential_start(credential.kind(), request.into())
            .await?;
        progress(Step::StretchingPassword);
        let identity = identity(&self.account.username, &self.account.domain);
        let registered =
            finish_registration(&self.env, state, credential.secret(), &answer, &identity)?;
        let wrapped = self
            .wrap_account_key(credential, &registered.export_key)
            .map_err(ChangeCredentialError::Wrap)?;
        progress(Step::Contacting);
        let request = wrapped_credential(&answer, registered.record, wrapped);
        self.env
            .credential_write(credential.kind(), &request)
            .await
            .map_err(|error| {
                if error.leaves_doubt() {
                    ChangeCredentialError::Unconfirmed
                } else {
                    error.into()
                }
            })
    }

    fn wrap_account_key(
        &self,
        credential: &NewCredential<'_>,
        export_key: &ExportKey,
    ) -> Result<Vec<u8>, SealError> {
        let (key, owner) = (&self.account.key, self.account.owner());
        self.env.with_rng(|rng| match credential {
            NewCredential::Password(_) => key.wrap_under_export_key(export_key, owner, rng),
            NewCredential::Recovery(code) => key.wrap_under_recovery_code(code, owner, rng),
        })
    }

    /// Leaves with the new session what a reload needs, as the old one had it.
    async fn carry_resume_over(&self) -> Result<(), ChangeCredentialError> {
        let resume = self.memory.borrow().resume.clone();
        match resume {
            Some(resume) => Ok(self.env.resume_write(resume).await?),
            None => Ok(()),
        }
    }
}
