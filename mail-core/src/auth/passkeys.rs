//! Passkeys in an open account. The browser makes them, the server keeps their public keys; what their owner calls them is
//! sealed state that the server cannot read.

use crate::api::ApiError;
use crate::client::Client;
use crate::env::Randomness;
use crate::error::CodedError;
use crate::message::neutral_text;
use crate::state::StateError;
use crate::transport::Transport;
use crate::views::{FactorAdded, NewPasskey, Passkey, PasskeyCreation, SecondFactor};
use serde::{Deserialize, Serialize};
use smail_protocol::limits::MAX_PASSKEYS;
use smail_protocol::{Bytes, PasskeyId, PasskeyView, PasskeyWriteRequest, ProblemCode};
use std::collections::BTreeMap;

/// The state object's name.
const STATE_NAME: &str = "passkeys";
/// Version of what is written now.
const VERSION: u32 = 1;
/// Longest name, in characters.
const MAX_NAME_CHARS: usize = 60;

/// What passkeys are called, as sealed: id to name.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Names {
    version: u32,
    names: BTreeMap<String, String>,
}

/// Why passkeys were not changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PasskeyError {
    /// The log-in is too long ago for such a change.
    #[error("Enter your password again first: this needs a log-in of the last few minutes.")]
    FreshLoginRequired,
    /// A name is missing or too long.
    #[error("Give the passkey a name of up to {limit} characters.")]
    Unnamed {
        /// Most characters of a name.
        limit: usize,
    },
    /// There are too many.
    #[error("There is no room for more passkeys: at most {limit} are kept. Remove one first.")]
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// The account has this one already.
    #[error("This passkey is set up already.")]
    AlreadyThere,
    /// The page is at an address to which browsers bind no passkey.
    #[error(
        "Passkeys do not work at this address. Open S-Mail by its name, over a secure connection."
    )]
    NotHere,
    /// What the browser gave is not what was asked for.
    #[error("The server did not accept this passkey. Try again, or use another device.")]
    Refused,
    /// It took too long, or the server was started anew meanwhile.
    #[error("This took too long. Begin anew.")]
    TookTooLong,
    /// It was removed by another session meanwhile.
    #[error("Another session has changed this meanwhile. Look at it as it is now.")]
    Gone,
    /// The names could not be read or written.
    #[error(transparent)]
    Names(#[from] StateError),
    /// The server's part failed.
    #[error(transparent)]
    Server(ApiError),
}

impl CodedError for PasskeyError {
    fn code(&self) -> &'static str {
        match self {
            Self::FreshLoginRequired => "fresh-login-required",
            Self::Unnamed { .. } => "passkey-unnamed",
            Self::TooMany { .. } => "too-many-passkeys",
            Self::AlreadyThere => "already-exists",
            Self::NotHere => "passkey-elsewhere",
            Self::Refused => "passkey-refused",
            Self::TookTooLong => "second-factor-expired",
            Self::Gone => "not-found",
            Self::Names(error) => error.code(),
            Self::Server(error) => error.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Unnamed { .. } => Some("name"),
            _ => None,
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Names(error) => error.retry_after_s(),
            Self::Server(error) => error.retry_after_s(),
            _ => None,
        }
    }
}

impl From<ApiError> for PasskeyError {
    fn from(error: ApiError) -> Self {
        match (error.problem_code(), field_of(&error)) {
            (Some(ProblemCode::FreshLoginRequired), _) => Self::FreshLoginRequired,
            (Some(ProblemCode::NotFound), _) => Self::Gone,
            (Some(ProblemCode::AlreadyExists), _) => Self::AlreadyThere,
            (Some(ProblemCode::InvalidValue), Some("origin")) => Self::NotHere,
            (Some(ProblemCode::InvalidValue), Some("passkeys")) => Self::TooMany {
                limit: MAX_PASSKEYS,
            },
            (Some(ProblemCode::InvalidValue), _) => Self::Refused,
            _ => Self::Server(error),
        }
    }
}

