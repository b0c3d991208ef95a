//! A session key that travels by another way than the message's own packets: inside another message.

use rand::{CryptoRng, RngCore};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// Length of the key, in bytes: AES-256's.
const KEY_BYTES: usize = 32;

/// A session key for AES-256-GCM in SEIPD version 2, for one container alone. Secret. A program that takes session keys
/// writes it as `9:` and its hexadecimal digits.
pub struct SessionKey(Zeroizing<[u8; KEY_BYTES]>);

impl SessionKey {
    /// A new one.
    pub fn make<R: RngCore + CryptoRng>(rng: &mut R) -> Self {
        let mut key = Self(Zeroizing::new([0; KEY_BYTES]));
        rng.fill_bytes(&mut *key.0);
        key
    }

    /// The one that another message told. `None`: not of the right length.
    #[must_use]
    pub fn from_slice(octets: &[u8]) -> Option<Self> {
        let mut key = Self(Zeroizing::new([0; KEY_BYTES]));
        if octets.len() != KEY_BYTES {
            return None;
        }
        key.0.copy_from_slice(octets);
        Some(key)
    }

    /// Its octets, for the message that tells it. Secret.
    #[must_use]
    pub fn expose(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    /// The same key again, for another reader of the same container.
    #[must_use]
    pub fn again(&self) -> Self {
        Self(Zeroizing::new(*self.0))
    }

    /// Whether both are the same, in constant time.
    #[must_use]
    pub fn ct_eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&*other.0).into()
    }
}

impl std::fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionKey(..)")
    }
}
