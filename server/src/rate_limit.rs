//! Delays that grow with attempts and lock nobody out.
//!
//! Each account name and each network address has a level: every attempt raises it, time lowers it. Above an
//! allowance the *answer* is delayed, a known name's exactly as an unknown one's. An address that lets too many delayed
//! answers pile up gets 429, so that waiting costs the server little. Nothing here is ever persisted.

mod guesses;
mod level;

use guesses::Guesses;
use level::{Curve, Growth, Levels};
use smail_protocol::{AccountId, Username};
use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Longest delay of an answer.
pub const MAX_DELAY: Duration = Duration::from_secs(8);
/// Most delayed answers of one address at once.
pub const MAX_WAITING_PER_ADDRESS: usize = 32;
/// Attempts of an address that are not delayed, for each one that an account name has.
const ADDRESS_ALLOWANCE_FACTOR: u32 = 4;

/// The network an attempt comes from: an IPv4 address, or an IPv6 subscriber's /64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Origin(IpAddr);

impl From<IpAddr> for Origin {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(address) => Self(IpAddr::V6(
                (u128::from(address) & !u128::from(u64::MAX)).into(),
            )),
            IpAddr::V4(address) => Self(IpAddr::V4(address)),
        }
    }
}

/// How many delayed answers there are, of each address or account.
type Waiting<K> = Mutex<HashMap<K, Arc<AtomicUsize>>>;

/// Too many delayed answers of one address or account at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many attempts at once")]
pub struct TooManyWaiting {
    /// When it may look better, in seconds.
    pub retry_after_s: u64,
}

/// An attempt that has been counted: how long its answer is to wait. Its place among the waiting is free when dropped.
#[derive(Debug)]
pub struct Attempt {
    /// How long the answer is to be held back.
    pub delay: Duration,
    _place: Option<Place>,
}

/// The delays of a server.
#[derive(Debug)]
pub struct RateLimits {
    names: Mutex<Levels<Username>>,
    login_origins: Mutex<Levels<Origin>>,
    signup_origins: Mutex<Levels<Origin>>,
    accounts: Mutex<Levels<AccountId>>,
    guesses: Mutex<Guesses>,
    waiting: Waiting<Origin>,
    waiting_of_accounts: Waiting<AccountId>,
}

impl RateLimits {
    /// Limits by the operator's settings: failed logins of one name, sign-ups of one address in a minute, and requests
    /// of one account in a minute, that are not delayed.
    #[must_use]
    pub fn new(
        logins_before_delay: u32,
        signups_per_minute: u32,
        requests_per_minute: u32,
    ) -> Self {
        let requests = Curve {
            allowance: requests_per_minute,
            forgiven_per_minute: requests_per_minute,
            growth: Growth::Steady,
        };
        let by_name = Curve {
            allowance: logins_before_delay,
            forgiven_per_minute: 1,
            growth: Growth::Doubling,
        };
        let allowance = logins_before_delay.saturating_mul(ADDRESS_ALLOWANCE_FACTOR);
        let by_origin = Curve {
            allowance,
            forgiven_per_minute: 4,
            growth: Growth::Doubling,
        };
        let signups = Curve {
            allowance: signups_per_minute,
            forgiven_per_minute: signups_per_minute,
            growth: Growth::Steady,
        };
        Self {
            names: Mutex::new(Levels::new(by_name)),
            login_origins: Mutex::new(Levels::new(by_origin)),
            signup_origins: Mutex::new(Levels::new(signups)),
            accounts: Mutex::new(Levels::new(requests)),
            guesses: Mutex::default(),
            waiting: Mutex::default(),
            waiting_of_accounts: Mutex::default(),
        }
    }

    /// Counts an attempt to log in, as failed until [`RateLimits::login_succeeded`] says otherwise: who knows that a
    /// password is wrong need not send the second step.
    ///
    /// # Errors
    /// [`TooManyWaiting`], and the attempt is not to be carried out.
    pub fn login_attempt(
        &self,
        name: &Username,
        origin: Origin,
        now_ms: u64,
    ) -> Result<Attempt, TooManyWaiting> {
        let delay_of_name = lock(&self.names).raise(name.clone(), 1.0, now_ms);
        let delay_of_origin = lock(&self.login_origins).raise(origin, 1.0, now_ms);
        attempt(&self.waiting, origin, delay_of_name.max(delay_of_origin))
    }

    /// Forgets a name's failures, and takes this attempt off the address's: not all of them, or whoever has one
    /// account here could guess at others undelayed.
    pub fn login_succeeded(&self, name: &Username, origin: Origin) {
        lock(&self.names).forget(name);
        lock(&self.login_origins).lower(&origin);
    }

    /// Counts a code of a second factor, as wrong until [`RateLimits::code_was_right`] says otherwise.
    ///
    /// # Errors
    /// [`TooManyWaiting`], and the code is not to be looked at.
    pub fn code_guess(&self, account: AccountId, now_ms: u64) -> Result<(), TooManyWaiting> {
        lock(&self.guesses).count(account, now_ms)
    }

    /// Forgets an account's wrong codes.
    pub fn code_was_right(&self, account: AccountId) {
        lock(&self.guesses).forgive(&account);
    }

