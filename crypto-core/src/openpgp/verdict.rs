//! What a signature over data is worth.

use super::certificate::Certificate;
use super::fingerprint::Fingerprint;
use super::policy::{self, CLOCK_SKEW_S, CertificateError, KeyPlace, Packets};
use crate::time::UnixSeconds;
use pgp::packet::{
    Signature, SignatureType, SignatureVersion, SignatureVersionSpecific, SubpacketData,
};
use pgp::types::{KeyDetails, KeyVersion, VerifyingKey};

/// What the signatures on a message say, after all checks. When there are several, the best of them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureVerdict {
    /// There is no signature.
    Unsigned,
    /// Nothing is known of who signed.
    UnknownSigner {
        /// The keys (primary or subkey) that the signatures say they are by. Nobody has checked that.
        claimed: Vec<Fingerprint>,
    },
    /// The signature does not fit the message, or is void.
    Invalid {
        /// Whose it says it is: the primary key's fingerprint.
        signer: Fingerprint,
    },
    /// The signature fits, but by a key that may not be used to sign.
    UnusableSigner {
        /// Whose it is: the primary key's fingerprint.
        signer: Fingerprint,
        /// What is wrong with the key.
        fault: CertificateError,
    },
    /// The signature fits, but was made for other readers than this one.
    OtherRecipient(VerifiedSignature),
    /// The signature fits, by a key that may sign, for this reader or for any.
    Valid(VerifiedSignature),
}

/// A signature that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedSignature {
    /// Whose it is: the primary key's fingerprint.
    pub signer: Fingerprint,
    /// When it was made, as the signer says.
    pub created: UnixSeconds,
    /// Whom the signer wrote to, by primary key; empty when that is not said.
    pub intended_recipients: Vec<Fingerprint>,
}

impl SignatureVerdict {
    /// Stable name of the verdict.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unsigned => "signature-none",
            Self::UnknownSigner { .. } => "signature-unknown-signer",
            Self::Invalid { .. } => "signature-invalid",
            Self::UnusableSigner { .. } => "signature-unusable-signer",
            Self::OtherRecipient(_) => "signature-other-recipient",
            Self::Valid(_) => "signature-valid",
        }
    }

    const fn rank(&self) -> u8 {
        match self {
            Self::Unsigned => 0,
            Self::UnknownSigner { .. } => 1,
            Self::Invalid { .. } => 2,
            Self::UnusableSigner { .. } => 3,
            Self::OtherRecipient(_) => 4,
            Self::Valid(_) => 5,
        }
    }
}

/// What signatures are over.
#[derive(Clone, Copy)]
pub(super) struct Signed<'a> {
    /// `None`: they are gone, and what has no digest fits nothing.
    pub(super) data: Option<&'a [u8]>,
    /// Digests that are known already, by the signature's place in its list.
    pub(super) digests: &'a [(usize, &'a [u8])],
}

impl<'a> Signed<'a> {
    fn digest_for(&self, index: usize) -> Option<&'a [u8]> {
        let mut known = self.digests.iter();
        known.find_map(|(place, digest)| (*place == index).then_some(*digest))
    }
}

/// Judges the signatures over something, as read by `reader`.
pub(super) fn judge(
    signed: Signed<'_>,
    signatures: &[Signature],
    signers: &[Certificate],
    reader: Option<Fingerprint>,
    now: UnixSeconds,
) -> SignatureVerdict {
    signatures
        .iter()
        .enumerate()
        .map(|(index, signature)| {
            let source = match (signed.digest_for(index), signed.data) {
                (Some(digest), _) => Source::Digest(digest),
                (None, Some(data)) => Source::Data(data),
                (None, None) => Source::Nothing,
            };
            judge_one(source, signature, signers, reader, now)
        })
        .max_by_key(SignatureVerdict::rank)
        .unwrap_or(SignatureVerdict::Unsigned)
}

/// The keys that signatures say they are by.
pub(super) fn claimed_signers(signatures: &[Signature]) -> Vec<Fingerprint> {
    signatures
        .iter()
        .flat_map(Signature::issuer_fingerprint)
        .filter_map(Fingerprint::from_openpgp)
        .collect()
}

