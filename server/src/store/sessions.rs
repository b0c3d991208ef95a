//! Login sessions. The cookie's token is never stored, only its SHA-256.

use super::engine::Direction;
use super::layout::Ending;
use super::records::{CredentialRecord, SessionRecord, SessionsRecord};
use super::transaction::Transaction;
use super::{Store, StoreError, layout};
use smail_protocol::limits::{MAX_SESSIONS, SESSION_ABSOLUTE_S, SESSION_IDLE_S};
use smail_protocol::{AccountId, Bytes, CredentialKind, SessionId};

/// How exactly it is kept when a session was last used.
const USED_STEP_MS: u64 = 60 * 1_000;

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
    /// Makes a session. One more than [`MAX_SESSIONS`] ends the account's oldest.
    ///
    /// # Errors
    /// See [`CreateSessionError`].
    pub fn create_session(&self, session: &NewSession) -> Result<(), CreateSessionError> {
        let record = SessionRecord {
            session: *session.session_id.as_bytes(),
            account: *session.account.as_bytes(),
            by_recovery: session.credential == CredentialKind::Recovery,
            client: session.client.clone(),
            created_ms: session.now_ms,
            used_ms: to_the_minute(session.now_ms),
            resume: None,
        };
        self.transact(|transaction| {
            let credential_key = layout::credential(session.account, session.credential);
            let credential = transaction.get::<CredentialRecord>(&credential_key)?;
            if credential.is_none_or(|credential| credential.version != session.credential_version)
            {
                return Err(CreateSessionError::CredentialChanged);
            }
            let by_token = layout::session_by_token(&session.token_hash);
            let by_id = layout::session_by_id(session.account, session.session_id);
            if transaction.get_bytes(&by_token)?.is_some()
                || transaction.get_bytes(&by_id)?.is_some()
            {
                return Err(CreateSessionError::SessionExists);
            }
            let sessions_key = layout::sessions_record(session.account);
            let made = transaction
                .get::<SessionsRecord>(&sessions_key)?
                .unwrap_or_default()
                .made;
            transaction.put(sessions_key, &SessionsRecord { made: made + 1 })?;
            transaction.make_room_for_session(session.account)?;
            // Who cannot log in cannot make room on a full disk.
            transaction.use_reserve();
            transaction.mark(layout::ending(
                ends_ms(&record),
                Ending::Session(session.token_hash),
            ));
            transaction.put_bytes(by_id, session.token_hash.to_vec());
            Ok(transaction.put(by_token, &record)?)
        })
    }

    /// The session of a token, if it is there and has passed neither its idle nor its absolute limit.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn session(
        &self,
        token_hash: &TokenHash,
        now_ms: u64,
    ) -> Result<Option<Session>, StoreError> {
        let record = self.read::<SessionRecord>(&layout::session_by_token(token_hash))?;
        Ok(record
            .filter(|record| now_ms < ends_ms(record))
            .map(session))
    }

    /// Notes that a session is in use. Writes at most once a minute, and need not survive power loss.
    ///
    /// # Errors
    /// [`StoreError`] alone; a session that is not there is none.
    pub fn touch_session(&self, token_hash: &TokenHash, now_ms: u64) -> Result<(), StoreError> {
        let used_ms = to_the_minute(now_ms);
        let key = layout::session_by_token(token_hash);
        let due = |record: &SessionRecord| record.used_ms < used_ms && now_ms < ends_ms(record);
        if !self
            .read::<SessionRecord>(&key)?
            .is_some_and(|record| due(&record))
        {
            return Ok(());
        }
        self.transact_later(|transaction| {
            if let Some(mut record) = transaction.get::<SessionRecord>(&key)?.filter(due) {
                record.used_ms = used_ms;
                transaction.put(key.clone(), &record)?;
            }
            Ok(())
        })
    }

    /// The account's live sessions, latest used first.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn sessions(&self, account: AccountId, now_ms: u64) -> Result<Vec<Session>, StoreError> {
        let mut sessions = Vec::new();
        for entry in
            self.engine()
                .scan(&layout::sessions(account), Direction::Ascending, usize::MAX)?
        {
            sessions.extend(self.session(&token_hash(entry.value)?, now_ms)?);
        }
        sessions.sort_by_key(|session| std::cmp::Reverse((session.used_ms, session.created_ms)));
        self.settled(sessions)
    }

    /// Ends one session of the account and says whether it was there.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn end_session(&self, account: AccountId, session: SessionId) -> Result<bool, StoreError> {
        self.transact(|transaction| {
            let Some(hash) = transaction.get_bytes(&layout::session_by_id(account, session))?
            else {
                return Ok(false);
            };
            transaction.end_session(account, session, &token_hash(hash)?);
            Ok(true)
        })
    }

    /// Ends all the account's sessions but one.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn end_other_sessions(&self, account: AccountId, but: SessionId) -> Result<(), StoreError> {
        self.transact(|transaction| transaction.end_sessions(account, |session| session != but))
    }

    /// Ends all the account's sessions.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn end_all_sessions(&self, account: AccountId) -> Result<(), StoreError> {
        self.transact(|transaction| transaction.end_sessions(account, |_| true))
    }

    /// Leaves a sealed envelope with the session, and says whether the session is there.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn set_resume(&self, token_hash: &TokenHash, resume: &Bytes) -> Result<bool, StoreError> {
        let key = layout::session_by_token(token_hash);
        self.transact(|transaction| {
            let Some(mut record) = transaction.get::<SessionRecord>(&key)? else {
                return Ok(false);
            };
            record.resume = Some(resume.as_slice().to_vec());
            transaction.put(key.clone(), &record)?;
            Ok(true)
        })
    }

    /// Ends a session that is due, or, when it was used since, sets its end anew. Says whether it ended.
    pub(super) fn end_due_session(
        &self,
        token_hash: &TokenHash,
        now_ms: u64,
    ) -> Result<bool, StoreError> {
        self.transact(|transaction| {
            let Some(record) =
                transaction.get::<SessionRecord>(&layout::session_by_token(token_hash))?
            else {
                return Ok(false);
            };
            if now_ms < ends_ms(&record) {
                transaction.use_reserve();
                transaction.mark(layout::ending(
                    ends_ms(&record),
                    Ending::Session(*token_hash),
                ));
                return Ok(false);
            }
            let account = AccountId::from_bytes(record.account);
            transaction.end_session(account, SessionId::from_bytes(record.session), token_hash);
            Ok(true)
        })
    }
}

