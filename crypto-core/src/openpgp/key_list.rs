//! The keys of a certificate, one by one: for people who want to see them. Nothing is decided by it.

use super::certificate::Certificate;
use super::description::public_key_name;
use super::fingerprint::Fingerprint;
use super::policy::{self, KeyPlace};
use crate::time::UnixSeconds;
use pgp::types::KeyDetails;

/// One key of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedKey {
    /// Its fingerprint.
    pub fingerprint: Fingerprint,
    /// What it is made with, in the field's own names.
    pub algorithm: &'static str,
    /// When it was made, as it says.
    pub created: UnixSeconds,
    /// Whether it is the primary key, which vouches for the others.
    pub is_primary: bool,
    /// Whether it signs.
    pub signs: bool,
    /// Whether others may encrypt to it.
    pub encrypts: bool,
}

impl Certificate {
    /// The keys, primary key first, and what each is good for at this time. One that is good for nothing is revoked,
    /// expired, or too weak; what was encrypted to it can be read all the same.
    #[must_use]
    pub fn keys(&self, at: UnixSeconds) -> Vec<ListedKey> {
        let packets = self.parsed();
        let judged = policy::judge(packets, at).ok();
        let listed = |place: KeyPlace, fingerprint: Option<Fingerprint>, key: &dyn KeyDetails| {
            Some(ListedKey {
                fingerprint: fingerprint?,
                algorithm: public_key_name(key.algorithm()),
                created: UnixSeconds::from_openpgp(key.created_at()),
                is_primary: place == KeyPlace::Primary,
                signs: judged
                    .as_ref()
                    .is_some_and(|judged| judged.signing_keys.contains(&place)),
                encrypts: judged
                    .as_ref()
                    .is_some_and(|judged| judged.encryption_keys.contains(&place)),
            })
        };
        let primary = &packets.primary_key;
        let first = listed(KeyPlace::Primary, Fingerprint::of(primary), primary);
        let subkeys = packets.public_subkeys.iter().enumerate();
        let others = subkeys.filter_map(|(index, subkey)| {
            let fingerprint = Fingerprint::of(&subkey.key);
            listed(KeyPlace::Subkey(index), fingerprint, &subkey.key)
        });
        first.into_iter().chain(others).collect()
    }
}