/// What one signature is held against.
#[derive(Clone, Copy)]
enum Source<'a> {
    Data(&'a [u8]),
    Digest(&'a [u8]),
    Nothing,
}

fn judge_one(
    source: Source<'_>,
    signature: &Signature,
    signers: &[Certificate],
    reader: Option<Fingerprint>,
    now: UnixSeconds,
) -> SignatureVerdict {
    let Some((certificate, place)) = claimed_key(signature, signers, now) else {
        let claimed = claimed_signers(std::slice::from_ref(signature));
        return SignatureVerdict::UnknownSigner { claimed };
    };
    let signer = certificate.fingerprint();
    let Some(created) = acceptable_time(signature, now) else {
        return SignatureVerdict::Invalid { signer };
    };
    if !is_acceptable(signature) || !fits(source, signature, certificate, place) {
        return SignatureVerdict::Invalid { signer };
    }
    if let Err(fault) = may_sign(certificate, place, created, now) {
        return SignatureVerdict::UnusableSigner { signer, fault };
    }
    if is_revoked_by_a_copy(signature, certificate, signers, created) {
        let fault = CertificateError::Revoked;
        return SignatureVerdict::UnusableSigner { signer, fault };
    }
    let verified = VerifiedSignature {
        signer,
        created,
        intended_recipients: intended_recipients(signature),
    };
    if is_for(&verified, reader) {
        SignatureVerdict::Valid(verified)
    } else {
        SignatureVerdict::OtherRecipient(verified)
    }
}

/// The key that a signature says it is by, among those known. When certificates of several owners have it, the first in
/// which it may sign: else mallory could put alice's key into a certificate of her own as a subkey, which alice never
/// agreed to, and have it looked at in the place of alice's. Of two copies of one certificate the first counts; that one
/// of them revokes is seen to afterwards.
fn claimed_key<'a>(
    signature: &Signature,
    signers: &'a [Certificate],
    now: UnixSeconds,
) -> Option<(&'a Certificate, KeyPlace)> {
    let mut claimed: Vec<(&Certificate, KeyPlace)> = vec![];
    for certificate in signers {
        if let Some(place) = claimed_place(signature, certificate.parsed())
            && claimed
                .iter()
                .all(|(other, _)| other.fingerprint() != certificate.fingerprint())
        {
            claimed.push((certificate, place));
        }
    }
    let created = policy::created(signature);
    let may_sign = |(certificate, place): &(&Certificate, KeyPlace)| {
        created.is_some_and(|created| may_sign(certificate, *place, created, now).is_ok())
    };
    match &claimed[..] {
        [] => None,
        [only] => Some(*only),
        [first, ..] => Some(*claimed.iter().find(|one| may_sign(one)).unwrap_or(first)),
    }
}

/// Whether another copy of the certificate says that its owner revoked it, or the key that signed: who still holds the copy
/// of before would else go on believing it.
fn is_revoked_by_a_copy(
    signature: &Signature,
    certificate: &Certificate,
    signers: &[Certificate],
    at: UnixSeconds,
) -> bool {
    let fingerprint = certificate.fingerprint();
    let mut copies = signers
        .iter()
        .filter(|copy| !std::ptr::eq(*copy, certificate) && copy.fingerprint() == fingerprint);
    copies.any(|copy| {
        let key = copy.parsed();
        policy::is_revoked(key, claimed_place(signature, key), at)
    })
}

/// The key's place in one certificate. A key whose algorithm is not known to this program is as if it were not there:
/// whether the signature fits nobody can say.
fn claimed_place(signature: &Signature, key: &Packets) -> Option<KeyPlace> {
    if is_by_primary(signature, key) {
        return policy::is_known_key(key.primary_key.public_params()).then_some(KeyPlace::Primary);
    }
    let index = key.public_subkeys.iter().position(|subkey| {
        is_by(signature, &subkey.key) && policy::is_known_key(subkey.key.public_params())
    })?;
    Some(KeyPlace::Subkey(index))
}

