//! Secrets of fixed length, a type each.
//!
//! All of them are built in place on the heap, so that no copy stays behind on the stack when they move, and are
//! wiped when dropped. They can be compared only in constant time.

use rand::{CryptoRng, RngCore};
use std::fmt;
use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Bytes that are not as long as the secret they should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a secret has the wrong length: expected {expected_bytes} bytes")]
pub struct WrongLength {
    /// The length it should have.
    pub expected_bytes: usize,
}

impl WrongLength {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "secret-wrong-length"
    }
}

macro_rules! secret_bytes {
    ($(#[$doc:meta])* $name:ident, $len_bytes:literal) => {
        $(#[$doc])*
        pub struct $name(Box<[u8; $len_bytes]>);

        impl $name {
            /// Length in bytes.
            pub const LEN_BYTES: usize = $len_bytes;

            pub(crate) fn build<E>(
                fill: impl FnOnce(&mut [u8; $len_bytes]) -> Result<(), E>,
            ) -> Result<Self, E> {
                let mut secret = Self(Box::new([0; $len_bytes]));
                fill(&mut secret.0)?;
                Ok(secret)
            }

            /// The secret itself. Each call says why it is needed.
            pub(crate) fn expose(&self) -> &[u8; $len_bytes] {
                &self.0
            }

            /// Whether both are the same, in time that does not depend on where they differ.
            #[must_use]
            pub fn ct_eq(&self, other: &Self) -> Choice {
                // EXPOSE: compared in constant time.
                self.expose().as_slice().ct_eq(other.expose().as_slice())
            }
        }

        impl Drop for $name {
            fn drop(&mut self) {
                self.0.zeroize();
            }
        }

        impl ZeroizeOnDrop for $name {}

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

secret_bytes! {
    /// OPAQUE's export key (RFC 9807, section 3): known to whoever passed a login with the right password or recovery
    /// code, never to the server.
    ExportKey, 64
}

secret_bytes! {
    /// OPAQUE's session key (RFC 9807, section 6.4): both sides of one login have it, and nobody else.
    SessionKey, 64
}

secret_bytes! {
    /// A key of a sealed envelope: 256 bits for XChaCha20-Poly1305.
    EnvelopeKey, 32
}

secret_bytes! {
    /// What one browser keeps between page loads, to open its copy of the account key: 32 bytes from a key that the
    /// browser itself does not let out.
    ResumeSecret, 32
}

secret_bytes! {
    /// The 32 bytes of an account key.
    AccountKeyBytes, 32
}

macro_rules! from_outside {
    ($name:ident) => {
        impl $name {
            /// Takes a copy of bytes that come from outside; the caller wipes its own.
            ///
            /// # Errors
            /// [`WrongLength`].
            pub fn from_slice(bytes: &[u8]) -> Result<Self, WrongLength> {
                Self::build(|secret| {
                    if bytes.len() != Self::LEN_BYTES {
                        return Err(WrongLength {
                            expected_bytes: Self::LEN_BYTES,
                        });
                    }
                    secret.copy_from_slice(bytes);
                    Ok(())
                })
            }
        }
    };
}

from_outside!(ResumeSecret);
from_outside!(AccountKeyBytes);
from_outside!(ExportKey);
from_outside!(SessionKey);
from_outside!(EnvelopeKey);

impl EnvelopeKey {
    /// The key itself, for a cipher that is not made here.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        // EXPOSE: what it is for is the caller's to say.
        Zeroizing::new(self.expose().to_vec())
    }
}

impl SessionKey {
    /// The key itself, for whatever both sides agreed to use it for.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        // EXPOSE: what it is for is the caller's to say.
        Zeroizing::new(self.expose().to_vec())
    }
}

impl AccountKeyBytes {
    pub(crate) fn random<R: RngCore + CryptoRng>(rng: &mut R) -> Self {
        let mut secret = Self(Box::new([0; 32]));
        rng.fill_bytes(secret.0.as_mut_slice());
        secret
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        let shown = (
            ExportKey::from_slice(&[1; 64]).unwrap(),
            EnvelopeKey::from_slice(&[2; 32]).unwrap(),
            ResumeSecret::from_slice(&[3; 32]).unwrap(),
            AccountKeyBytes::from_slice(&[4; 32]).unwrap(),
        );
        insta::assert_snapshot!(
            format!("{shown:?}"),
            @"(ExportKey(..), EnvelopeKey(..), ResumeSecret(..), AccountKeyBytes(..))"
        );
    }

    #[test]
    fn equal_only_when_every_byte_is() {
        let one = ResumeSecret::from_slice(&[7; 32]).unwrap();
        let same = ResumeSecret::from_slice(&[7; 32]).unwrap();
        let mut bytes = [7; 32];
        bytes[31] = 8;
        let other = ResumeSecret::from_slice(&bytes).unwrap();
        assert!(bool::from(one.ct_eq(&same)));
        assert!(!bool::from(one.ct_eq(&other)));
    }

    #[test]
    fn other_lengths_are_refused() {
        let refused = ResumeSecret::from_slice(&[0; 31]).unwrap_err();
        assert_eq!(refused, WrongLength { expected_bytes: 32 });
    }
}
