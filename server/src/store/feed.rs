//! Who is to be told at once: open event streams, by account and by session. In memory alone; what a stream missed is
//! in the change log.

use super::{Store, StoreError, layout};
use smail_protocol::{AccountId, SessionId};
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// What an open event stream listens to.
#[derive(Debug)]
pub struct Feed {
    /// The account's newest change, durable before it is told.
    pub newest_seq: watch::Receiver<u64>,
    /// Becomes true when the session has ended.
    pub session_ended: watch::Receiver<bool>,
}

/// What a transaction has to tell.
#[derive(Debug, Default)]
pub(super) struct News {
    /// Newest change by account.
    pub(super) changes: BTreeMap<AccountId, u64>,
    /// Sessions that ended.
    pub(super) ended: Vec<SessionId>,
}

/// The open streams. A sender stays only while somebody listens.
#[derive(Debug, Default)]
pub(super) struct Listeners {
    accounts: Mutex<HashMap<AccountId, watch::Sender<u64>>>,
    sessions: Mutex<HashMap<SessionId, watch::Sender<bool>>>,
}

/// A panic elsewhere leaves a map of senders as usable as before.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A receiver at `who`'s sender; senders that nobody listens to any more go.
fn listen<K: Eq + Hash, V>(
    senders: &Mutex<HashMap<K, watch::Sender<V>>>,
    who: K,
    now: V,
) -> watch::Receiver<V> {
    let mut senders = lock(senders);
    senders.retain(|_, sender| sender.receiver_count() > 0);
    senders
        .entry(who)
        .or_insert_with(|| watch::Sender::new(now))
        .subscribe()
}

impl Listeners {
    fn publish(&self, news: News) {
        let accounts = lock(&self.accounts);
        for (account, seq) in news.changes {
            if let Some(sender) = accounts.get(&account) {
                sender.send_if_modified(|newest| std::mem::replace(newest, seq.max(*newest)) < seq);
            }
        }
        drop(accounts);
        let mut sessions = lock(&self.sessions);
        for sender in news
            .ended
            .iter()
            .filter_map(|session| sessions.remove(session))
        {
            sender.send_replace(true);
        }
    }
}

impl Store {
    /// Listens for an account's changes and a session's end; `None` when the session has ended already.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn subscribe(
        &self,
        account: AccountId,
        session: SessionId,
    ) -> Result<Option<Feed>, StoreError> {
        // Listen first, look afterwards: whatever happens in between is told.
        let session_ended = listen(&self.listeners().sessions, session, false);
        let newest_seq = listen(&self.listeners().accounts, account, 0);
        if self
            .engine()
            .get(&layout::session_by_id(account, session))?
            .is_none()
        {
            return Ok(None);
        }
        let newest = self.newest_seq(account)?; // Settled: the session above is too.
        self.listeners().publish(News {
            changes: BTreeMap::from([(account, newest)]),
            ended: Vec::new(),
        });
        Ok(Some(Feed {
            newest_seq,
            session_ended,
        }))
    }

    /// Tells open streams.
    pub(super) fn publish(&self, news: News) {
        self.listeners().publish(news);
    }
}
