//! A certificate's packets, and which of the signatures in it have been found to fit. Whether one does is the same at any
//! time, and costs more than all else that policy asks.

use pgp::composed::SignedPublicKey;
use pgp::packet::Signature;
use pgp::ser::Serialize;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::Mutex;

/// What a signature in a certificate is over, beside the primary key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// Nothing else.
    Primary = 1,
    /// A User ID.
    UserId = 2,
    /// A subkey.
    Subkey = 3,
    /// A subkey, which itself made the signature.
    SubkeyInReturn = 4,
}

/// The packets of one certificate. They never change.
pub(in crate::openpgp) struct Packets {
    key: SignedPublicKey,
    /// SHA-256 of signatures that fit, with what they are over.
    fitting: Mutex<BTreeSet<[u8; 32]>>,
}

impl Packets {
    pub(in crate::openpgp) const fn new(key: SignedPublicKey) -> Self {
        Self {
            key,
            fitting: Mutex::new(BTreeSet::new()),
        }
    }

    /// Whether a signature fits, which `verify` is asked the first time.
    pub(super) fn fits(
        &self,
        signature: &Signature,
        over: Over,
        component: &impl Serialize,
        verify: impl FnOnce() -> bool,
    ) -> bool {
        let Some(name) = name(signature, over, component) else {
            return verify();
        };
        let is_known = self
            .fitting
            .lock()
            .is_ok_and(|fitting| fitting.contains(&name));
        if is_known {
            return true;
        }
        let fits = verify();
        if fits && let Ok(mut fitting) = self.fitting.lock() {
            fitting.insert(name);
        }
        fits
    }
}

impl Deref for Packets {
    type Target = SignedPublicKey;

    fn deref(&self) -> &SignedPublicKey {
        &self.key
    }
}

/// All that the answer depends on; the primary key is the certificate's.
fn name(signature: &Signature, over: Over, component: &impl Serialize) -> Option<[u8; 32]> {
    let signature = signature.to_bytes().ok()?;
    let mut digest = Sha256::new();
    digest.update([over as u8]);
    digest.update((signature.len() as u64).to_be_bytes());
    digest.update(signature);
    digest.update(component.to_bytes().ok()?);
    Some(digest.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openpgp::secret_key::TransferableSecretKey;
    use crate::time::UnixSeconds;
    use rand::SeedableRng as _;
    use rand_chacha::ChaCha20Rng;

    #[test]
    fn only_what_fits_is_remembered_and_only_for_what_it_is_over() {
        let rng = &mut ChaCha20Rng::seed_from_u64(1);
        let now = UnixSeconds::new(1_790_000_000);
        let alice = TransferableSecretKey::generate("alice@example.org", now, rng).unwrap();
        let parsed = alice.certificate().parsed();
        let packets = Packets::new((**parsed).clone());
        let (one, other) = (&packets.public_subkeys[0], &packets.public_subkeys[1]);
        let binding = &one.signatures[0];
        let asked = |over, key, answer| {
            let mut asked = false;
            let verify = || {
                asked = true;
                answer
            };
            (packets.fits(binding, over, key, verify), asked)
        };
        assert_eq!(asked(Over::Subkey, &one.key, false), (false, true));
        assert_eq!(asked(Over::Subkey, &one.key, true), (true, true));
        assert_eq!(asked(Over::Subkey, &one.key, false), (true, false));
        assert_eq!(asked(Over::Subkey, &other.key, false), (false, true));
        assert_eq!(asked(Over::SubkeyInReturn, &one.key, false), (false, true));
        let another = &other.signatures[0];
        assert!(!packets.fits(another, Over::Subkey, &one.key, || false));
    }
}