impl Transaction<'_> {
    /// Ends the account's sessions that `ends` says.
    pub(super) fn end_sessions(
        &mut self,
        account: AccountId,
        ends: impl Fn(SessionId) -> bool,
    ) -> Result<(), StoreError> {
        // Whoever makes a session writes this record: one that the scan has missed makes this transaction run again.
        self.get::<SessionsRecord>(&layout::sessions_record(account))?;
        for entry in self.scan(&layout::sessions(account))? {
            let id = entry
                .key
                .last_chunk()
                .copied()
                .map(SessionId::from_bytes)
                .ok_or(StoreError::Corrupt)?;
            if ends(id) {
                self.end_session(account, id, &token_hash(entry.value)?);
            }
        }
        Ok(())
    }

    /// Ends the oldest session when there are as many as there may be. For whoever has read the account's
    /// [`SessionsRecord`], and writes it.
    fn make_room_for_session(&mut self, account: AccountId) -> Result<(), StoreError> {
        let sessions = self.scan(&layout::sessions(account))?;
        if sessions.len() < MAX_SESSIONS {
            return Ok(());
        }
        let mut oldest: Option<(SessionRecord, TokenHash)> = None;
        for entry in sessions {
            let hash = token_hash(entry.value)?;
            if let Some(record) = self.get::<SessionRecord>(&layout::session_by_token(&hash))?
                && oldest
                    .as_ref()
                    .is_none_or(|(oldest, _)| record.created_ms < oldest.created_ms)
            {
                oldest = Some((record, hash));
            }
        }
        if let Some((record, hash)) = oldest {
            self.end_session(account, SessionId::from_bytes(record.session), &hash);
        }
        Ok(())
    }

    fn end_session(&mut self, account: AccountId, session: SessionId, token_hash: &TokenHash) {
        self.use_reserve();
        self.delete(layout::session_by_token(token_hash));
        self.delete(layout::session_by_id(account, session));
        self.news.ended.push(session);
    }
}

fn token_hash(stored: Vec<u8>) -> Result<TokenHash, StoreError> {
    stored.try_into().map_err(|_| StoreError::Corrupt)
}

const fn to_the_minute(ms: u64) -> u64 {
    ms - ms % USED_STEP_MS
}

/// When a session ends if it is not used again.
pub(super) fn ends_ms(record: &SessionRecord) -> u64 {
    let idle = record.used_ms.saturating_add(SESSION_IDLE_S * 1_000);
    idle.min(record.created_ms.saturating_add(SESSION_ABSOLUTE_S * 1_000))
}

fn session(record: SessionRecord) -> Session {
    Session {
        session_id: SessionId::from_bytes(record.session),
        account: AccountId::from_bytes(record.account),
        credential: if record.by_recovery {
            CredentialKind::Recovery
        } else {
            CredentialKind::Password
        },
        client: record.client,
        created_ms: record.created_ms,
        used_ms: record.used_ms,
        resume: record.resume.map(Bytes::from),
    }
}
