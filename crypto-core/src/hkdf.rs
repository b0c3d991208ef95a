//! HKDF-SHA-512 (RFC 5869) without salt: every key of the hierarchy is derived under a label of its own.

use crate::secret::EnvelopeKey;
use ::hkdf::Hkdf;
use sha2::Sha512;
use std::convert::Infallible;

/// Longest output in use, in bytes. HKDF-SHA-512 can give 255 times its hash length.
const MAX_OUTPUT_BYTES: usize = 64;

/// Fills `output` from `ikm` under the parts of a label.
pub(crate) fn expand<const LEN_BYTES: usize>(
    ikm: &[u8],
    label: &[&[u8]],
    output: &mut [u8; LEN_BYTES],
) {
    const { assert!(LEN_BYTES <= MAX_OUTPUT_BYTES) };
    let expanded = Hkdf::<Sha512>::new(None, ikm).expand_multi_info(label, output);
    // The only error is an output longer than HKDF can give, which the assertion above rules out when compiling.
    debug_assert!(expanded.is_ok());
}

/// The envelope key of a label.
pub(crate) fn envelope_key(ikm: &[u8], label: &str) -> EnvelopeKey {
    let built = EnvelopeKey::build(|key| {
        expand(ikm, &[label.as_bytes()], key);
        Ok::<(), Infallible>(())
    });
    match built {
        Ok(key) => key,
        Err(impossible) => match impossible {},
    }
}
