//! Logins between their two steps: held in memory, bounded, each for a minute and for one answer.

use crate::opaque::LoginUnderWay;
use smail_protocol::limits::LOGIN_UNDER_WAY_S;
use smail_protocol::{AccountId, CredentialKind, LoginId, Username};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Most logins under way at once, all accounts together. The oldest gives way.
pub const MAX_PENDING_LOGINS: usize = 10_000;

/// What the second step needs to know of the first.
#[derive(Debug)]
pub struct PendingLogin {
    /// OPAQUE's state.
    pub under_way: LoginUnderWay,
    /// Whose login.
    pub username: Username,
    /// Its account; none for a name that is not here.
    pub account: Option<AccountId>,
    /// By which credential.
    pub kind: CredentialKind,
    /// That credential's version when the login began.
    pub credential_version: u64,
}

/// Time of the first step in milliseconds, then a number that tells equal times apart.
type Age = (u64, u64);

/// The logins under way.
#[derive(Debug, Default)]
pub struct PendingLogins(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    logins: HashMap<LoginId, (Age, PendingLogin)>,
    /// The same logins by age.
    by_age: BTreeMap<Age, LoginId>,
    next: u64,
}

impl PendingLogins {
    /// Keeps a login for its second step.
    pub fn insert(&self, id: LoginId, login: PendingLogin, now_ms: u64) {
        let mut inner = self.lock();
        inner.forget_expired(now_ms);
        if inner.logins.len() >= MAX_PENDING_LOGINS {
            inner.forget_oldest();
        }
        let number = inner.next;
        inner.next = number.wrapping_add(1);
        inner.by_age.insert((now_ms, number), id);
        inner.logins.insert(id, ((now_ms, number), login));
    }

    /// Takes a login out. None when it is unknown, was taken, or has waited too long.
    pub fn take(&self, id: LoginId, now_ms: u64) -> Option<PendingLogin> {
        let mut inner = self.lock();
        inner.forget_expired(now_ms);
        let (age, login) = inner.logins.remove(&id)?;
        inner.by_age.remove(&age);
        Some(login)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn forget_expired(&mut self, now_ms: u64) {
        while let Some((&(started_ms, _), _)) = self.by_age.first_key_value() {
            if started_ms.saturating_add(LOGIN_UNDER_WAY_S * 1000) > now_ms {
                break;
            }
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        if let Some((_, id)) = self.by_age.pop_first() {
            self.logins.remove(&id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opaque::Setup;

    fn pending() -> PendingLogin {
        let setup = Setup::load(&Setup::generate("localhost"), "localhost").unwrap();
        let username: Username = "alice".parse().unwrap();
        let under_way = setup.start_decoy_login(&username);
        PendingLogin {
            under_way,
            username,
            account: None,
            kind: CredentialKind::Password,
            credential_version: 1,
        }
    }

    #[test]
    fn a_login_is_answered_once_and_in_time() {
        let logins = PendingLogins::default();
        let (once, late) = (LoginId::from_bytes([1; 16]), LoginId::from_bytes([2; 16]));
        logins.insert(once, pending(), 0);
        logins.insert(late, pending(), 0);
        assert!(logins.take(once, 59_999).is_some());
        assert!(logins.take(once, 59_999).is_none());
        assert!(logins.take(late, 60_000).is_none());
        assert!(logins.lock().by_age.is_empty());
    }
}
