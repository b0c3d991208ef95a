//! Sealed state: small JSON documents that every session of the account shares, each under a name that only the account
//! knows, with a version. A write names the version it replaces; when another session was faster, the change is made
//! again on what that session wrote.

use crate::ApiError;
use crate::client::Client;
use crate::env::Randomness;
use crate::error::CodedError;
use crate::transport::Transport;
use serde::{Serialize, de::DeserializeOwned};
use smail_crypto_core::envelope::{Kind, OpenError, SealError};
use smail_protocol::limits::MAX_SEALED_BYTES;
use smail_protocol::{ObjectId, ProblemCode, StateObject, StateWriteRequest};

/// Writes tried before a conflict is given up.
pub(crate) const MAX_CONFLICTS: u32 = 6;

/// Why sealed state could not be read or written.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// The server's part failed.
    #[error(transparent)]
    Server(#[from] ApiError),
    /// The envelope does not open: altered, or another's.
    #[error("Settings kept on the server were altered there and are not used.")]
    Tampered(#[source] OpenError),
    /// What is inside is not what should be.
    #[error(
        "Settings kept on the server are damaged or from a newer version of S-Mail. Reload the page."
    )]
    Malformed,
    /// There is no room for more.
    #[error("There is no room for more of these settings.")]
    Full,
    /// Other sessions kept writing.
    #[error("Other sessions keep changing the same settings. Try again.")]
    Contended,
}

impl CodedError for StateError {
    fn code(&self) -> &'static str {
        match self {
            Self::Server(error) => error.code(),
            Self::Tampered(_) => "state-tampered",
            Self::Malformed => "state-malformed",
            Self::Full => "state-full",
            Self::Contended => "conflict",
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Server(error) => error.retry_after_s(),
            _ => None,
        }
    }
}

impl From<SealError> for StateError {
    fn from(_: SealError) -> Self {
        Self::Full
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// The state under this name; `None` when there is none yet.
    pub(crate) fn state<V: DeserializeOwned>(&self, name: &str) -> Result<Option<V>, StateError> {
        let object_id = self.account.object_id(name);
        let Some(object) = self.memory.borrow().states.get(&object_id).cloned() else {
            return Ok(None);
        };
        self.open_state(&object).map(Some)
    }

    /// Changes the state under this name, which is the default value when there is none. `change` says whether there is
    /// anything to write; it may be called several times, on a newer value each.
    pub(crate) async fn change_state<V>(
        &self,
        name: &str,
        change: impl Fn(&mut V) -> bool,
    ) -> Result<V, StateError>
    where
        V: Serialize + DeserializeOwned + Default,
    {
        let object_id = self.account.object_id(name);
        for _ in 0..MAX_CONFLICTS {
            let mut value = self.state::<V>(name)?.unwrap_or_default();
            if !change(&mut value) {
                return Ok(value);
            }
            match self.write_state(object_id, &value).await {
                Ok(()) => return Ok(value),
                Err(StateError::Server(ApiError::Refused(problem)))
                    if problem.code == ProblemCode::VersionConflict
                        && problem.current_state.is_some() =>
                {
                    if let Some(current) = problem.current_state {
                        self.keep_state(*current);
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Err(StateError::Contended)
    }

    /// Takes a state object that the server told of, unless one as new is known. Whether it was taken.
    pub(crate) fn keep_state(&self, object: StateObject) -> bool {
        let states = &mut self.memory.borrow_mut().states;
        let known = states.get(&object.object_id);
        let is_newer = known.is_none_or(|known| known.version < object.version);
        if is_newer {
            states.insert(object.object_id, object);
        }
        is_newer
    }

    async fn write_state<V: Serialize>(
        &self,
        object_id: ObjectId,
        value: &V,
    ) -> Result<(), StateError> {
        let base_version = self
            .memory
            .borrow()
            .states
            .get(&object_id)
            .map_or(0, |object| object.version);
        let json = serde_json::to_vec(value).map_err(|_| StateError::Malformed)?;
        let sealed = self.account.seal(
            &self.env,
            Kind::State,
            *object_id.as_bytes(),
            base_version + 1,
            &json,
        )?;
        if sealed.as_slice().len() > MAX_SEALED_BYTES {
            return Err(StateError::Full);
        }
        let request = StateWriteRequest {
            base_version,
            sealed,
        };
        let written = self.env.state_write(object_id, &request).await?;
        self.keep_state(written);
        Ok(())
    }

    fn open_state<V: DeserializeOwned>(&self, object: &StateObject) -> Result<V, StateError> {
        let id = *object.object_id.as_bytes();
        let json = self
            .account
            .unseal(Kind::State, id, object.version, object.sealed.as_slice())
            .map_err(StateError::Tampered)?;
        serde_json::from_slice(&json).map_err(|_| StateError::Malformed)
    }
}
