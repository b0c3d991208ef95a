//! Opening a container of SEIPD version 1 (RFC 9580, section 5.13.1): AES in cipher feedback mode (CFB), and a digest of
//! the plaintext at its end, the modification detection code (MDC). The older ciphers are rPGP's.
//!
//! The digest is SHA-1, which is enough here: it is encrypted, and nobody can look for a collision with it.

use crate::Plaintext;
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use smail_ciphers::{AES_BLOCK_BYTES, decrypt_cfb, is_digest};

/// A block of random octets, and the last two of it again. Not looked at: who learns whether the two are the same learns
/// something about the plaintext (RFC 9580, section 13.4).
const PREFIX_BYTES: usize = AES_BLOCK_BYTES + 2;
const MDC_BYTES: usize = 20;
/// The MDC's header as a packet, which is part of what is digested.
const MDC_HEADER: [u8; 2] = [0xd3, 0x14];

/// Whether this is a cipher for here.
pub(super) const fn reads(algorithm: SymmetricKeyAlgorithm) -> bool {
    matches!(
        algorithm,
        SymmetricKeyAlgorithm::AES128
            | SymmetricKeyAlgorithm::AES192
            | SymmetricKeyAlgorithm::AES256
    )
}

/// Opens the container, all of it, and gives the packets in it. `None`: the session key is another one, or the container was
/// altered or cut short.
pub(super) fn open(
    algorithm: SymmetricKeyAlgorithm,
    session_key: &[u8],
    body: Vec<u8>,
) -> Option<Plaintext> {
    if session_key.len() != algorithm.key_size() {
        return None;
    }
    let mut octets = Plaintext::new(body);
    decrypt_cfb(session_key, &mut octets).ok()?;
    let (digested, mdc) = octets.split_last_chunk::<MDC_BYTES>()?;
    let (before, header) = digested.split_last_chunk::<{ MDC_HEADER.len() }>()?;
    let fits = is_digest(mdc, digested) & (*header == MDC_HEADER) & (before.len() >= PREFIX_BYTES);
    let packets_end = before.len();
    fits.then(|| {
        octets.truncate(packets_end);
        octets.drain(..PREFIX_BYTES);
        octets
    })
}
