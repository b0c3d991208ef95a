//! Open event streams: how many there are of each session and account, and which are to end without a word.

use smail_protocol::{AccountId, SessionId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Most open event streams of one login session: tabs of one browser.
pub const MAX_STREAMS_PER_SESSION: usize = 8;
/// Most open event streams of one account.
pub const MAX_STREAMS_PER_ACCOUNT: usize = 64;

/// Too many streams are open already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many event streams are open")]
pub struct TooManyStreams;

/// The open streams.
#[derive(Debug, Clone, Default)]
pub struct EventStreams(Arc<Mutex<Open>>);

#[derive(Debug, Default)]
struct Open {
    by_account: HashMap<AccountId, usize>,
    by_session: HashMap<SessionId, SessionStreams>,
}

#[derive(Debug, Default)]
struct SessionStreams {
    count: usize,
    replaced: bool,
}

/// One open stream; dropping it makes room.
#[derive(Debug)]
pub struct OpenStream {
    streams: EventStreams,
    account: AccountId,
    session: SessionId,
}

impl EventStreams {
    /// Takes room for one more stream.
    ///
    /// # Errors
    /// [`TooManyStreams`] when the session or the account has as many as it may.
    pub fn open(
        &self,
        account: AccountId,
        session: SessionId,
    ) -> Result<OpenStream, TooManyStreams> {
        let mut open = self.lock();
        let of_account = open.by_account.get(&account).copied().unwrap_or_default();
        let of_session = open
            .by_session
            .get(&session)
            .map(|streams| streams.count)
            .unwrap_or_default();
        if of_account >= MAX_STREAMS_PER_ACCOUNT || of_session >= MAX_STREAMS_PER_SESSION {
            return Err(TooManyStreams);
        }
        *open.by_account.entry(account).or_default() += 1;
        open.by_session.entry(session).or_default().count += 1;
        Ok(OpenStream {
            streams: self.clone(),
            account,
            session,
        })
    }

    /// Notes that a session is about to end because its browser has logged in anew: its streams are to break off, so
    /// that the browser opens them again under the new session, and not to say that it was logged out.
    pub fn session_replaced(&self, session: SessionId) {
        if let Some(streams) = self.lock().by_session.get_mut(&session) {
            streams.replaced = true;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OpenStream {
    /// Whether the session ended because its browser has logged in anew.
    #[must_use]
    pub fn is_replaced(&self) -> bool {
        self.streams
            .lock()
            .by_session
            .get(&self.session)
            .is_some_and(|streams| streams.replaced)
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut open = self.streams.lock();
        if let Some(count) = open.by_account.get_mut(&self.account) {
            *count -= 1;
        }
        if let Some(streams) = open.by_session.get_mut(&self.session) {
            streams.count -= 1;
        }
        open.by_account.retain(|_, count| *count > 0);
        open.by_session.retain(|_, streams| streams.count > 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: AccountId = AccountId::from_bytes([1; 16]);

    fn session(number: u8) -> SessionId {
        SessionId::from_bytes([number; 16])
    }

    #[test]
    fn a_session_and_an_account_have_their_bounds() {
        let streams = EventStreams::default();
        let mut open: Vec<OpenStream> = Vec::new();
        for number in 0..8 {
            open.extend(
                (0..MAX_STREAMS_PER_SESSION)
                    .map(|_| streams.open(ACCOUNT, session(number)).unwrap()),
            );
        }
        assert_eq!(
            streams.open(ACCOUNT, session(0)).unwrap_err(),
            TooManyStreams
        );
        assert_eq!(
            streams.open(ACCOUNT, session(9)).unwrap_err(),
            TooManyStreams
        );
        open.pop();
        assert!(streams.open(ACCOUNT, session(9)).is_ok());
        drop(open);
        assert!(streams.lock().by_account.is_empty() && streams.lock().by_session.is_empty());
    }

    #[test]
    fn a_replaced_session_is_known_to_its_streams_alone() {
        let streams = EventStreams::default();
        let (old, other) = (
            streams.open(ACCOUNT, session(1)).unwrap(),
            streams.open(ACCOUNT, session(2)).unwrap(),
        );
        streams.session_replaced(session(1));
        assert!(old.is_replaced());
        assert!(!other.is_replaced());
    }
}
