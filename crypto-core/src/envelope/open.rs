//! Opening.

use super::{Binding, FORMAT_VERSION, NONCE_BYTES, OpenError, TAG_BYTES};
use crate::padme;
use crate::secret::EnvelopeKey;
use chacha20poly1305::aead::{AeadInPlace as _, KeyInit as _};
use chacha20poly1305::{Tag, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

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
