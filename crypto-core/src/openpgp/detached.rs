//! Signatures apart from what they sign (RFC 9580, section 10.4).

use super::armor::{self, ArmorKind};
use super::certificate::Certificate;
use super::limits::{Limit, LimitExceeded, Limits, MAX_SIGNATURE_BYTES};
use super::secret_key::TransferableSecretKey;
use super::signing::{self, SignError};
use super::verdict::{self, SignatureVerdict, Signed};
use crate::time::UnixSeconds;
use pgp::errors::Result as OpenPgpResult;
use pgp::packet::{
    Packet, PacketParser, PacketTrait as _, Signature, SignatureConfig, SignatureType,
};
use pgp::types::{KeyVersion, Password, SigningKey};
use rand::{CryptoRng, RngCore};
use std::io::Write as _;

/// Why signatures could not be read. What they are worth is a [`SignatureVerdict`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// Neither binary nor armored OpenPGP signatures, or not a signed message.
    #[error("this is not an OpenPGP signature, or not a signed message")]
    Malformed,
    /// The message is encrypted: what is signed is inside.
    #[error("this message is encrypted: decrypt it to see what is signed")]
    Encrypted,
    /// Too long, or too many signatures.
    #[error(transparent)]
    LimitExceeded(LimitExceeded),
}

impl VerifyError {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "verify-malformed",
            Self::Encrypted => "verify-encrypted",
            Self::LimitExceeded(error) => error.code(),
        }
    }
}

/// Signs data; gives a binary signature packet. See [`armor`](super::armor()) for its text form.
///
/// # Errors
/// [`SignError`].
pub fn sign_detached<R: RngCore + CryptoRng>(
    data: &[u8],
    signer: &TransferableSecretKey,
    now: UnixSeconds,
    rng: &mut R,
) -> Result<Vec<u8>, SignError> {
    let key = signing::signing_key(signer, now)?;
    sign(data, key, now, rng).map_err(|_| SignError::Failed)
}

/// Judges the detached signatures over data. When there are several, the best of them counts.
///
/// # Errors
/// [`VerifyError`].
pub fn verify_detached(
    data: &[u8],
    signatures: &[u8],
    signers: &[Certificate],
    now: UnixSeconds,
) -> Result<SignatureVerdict, VerifyError> {
    let signatures = parse(signatures)?;
    let signed = Signed {
        data: Some(data),
        digests: &[],
    };
    Ok(verdict::judge(signed, &signatures, signers, None, now))
}

fn sign<R: RngCore + CryptoRng>(
    data: &[u8],
    key: &dyn SigningKey,
    now: UnixSeconds,
    rng: &mut R,
) -> OpenPgpResult<Vec<u8>> {
    let (algorithm, hash) = (key.algorithm(), signing::hash_for(key));
    let mut config = match key.version() {
        KeyVersion::V6 => SignatureConfig::v6(rng, SignatureType::Binary, algorithm, hash)?,
        _ => SignatureConfig::v4(SignatureType::Binary, algorithm, hash),
    };
    (config.hashed_subpackets, config.unhashed_subpackets) = signing::subpackets(key, &[], now)?;
    let mut hasher = config.into_hasher()?;
    hasher.write_all(data)?;
    let signature = hasher.sign(key, &Password::empty())?;
    let mut packet = vec![];
    signature.to_writer_with_header(&mut packet)?;
    Ok(packet)
}

fn parse(input: &[u8]) -> Result<Vec<Signature>, VerifyError> {
    if input.len() > MAX_SIGNATURE_BYTES {
        let exceeded = LimitExceeded::new(Limit::InputBytes, MAX_SIGNATURE_BYTES);
        return Err(VerifyError::LimitExceeded(exceeded));
    }
    let binary =
        armor::to_binary(ArmorKind::Signature, input).map_err(|_| VerifyError::Malformed)?;
    let mut signatures = vec![];
    for packet in PacketParser::new(binary.as_ref()) {
        match packet {
            Ok(Packet::Signature(signature)) => signatures.push(signature),
            _ => return Err(VerifyError::Malformed),
        }
        if signatures.len() > Limits::DEFAULT.signatures {
            let exceeded = LimitExceeded::new(Limit::Signatures, Limits::DEFAULT.signatures);
            return Err(VerifyError::LimitExceeded(exceeded));
        }
    }
    if signatures.is_empty() {
        return Err(VerifyError::Malformed);
    }
    Ok(signatures)
}
