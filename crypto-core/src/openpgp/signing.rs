//! What signing has in common, inside messages and apart from them.

use super::fingerprint::Fingerprint;
use super::policy::{self, CertificateError, KeyPlace};
use super::secret_key::TransferableSecretKey;
use crate::time::UnixSeconds;
use pgp::composed::SignedSecretKey;
use pgp::crypto::hash::HashAlgorithm;
use pgp::errors::Result as OpenPgpResult;
use pgp::packet::{Subpacket, SubpacketData};
use pgp::types::{KeyDetails as _, KeyVersion, SigningKey};

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
