//! What is known of somebody's key, and that the person has compared it with its owner.

use super::error::ContactError;
use crate::address::{Recipient, read_addressee};
use crate::client::Client;
use crate::directory::Found;
use crate::env::Randomness;
use crate::error::Typed;
use crate::item::to_view;
use crate::pins::Pin;
use crate::recipients::sentence;
use crate::state::StateError;
use crate::transport::Transport;
use crate::views::{ContactKey, FormerKey, RecipientState};
use smail_crypto_core::openpgp::{Fingerprint, SafetyNumber, SafetyParty, UsableCertificate};

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Looks up the key of an address: what it is, since when it is known, whether it has been compared, and what was
    /// there before.
    ///
    /// # Errors
    /// [`StateError`]: the look-up itself failed. What is wrong with the key is in the answer.
    pub async fn contact_key(&self, address: &str) -> Result<ContactKey, StateError> {
        let unknown = |address: &str, state| ContactKey {
            text: sentence(state, &Typed::new(address)),
            ..blank(address, state)
        };
        let Ok(addressee) = read_addressee(address, &self.account.domain) else {
            return Ok(unknown(address, RecipientState::Malformed));
        };
        let address = addressee.person.address;
        let Recipient::Local(username) = addressee.recipient else {
            return Ok(unknown(&address, RecipientState::Outside));
        };
        let own = username == self.account.username;
        let mut found = self.find(std::slice::from_ref(&username)).await?;
        let pin = self.pin(&address)?;
        let described = match found.remove(&username) {
            None | Some(Found::Nobody) => unknown(&address, RecipientState::Unknown),
            Some(Found::Unusable { reason }) => {
                let mut key = unknown(&address, RecipientState::UnusableKey);
                key.text.push_str(&format!(" ({reason})"));
                key
            }
            Some(Found::Changed {
                certificate,
                pinned,
                ..
            }) => ContactKey {
                pinned_fingerprint: Some(pinned),
                text: sentence(RecipientState::ChangedKey, &Typed::new(&address)),
                ..self.described(&address, RecipientState::ChangedKey, &certificate)
            },
            Some(Found::Certificate { certificate, .. }) => {
                self.described(&address, RecipientState::Ready, &certificate)
            }
        };
        let key = if own {
            ContactKey {
                own,
                safety_number: None,
                ..described
            }
        } else {
            described
        };
        Ok(with_pin(key, pin))
    }

    /// The sixty digits that the person and the owner of an address compare, for the key with this fingerprint.
    ///
    /// # Errors
    /// [`ContactError::MalformedFingerprint`].
    pub fn safety_number(&self, address: &str, fingerprint: &str) -> Result<String, ContactError> {
        let fingerprint: Fingerprint = fingerprint
            .parse()
            .map_err(|_| ContactError::MalformedFingerprint)?;
        Ok(self.safety_number_of(address, &fingerprint).to_string())
    }

    /// Keeps that the person has compared the key of an address, by its fingerprint, with its owner; or that this was a
    /// mistake. A key that was not the one known so far is, from now on.
    ///
    /// # Errors
    /// [`ContactError`].
    pub async fn mark_verified(
        &self,
        address: &str,
        fingerprint: &str,
        is_verified: bool,
    ) -> Result<(), ContactError> {
        let fingerprint: Fingerprint = fingerprint
            .parse()
            .map_err(|_| ContactError::MalformedFingerprint)?;
        let addressee =
            read_addressee(address, &self.account.domain).map_err(|_| ContactError::NoKey)?;
        if addressee.recipient == Recipient::Outside {
            return Err(ContactError::NoKey);
        }
        let address = addressee.person.address;
        self.pin_verified(&address, &fingerprint.to_string(), is_verified)
            .await?;
        Ok(())
    }

    fn safety_number_of(&self, address: &str, fingerprint: &Fingerprint) -> SafetyNumber {
        let own_fingerprint = self.account.keyring().certificate().fingerprint();
        let own = SafetyParty {
            fingerprint: &own_fingerprint,
            address: &self.account.address(),
        };
        SafetyNumber::new(
            own,
            SafetyParty {
                fingerprint,
                address,
            },
        )
    }

    fn described(
        &self,
        address: &str,
        state: RecipientState,
        certificate: &UsableCertificate,
    ) -> ContactKey {
        let fingerprint = certificate.fingerprint();
        let description = certificate.describe();
        ContactKey {
            fingerprint: Some(fingerprint.to_string()),
            signs_with: Some(description.signs_with.to_owned()),
            encrypts_with: Some(description.encrypts_with.to_owned()),
            created_ms: Some(to_view(description.created.get().saturating_mul(1_000))),
            safety_number: Some(self.safety_number_of(address, &fingerprint).to_string()),
            ..blank(address, state)
        }
    }
}

/// Adds what is kept of the address. On a changed key, the times are those of the key before.
fn with_pin(key: ContactKey, pin: Option<Pin>) -> ContactKey {
    let Some(pin) = pin else {
        return key;
    };
    ContactKey {
        first_seen_ms: pin.first_ms.map(to_view),
        last_seen_ms: pin.last_ms.map(to_view),
        verified_ms: pin.verified_ms.map(to_view),
        former: pin.former.iter().rev().map(former).collect(),
        ..key
    }
}

fn former(pin: &Pin) -> FormerKey {
    FormerKey {
        fingerprint: pin.fingerprint.clone(),
        first_seen_ms: pin.first_ms.map(to_view),
        last_seen_ms: pin.last_ms.map(to_view),
        was_verified: pin.is_verified(),
    }
}

fn blank(address: &str, state: RecipientState) -> ContactKey {
    ContactKey {
        address: address.to_owned(),
        state,
        text: String::new(),
        own: false,
        fingerprint: None,
        pinned_fingerprint: None,
        signs_with: None,
        encrypts_with: None,
        created_ms: None,
        first_seen_ms: None,
        last_seen_ms: None,
        verified_ms: None,
        safety_number: None,
        former: Vec::new(),
    }
}
