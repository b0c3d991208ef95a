//! The second step of a log-in: what is asked for after the password or the recovery code, when the account has a second
//! factor. Until it is proved the server has told nothing of the account.

use super::credentials::{ChangeCredentialError, NewCredential};
use super::exchange::ExchangeError;
use crate::account::{Account, OpenAccountError, owner};
use crate::api::{ApiError, LoginAnswer};
use crate::client::Client;
use crate::env::{Env, Randomness};
use crate::error::CodedError;
use crate::transport::Transport;
use crate::views::{FactorKind, PasskeyAnswer, PasskeyQuestion, SecondFactorAsked, Step};
use smail_crypto_core::{AccountKey, ExportKey, Password, RecoveryCode};
use smail_protocol::{
    AccountView, Bytes, FactorProof, PasskeyAskRequest, ProblemCode, SecondFactorRequest,
};

/// What a log-in has come to.
pub enum LogInOutcome<T, R> {
    /// The account is open.
    Open(Box<Client<T, R>>),
    /// The server asks for the second factor.
    SecondFactor(Box<PendingLogIn<T, R>>),
}

impl<T, R> std::fmt::Debug for LogInOutcome<T, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Open(_) => "Open(..)",
            Self::SecondFactor(_) => "SecondFactor(..)",
        })
    }
}

/// A log-in that waits for its second factor. Secret: it holds what opens the account's key.
pub struct PendingLogIn<T, R> {
    env: Env<T, R>,
    domain: String,
    unlock: Unlock,
    asked: smail_protocol::SecondFactorAsked,
}

impl<T, R> std::fmt::Debug for PendingLogIn<T, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PendingLogIn(..)")
    }
}

/// A proof as a person gives it. Secret.
pub enum Proof<'a> {
    /// What the authenticator app shows.
    Totp(&'a str),
    /// One of the recovery codes.
    RecoveryCode(&'a str),
    /// What a passkey has signed.
    Passkey(&'a PasskeyAnswer),
}

impl std::fmt::Debug for Proof<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proof(..)")
    }
}

/// A second step that did not pass.
pub struct NotProved<T, R> {
    /// The log-in, if it can be tried once more.
    pub login: Option<Box<PendingLogIn<T, R>>>,
    /// Why.
    pub error: SecondFactorError,
}

impl<T, R> std::fmt::Debug for NotProved<T, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("NotProved").field(&self.error).finish()
    }
}

/// Why a second step did not pass.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SecondFactorError {
    /// Not a code of the app, or not now, or one that was used.
    #[error("This code is not right, or it was used already. Wait for the next one and type that.")]
    WrongCode,
    /// Not a code of an app at all.
    #[error("The code has six digits.")]
    MalformedCode,
    /// Not a recovery code, or one that was used.
    #[error("This recovery code is not right, or it was used already.")]
    WrongRecoveryCode,
    /// Not signed by one of the account's passkeys, or not what was asked for.
    #[error("This passkey was not accepted. Try again, or use another way.")]
    WrongPasskey,
    /// The account's passkeys were made for another address of the server, or were removed.
    #[error("None of your passkeys belongs to this address. Use a recovery code.")]
    NoPasskeyHere,
    /// Too late, or too many tries: the password is asked for anew.
    #[error("This took too long, or too many codes were wrong. Log in again with your password.")]
    Expired,
    /// The account is open, and the new password could not be set.
    #[error("The recovery code is right, but the new password could not be set. {0}")]
    NewPassword(#[source] ChangeCredentialError),
    /// The exchange with the server failed.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
}

impl CodedError for SecondFactorError {
    fn code(&self) -> &'static str {
        match self {
            Self::WrongCode | Self::WrongRecoveryCode => "second-factor-failed",
            Self::WrongPasskey => "passkey-refused",
            Self::NoPasskeyHere => "passkey-elsewhere",
            Self::MalformedCode => "second-factor-malformed",
            Self::Expired => "second-factor-expired",
            Self::NewPassword(error) => error.code(),
            Self::Exchange(error) => error.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::WrongCode | Self::WrongRecoveryCode | Self::MalformedCode => Some("code"),
            _ => None,
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::NewPassword(error) => error.retry_after_s(),
            Self::Exchange(error) => error.retry_after_s(),
            _ => None,
        }
    }
}

impl From<UnlockError> for SecondFactorError {
    fn from(error: UnlockError) -> Self {
        match error {
            UnlockError::Exchange(error) => Self::Exchange(error),
            UnlockError::NewPassword(error) => Self::NewPassword(error),
        }
    }
}

impl<T: Transport, R: Randomness> PendingLogIn<T, R> {
    /// What the server asks for.
    #[must_use]
    pub fn asked(&self) -> SecondFactorAsked {
        SecondFactorAsked {
            kinds: self
                .asked
                .kinds
                .iter()
                .copied()
                .map(FactorKind::from)
                .collect(),
            expires_in_s: self.asked.expires_in_s,
        }
    }

    /// Asks for what a passkey is to sign. What was asked before counts no more.
    ///
    /// # Errors
    /// [`SecondFactorError`].
    pub async fn ask_passkey(&self) -> Result<PasskeyQuestion, SecondFactorError> {
        let request = PasskeyAskRequest {
            pending_login: self.asked.pending_login,
        };
        let asked = self.env.login_passkey(&request).await;
        asked.map(Into::into).map_err(|refused| {
            if refused.is(ProblemCode::SecondFactorExpired) {
                SecondFactorError::Expired
            } else if refused.is(ProblemCode::NotFound) || refused.is(ProblemCode::InvalidValue) {
                SecondFactorError::NoPasskeyHere
            } else {
                ExchangeError::from(refused).into()
            }
        })
    }

