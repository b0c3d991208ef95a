//! A certificate's packets, and which of the signatures in it have been found to fit. Whether one does is the same at any
//! time, and costs more than all else that policy asks: a megabyte of signatures that do not fit would cost many seconds.

use pgp::composed::SignedPublicKey;
use pgp::packet::Signature;
use pgp::ser::Serialize;
use pgp::types::{Fingerprint, KeyDetails, KeyId};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Mutex;

/// What a signature in a certificate is over, beside the primary key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

/// After so many signatures that say they are the key's own and are not, no more are looked at.
const MOST_MISFITS: usize = 256;

/// The packets of one certificate. They never change, and never move.
pub(in crate::openpgp) struct Packets {
    key: Box<SignedPublicKey>,
    primary: Names,
    asked: Mutex<Asked>,
}

/// What signatures call a key by. rPGP digests the whole key each time that it is asked.
pub(in crate::openpgp) struct Names {
    /// The key's fingerprint.
    pub(in crate::openpgp) fingerprint: Fingerprint,
    /// The key's id.
    pub(in crate::openpgp) id: KeyId,
}

#[derive(Default)]
struct Asked {
    /// Whether it fits, by SHA-256 of the signature with what it is over.
    answers: BTreeMap<[u8; 32], bool>,
    /// The same by where the signature lies, which says what it is over: these are asked for with each message.
    answers_by_place: BTreeMap<Place, bool>,
    misfits: usize,
}

/// Where a signature lies, and in which role it is asked for.
type Place = (Over, usize);

impl Packets {
    pub(in crate::openpgp) fn new(key: SignedPublicKey) -> Self {
        Self {
            primary: Names::of(&key.primary_key),
            key: Box::new(key),
            asked: Mutex::default(),
        }
    }

    /// What the primary key is called by.
    pub(in crate::openpgp) const fn primary(&self) -> &Names {
        &self.primary
    }

    /// Whether a signature fits, which `verify` is asked the first time. Once there are too many that do not, none fits.
    pub(super) fn fits<T: Serialize>(
        &self,
        signature: &Signature,
        over: Over,
        component: &T,
        verify: impl FnOnce() -> bool,
    ) -> bool {
        let place = self
            .holds(signature, over, address(component))
            .then(|| (over, address(signature)));
        let Ok(mut asked) = self.asked.lock() else {
            return verify();
        };
        if let Some(answer) = place.and_then(|place| asked.answers_by_place.get(&place)) {
            return *answer;
        }
        let Some(name) = name(signature, over, component) else {
            return verify();
        };
        let known = asked.answers.get(&name).copied();
        if known.is_none() && asked.misfits == MOST_MISFITS {
            return false;
        }
        let fits = known.unwrap_or_else(verify);
        if known.is_none() {
            asked.misfits += usize::from(!fits);
            asked.answers.insert(name, fits);
        }
        if let Some(place) = place {
            asked.answers_by_place.insert(place, fits);
        }
        fits
    }

    /// Whether a signature is one of this certificate's, and over the part of it that it stands with.
    fn holds(&self, signature: &Signature, over: Over, component: usize) -> bool {
        let details = &self.key.details;
        match over {
            Over::Primary => {
                component == address(&self.key.primary_key)
                    && (lies_in(&details.direct_signatures, signature)
                        || lies_in(&details.revocation_signatures, signature))
            }
            Over::UserId => details
                .users
                .iter()
                .any(|user| component == address(&user.id) && lies_in(&user.signatures, signature)),
            Over::Subkey => self.key.public_subkeys.iter().any(|subkey| {
                component == address(&subkey.key) && lies_in(&subkey.signatures, signature)
            }),
            Over::SubkeyInReturn => false,
        }
    }

    /// Whether signatures were left out because too many did not fit. What was found of such a certificate is not all
    /// that is to be known: a revocation may be among those left out.
    pub(super) fn is_flooded(&self) -> bool {
        self.asked
            .lock()
            .is_ok_and(|asked| asked.misfits == MOST_MISFITS)
    }
}
impl Names {
    fn of(key: &impl KeyDetails) -> Self {
        Self {
            fingerprint: key.fingerprint(),
            id: key.legacy_key_id(),
        }
    }
}

impl Deref for Packets {
    type Target = SignedPublicKey;

    fn deref(&self) -> &SignedPublicKey {
        &self.key
    }
}

fn address<T>(of: &T) -> usize {
    std::ptr::from_ref(of).addr()
}

fn lies_in(signatures: &[Signature], signature: &Signature) -> bool {
    signatures
        .as_ptr_range()
        .contains(&std::ptr::from_ref(signature))
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
    use pgp::packet::UserId;
    use rand::SeedableRng as _;
    use rand_chacha::ChaCha20Rng;

    #[test]
    fn each_is_asked_once_for_what_it_is_over() {
        let packets = packets();
        let (one, other) = (&packets.public_subkeys[0], &packets.public_subkeys[1]);
        let asked = |signature: &Signature, over, key, answer| {
            let mut asked = false;
            let verify = || {
                asked = true;
                answer
            };
            (packets.fits(signature, over, key, verify), asked)
        };
        let (mine, another) = (&one.signatures[0], &other.signatures[0]);
        assert_eq!(asked(mine, Over::Subkey, &one.key, true), (true, true));
        assert_eq!(asked(mine, Over::Subkey, &one.key, false), (true, false));
        assert_eq!(asked(mine, Over::Subkey, &other.key, false), (false, true));
        assert_eq!(asked(mine, Over::Subkey, &other.key, true), (false, false));
        let in_return = Over::SubkeyInReturn;
        assert_eq!(asked(mine, in_return, &one.key, false), (false, true));
        assert_eq!(asked(another, Over::Subkey, &one.key, false), (false, true));
    }

    #[test]
    fn after_too_many_that_do_not_fit_none_is_asked() {
        let packets = packets();
        let signature = &packets.public_subkeys[0].signatures[0];
        for at in 0..MOST_MISFITS {
            assert!(!packets.is_flooded());
            let over = UserId::from_str(Default::default(), at.to_string()).unwrap();
            assert!(!packets.fits(signature, Over::UserId, &over, || false));
        }
        assert!(packets.is_flooded());
        let key = &packets.public_subkeys[0].key;
        assert!(!packets.fits(signature, Over::Subkey, key, || true));
    }

    fn packets() -> Packets {
        let rng = &mut ChaCha20Rng::seed_from_u64(1);
        let now = UnixSeconds::new(1_790_000_000);
        let alice = TransferableSecretKey::generate("alice@example.org", now, rng).unwrap();
        Packets::new((**alice.certificate().parsed()).clone())
    }
}
