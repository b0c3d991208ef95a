//! Trust on first use: the fingerprint first seen for an address is kept as sealed state, and another one stops the send
//! until the person has looked. Beside it stand when it was seen, whether the person has compared it with its owner, and
//! the fingerprints that were there before.

use crate::client::Client;
use crate::env::Randomness;
use crate::state::StateError;
use crate::transport::Transport;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Most former fingerprints of an address; the oldest go first.
const MAX_FORMER: usize = 10;
/// That a fingerprint was seen again is written down at most once in this time.
const SEEN_EVERY_MS: u64 = 24 * 3_600 * 1_000;

/// Fingerprints first seen, by address, as sealed. Sixteen state objects share them, by the address's hash, so that an
/// address book of some thousands fits.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Pins {
    version: u32,
    pins: BTreeMap<String, Pin>,
}

/// One pin.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Pin {
    pub(crate) fingerprint: String,
    /// When it was first seen, in milliseconds since 1970; not known of what was pinned by an earlier version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) first_ms: Option<u64>,
    /// When it was last seen, to the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last_ms: Option<u64>,
    /// When the person compared it with its owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) verified_ms: Option<u64>,
    /// What was pinned before, oldest first. Theirs are empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) former: Vec<Pin>,
}

impl Pin {
    fn new(fingerprint: &str, now_ms: u64) -> Self {
        Self {
            fingerprint: fingerprint.to_owned(),
            first_ms: Some(now_ms),
            last_ms: Some(now_ms),
            ..Self::default()
        }
    }

    /// Another fingerprint in this one's place, which is remembered.
    fn succeeded_by(&self, fingerprint: &str, now_ms: u64) -> Self {
        let mut former = self.former.clone();
        former.push(Self {
            former: Vec::new(),
            ..self.clone()
        });
        former.drain(..former.len().saturating_sub(MAX_FORMER));
        Self {
            former,
            ..Self::new(fingerprint, now_ms)
        }
    }

    pub(crate) const fn is_verified(&self) -> bool {
        self.verified_ms.is_some()
    }

    fn is_stale(&self, now_ms: u64) -> bool {
        self.last_ms
            .is_none_or(|last_ms| now_ms.saturating_sub(last_ms) >= SEEN_EVERY_MS)
    }
}

