//! What a client is given to work with: a transport and a source of randomness.

use crate::transport::Transport;
use rand::{CryptoRng, RngCore};
use smail_protocol::AccountId;
use std::cell::{Cell, RefCell};

/// Randomness fit for keys.
pub trait Randomness: RngCore + CryptoRng {}

impl<R: RngCore + CryptoRng> Randomness for R {}

/// A client's surroundings. Nothing in this crate asks anyone else for time, randomness or the network.
pub struct Env<T, R> {
    transport: T,
    rng: RefCell<R>,
    /// Whose requests these are, once an account is open.
    account: Cell<Option<AccountId>>,
}

impl<T, R> std::fmt::Debug for Env<T, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Env(..)")
    }
}

impl<T: Transport, R: Randomness> Env<T, R> {
    /// Surroundings of this transport and this randomness.
    pub const fn new(transport: T, rng: R) -> Self {
        Self {
            transport,
            rng: RefCell::new(rng),
            account: Cell::new(None),
        }
    }

    /// From now on every request says that it is made for this account.
    pub(crate) fn act_for(&self, account: AccountId) {
        self.account.set(Some(account));
    }

    /// The account that requests are made for.
    pub(crate) const fn account_id(&self) -> Option<AccountId> {
        self.account.get()
    }

    /// The transport.
    pub const fn transport(&self) -> &T {
        &self.transport
    }

    /// Lends the randomness out for one step that does not wait.
    pub(crate) fn with_rng<V>(&self, step: impl FnOnce(&mut R) -> V) -> V {
        step(&mut self.rng.borrow_mut())
    }

    /// Sixteen random bytes: an id.
    pub(crate) fn random_id(&self) -> [u8; 16] {
        self.with_rng(|rng| {
            let mut bytes = [0; 16];
            rng.fill_bytes(&mut bytes);
            bytes
        })
    }

    /// The time, in milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> u64 {
        self.transport.now_ms()
    }
}
