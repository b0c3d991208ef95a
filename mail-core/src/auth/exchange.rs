//! The OPAQUE exchanges that every flow here is made of.

use crate::account::OpenAccountError;
use crate::api::{ApiError, LoginAnswer};
use crate::env::{Env, Randomness};
use crate::error::CodedError;
use crate::transport::Transport;
use crate::views::Step;
use smail_crypto_core::opaque::{
    ClientLogin, ClientRegistration, LoginError, RegisterError, Registered,
};
use smail_crypto_core::{CredentialSecret, ExportKey, Identity, KsfError, KsfParameters};
use smail_protocol::{
    CredentialKind, LoginFinishRequest, LoginStartRequest, MalformedUsername,
    RegisterStartResponse, Username, WrappedCredential,
};

/// Why an exchange with the server failed, whichever flow it was part of.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// The server's part failed.
    #[error(transparent)]
    Server(#[from] ApiError),
    /// The server asks for a key stretching that is too weak to be safe, or too expensive to be meant well.
    #[error(
        "The server asks for an unsafe way to protect the password. Do not go on, and tell whoever runs it."
    )]
    UnsafeParameters(#[source] KsfError),
    /// The server's OPAQUE message is not one.
    #[error(
        "The server's answer could not be understood. Reload the page; if it stays so, tell whoever runs the server."
    )]
    Dishonest,
    /// The device could not do the work.
    #[error(
        "This device could not process the password: it may be short of memory. Close other programs and try again."
    )]
    Device,
    /// The account's keys did not open.
    #[error(transparent)]
    Account(#[from] OpenAccountError),
}

impl CodedError for ExchangeError {
    fn code(&self) -> &'static str {
        match self {
            Self::Server(error) => error.code(),
            Self::UnsafeParameters(error) => error.code(),
            Self::Dishonest => "dishonest-server",
            Self::Device => "device-too-weak",
            Self::Account(error) => error.code(),
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Server(error) => error.retry_after_s(),
            _ => None,
        }
    }
}

impl From<RegisterError> for ExchangeError {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Stretching => Self::Device,
            _ => Self::Dishonest,
        }
    }
}

/// How a login ended that did not pass.
pub(super) enum LoginRefused {
    /// Wrong name or secret; which, is not told.
    Credentials,
    /// Something else.
    Failed(ExchangeError),
}

impl<E: Into<ExchangeError>> From<E> for LoginRefused {
    fn from(error: E) -> Self {
        match error.into() {
            ExchangeError::Server(refused)
                if refused.is(smail_protocol::ProblemCode::LoginFailed) =>
            {
                Self::Credentials
            }
            other => Self::Failed(other),
        }
    }
}

/// Where a flow tells how far it is.
pub(super) type Progress<'a> = &'a dyn Fn(Step);

/// Logs in by this credential. Gives the account as the server has it, or what it asks for first, and the export key.
pub(super) async fn log_in<T: Transport, R: Randomness>(
    env: &Env<T, R>,
    who: &Login<'_>,
    progress: Progress<'_>,
) -> Result<(LoginAnswer, ExportKey), LoginRefused> {
    progress(Step::Contacting);
    let (state, ke1) = env
        .with_rng(|rng| ClientLogin::start(who.secret, rng))
        .map_err(|_| ExchangeError::Device)?;
    let request = LoginStartRequest {
        username: who.username.clone(),
        credential: who.kind,
        ke1: ke1.into(),
    };
    let answer = env.login_start(&request).await?;
    let ksf = checked_ksf(answer.ksf)?;
    progress(Step::StretchingPassword);
    let identity = identity(who.username, who.domain);
    let finished =
        env.with_rng(|rng| state.finish(who.secret, answer.ke2.as_slice(), &identity, ksf, rng));
    let logged_in = finished.map_err(|error| match error {
        LoginError::WrongPassword => LoginRefused::Credentials,
        LoginError::Stretching => LoginRefused::Failed(ExchangeError::Device),
        _ => LoginRefused::Failed(ExchangeError::Dishonest),
    })?;
    progress(Step::Contacting);
    let request = LoginFinishRequest {
        login_id: answer.login_id,
        ke3: logged_in.ke3.into(),
    };
    Ok((env.login_finish(&request).await?, logged_in.export_key))
}

/// Who logs in, and by what.
pub(super) struct Login<'a> {
    pub(super) username: &'a Username,
    pub(super) domain: &'a str,
    pub(super) kind: CredentialKind,
    pub(super) secret: CredentialSecret<'a>,
}

/// A registration that has been started: its state, and what to send.
pub(super) fn start_registration<T: Transport, R: Randomness>(
    env: &Env<T, R>,
    secret: CredentialSecret<'_>,
) -> Result<(ClientRegistration, Vec<u8>), ExchangeError> {
    Ok(env.with_rng(|rng| ClientRegistration::start(secret, rng))?)
}

/// Finishes a registration with the server's answer. Stretches the secret.
pub(super) fn finish_registration<T: Transport, R: Randomness>(
    env: &Env<T, R>,
    state: ClientRegistration,
    secret: CredentialSecret<'_>,
    answer: &RegisterStartResponse,
    identity: &Identity<'_>,
) -> Result<Registered, ExchangeError> {
    let ksf = checked_ksf(answer.ksf)?;
    let response = answer.registration_response.as_slice();
    Ok(env.with_rng(|rng| state.finish(secret, response, identity, ksf, rng))?)
}

/// A credential as the server keeps it.
pub(super) fn wrapped_credential(
    answer: &RegisterStartResponse,
    record: Vec<u8>,
    wrapped_account_key: Vec<u8>,
) -> WrappedCredential {
    WrappedCredential {
        registration_record: record.into(),
        ksf: answer.ksf,
        wrapped_account_key: wrapped_account_key.into(),
    }
}

/// The client's and the server's names in OPAQUE.
pub(super) fn identity<'a>(username: &'a Username, domain: &'a str) -> Identity<'a> {
    Identity {
        username: username.as_str(),
        domain,
    }
}

fn checked_ksf(ksf: smail_protocol::KsfParameters) -> Result<KsfParameters, ExchangeError> {
    KsfParameters::checked(ksf.memory_kib, ksf.iterations, ksf.parallelism)
        .map_err(ExchangeError::UnsafeParameters)
}

/// The sentence for a text that is no user name.
pub(super) fn username_sentence(error: MalformedUsername) -> String {
    match error {
        MalformedUsername::TooShort | MalformedUsername::TooLong => {
            use smail_protocol::limits::{MAX_USERNAME_CHARS, MIN_USERNAME_CHARS};
            format!("A user name has {MIN_USERNAME_CHARS} to {MAX_USERNAME_CHARS} characters.")
        }
        MalformedUsername::Character => {
            "A user name is made of the letters a to z, digits, dots, hyphens and underscores."
                .to_owned()
        }
        _ => "A user name begins and ends with a letter or digit and has no two dots in a row."
            .to_owned(),
    }
}