/// What the pins say of a fingerprint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PinState {
    /// The address has not been seen before.
    New,
    /// It is the one seen first.
    Same {
        /// Whether the person has compared it with its owner.
        verified: bool,
    },
    /// The one seen first is another.
    Changed {
        /// The fingerprint seen first.
        pinned: String,
        /// Whether the person had compared that one with its owner.
        was_verified: bool,
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
        Ok(match self.pin(address)? {
            None => {
                let memory = self.memory.borrow();
                match memory.first_pins.get(&address.to_ascii_lowercase()) {
                    Some(pinned) if pinned != fingerprint => PinState::Changed {
                        pinned: pinned.clone(),
                        was_verified: false,
                    },
                    Some(_) | None => PinState::New,
                }
            }
            Some(pin) if pin.fingerprint == fingerprint => PinState::Same {
                verified: pin.is_verified(),
            },
            Some(pin) => PinState::Changed {
                was_verified: pin.is_verified(),
                pinned: pin.fingerprint,
            },
        })
    }

    /// What is kept of an address.
    pub(crate) fn pin(&self, address: &str) -> Result<Option<Pin>, StateError> {
        let address = address.to_ascii_lowercase();
        let mut pins: Pins = self.state(&state_name(&address))?.unwrap_or_default();
        Ok(pins.pins.remove(&address))
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
        let now_ms = self.env.now_ms();
        self.change_pin(address, |pin| {
            pin.is_none().then(|| Pin::new(fingerprint, now_ms))
        })
        .await
    }

    /// Notes that the fingerprint was seen again.
    pub(crate) async fn pin_seen(&self, address: &str, fingerprint: &str) {
        let now_ms = self.env.now_ms();
        let seen = self.change_pin(address, |pin| {
            let pin = pin.filter(|pin| pin.fingerprint == fingerprint && pin.is_stale(now_ms))?;
            Some(Pin {
                last_ms: Some(now_ms),
                ..pin.clone()
            })
        });
        // It will be seen again.
        drop(seen.await);
    }

    /// Keeps this fingerprint instead of the one seen first: the person has looked at it. It is not verified.
    pub(crate) async fn pin_anew(
        &self,
        address: &str,
        fingerprint: &str,
    ) -> Result<(), StateError> {
        self.memory.borrow_mut().recent.clear();
        let now_ms = self.env.now_ms();
        self.change_pin(address, |pin| match pin {
            None => Some(Pin::new(fingerprint, now_ms)),
            Some(pin) if pin.fingerprint == fingerprint => None,
            Some(pin) => Some(pin.succeeded_by(fingerprint, now_ms)),
        })
        .await
    }

    /// Keeps this fingerprint as one that the person has, or has not, compared with its owner.
    pub(crate) async fn pin_verified(
        &self,
        address: &str,
        fingerprint: &str,
        is_verified: bool,
    ) -> Result<(), StateError> {
        self.memory.borrow_mut().recent.clear();
        let now_ms = self.env.now_ms();
        self.change_pin(address, |pin| {
            let next = match pin {
                None => Pin::new(fingerprint, now_ms),
                Some(pin) if pin.fingerprint == fingerprint => pin.clone(),
                Some(pin) => pin.succeeded_by(fingerprint, now_ms),
            };
            let verified_ms = is_verified.then(|| next.verified_ms.unwrap_or(now_ms));
            let next = Pin {
                verified_ms,
                ..next
            };
            (Some(&next) != pin).then_some(next)
        })
        .await
    }

    /// Every address whose fingerprint was seen. State that does not open names nobody.
    pub(crate) fn pinned_addresses(&self) -> Vec<String> {
        self.all_pins().into_keys().collect()
    }

    /// The addresses whose keys the person has compared with their owners.
    pub(crate) fn verified_addresses(&self) -> Vec<String> {
        let pins = self.all_pins().into_iter();
        pins.filter(|(_, pin)| pin.is_verified())
            .map(|(address, _)| address)
            .collect()
    }

    /// The names of the state objects that hold pins.
    pub(crate) fn pin_states() -> impl Iterator<Item = String> {
        (0..16).map(|shard| format!("pins/{shard:x}"))
    }

    fn all_pins(&self) -> BTreeMap<String, Pin> {
        let shards = Self::pin_states().filter_map(|name| {
            let pins: Option<Pins> = self.state(&name).ok().flatten();
            pins
        });
        shards.flat_map(|pins| pins.pins).collect()
    }

    /// Writes what `change` makes of an address's pin, if it makes anything.
    async fn change_pin(
        &self,
        address: &str,
        change: impl Fn(Option<&Pin>) -> Option<Pin>,
    ) -> Result<(), StateError> {
        let address = &address.to_ascii_lowercase();
        let change = |pins: &mut Pins| {
            let Some(next) = change(pins.pins.get(address)) else {
                return false;
            };
            pins.version = 1;
            pins.pins.insert(address.to_owned(), next);
            true
        };
        self.change_state(&state_name(address), change)
            .await
            .map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frozen: what the first version wrote, and what is written now, must open for ever.
    #[test]
    fn every_version_reads() {
        let first = r#"{"version":1,"pins":{"bob@localhost":{"fingerprint":"A1B2"}}}"#;
        let pins: Pins = serde_json::from_str(first).unwrap();
        assert_eq!(serde_json::to_string(&pins).unwrap(), first);
        let now = r#"{"version":1,"pins":{"bob@localhost":{"fingerprint":"C3D4","first_ms":5,"last_ms":6,"verified_ms":7,"former":[{"fingerprint":"A1B2","first_ms":1,"last_ms":2}]}}}"#;
        let pins: Pins = serde_json::from_str(now).unwrap();
        assert_eq!(serde_json::to_string(&pins).unwrap(), now);
    }

    #[test]
    fn former_fingerprints_are_remembered_up_to_a_number() {
        let mut pin = Pin::new("0", 0);
        pin.verified_ms = Some(1);
        for at in 1..=20_u64 {
            pin = pin.succeeded_by(&at.to_string(), at);
        }
        assert_eq!(pin.former.len(), MAX_FORMER);
        assert!(pin.former.iter().all(|former| former.former.is_empty()));
        assert_eq!(
            pin.former.last().map(|it| it.fingerprint.as_str()),
            Some("19")
        );
        assert!(!pin.is_verified());
    }
}
