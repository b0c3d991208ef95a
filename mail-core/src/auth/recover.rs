//! "Forgot password": logging in with the recovery code and setting a new password.

use super::credentials::{ChangeCredentialError, NewCredential};
use super::exchange::{ExchangeError, Login, LoginRefused, log_in, username_sentence};
use super::policy::{NewPasswordError, new_password};
use crate::account::{Account, OpenAccountError, owner};
use crate::client::Client;
use crate::env::{Env, Randomness};
use crate::error::CodedError;
use crate::transport::Transport;
use crate::views::Step;
use smail_crypto_core::{AccountKey, RecoveryCode, RecoveryCodeError};
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
            Self::Password(error) => error.code(),
            Self::Exchange(error) => error.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Username(_) => Some("username"),
            Self::RecoveryCode(_) | Self::WrongCode => Some("recoveryCode"),
            Self::NewPassword(_) => Some("newPassword"),
            Self::Password(_) | Self::Exchange(_) => None,
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
    /// Logs in with the recovery code, opens the account and sets the new password. All other sessions end.
    ///
    /// # Errors
    /// [`RecoverError`].
    pub async fn recover(
        env: Env<T, R>,
        who: &Recover<'_>,
        progress: impl Fn(Step),
    ) -> Result<Self, RecoverError> {
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
        let (view, _) = log_in(&env, &login, &progress).await?;
        progress(Step::OpeningKeys);
        let wrapped = view.wrapped_account_key.as_slice();
        let key = AccountKey::unwrap_with_recovery_code(&code, owner(view.account_id), wrapped)
            .map_err(|error| ExchangeError::from(OpenAccountError::AccountKey(error)))?;
        let account = Account::open(&view, &domain, key).map_err(ExchangeError::from)?;
        let client = Self::start(env, account, &view)
            .await
            .map_err(ExchangeError::from)?;
        client
            .set_credential(&NewCredential::Password(&password), &progress)
            .await
            .map_err(RecoverError::Password)?;
        Ok(client)
    }
}
