//! Certificates out of the server's key directory, as they come: the caller judges and pins them.

use crate::api::ApiError;
use crate::client::Client;
use crate::env::Randomness;
use crate::pins::PinState;
use crate::state::StateError;
use crate::transport::Transport;
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::{Certificate, UsableCertificate};
use smail_protocol::limits::MAX_LOOKUP_NAMES;
use smail_protocol::{Bytes, Username};
use std::collections::BTreeMap;

/// What the directory and the pins say of an address of this server.
#[derive(Debug)]
pub(crate) enum Found {
    /// There is no such account.
    Nobody,
    /// Its certificate breaks policy, is no certificate, or is not this address's.
    Unusable {
        /// Why, as part of a sentence.
        reason: String,
    },
    /// Its certificate is another than the one seen first.
    Changed {
        /// The fingerprint now.
        fingerprint: String,
        /// The fingerprint seen first.
        pinned: String,
        /// Whether the person had compared that one with its owner.
        was_verified: bool,
        /// What is there now.
        certificate: Box<UsableCertificate>,
    },
    /// Its certificate, fit for use.
    Certificate {
        certificate: Box<UsableCertificate>,
        /// Whether the address was seen before.
        pinned: bool,
        /// Whether the person has compared it with its owner.
        verified: bool,
    },
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Looks names up and judges what is found. The account's own certificate is the one it holds, whatever the server
    /// says.
    pub(crate) async fn find(
        &self,
        usernames: &[Username],
    ) -> Result<BTreeMap<Username, Found>, StateError> {
        let others: Vec<Username> = usernames
            .iter()
            .filter(|username| **username != self.account.username)
            .cloned()
            .collect();
        let certificates = self.download_certificates(&others).await?;
        let mut found = BTreeMap::new();
        for username in usernames {
            let own = || Bytes::from(self.account.keyring().certificate().to_bytes());
            let certificate = if *username == self.account.username {
                Some(own())
            } else {
                certificates.get(username).cloned()
            };
            let judged = match certificate {
                Some(bytes) => self.judge(username, bytes.as_slice())?,
                None => Found::Nobody,
            };
            found.insert(username.clone(), judged);
        }
        Ok(found)
    }

    async fn download_certificates(
        &self,
        usernames: &[Username],
    ) -> Result<BTreeMap<Username, Bytes>, ApiError> {
        let mut certificates = BTreeMap::new();
        for names in usernames.chunks(MAX_LOOKUP_NAMES) {
            let answer = self.env.directory_lookup(names.to_vec()).await?;
            certificates.extend(
                answer
                    .found
                    .into_iter()
                    .map(|entry| (entry.username, entry.certificate)),
            );
        }
        Ok(certificates)
    }

    fn judge(&self, username: &Username, bytes: &[u8]) -> Result<Found, StateError> {
        let address = format!("{username}@{}", self.account.domain);
        let unusable = |reason: String| Ok(Found::Unusable { reason });
        let certificate = match Certificate::from_bytes(bytes) {
            Ok(certificate) => certificate,
            Err(error) => return unusable(error.to_string()),
        };
        let usable = match certificate.usable_at(UnixSeconds::from_ms(self.env.now_ms())) {
            Ok(usable) => usable,
            Err(error) => return unusable(error.to_string()),
        };
        if !usable
            .addresses()
            .iter()
            .any(|vouched| vouched.eq_ignore_ascii_case(&address))
        {
            return unusable("this key does not name this address".to_owned());
        }
        let fingerprint = usable.fingerprint().to_string();
        let is_own = *username == self.account.username;
        let certificate = Box::new(usable);
        Ok(match self.pin_state(&address, &fingerprint)? {
            PinState::Changed {
                pinned,
                was_verified,
            } if !is_own => Found::Changed {
                fingerprint,
                pinned,
                was_verified,
                certificate,
            },
            PinState::Same { verified } => Found::Certificate {
                certificate,
                pinned: true,
                verified: verified || is_own,
            },
            PinState::New | PinState::Changed { .. } => Found::Certificate {
                certificate,
                pinned: is_own,
                verified: is_own,
            },
        })
    }
}