    /// Proves the second factor and opens the account.
    ///
    /// # Errors
    /// [`NotProved`], with the log-in again when it can be tried once more.
    pub async fn prove(
        self: Box<Self>,
        proof: &Proof<'_>,
        progress: impl Fn(Step),
    ) -> Result<Client<T, R>, NotProved<T, R>> {
        let Some(wire) = wire_proof(proof) else {
            let error = match proof {
                Proof::Passkey(_) => SecondFactorError::WrongPasskey,
                _ => SecondFactorError::MalformedCode,
            };
            return Err(NotProved {
                login: Some(self),
                error,
            });
        };
        progress(Step::Contacting);
        let request = SecondFactorRequest {
            pending_login: self.asked.pending_login,
            proof: wire,
        };
        match self.env.login_second_factor(&request).await {
            Ok(view) => {
                let Self {
                    env,
                    domain,
                    unlock,
                    ..
                } = *self;
                let opened = unlock.open(env, &domain, &view, &progress).await;
                opened.map_err(|error| NotProved {
                    login: None,
                    error: error.into(),
                })
            }
            Err(refused) => {
                let error = refusal(refused, proof);
                let is_over = matches!(error, SecondFactorError::Expired);
                Err(NotProved {
                    login: (!is_over).then_some(self),
                    error,
                })
            }
        }
    }
}

fn refusal(refused: ApiError, proof: &Proof<'_>) -> SecondFactorError {
    if refused.is(ProblemCode::SecondFactorExpired) || refused.is(ProblemCode::LoginFailed) {
        SecondFactorError::Expired
    } else if refused.is(ProblemCode::SecondFactorFailed) {
        match proof {
            Proof::RecoveryCode(_) => SecondFactorError::WrongRecoveryCode,
            Proof::Totp(_) => SecondFactorError::WrongCode,
            Proof::Passkey(_) => SecondFactorError::WrongPasskey,
        }
    } else {
        ExchangeError::from(refused).into()
    }
}

/// The proof as it goes over the wire; none when it cannot be one.
fn wire_proof(proof: &Proof<'_>) -> Option<FactorProof> {
    Some(match proof {
        Proof::Totp(typed) => FactorProof::Totp {
            code: app_code(typed)?,
        },
        Proof::RecoveryCode(typed) => FactorProof::RecoveryCode {
            code: typed.trim().to_owned(),
        },
        Proof::Passkey(answer) => signed(answer)?,
    })
}

fn signed(answer: &PasskeyAnswer) -> Option<FactorProof> {
    let octets = |text: &str| Bytes::parse(text).ok();
    Some(FactorProof::Passkey {
        credential_id: octets(&answer.credential_id)?,
        client_data: octets(&answer.client_data)?,
        authenticator_data: octets(&answer.authenticator_data)?,
        signature: octets(&answer.signature)?,
        user_handle: match &answer.user_handle {
            Some(handle) => Some(octets(handle)?),
            None => None,
        },
    })
}

/// A code of an app as typed: blanks between the digits do not matter.
pub(super) fn app_code(typed: &str) -> Option<String> {
    let code: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    (code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit())).then_some(code)
}

/// What opens an account's key once the server has given it. Secret.
pub(super) enum Unlock {
    /// The password was proved: its export key.
    Password(ExportKey),
    /// The recovery code was proved; and the password from now on.
    Recovery(RecoveryCode, Password),
}

/// Why an account did not open although the login passed.
pub(super) enum UnlockError {
    Exchange(ExchangeError),
    NewPassword(ChangeCredentialError),
}

impl<E: Into<ExchangeError>> From<E> for UnlockError {
    fn from(error: E) -> Self {
        Self::Exchange(error.into())
    }
}

impl Unlock {
    /// Goes on from the server's answer to a right password or recovery code.
    pub(super) async fn after<T: Transport, R: Randomness>(
        self,
        env: Env<T, R>,
        domain: String,
        answer: LoginAnswer,
        progress: &dyn Fn(Step),
    ) -> Result<LogInOutcome<T, R>, UnlockError> {
        match answer {
            LoginAnswer::Open(view) => {
                let client = self.open(env, &domain, &view, progress).await?;
                Ok(LogInOutcome::Open(Box::new(client)))
            }
            LoginAnswer::SecondFactor(asked) => {
                Ok(LogInOutcome::SecondFactor(Box::new(PendingLogIn {
                    env,
                    domain,
                    unlock: self,
                    asked,
                })))
            }
        }
    }

    /// Opens the account; after a recovery the new password is set, too, and all other sessions end.
    pub(super) async fn open<T: Transport, R: Randomness>(
        self,
        env: Env<T, R>,
        domain: &str,
        view: &AccountView,
        progress: &dyn Fn(Step),
    ) -> Result<Client<T, R>, UnlockError> {
        progress(Step::OpeningKeys);
        let (owner, wrapped) = (owner(view.account_id), view.wrapped_account_key.as_slice());
        let key = match &self {
            Self::Password(export_key) => {
                AccountKey::unwrap_with_export_key(export_key, owner, wrapped)
            }
            Self::Recovery(code, _) => AccountKey::unwrap_with_recovery_code(code, owner, wrapped),
        };
        let key = key.map_err(OpenAccountError::AccountKey)?;
        let account = Account::open(view, domain, key)?;
        let client = Client::start(env, account, view).await?;
        if let Self::Recovery(_, password) = &self {
            client
                .set_credential(&NewCredential::Password(password), progress)
                .await
                .map_err(UnlockError::NewPassword)?;
        }
        Ok(client)
    }
}
