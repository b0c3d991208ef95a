//! Sealing.

use super::{Binding, FORMAT_VERSION, HEADER_BYTES, NONCE_BYTES, SealError, TAG_BYTES};
use crate::padme;
use crate::secret::EnvelopeKey;
use chacha20poly1305::aead::{AeadInPlace as _, KeyInit as _};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand::{CryptoRng, RngCore};
use zeroize::Zeroizing;

/// Most that one envelope holds, in bytes.
pub const MAX_CONTENT_BYTES: usize = 256 * 1024 * 1024;

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

fn padded_copy(content: &[u8]) -> Zeroizing<Vec<u8>> {
    // Reserved in full: growing would leave copies of the content behind that nothing wipes.
    let capacity_bytes = padme::padded_len_bytes(content.len() + 1);
    let mut padded = Zeroizing::new(Vec::with_capacity(capacity_bytes));
    padded.extend_from_slice(content);
    padme::pad(&mut padded);
    padded
}
