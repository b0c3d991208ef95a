//! Sealed envelopes: what an account keeps on a server that must not read it.
//!
//! ```text
//! format version 1 B | kind 1 B | nonce 24 B | ciphertext and tag
//! ```
//!
//! XChaCha20-Poly1305 under an [`EnvelopeKey`]. The plaintext is the content, a byte 0x80 and zeros up to the next
//! Padme length, so that the length says little. The associated data are 42 bytes: format version, kind, owner,
//! object and, in big-endian order, the object's version. An envelope that is put in another's place does not open.

mod error;
mod open;
mod seal;

pub use error::{OpenError, SealError};
pub use open::open;
pub use seal::{MAX_CONTENT_BYTES, seal};

use crate::identity::{Object, Owner};

const FORMAT_VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;
const HEADER_BYTES: usize = 2 + NONCE_BYTES;
const TAG_BYTES: usize = 16;
const ASSOCIATED_DATA_BYTES: usize = 42;

/// What an envelope holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Kind {
    /// The account key, under a key from the password or the recovery code.
    WrappedAccountKey = 1,
    /// The transferable secret keys.
    Keyring = 2,
    /// An item's summary and flags.
    Item = 3,
    /// A state object: folder names, pins, contacts, settings.
    State = 4,
    /// A message being written.
    Draft = 5,
    /// The account key, under the resume secret of one browser.
    Resume = 6,
    /// A part of the search index.
    Index = 7,
}

/// What an envelope is bound to. It opens only under the same binding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Binding {
    /// What it holds.
    pub kind: Kind,
    /// Whose it is.
    pub owner: Owner,
    /// Which object it is.
    pub object: Object,
    /// Which version of the object it is.
    pub version: u64,
}

impl Binding {
    fn associated_data(&self) -> [u8; ASSOCIATED_DATA_BYTES] {
        let mut bytes = [0; ASSOCIATED_DATA_BYTES];
        let parts: [&[u8]; 5] = [
            &[FORMAT_VERSION],
            &[self.kind as u8],
            &self.owner.0,
            &self.object.0,
            &self.version.to_be_bytes(),
        ];
        for (byte, part) in bytes.iter_mut().zip(parts.into_iter().flatten()) {
            *byte = *part;
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::EnvelopeKey;
    use proptest::prelude::*;
    use rand::SeedableRng as _;
    use rand_chacha::ChaCha20Rng;

    const BINDING: Binding = Binding {
        kind: Kind::Item,
        owner: Owner([1; 16]),
        object: Object([2; 16]),
        version: 3,
    };

    fn key(byte: u8) -> EnvelopeKey {
        EnvelopeKey::from_slice(&[byte; 32]).unwrap()
    }

    fn sealed(content: &[u8]) -> Vec<u8> {
        seal(
            &key(9),
            &BINDING,
            content,
            &mut ChaCha20Rng::seed_from_u64(4),
        )
        .unwrap()
    }

    #[test]
    fn it_does_not_open_in_another_s_place() {
        let sealed = sealed(b"hello bob");
        let elsewhere = [
            Binding {
                kind: Kind::State,
                ..BINDING
            },
            Binding {
                owner: Owner([9; 16]),
                ..BINDING
            },
            Binding {
                object: Object([9; 16]),
                ..BINDING
            },
            Binding {
                version: 4,
                ..BINDING
            },
            Binding {
                owner: Owner([2; 16]),
                object: Object([1; 16]),
                ..BINDING
            },
        ];
        for binding in elsewhere {
            assert_eq!(
                open(&key(9), &binding, &sealed),
                Err(OpenError::Tampered),
                "{binding:?}"
            );
        }
        assert_eq!(open(&key(8), &BINDING, &sealed), Err(OpenError::Tampered));
        assert_eq!(
            open(&key(9), &BINDING, &sealed).unwrap().as_slice(),
            b"hello bob"
        );
    }

    #[test]
    fn a_kind_changed_on_both_sides_does_not_open_either() {
        let mut sealed = sealed(b"hello bob");
        sealed[1] = Kind::State as u8;
        let binding = Binding {
            kind: Kind::State,
            ..BINDING
        };
        assert_eq!(open(&key(9), &binding, &sealed), Err(OpenError::Tampered));
    }

    #[test]
    fn every_shorter_one_is_refused() {
        let sealed = sealed(b"hello bob");
        for len_bytes in 0..sealed.len() {
            assert!(
                open(&key(9), &BINDING, &sealed[..len_bytes]).is_err(),
                "{len_bytes}"
            );
        }
    }

    #[test]
    fn a_later_format_is_named() {
        let mut sealed = sealed(b"");
        sealed[0] = 2;
        assert_eq!(
            open(&key(9), &BINDING, &sealed),
            Err(OpenError::UnknownFormat { version: 2 })
        );
    }

    #[test]
    fn near_lengths_look_alike() {
        assert_eq!(sealed(&[0; 1_000]).len(), sealed(&[0; 1_020]).len());
    }

    #[test]
    fn the_same_content_never_looks_the_same() {
        let mut rng = ChaCha20Rng::seed_from_u64(5);
        let first = seal(&key(9), &BINDING, b"x", &mut rng).unwrap();
        let second = seal(&key(9), &BINDING, b"x", &mut rng).unwrap();
        assert_ne!(first, second);
    }

    proptest! {
        #[test]
        fn seal_and_open_are_inverse(content in proptest::collection::vec(any::<u8>(), 0..4_000)) {
            let opened = open(&key(9), &BINDING, &sealed(&content)).unwrap();
            prop_assert_eq!(opened.as_slice(), &content);
        }

        #[test]
        fn no_flipped_bit_opens(content in proptest::collection::vec(any::<u8>(), 0..200), place: prop::sample::Index) {
            let mut sealed = sealed(&content);
            let bit = place.index(sealed.len() * 8);
            sealed[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(open(&key(9), &BINDING, &sealed).is_err());
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(open(&key(9), &BINDING, &bytes).is_err());
        }
    }
}
