//! What signing has in common, inside messages and apart from them.

use super::bulk::{LITERAL_FIELDS, LITERAL_TAG, write_length};
use super::fingerprint::Fingerprint;
use super::policy::{self, CertificateError, KeyPlace};
use super::secret_key::TransferableSecretKey;
use super::usable::UsableCertificate;
use crate::Plaintext;
use crate::time::UnixSeconds;
use pgp::composed::SignedSecretKey;
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::errors::{Error, Result as OpenPgpResult};
use pgp::packet::{
    OnePassSignature, PacketTrait as _, SignatureConfig, SignatureType, SignatureVersionSpecific,
    Subpacket, SubpacketData,
};
use pgp::types::{
    Fingerprint as OpenPgpFingerprint, KeyDetails as _, KeyVersion, Password, SigningKey,
};
use rand::{CryptoRng, RngCore};
use std::io::Write as _;

/// Why something could not be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The signer's own key may not be used to sign.
    #[error("your own key cannot be used: {0}")]
    UnusableKey(CertificateError),
    /// rPGP could not make the signature.
    #[error("the signature could not be made")]
    Failed,
}

impl SignError {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnusableKey(_) => "sign-unusable-key",
            Self::Failed => "sign-failed",
        }
    }
}

/// The key that signs at this time: the first in the certificate that may.
pub(super) fn signing_key(
    signer: &TransferableSecretKey,
    now: UnixSeconds,
) -> Result<&dyn SigningKey, SignError> {
    let judged =
        policy::judge(signer.certificate().parsed(), now).map_err(SignError::UnusableKey)?;
    judged
        .signing_keys
        .iter()
        .find_map(|place| secret_at(signer, *place))
        .ok_or(SignError::UnusableKey(CertificateError::NoSigningKey))
}

/// The secret half of a key in the certificate, when it is there.
fn secret_at(signer: &TransferableSecretKey, place: KeyPlace) -> Option<&dyn SigningKey> {
    let secret: &SignedSecretKey = signer.parsed();
    let index = match place {
        KeyPlace::Primary => return Some(&secret.primary_key),
        KeyPlace::Subkey(index) => index,
    };
    let public = signer.certificate().parsed().public_subkeys.get(index)?;
    secret
        .secret_subkeys
        .iter()
        .find(|subkey| subkey.key.fingerprint() == public.key.fingerprint())
        .map(|subkey| -> &dyn SigningKey { &subkey.key })
}

/// SHA-512, but for the post-quantum algorithms, which name their own.
pub(super) fn hash_for(key: &dyn SigningKey) -> HashAlgorithm {
    if key.algorithm().is_pqc() {
        key.hash_alg()
    } else {
        HashAlgorithm::Sha512
    }
}

/// The digest under a large message's signature: SHA-256, for which platforms and processors have instructions, but for the
/// algorithms that want one of their own, or a longer one (RFC 9580, sections 5.2.3.2 and 5.2.3.5).
pub(super) fn hash_for_large(key: &dyn SigningKey) -> HashAlgorithm {
    match key.algorithm() {
        PublicKeyAlgorithm::ECDSA | PublicKeyAlgorithm::Ed448 => key.hash_alg(),
        algorithm if algorithm.is_pqc() => key.hash_alg(),
        _ => HashAlgorithm::Sha256,
    }
}

/// The hashed and unhashed subpackets of a signature over data. Naming the intended recipients (RFC 9580,
/// section 5.2.3.36) keeps a reader from passing the signed message on as if it had been written to someone else.
pub(super) fn subpackets(
    key: &dyn SigningKey,
    recipients: &[Fingerprint],
    now: UnixSeconds,
) -> OpenPgpResult<(Vec<Subpacket>, Vec<Subpacket>)> {
    let mut hashed = vec![
        Subpacket::critical(SubpacketData::SignatureCreationTime(now.to_openpgp()))?,
        Subpacket::regular(SubpacketData::IssuerFingerprint(key.fingerprint()))?,
    ];
    for recipient in recipients {
        let recipient = SubpacketData::IntendedRecipientFingerprint(recipient.to_openpgp());
        hashed.push(Subpacket::regular(recipient)?);
    }
    let mut unhashed = vec![];
    if key.version() == KeyVersion::V4 {
        unhashed.push(Subpacket::regular(SubpacketData::IssuerKeyId(
            key.legacy_key_id(),
        ))?);
    }
    Ok((hashed, unhashed))
}

/// The packet that announces a signature, and what the signature will say.
pub(super) fn announced<R: RngCore + CryptoRng>(
    signer: &dyn SigningKey,
    hash: HashAlgorithm,
    recipients: &[UsableCertificate],
    now: UnixSeconds,
    rng: &mut R,
) -> OpenPgpResult<(Vec<u8>, SignatureConfig)> {
    let (kind, algorithm) = (SignatureType::Binary, signer.algorithm());
    let (mut config, packet) = match signer.fingerprint() {
        OpenPgpFingerprint::V6(fingerprint) => {
            let config = SignatureConfig::v6(rng, kind, algorithm, hash)?;
            let SignatureVersionSpecific::V6 { salt } = &config.version_specific else {
                return Err(Error::MissingKey);
            };
            let packet = OnePassSignature::v6(kind, hash, algorithm, salt.clone(), fingerprint);
            (config, packet)
        }
        _ => (
            SignatureConfig::v4(kind, algorithm, hash),
            OnePassSignature::v3(kind, hash, algorithm, signer.legacy_key_id()),
        ),
    };
    let fingerprints: Vec<Fingerprint> = recipients
        .iter()
        .map(UsableCertificate::fingerprint)
        .collect();
    (config.hashed_subpackets, config.unhashed_subpackets) =
        subpackets(signer, &fingerprints, now)?;
    let mut octets = Vec::new();
    packet.to_writer_with_header(&mut octets)?;
    Ok((octets, config))
}

/// Room kept for what stands around data, so that they are not moved.
const ROOM_BYTES: usize = 64 * 1024;

/// The packets of a message, to be encrypted or not: the data, signed if there is a signer (RFC 9580, section 10.3).
/// Written here and not by rPGP's builder, which brings streams, compression and every cipher with it.
pub(super) fn packets<R: RngCore + CryptoRng>(
    data: &[u8],
    signer: Option<(&dyn SigningKey, UnixSeconds)>,
    recipients: &[UsableCertificate],
    rng: &mut R,
) -> OpenPgpResult<Plaintext> {
    let mut packets = Plaintext::new(Vec::with_capacity(data.len().saturating_add(ROOM_BYTES)));
    let signature = match signer {
        Some((key, now)) => {
            let (announced, config) = announced(key, hash_for(key), recipients, now, rng)?;
            packets.extend(announced);
            let mut hasher = config.into_hasher()?;
            hasher.write_all(data)?;
            Some(hasher.sign(key, &Password::empty())?)
        }
        None => None,
    };
    let literal_bytes = LITERAL_FIELDS.len().saturating_add(data.len());
    write_length(&mut *packets, LITERAL_TAG, literal_bytes)?;
    packets.extend_from_slice(&LITERAL_FIELDS);
    packets.extend_from_slice(data);
    if let Some(signature) = signature {
        signature.to_writer_with_header(&mut *packets)?;
    }
    Ok(packets)
}
