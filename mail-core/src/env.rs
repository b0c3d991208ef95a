//! What a client is given to work with: a transport and a source of randomness.

use crate::transport::Transport;
use rand::{CryptoRng, RngCore};
use std::cell::RefCell;

/// Randomness fit for keys.
pub trait Randomness: RngCore + CryptoRng {}

impl<R: RngCore + CryptoRng> Randomness for R {}

/// A client's surroundings. Nothing in this crate asks anyone else for time, randomness or the network.
pub struct Env<T, R> {
    transport: T,
    rng: RefCell<R>,
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
        }
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
