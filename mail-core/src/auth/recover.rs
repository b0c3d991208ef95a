//! "Forgot password": logging in with the recovery code and setting a new password.

use super::credentials::ChangeCredentialError;
use super::exchange::{ExchangeError, Login, LoginRefused, log_in, username_sentence};
use super::policy::{NewPasswordError, new_password};
use super::second_step::{LogInOutcome, Unlock, UnlockError};
use crate::client::Client;
use crate::env::{Env, Randomness};
use crate::error::CodedError;
use crate::transport::Transport;
use crate::views::Step;
use smail_crypto_core::{RecoveryCode, RecoveryCodeError};
use smail_protocol::{CredentialKind, MalformedUsername, Username};

/// What a person enters to recover an account.
pub struct Recover<'a> {
    /// User name.
    pub username: &'a str,
    /// The recovery code, as printed; spaces, hyphens and case do not matter. Secret.
    pub recovery_code: &'a str,
    /// The password from now on. Secret.
    pub new_password: &'a str,
}

impl std::fmt::Debug for Recover<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Recover(..)")
    }
}

/// Why an account could not be recovered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecoverError {
    /// Not a user name.
    #[error("{}", username_sentence(*.0))]
    Username(#[source] MalformedUsername),
    /// Not a recovery code: mistyped, most likely.
    #[error("{}", code_sentence(*.0))]
    RecoveryCode(#[source] RecoveryCodeError),
    /// Not a password to start with.
    #[error(transparent)]
    NewPassword(NewPasswordError),
    /// A well-formed code that is not this account's.
    #[error("The user name or the recovery code is not right. Check both and try again.")]
    WrongCode,
    /// The code was right, and the new password could not be set.
    #[error("The recovery code is right, but the new password could not be set. {0}")]
    Password(#[source] ChangeCredentialError),
    /// Right so far; the account has a second factor.
    #[error("This account asks for a second step at log-in.")]
    SecondFactorRequired,
    /// The exchange with the server failed.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
}

impl CodedError for RecoverError {
    fn code(&self) -> &'static str {
        match self {
            Self::Username(_) => "malformed-username",
            Self::RecoveryCode(error) => error.code(),
            Self::NewPassword(error) => error.code(),
            Self::WrongCode => "login-failed",
            Self::SecondFactorRequired => "second-factor-required",
            Self::Password(error) => error.code(),
            Self::Exchange(error) => error.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Username(_) => Some("username"),
            Self::RecoveryCode(_) | Self::WrongCode => Some("recoveryCode"),
            Self::NewPassword(_) => Some("newPassword"),
            Self::Password(_) | Self::SecondFactorRequired | Self::Exchange(_) => None,
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Exchange(error) => error.retry_after_s(),
            Self::Password(error) => error.retry_after_s(),
            _ => None,
        }
    }
}

impl From<LoginRefused> for RecoverError {
    fn from(refused: LoginRefused) -> Self {
        match refused {
            LoginRefused::Credentials => Self::WrongCode,
            LoginRefused::Failed(error) => Self::Exchange(error),
        }
    }
}

fn code_sentence(error: RecoveryCodeError) -> String {
    match error {
        RecoveryCodeError::WrongLength { .. } => {
            "This recovery code is not complete. Enter every group that is printed.".to_owned()
        }
        RecoveryCodeError::ForeignCharacter => {
            "A recovery code has letters and digits only.".to_owned()
        }
        _ => "There is a typing mistake in this recovery code. Compare it with the printed one."
            .to_owned(),
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Logs in with the recovery code, opens the account and sets the new password, if it has no second factor. All other
    /// sessions end.
    ///
    /// # Errors
    /// [`RecoverError`].
    pub async fn recover(
        env: Env<T, R>,
        who: &Recover<'_>,
        progress: impl Fn(Step),
    ) -> Result<Self, RecoverError> {
        match Self::begin_recovery(env, who, progress).await? {
            LogInOutcome::Open(client) => Ok(*client),
            LogInOutcome::SecondFactor(_) => Err(RecoverError::SecondFactorRequired),
        }
    }

    /// Logs in with the recovery code; then opens the account and sets the new password, unless the second factor is asked
    /// for.
    ///
    /// # Errors
    /// [`RecoverError`].
    pub async fn begin_recovery(
        env: Env<T, R>,
        who: &Recover<'_>,
        progress: impl Fn(Step),
    ) -> Result<LogInOutcome<T, R>, RecoverError> {
        let username: Username = who
            .username
            .trim()
            .parse()
            .map_err(RecoverError::Username)?;
        let code = RecoveryCode::parse(who.recovery_code).map_err(RecoverError::RecoveryCode)?;
        let password =
            new_password(who.new_password, &username).map_err(RecoverError::NewPassword)?;
        let domain = env.server_info().await.map_err(ExchangeError::from)?.domain;
        let login = Login {
            username: &username,
            domain: &domain,
            kind: CredentialKind::Recovery,
            secret: (&code).into(),
        };
        let (answer, _) = log_in(&env, &login, &progress).await?;
        let unlock = Unlock::Recovery(code, password);
        match unlock.after(env, domain, answer, &progress).await {
            Ok(outcome) => Ok(outcome),
            Err(UnlockError::Exchange(error)) => Err(error.into()),
            Err(UnlockError::NewPassword(error)) => Err(RecoverError::Password(error)),
        }
    }
}
