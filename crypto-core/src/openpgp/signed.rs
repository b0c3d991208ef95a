//! Messages that are signed and not encrypted (RFC 9580, section 10.3): a one-pass signature, the data, the signature.

use super::armor::{self, ArmorKind};
use super::decrypt::{DecryptError, OpenedMessage};
use super::detached::VerifyError;
use super::limits::{Limit, LimitExceeded, Limits};
use super::literal;
use super::secret_key::TransferableSecretKey;
use super::signing::{self, SignError};
use crate::time::UnixSeconds;
use rand::{CryptoRng, RngCore};

/// Signs data; gives a binary message that holds both. Anybody can read it.
///
/// # Errors
/// [`SignError`].
pub fn sign<R: RngCore + CryptoRng>(
    data: &[u8],
    signer: &TransferableSecretKey,
    now: UnixSeconds,
    rng: &mut R,
) -> Result<Vec<u8>, SignError> {
    let key = signing::signing_key(signer, now)?;
    let packets =
        signing::packets(data, Some((key, now)), &[], rng).map_err(|_| SignError::Failed)?;
    Ok(packets.to_vec())
}

/// Reads a signed message, binary or armored, compressed or not; its signatures are not judged yet.
///
/// # Errors
/// [`VerifyError`]; [`VerifyError::Encrypted`] for a message that is to be decrypted first.
pub fn open_signed(message: &[u8], limits: &Limits) -> Result<OpenedMessage, VerifyError> {
    let binary =
        armor::to_binary(ArmorKind::Message, message).map_err(|_| VerifyError::Malformed)?;
    if binary.len()
        > limits
            .plaintext_bytes
            .saturating_add(literal::PACKET_OVERHEAD_BYTES)
    {
        let exceeded = LimitExceeded::new(Limit::InputBytes, limits.plaintext_bytes);
        return Err(VerifyError::LimitExceeded(exceeded));
    }
    if super::decrypt::is_encrypted(&binary) {
        return Err(VerifyError::Encrypted);
    }
    let content = literal::read(&binary, limits).map_err(|error| match error {
        DecryptError::LimitExceeded(exceeded) => VerifyError::LimitExceeded(exceeded),
        _ => VerifyError::Malformed,
    })?;
    Ok(OpenedMessage::of(content, None))
}
