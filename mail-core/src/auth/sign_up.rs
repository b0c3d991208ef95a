//! Making an account: keys, certificate, password credential and mailboxes, in one step at the server.

use super::exchange::{
    ExchangeError, finish_registration, identity, start_registration, username_sentence,
    wrapped_credential,
};
use super::policy::{NewPasswordError, new_password};
use crate::account::{Account, keyring_binding, owner};
use crate::api::ApiError;
use crate::client::Client;
use crate::env::{Env, Randomness};
use crate::error::CodedError;
use crate::folders::{ROLES, first_mailbox_id};
use crate::transport::Transport;
use crate::views::{FolderRole, Step};
use smail_crypto_core::openpgp::TransferableSecretKey;
use smail_crypto_core::{AccountKey, ExportKey, Password, UnixSeconds, envelope};
use smail_protocol::{
    AccountId, MalformedUsername, ProblemCode, RegisterFinishRequest, RegisterStartRequest,
    RegisterStartResponse, Username,
};

/// What a person enters to sign up.
pub struct SignUp<'a> {
    /// User name.
    pub username: &'a str,
    /// Password. Secret; the caller wipes its own copy.
    pub password: &'a str,
}

impl std::fmt::Debug for SignUp<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SignUp(..)")
    }
}

/// Why a sign-up failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignUpError {
    /// Not a user name.
    #[error("{}", username_sentence(*.0))]
    Username(#[source] MalformedUsername),
    /// The name is taken.
    #[error("This name is taken. Choose another.")]
    UsernameTaken,
    /// Not a password to start with.
    #[error(transparent)]
    Password(NewPasswordError),
    /// The keys could not be made.
    #[error("This device could not make the account's keys. Reload the page and try again.")]
    Keys,
    /// The last answer was lost: the account may be there.
    #[error(
        "The connection was lost at the last step, and the account may exist already. Try to log in; if that fails, sign up again."
    )]
    Unconfirmed,
    /// The exchange with the server failed.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
}

impl CodedError for SignUpError {
    fn code(&self) -> &'static str {
        match self {
            Self::Username(_) => "malformed-username",
            Self::UsernameTaken => "username-taken",
            Self::Password(error) => error.code(),
            Self::Keys => "keys-not-made",
            Self::Unconfirmed => "sign-up-unconfirmed",
            Self::Exchange(error) => error.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Username(_) | Self::UsernameTaken => Some("username"),
            Self::Password(_) => Some("password"),
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

impl From<ApiError> for SignUpError {
    fn from(error: ApiError) -> Self {
        if error.is(ProblemCode::UsernameTaken) {
            Self::UsernameTaken
        } else {
            Self::Exchange(error.into())
        }
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Makes an account and opens it.
    ///
    /// # Errors
    /// [`SignUpError`]. No account was made, but for [`SignUpError::Unconfirmed`].
    pub async fn sign_up(
        env: Env<T, R>,
        who: &SignUp<'_>,
        progress: impl Fn(Step),
    ) -> Result<Self, SignUpError> {
        let username: Username = who.username.trim().parse().map_err(SignUpError::Username)?;
        let password = new_password(who.password, &username).map_err(SignUpError::Password)?;
        progress(Step::Contacting);
        let domain = env.server_info().await?.domain;
        let (answer, record, export_key) =
            register(&env, &username, &domain, &password, &progress).await?;
        progress(Step::MakingKeys);
        let made = NewAccount::make(&env, &username, &domain)?;
        let request = made.request(&env, &username, &answer, record, &export_key)?;
        progress(Step::Contacting);
        let view = env.register_finish(&request).await.map_err(|error| {
            if error.leaves_doubt() {
                SignUpError::Unconfirmed
            } else {
                error.into()
            }
        })?;
        let account = Account::open(&view, &domain, made.key).map_err(ExchangeError::from)?;
        // The account is there; logging in goes on from here.
        let client = Self::start(env, account, &view)
            .await
            .map_err(|_| SignUpError::Unconfirmed)?;
        // What fails here is made good when folders are asked for the next time.
        drop(client.folder_map().await);
        Ok(client)
    }
}

async fn register<T: Transport, R: Randomness>(
    env: &Env<T, R>,
    username: &Username,
    domain: &str,
    password: &Password,
    progress: &dyn Fn(Step),
) -> Result<(RegisterStartResponse, Vec<u8>, ExportKey), SignUpError> {
    let (state, request) = start_registration(env, password.into())?;
    let request = RegisterStartRequest {
        username: username.clone(),
        registration_request: request.into(),
    };
    let answer = env.register_start(&request).await?;
    progress(Step::StretchingPassword);
    let registered = finish_registration(
        env,
        state,
        password.into(),
        &answer,
        &identity(username, domain),
    )?;
    Ok((answer, registered.record, registered.export_key))
}

/// The keys of an account that is being made.
struct NewAccount {
    id: AccountId,
    key: AccountKey,
    secret_key: TransferableSecretKey,
}

impl NewAccount {
    fn make<T: Transport, R: Randomness>(
        env: &Env<T, R>,
        username: &Username,
        domain: &str,
    ) -> Result<Self, SignUpError> {
        let now = UnixSeconds::from_ms(env.now_ms());
        let address = format!("{username}@{domain}");
        let key = env.with_rng(|rng| AccountKey::generate(rng));
        let secret_key = env
            .with_rng(|rng| TransferableSecretKey::generate(&address, now, rng))
            .map_err(|_| SignUpError::Keys)?;
        Ok(Self {
            id: AccountId::from_bytes(env.random_id()),
            key,
            secret_key,
        })
    }

    fn request<T: Transport, R: Randomness>(
        &self,
        env: &Env<T, R>,
        username: &Username,
        answer: &RegisterStartResponse,
        record: Vec<u8>,
        export_key: &ExportKey,
    ) -> Result<RegisterFinishRequest, SignUpError> {
        let keyring = self.secret_key.to_bytes().map_err(|_| SignUpError::Keys)?;
        let binding = keyring_binding(self.id);
        let sealed_keyring =
            env.with_rng(|rng| envelope::seal(&self.key.keyring_key(), &binding, &keyring, rng));
        let wrapped = env.with_rng(|rng| {
            self.key
                .wrap_under_export_key(export_key, owner(self.id), rng)
        });
        Ok(RegisterFinishRequest {
            username: username.clone(),
            account_id: self.id,
            credential: wrapped_credential(answer, record, wrapped.map_err(|_| SignUpError::Keys)?),
            certificate: self.secret_key.certificate().to_bytes().into(),
            sealed_keyring: sealed_keyring.map_err(|_| SignUpError::Keys)?.into(),
            mailboxes: ROLES
                .iter()
                .map(|role| first_mailbox_id(&self.key, *role))
                .collect(),
            inbox: first_mailbox_id(&self.key, FolderRole::Inbox),
        })
    }
}
