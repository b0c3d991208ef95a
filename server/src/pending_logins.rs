//! Logins between their steps: from KE2 to KE3 for a minute, and from the right KE3 to the second factor for some more.

use crate::opaque::LoginUnderWay;
use crate::second_factor::passkeys::ProvingPasskey;
use crate::short_lived::ShortLived;
use smail_protocol::limits::{LOGIN_UNDER_WAY_S, SECOND_FACTOR_S};
use smail_protocol::{AccountId, CredentialKind, LoginId, Username};

/// Most logins of either sort under way at once, all accounts together. The oldest gives way.
pub const MAX_PENDING_LOGINS: usize = 10_000;

/// Proofs of a second factor that one login may offer. After that it begins anew, with the password.
pub const PROOFS_PER_LOGIN: u32 = 5;

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

/// A login whose password, or recovery kit, was right: what is known of it until it ends in a session.
#[derive(Debug, Clone)]
pub struct ProvenLogin {
    /// Whose login.
    pub username: Username,
    /// Its account.
    pub account: AccountId,
    /// By which credential.
    pub kind: CredentialKind,
    /// That credential's version when the login began.
    pub credential_version: u64,
}

/// A login that waits for its second factor.
#[derive(Debug)]
pub struct WaitingLogin {
    /// The login.
    pub login: ProvenLogin,
    /// How many proofs it may still offer.
    pub proofs_left: u32,
    /// What a passkey was asked to sign.
    asked: Option<ProvingPasskey>,
}

/// The logins under way.
#[derive(Debug)]
pub struct PendingLogins {
    /// Between KE2 and KE3. Each is taken once.
    pub first: ShortLived<LoginId, PendingLogin>,
    /// Between KE3 and the second factor.
    second: ShortLived<LoginId, WaitingLogin>,
}

impl Default for PendingLogins {
    fn default() -> Self {
        Self {
            first: ShortLived::new(LOGIN_UNDER_WAY_S, MAX_PENDING_LOGINS),
            second: ShortLived::new(SECOND_FACTOR_S, MAX_PENDING_LOGINS),
        }
    }
}

impl PendingLogins {
    /// Has a login wait for its second factor.
    pub fn wait(&self, id: LoginId, login: ProvenLogin, now_ms: u64) {
        let waiting = WaitingLogin {
            login,
            proofs_left: PROOFS_PER_LOGIN,
            asked: None,
        };
        self.second.insert(id, waiting, now_ms);
    }

    /// Counts one more proof that a waiting login offers, and gives the login. None when it is unknown, its time is over, or
    /// it has offered as many as it may.
    pub fn offer(&self, id: LoginId, now_ms: u64) -> Option<ProvenLogin> {
        let offered = self.second.with(&id, now_ms, |waiting| {
            waiting.proofs_left = waiting.proofs_left.checked_sub(1)?;
            Some(waiting.login.clone())
        });
        offered.flatten()
    }

    /// A login that waits. None as for [`PendingLogins::offer`], of which this is none.
    pub(crate) fn waiting(&self, id: LoginId, now_ms: u64) -> Option<ProvenLogin> {
        let look =
            |waiting: &mut WaitingLogin| (waiting.proofs_left > 0).then(|| waiting.login.clone());
        self.second.with(&id, now_ms, look).flatten()
    }

    /// Keeps what a passkey was asked to sign for a waiting login, in place of what was asked before. False when it does not
    /// wait any more.
    pub(crate) fn ask_passkey(&self, id: LoginId, asked: ProvingPasskey, now_ms: u64) -> bool {
        let keep = |waiting: &mut WaitingLogin| waiting.asked = Some(asked);
        self.second.with(&id, now_ms, keep).is_some()
    }

    /// Takes what a passkey was asked to sign: a challenge is answered once.
    pub(crate) fn take_asked(&self, id: LoginId, now_ms: u64) -> Option<ProvingPasskey> {
        let take = |waiting: &mut WaitingLogin| waiting.asked.take();
        self.second.with(&id, now_ms, take).flatten()
    }

    /// Ends a login's waiting: its second factor was proved. False when another request was quicker, or its time is over.
    pub fn end_waiting(&self, id: LoginId, now_ms: u64) -> bool {
        self.second.take(&id, now_ms).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login() -> ProvenLogin {
        ProvenLogin {
            username: "alice".parse().unwrap(),
            account: AccountId::from_bytes([1; 16]),
            kind: CredentialKind::Password,
            credential_version: 1,
        }
    }

    #[test]
    fn a_waiting_login_offers_so_many_proofs_and_ends_once() {
        let logins = PendingLogins::default();
        let (id, other) = (LoginId::from_bytes([1; 16]), LoginId::from_bytes([2; 16]));
        logins.wait(id, login(), 0);
        logins.wait(other, login(), 0);
        for _ in 0..PROOFS_PER_LOGIN {
            assert!(logins.offer(id, 1).is_some());
        }
        assert!(logins.offer(id, 1).is_none());
        assert!(logins.offer(other, SECOND_FACTOR_S * 1_000 - 1).is_some());
        assert!(logins.end_waiting(other, 1));
        assert!(!logins.end_waiting(other, 1));
        logins.wait(id, login(), 0);
        assert!(logins.offer(id, SECOND_FACTOR_S * 1_000).is_none());
        assert!(!logins.end_waiting(id, SECOND_FACTOR_S * 1_000));
    }
}
