//! Trust on first use: the fingerprint first seen for an address is kept as sealed state, and another one stops the send
//! until the person has looked.

use crate::client::Client;
use crate::env::Randomness;
use crate::state::StateError;
use crate::transport::Transport;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Fingerprints first seen, by address, as sealed. Sixteen state objects share them, by the address's hash, so that an
/// address book of some ten thousand fits.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Pins {
    version: u32,
    pins: BTreeMap<String, Pin>,
}

/// One pin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Pin {
    fingerprint: String,
}

/// What the pins say of a fingerprint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PinState {
    /// The address has not been seen before.
    New,
    /// It is the one seen first.
    Same,
    /// The one seen first is this.
    Changed {
        /// The fingerprint seen first.
        pinned: String,
    },
}

fn state_name(address: &str) -> String {
    let [first, ..] = <[u8; 32]>::from(Sha256::digest(address.as_bytes()));
    format!("pins/{:x}", first >> 4)
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// What is known of this address's fingerprint.
    pub(crate) fn pin_state(
        &self,
        address: &str,
        fingerprint: &str,
    ) -> Result<PinState, StateError> {
        let address = &address.to_ascii_lowercase();
        let pins: Pins = self.state(&state_name(address))?.unwrap_or_default();
        Ok(match pins.pins.get(address) {
            None => match self.memory.borrow().first_pins.get(address) {
                Some(pinned) if pinned != fingerprint => PinState::Changed {
                    pinned: pinned.clone(),
                },
                Some(_) | None => PinState::New,
            },
            Some(pin) if pin.fingerprint == fingerprint => PinState::Same,
            Some(pin) => PinState::Changed {
                pinned: pin.fingerprint.clone(),
            },
        })
    }

    /// Keeps the fingerprint when the address has none yet; in memory also when it cannot be written just now.
    pub(crate) async fn pin_first(
        &self,
        address: &str,
        fingerprint: &str,
    ) -> Result<(), StateError> {
        self.memory
            .borrow_mut()
            .first_pins
            .entry(address.to_ascii_lowercase())
            .or_insert_with(|| fingerprint.to_owned());
        self.write_pin(address, fingerprint, false).await
    }

    /// Keeps this fingerprint instead of the one seen first: the person has compared it.
    pub(crate) async fn pin_anew(
        &self,
        address: &str,
        fingerprint: &str,
    ) -> Result<(), StateError> {
        self.memory.borrow_mut().recent.clear();
        self.write_pin(address, fingerprint, true).await
    }

    /// Every address whose fingerprint was seen. State that does not open names nobody.
    pub(crate) fn pinned_addresses(&self) -> Vec<String> {
        let shards = (0..16).filter_map(|shard| {
            let pins: Option<Pins> = self.state(&format!("pins/{shard:x}")).ok().flatten();
            pins
        });
        shards.flat_map(|pins| pins.pins.into_keys()).collect()
    }

    async fn write_pin(
        &self,
        address: &str,
        fingerprint: &str,
        replace: bool,
    ) -> Result<(), StateError> {
        let address = &address.to_ascii_lowercase();
        let change = |pins: &mut Pins| {
            let known = pins.pins.get(address);
            if known.is_some_and(|pin| !replace || pin.fingerprint == fingerprint) {
                return false;
            }
            pins.version = 1;
            pins.pins.insert(
                address.to_owned(),
                Pin {
                    fingerprint: fingerprint.to_owned(),
                },
            );
            true
        };
        self.change_state(&state_name(address), change)
            .await
            .map(drop)
    }
}