    /// Counts one of a sign-up's two steps, each of which can be sent alone. Forgiven by time only: in a flood of
    /// sign-ups all succeed.
    ///
    /// # Errors
    /// [`TooManyWaiting`], and the step is not to be carried out.
    pub fn signup_step(&self, origin: Origin, now_ms: u64) -> Result<Attempt, TooManyWaiting> {
        let delay = lock(&self.signup_origins).raise(origin, 0.5, now_ms);
        attempt(&self.waiting, origin, delay)
    }

    /// Counts a request of somebody who is logged in. Forgiven by time only.
    ///
    /// # Errors
    /// [`TooManyWaiting`], and the request is not to be carried out.
    pub fn request(&self, account: AccountId, now_ms: u64) -> Result<Attempt, TooManyWaiting> {
        let delay = lock(&self.accounts).raise(account, 1.0, now_ms);
        attempt(&self.waiting_of_accounts, account, delay)
    }
}

fn attempt<K: Eq + Hash>(
    waiting: &Waiting<K>,
    who: K,
    delay: Duration,
) -> Result<Attempt, TooManyWaiting> {
    if delay.is_zero() {
        return Ok(Attempt {
            delay,
            _place: None,
        });
    }
    let mut waiting = lock(waiting);
    waiting.retain(|_, count| count.load(Ordering::Relaxed) > 0);
    let count = waiting.entry(who).or_default();
    if count.load(Ordering::Relaxed) >= MAX_WAITING_PER_ADDRESS {
        return Err(TooManyWaiting {
            retry_after_s: MAX_DELAY.as_secs(),
        });
    }
    Ok(Attempt {
        delay,
        _place: Some(Place::take(count)),
    })
}

/// One place among an address's waiting attempts.
#[derive(Debug)]
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Username {
        text.parse().unwrap()
    }

    fn origin(last: u8) -> Origin {
        Origin::from(IpAddr::from([192, 0, 2, last]))
    }

    fn delay_ms(limits: &RateLimits, who: &str, last: u8, now_ms: u64) -> u128 {
        limits
            .login_attempt(&name(who), origin(last), now_ms)
            .unwrap()
            .delay
            .as_millis()
    }

    #[test]
    fn delays_grow_and_end_at_eight_seconds() {
        let limits = RateLimits::new(3, 30, 10);
        let delays: Vec<u128> = (0..11)
            .map(|last| delay_ms(&limits, "alice", last, 0))
            .collect();
        assert_eq!(
            delays,
            [0, 0, 0, 250, 500, 1000, 2000, 4000, 8000, 8000, 8000]
        );
    }

    #[test]
    fn time_and_success_forgive() {
        let limits = RateLimits::new(1, 30, 10);
        assert_eq!(
            [
                delay_ms(&limits, "alice", 1, 0),
                delay_ms(&limits, "alice", 1, 0)
            ],
            [0, 250]
        );
        assert_eq!(delay_ms(&limits, "alice", 1, 120_000), 0);
        assert_eq!(delay_ms(&limits, "alice", 1, 120_000), 250);
        limits.login_succeeded(&name("alice"), origin(1));
        assert_eq!(delay_ms(&limits, "alice", 1, 120_000), 0);
    }

    #[test]
    fn an_address_that_tries_many_names_is_delayed() {
        let limits = RateLimits::new(1, 30, 10);
        let delays: Vec<u128> = (0..6)
            .map(|n| delay_ms(&limits, &format!("user{n}"), 1, 0))
            .collect();
        assert_eq!(delays, [0, 0, 0, 0, 250, 500]);
        assert_eq!(delay_ms(&limits, "user9", 2, 0), 0);
    }

    #[test]
    fn signups_are_delayed_after_their_burst() {
        let limits = RateLimits::new(5, 2, 10);
        let delays: Vec<u128> = (0..8)
            .map(|_| limits.signup_step(origin(1), 0).unwrap().delay.as_millis())
            .collect();
        assert_eq!(delays, [0, 0, 0, 0, 100, 100, 200, 200]);
    }

    #[test]
    fn requests_of_an_account_are_delayed_after_their_minute() {
        let limits = RateLimits::new(5, 2, 3);
        let delay = |account, now_ms| {
            let account = AccountId::from_bytes([account; 16]);
            limits.request(account, now_ms).unwrap().delay.as_millis()
        };
        let delays: Vec<u128> = (0..5).map(|_| delay(1, 0)).collect();
        assert_eq!(delays, [0, 0, 0, 100, 200]);
        assert_eq!(delay(2, 0), 0, "another's");
        assert_eq!(delay(1, 60_000), 0, "a minute forgives");
    }

    #[test]
    fn only_so_many_may_wait_at_once() {
        let limits = RateLimits::new(1, 30, 10);
        let attempt = || limits.login_attempt(&name("alice"), origin(1), 0);
        assert!(attempt().unwrap().delay.is_zero());
        let mut waiting: Vec<Attempt> = (0..MAX_WAITING_PER_ADDRESS)
            .map(|_| attempt().unwrap())
            .collect();
        assert_eq!(attempt().unwrap_err(), TooManyWaiting { retry_after_s: 8 });
        waiting.pop();
        assert!(attempt().is_ok());
    }

    #[test]
    fn an_ipv6_subscriber_is_one_origin() {
        let of = |text: &str| Origin::from(text.parse::<IpAddr>().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