/// As [`is_by`], by what is known of the primary key already.
fn is_by_primary(signature: &Signature, key: &Packets) -> bool {
    let fingerprints = signature.issuer_fingerprint();
    if fingerprints.is_empty() {
        return signature.issuer_key_id().contains(&&key.primary().id);
    }
    fingerprints.contains(&&key.primary().fingerprint)
}

fn is_by(signature: &Signature, key: &impl KeyDetails) -> bool {
    let fingerprints = signature.issuer_fingerprint();
    if fingerprints.is_empty() {
        return signature.issuer_key_id().contains(&&key.legacy_key_id());
    }
    fingerprints.contains(&&key.fingerprint())
}

/// When the signature was made, unless that is not said, lies in the future, or the signature has expired.
fn acceptable_time(signature: &Signature, now: UnixSeconds) -> Option<UnixSeconds> {
    let created = policy::created(signature)?;
    let in_time = created.get() <= now.get() + CLOCK_SKEW_S;
    (in_time && !policy::is_expired(signature, now)).then_some(created)
}

fn is_acceptable(signature: &Signature) -> bool {
    matches!(
        signature.typ(),
        Some(SignatureType::Binary | SignatureType::Text)
    ) && signature.hash_alg().is_some_and(policy::is_strong_hash)
        && policy::knows_all_critical_parts(signature)
}

fn fits(
    source: Source<'_>,
    signature: &Signature,
    certificate: &Certificate,
    place: KeyPlace,
) -> bool {
    let key = certificate.parsed();
    match place {
        KeyPlace::Primary => fits_key(source, signature, &key.primary_key),
        KeyPlace::Subkey(index) => {
            let subkey = key.public_subkeys.get(index);
            subkey.is_some_and(|subkey| fits_key(source, signature, &subkey.key))
        }
    }
}

fn fits_key(source: Source<'_>, signature: &Signature, key: &impl VerifyingKey) -> bool {
    match source {
        Source::Data(data) => signature.verify(key, data).is_ok(),
        Source::Digest(digest) => fits_digest(digest, signature, key),
        Source::Nothing => false,
    }
}

/// What rPGP checks when it computes the digest itself (RFC 9580, sections 5.2.3 and 5.2.4): versions that go together, a
/// salt of the right length, the digest's first two octets, and the signature. That it is by this key has been found out.
fn fits_digest(digest: &[u8], signature: &Signature, key: &impl VerifyingKey) -> bool {
    let (Some(config), Some(made)) = (signature.config(), signature.signature()) else {
        return false;
    };
    let is_v6 = key.version() == KeyVersion::V6;
    let is_salted = match &config.version_specific {
        SignatureVersionSpecific::V6 { salt } => config.hash_alg.salt_len() == Some(salt.len()),
        _ => true,
    };
    is_v6 == (config.version() == SignatureVersion::V6)
        && is_salted
        && config.hash_alg.digest_size() == Some(digest.len())
        && digest.first_chunk::<2>().copied() == signature.signed_hash_value()
        && key.verify(config.hash_alg, digest, made).is_ok()
}

fn may_sign(
    certificate: &Certificate,
    place: KeyPlace,
    created: UnixSeconds,
    now: UnixSeconds,
) -> Result<(), CertificateError> {
    let keys = policy::signing_keys(certificate.parsed(), created, now)?;
    if keys.contains(&place) {
        Ok(())
    } else {
        Err(CertificateError::NoSigningKey)
    }
}

fn intended_recipients(signature: &Signature) -> Vec<Fingerprint> {
    let hashed = signature
        .config()
        .into_iter()
        .flat_map(|config| config.hashed_subpackets());
    hashed
        .filter_map(|subpacket| match &subpacket.data {
            SubpacketData::IntendedRecipientFingerprint(fingerprint) => {
                Fingerprint::from_openpgp(fingerprint)
            }
            _ => None,
        })
        .collect()
}

fn is_for(signature: &VerifiedSignature, reader: Option<Fingerprint>) -> bool {
    let intended = &signature.intended_recipients;
    reader.is_none_or(|reader| intended.is_empty() || intended.contains(&reader))
}
