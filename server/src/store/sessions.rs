//! Login sessions. The cookie's token is never stored, only its SHA-256.

use super::{Store, StoreError};
use smail_protocol::{AccountId, Bytes, CredentialKind, SessionId};

/// SHA-256 of the token in the cookie.
pub type TokenHash = [u8; 32];

/// A session to be made.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// SHA-256 of the cookie's token.
    pub token_hash: TokenHash,
    /// Its name in the session list.
    pub session_id: SessionId,
    /// Whose.
    pub account: AccountId,
    /// The credential it was logged in with.
    pub credential: CredentialKind,
    /// That credential's version when the login began.
    pub credential_version: u64,
    /// Browser and system in a few words.
    pub client: String,
    /// Now, in milliseconds since 1970.
    pub now_ms: u64,
}

/// A session as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its name in the session list.
    pub session_id: SessionId,
    /// Whose.
    pub account: AccountId,
    /// The credential it was logged in with.
    pub credential: CredentialKind,
    /// Browser and system in a few words.
    pub client: String,
    /// When it logged in, in milliseconds since 1970.
    pub created_ms: u64,
    /// When it was last used, in milliseconds since 1970, to the minute.
    pub used_ms: u64,
    /// The sealed envelope left with it.
    pub resume: Option<Bytes>,
}

/// Why a session was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CreateSessionError {
    /// The credential was replaced or removed since the login began: log in again.
    #[error("the credential was changed since the login began")]
    CredentialChanged,
    /// The session id or the token is in use.
    #[error("the session id is in use")]
    SessionExists,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Makes a session.
    ///
    /// # Errors
    /// See [`CreateSessionError`].
    pub fn create_session(&self, session: &NewSession) -> Result<(), CreateSessionError> {
        let _ = session;
        unimplemented!()
    }

    /// The session of a token, if it is there and has passed neither its idle nor its absolute limit.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn session(&self, token_hash: &TokenHash, now_ms: u64) -> Result<Option<Session>, StoreError> {
        let _ = (token_hash, now_ms);
        unimplemented!()
    }

    /// Notes that a session is in use. Writes at most once a minute, and need not survive power loss.
    ///
    /// # Errors
    /// [`StoreError`] alone; a session that is not there is none.
    pub fn touch_session(&self, token_hash: &TokenHash, now_ms: u64) -> Result<(), StoreError> {
        let _ = (token_hash, now_ms);
        unimplemented!()
    }

    /// The account's live sessions, latest used first.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn sessions(&self, account: AccountId, now_ms: u64) -> Result<Vec<Session>, StoreError> {
        let _ = (account, now_ms);
        unimplemented!()
    }

    /// Ends one session of the account and says whether it was there.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn end_session(&self, account: AccountId, session: SessionId) -> Result<bool, StoreError> {
        let _ = (account, session);
        unimplemented!()
    }

    /// Ends all the account's sessions but one.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn end_other_sessions(&self, account: AccountId, but: SessionId) -> Result<(), StoreError> {
        let _ = (account, but);
        unimplemented!()
    }

    /// Leaves a sealed envelope with the session, and says whether the session is there.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn set_resume(&self, token_hash: &TokenHash, resume: &Bytes) -> Result<bool, StoreError> {
        let _ = (token_hash, resume);
        unimplemented!()
    }
}
