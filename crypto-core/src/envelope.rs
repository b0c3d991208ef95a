//! Sealed envelopes: what an account keeps on a server that must not read it.
//!
//! ```text
//! format version 1 B | kind 1 B | nonce 24 B | ciphertext and tag
//! ```
//!
//! XChaCha20-Poly1305 under an [`EnvelopeKey`]. The plaintext is the content, a byte 0x80 and zeros up to the next
//! Padme length, so that the length says little. The associated data are 42 bytes: format version, kind, owner,
//! object and, in big-endian order, the object's version. An envelope that is put in another's place does not open.

use crate::identity::{Object, Owner};
use crate::padme;
use crate::secret::EnvelopeKey;
use chacha20poly1305::aead::{AeadInPlace as _, KeyInit as _};
use chacha20poly1305::{Tag, XChaCha20Poly1305, XNonce};
use rand::{CryptoRng, RngCore};
use zeroize::Zeroizing;

/// Most that one envelope holds, in bytes.
pub const MAX_CONTENT_BYTES: usize = 256 * 1024 * 1024;

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

/// Why something could not be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The content is longer than [`MAX_CONTENT_BYTES`].
    #[error("this is too long to be sealed: at most {limit_bytes} bytes")]
    TooLong {
        /// The limit, in bytes.
        limit_bytes: usize,
    },
}

impl SealError {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "seal-too-long",
        }
    }
}

/// Why an envelope does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Not an envelope.
    #[error("sealed data is malformed: {field}")]
    Malformed {
        /// The part that is wrong.
        field: &'static str,
    },
    /// An envelope of a format that this program does not know.
    #[error("sealed data has format version {version}, which this program does not know")]
    UnknownFormat {
        /// The format version found.
        version: u8,
    },
    /// Altered, sealed under another key, or in the place of another envelope: of another kind, owner, object or
    /// version.
    #[error("sealed data was altered, or stands in the place of other data")]
    Tampered,
}

impl OpenError {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "open-malformed",
            Self::UnknownFormat { .. } => "open-unknown-format",
            Self::Tampered => "open-tampered",
        }
    }
}

/// Seals content under a key, bound to what it is. The nonce is random: 192 bits, so a key may seal any number.
///
/// # Errors
/// [`SealError`].
pub fn seal<R: RngCore + CryptoRng>(
    key: &EnvelopeKey,
    binding: &Binding,
    content: &[u8],
    rng: &mut R,
) -> Result<Vec<u8>, SealError> {
    const TOO_LONG: SealError = SealError::TooLong {
        limit_bytes: MAX_CONTENT_BYTES,
    };
    if content.len() > MAX_CONTENT_BYTES {
        return Err(TOO_LONG);
    }
    let mut nonce = [0; NONCE_BYTES];
    rng.fill_bytes(&mut nonce);
    let mut padded = padded_copy(content);
    // EXPOSE: the cipher needs it.
    let tag = XChaCha20Poly1305::new(key.expose().into())
        .encrypt_in_place_detached(
            XNonce::from_slice(&nonce),
            &binding.associated_data(),
            padded.as_mut_slice(),
        )
        .map_err(|_| TOO_LONG)?;
    let mut sealed = Vec::with_capacity(HEADER_BYTES + padded.len() + TAG_BYTES);
    sealed.extend_from_slice(&[FORMAT_VERSION, binding.kind as u8]);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(&padded);
    sealed.extend_from_slice(&tag);
    Ok(sealed)
}

/// Opens an envelope that was sealed under this key and this binding.
///
/// # Errors
/// [`OpenError`].
pub fn open(
    key: &EnvelopeKey,
    binding: &Binding,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let parts = Parts::parse(sealed)?;
    if parts.kind != binding.kind as u8 {
        return Err(OpenError::Tampered);
    }
    let mut content = Zeroizing::new(parts.ciphertext.to_vec());
    // EXPOSE: the cipher needs it.
    XChaCha20Poly1305::new(key.expose().into())
        .decrypt_in_place_detached(
            XNonce::from_slice(parts.nonce),
            &binding.associated_data(),
            content.as_mut_slice(),
            Tag::from_slice(parts.tag),
        )
        .map_err(|_| OpenError::Tampered)?;
    let len_bytes =
        padme::content_len_bytes(&content).ok_or(OpenError::Malformed { field: "padding" })?;
    content.truncate(len_bytes);
    Ok(content)
}

fn padded_copy(content: &[u8]) -> Zeroizing<Vec<u8>> {
    // Reserved in full: growing would leave copies of the content behind that nothing wipes.
    let capacity_bytes = padme::padded_len_bytes(content.len() + 1);
    let mut padded = Zeroizing::new(Vec::with_capacity(capacity_bytes));
    padded.extend_from_slice(content);
    padme::pad(&mut padded);
    padded
}

struct Parts<'a> {
    kind: u8,
    nonce: &'a [u8; NONCE_BYTES],
    ciphertext: &'a [u8],
    tag: &'a [u8; TAG_BYTES],
}

impl<'a> Parts<'a> {
    fn parse(sealed: &'a [u8]) -> Result<Self, OpenError> {
        const TOO_SHORT: OpenError = OpenError::Malformed { field: "length" };
        let (&version, rest) = sealed.split_first().ok_or(TOO_SHORT)?;
        if version != FORMAT_VERSION {
            return Err(OpenError::UnknownFormat { version });
        }
        let (&kind, rest) = rest.split_first().ok_or(TOO_SHORT)?;
        let (nonce, rest) = rest.split_first_chunk().ok_or(TOO_SHORT)?;
        let (ciphertext, tag) = rest.split_last_chunk().ok_or(TOO_SHORT)?;
        Ok(Self {
            kind,
            nonce,
            ciphertext,
            tag,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