/// Which member of the request, or which part of what surrounds it, was refused.
fn field_of(error: &ApiError) -> Option<&str> {
    match error {
        ApiError::Refused(problem) => problem.field.as_deref(),
        _ => None,
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Begins to add a passkey: what the browser is to be asked for. Nothing is kept of it before [`Client::add_passkey`].
    ///
    /// # Errors
    /// [`PasskeyError`].
    pub async fn new_passkey(&self) -> Result<PasskeyCreation, PasskeyError> {
        let started = self.env.passkey_start().await?;
        Ok(PasskeyCreation {
            passkey_id: started.passkey_id.to_string(),
            challenge: started.challenge.to_string(),
            rp_id: started.rp_id,
            user_handle: started.user_handle.to_string(),
            user_name: self.account.address(),
            algorithms: started.algorithms,
            passkeys: started.passkeys.into_iter().map(Into::into).collect(),
            expires_in_s: started.expires_in_s,
        })
    }

    /// Adds a passkey that the browser has made. From the next log-in on it is asked for. Its name is written first: a passkey
    /// that is there has one.
    ///
    /// # Errors
    /// [`PasskeyError`].
    pub async fn add_passkey(&self, new: &NewPasskey) -> Result<FactorAdded, PasskeyError> {
        let (id, name) = (read_id(&new.passkey_id)?, read_name(&new.name)?);
        let octets = |text: &str| Bytes::parse(text).map_err(|_| PasskeyError::Refused);
        let request = PasskeyWriteRequest {
            client_data: octets(&new.client_data)?,
            attestation: octets(&new.attestation)?,
            transports: new.transports.clone(),
        };
        let there = self.env.second_factor().await?;
        self.change_state(STATE_NAME, |names: &mut Names| {
            names.keep_those_of(&there.passkeys);
            names.set(id, &name)
        })
        .await?;
        match self
            .env
            .passkey_write(id, &request)
            .await
            .map_err(Into::into)
        {
            Ok(added) => Ok(self.added(added)),
            Err(PasskeyError::Gone) => Err(PasskeyError::TookTooLong),
            Err(error) => Err(error),
        }
    }

    /// Calls a passkey something else.
    ///
    /// # Errors
    /// [`PasskeyError`].
    pub async fn rename_passkey(
        &self,
        passkey: &str,
        name: &str,
    ) -> Result<SecondFactor, PasskeyError> {
        let (id, name) = (read_id(passkey)?, read_name(name)?);
        let there = self.env.second_factor().await?;
        if !there.passkeys.iter().any(|it| it.passkey_id == id) {
            return Err(PasskeyError::Gone);
        }
        self.change_state(STATE_NAME, |names: &mut Names| {
            let has_forgotten = names.keep_those_of(&there.passkeys);
            names.set(id, &name) || has_forgotten
        })
        .await?;
        Ok(self.factor_noted(&there))
    }

    /// Removes a passkey; the recovery codes go with the last factor. Its name goes when names are written next.
    ///
    /// # Errors
    /// [`PasskeyError`].
    pub async fn remove_passkey(&self, passkey: &str) -> Result<SecondFactor, PasskeyError> {
        let left = self.env.passkey_remove(read_id(passkey)?).await?;
        Ok(self.factor_noted(&left))
    }

    /// Passkeys with what they are called; names that cannot be read keep nobody from removing a passkey.
    pub(super) fn named(&self, passkeys: &[PasskeyView]) -> Vec<Passkey> {
        let kept = self.state::<Names>(STATE_NAME).ok().flatten();
        let names = kept.unwrap_or_default().names;
        let named = |passkey: &PasskeyView| {
            let id = passkey.passkey_id.to_string();
            Passkey {
                name: names.get(&id).cloned().unwrap_or_default(),
                id,
                added_ms: passkey.added_ms,
                used_ms: passkey.used_ms,
            }
        };
        passkeys.iter().map(named).collect()
    }
}

impl Names {
    /// Forgets the names of passkeys that are no more. Whether there were any.
    fn keep_those_of(&mut self, passkeys: &[PasskeyView]) -> bool {
        let ids: Vec<String> = passkeys
            .iter()
            .map(|passkey| passkey.passkey_id.to_string())
            .collect();
        let before = self.names.len();
        self.names.retain(|id, _| ids.contains(id));
        self.names.len() < before
    }

    /// Whether anything is to be written.
    fn set(&mut self, passkey: PasskeyId, name: &str) -> bool {
        self.version = VERSION;
        let before = self.names.insert(passkey.to_string(), name.to_owned());
        before.as_deref() != Some(name)
    }
}

fn read_id(text: &str) -> Result<PasskeyId, PasskeyError> {
    text.parse().map_err(|_| PasskeyError::Gone)
}

fn read_name(typed: &str) -> Result<String, PasskeyError> {
    let name = neutral_text(typed).trim().to_owned();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS {
        return Err(PasskeyError::Unnamed {
            limit: MAX_NAME_CHARS,
        });
    }
    Ok(name)
}
