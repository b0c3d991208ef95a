//! Logging in with the password.

use super::exchange::{ExchangeError, Login, LoginRefused, log_in, username_sentence};
use super::policy::password_sentence;
use super::second_step::{LogInOutcome, Unlock, UnlockError};
use crate::client::Client;
use crate::env::{Env, Randomness};
use crate::error::CodedError;
use crate::transport::Transport;
use crate::views::Step;
use smail_crypto_core::{Password, PasswordError};
use smail_protocol::{CredentialKind, MalformedUsername, Username};

/// What a person enters to log in.
pub struct LogIn<'a> {
    /// User name.
    pub username: &'a str,
    /// Password. Secret; the caller wipes its own copy.
    pub password: &'a str,
}

impl std::fmt::Debug for LogIn<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LogIn(..)")
    }
}

/// Why a log-in failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogInError {
    /// Not a user name.
    #[error("{}", username_sentence(*.0))]
    Username(#[source] MalformedUsername),
    /// Not a password.
    #[error("{}", password_sentence(*.0))]
    Password(#[source] PasswordError),
    /// Wrong user name or password; which, nobody can tell.
    #[error("The user name or the password is not right. Check both and try again.")]
    WrongCredentials,
    /// Right so far; the account has a second factor.
    #[error("This account asks for a second step at log-in.")]
    SecondFactorRequired,
    /// The exchange with the server failed.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
}

impl CodedError for LogInError {
    fn code(&self) -> &'static str {
        match self {
            Self::Username(_) => "malformed-username",
            Self::Password(error) => error.code(),
            Self::WrongCredentials => "login-failed",
            Self::SecondFactorRequired => "second-factor-required",
            Self::Exchange(error) => error.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Username(_) => Some("username"),
            Self::Password(_) | Self::WrongCredentials => Some("password"),
            Self::SecondFactorRequired | Self::Exchange(_) => None,
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Exchange(error) => error.retry_after_s(),
            _ => None,
        }
    }
}

impl From<LoginRefused> for LogInError {
    fn from(refused: LoginRefused) -> Self {
        match refused {
            LoginRefused::Credentials => Self::WrongCredentials,
            LoginRefused::Failed(error) => Self::Exchange(error),
        }
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Logs in and opens the account, if it has no second factor.
    ///
    /// # Errors
    /// [`LogInError`].
    pub async fn log_in(
        env: Env<T, R>,
        who: &LogIn<'_>,
        progress: impl Fn(Step),
    ) -> Result<Self, LogInError> {
        match Self::begin_log_in(env, who, progress).await? {
            LogInOutcome::Open(client) => Ok(*client),
            LogInOutcome::SecondFactor(_) => Err(LogInError::SecondFactorRequired),
        }
    }

    /// Logs in, and opens the account unless the second factor is asked for.
    ///
    /// # Errors
    /// [`LogInError`].
    pub async fn begin_log_in(
        env: Env<T, R>,
        who: &LogIn<'_>,
        progress: impl Fn(Step),
    ) -> Result<LogInOutcome<T, R>, LogInError> {
        let username: Username = who.username.trim().parse().map_err(LogInError::Username)?;
        let password = Password::new(who.password).map_err(LogInError::Password)?;
        let domain = env.server_info().await.map_err(ExchangeError::from)?.domain;
        let login = Login {
            username: &username,
            domain: &domain,
            kind: CredentialKind::Password,
            secret: (&password).into(),
        };
        let (answer, export_key) = log_in(&env, &login, &progress).await?;
        let unlock = Unlock::Password(export_key);
        match unlock.after(env, domain, answer, &progress).await {
            Ok(outcome) => Ok(outcome),
            Err(UnlockError::Exchange(error)) => Err(error.into()),
            Err(UnlockError::NewPassword(_)) => Err(ExchangeError::Dishonest.into()),
        }
    }
}
