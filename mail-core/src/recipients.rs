//! Recipients as typed: read, looked up, judged, each with a sentence about what is wrong.

use crate::address::{Addressee, Recipient, read_addressee};
use crate::client::Client;
use crate::directory::Found;
use crate::env::Randomness;
use crate::error::Typed;
use crate::state::StateError;
use crate::transport::Transport;
use crate::views::{Person, RecipientState, RecipientStatus};
use smail_crypto_core::openpgp::UsableCertificate;
use smail_protocol::Username;
use std::collections::BTreeMap;

/// A recipient that mail can be encrypted to.
#[derive(Debug, Clone)]
pub(crate) struct Ready {
    pub(crate) username: Username,
    pub(crate) person: Person,
    pub(crate) certificate: UsableCertificate,
}

/// What became of one typed recipient.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) status: RecipientStatus,
    /// There when the status says ready.
    pub(crate) ready: Option<Ready>,
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Looks up what was typed, in the same order.
    ///
    /// # Errors
    /// [`StateError`]: the look-up itself failed. What is wrong with a recipient is in its status.
    pub async fn look_up(&self, typed: &[String]) -> Result<Vec<RecipientStatus>, StateError> {
        Ok(self
            .check_recipients(typed)
            .await?
            .into_iter()
            .map(|checked| checked.status)
            .collect())
    }

    /// Takes the fingerprint as the address's from now on: the person has compared it.
    ///
    /// # Errors
    /// [`StateError`].
    pub async fn accept_changed_key(
        &self,
        address: &str,
        fingerprint: &str,
    ) -> Result<(), StateError> {
        self.pin_anew(address, fingerprint).await
    }

    /// Reads, looks up and judges what was typed, in the same order.
    pub(crate) async fn check_recipients(
        &self,
        typed: &[String],
    ) -> Result<Vec<Checked>, StateError> {
        let read: Vec<_> = typed
            .iter()
            .map(|text| (text, read_addressee(text, &self.account.domain)))
            .collect();
        let mut usernames: Vec<Username> = read
            .iter()
            .filter_map(|(_, addressee)| match &addressee.as_ref().ok()?.recipient {
                Recipient::Local(username) => Some(username.clone()),
                Recipient::Outside => None,
            })
            .collect();
        usernames.sort();
        usernames.dedup();
        let found = self.find(&usernames).await?;
        Ok(read
            .into_iter()
            .map(|(text, addressee)| check(text, addressee.ok(), &found))
            .collect())
    }
}

fn check(typed: &str, addressee: Option<Addressee>, found: &BTreeMap<Username, Found>) -> Checked {
    let Some(Addressee { person, recipient }) = addressee else {
        return refused(typed, None, RecipientState::Malformed);
    };
    let Recipient::Local(username) = recipient else {
        return refused(typed, Some(person.address), RecipientState::Outside);
    };
    match found.get(&username) {
        None | Some(Found::Nobody) => refused(typed, Some(person.address), RecipientState::Unknown),
        Some(Found::Unusable { reason }) => {
            let mut checked = refused(typed, Some(person.address), RecipientState::UnusableKey);
            checked.status.text.push_str(&format!(" ({reason})"));
            checked
        }
        Some(Found::Changed {
            fingerprint,
            pinned,
            was_verified,
            ..
        }) => {
            let mut checked = refused(typed, Some(person.address), RecipientState::ChangedKey);
            checked.status.verified = *was_verified;
            checked.status.fingerprint = Some(fingerprint.clone());
            checked.status.pinned_fingerprint = Some(pinned.clone());
            checked
        }
        Some(Found::Certificate {
            certificate,
            verified,
            ..
        }) => {
            let mut checked = ready(
                typed,
                Ready {
                    username,
                    person,
                    certificate: certificate.as_ref().clone(),
                },
            );
            checked.status.verified = *verified;
            checked
        }
    }
}

fn ready(typed: &str, ready: Ready) -> Checked {
    let status = RecipientStatus {
        typed: typed.to_owned(),
        address: Some(ready.person.address.clone()),
        state: RecipientState::Ready,
        text: String::new(),
        fingerprint: Some(ready.certificate.fingerprint().to_string()),
        pinned_fingerprint: None,
        verified: false,
    };
    Checked {
        status,
        ready: Some(ready),
    }
}

fn refused(typed: &str, address: Option<String>, state: RecipientState) -> Checked {
    let shown = Typed::new(address.as_deref().unwrap_or(typed));
    let status = RecipientStatus {
        typed: typed.to_owned(),
        address,
        state,
        text: sentence(state, &shown),
        fingerprint: None,
        pinned_fingerprint: None,
        verified: false,
    };
    Checked {
        status,
        ready: None,
    }
}

/// What is wrong with a recipient, and what to do.
pub(crate) fn sentence(state: RecipientState, shown: &Typed) -> String {
    match state {
        RecipientState::Ready => String::new(),
        RecipientState::Malformed => {
            format!(
                "“{shown}” is not an address. Write a user name of this server, or name@domain."
            )
        }
        RecipientState::Unknown => {
            format!("There is no account {shown} on this server. Check the spelling.")
        }
        RecipientState::Outside => {
            format!(
                "{shown} is on another server, which this one cannot reach yet. Remove it to send."
            )
        }
        RecipientState::UnusableKey => {
            format!(
                "The key of {shown} cannot be used, so nothing can be encrypted to it. Ask its owner to look."
            )
        }
        RecipientState::ChangedKey => format!(
            "The key of {shown} is not the one seen before. Compare its fingerprint with the owner before you accept it."
        ),
    }
}
