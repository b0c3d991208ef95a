//! Logging in with the password.

use super::exchange::{ExchangeError, Login, LoginRefused, log_in, username_sentence};
use super::policy::password_sentence;
use crate::account::{Account, OpenAccountError, owner};
use crate::client::Client;
use crate::env::{Env, Randomness};
use crate::error::CodedError;
use crate::transport::Transport;
use crate::views::Step;
use smail_crypto_core::{AccountKey, Password, PasswordError};
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
            Self::Exchange(error) => error.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Username(_) => Some("username"),
            Self::Password(_) | Self::WrongCredentials => Some("password"),
            Self::Exchange(_) => None,
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
    /// Logs in and opens the account.
    ///
    /// # Errors
    /// [`LogInError`].
    pub async fn log_in(
        env: Env<T, R>,
        who: &LogIn<'_>,
        progress: impl Fn(Step),
    ) -> Result<Self, LogInError> {
        let username: Username = who.username.trim().parse().map_err(LogInError::Username)?;
        let password = Password::new(who.password).map_err(LogInError::Password)?;
        let domain = env.server_info().await.map_err(ExchangeError::from)?.domain;
        let login = Login {
            username: &username,
            domain: &domain,
            kind: CredentialKind::Password,
            secret: (&password).into(),
        };
        let (view, export_key) = log_in(&env, &login, &progress).await?;
        progress(Step::OpeningKeys);
        let wrapped = view.wrapped_account_key.as_slice();
        let key = AccountKey::unwrap_with_export_key(&export_key, owner(view.account_id), wrapped)
            .map_err(|error| ExchangeError::from(OpenAccountError::AccountKey(error)))?;
        let account = Account::open(&view, &domain, key).map_err(ExchangeError::from)?;
        Ok(Self::start(env, account, &view)
            .await
            .map_err(ExchangeError::from)?)
    }
}
