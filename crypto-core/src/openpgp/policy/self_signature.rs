//! Which self-signatures count.

use super::CLOCK_SKEW_S;
use super::algorithm::is_strong_hash;
use super::packets::Packets;
use crate::time::UnixSeconds;
use pgp::packet::{Signature, Subpacket, SubpacketData};

/// The latest signature that is acceptable at this time and that `fits`, which is asked last because it is dear.
pub(super) fn latest<'a>(
    signatures: impl IntoIterator<Item = &'a Signature>,
    key: &Packets,
    at: UnixSeconds,
    fits: impl Fn(&Signature) -> bool,
) -> Option<&'a Signature> {
    let mut acceptable: Vec<_> = signatures
        .into_iter()
        .filter(|signature| claims_issuer(signature, key) && is_acceptable(signature, at))
        .collect();
    acceptable.sort_by_key(|signature| std::cmp::Reverse(created(signature)));
    acceptable.into_iter().find(|signature| fits(signature))
}

/// Whether a signature says that the primary key made it, or does not say who did.
pub(super) fn claims_issuer(signature: &Signature, key: &Packets) -> bool {
    let fingerprints = signature.issuer_fingerprint();
    let ids = signature.issuer_key_id();
    if fingerprints.is_empty() {
        return ids.is_empty() || ids.contains(&&key.primary().id);
    }
    fingerprints.contains(&&key.primary().fingerprint)
}

/// When a signature was made, by its hashed area.
pub(in crate::openpgp) fn created(signature: &Signature) -> Option<UnixSeconds> {
    signature.created().map(UnixSeconds::from_openpgp)
}

/// Whether a signature's own expiration time has passed.
pub(in crate::openpgp) fn is_expired(signature: &Signature, at: UnixSeconds) -> bool {
    let seconds = signature
        .signature_expiration_time()
        .map_or(0, |time| u64::from(time.as_secs()));
    seconds != 0 && created(signature).is_some_and(|made| made.get() + seconds <= at.get())
}

/// Whether every part that its maker marked as critical is understood: a signature with one that is not is void
/// (RFC 9580, section 5.2.3.7). No notation is known here, so a critical one voids as well.
pub(in crate::openpgp) fn knows_all_critical_parts(signature: &Signature) -> bool {
    signature.config().is_some_and(|config| {
        config
            .hashed_subpackets()
            .all(|subpacket| !subpacket.is_critical || is_known(subpacket))
    })
}

fn is_acceptable(signature: &Signature, at: UnixSeconds) -> bool {
    let made_in_time = created(signature).is_some_and(|made| made.get() <= at.get() + CLOCK_SKEW_S);
    made_in_time
        && !is_expired(signature, at)
        && signature.hash_alg().is_some_and(is_strong_hash)
        && knows_all_critical_parts(signature)
}

fn is_known(subpacket: &Subpacket) -> bool {
    matches!(
        subpacket.data,
        SubpacketData::SignatureCreationTime(_)
            | SubpacketData::SignatureExpirationTime(_)
            | SubpacketData::KeyExpirationTime(_)
            | SubpacketData::IssuerKeyId(_)
            | SubpacketData::IssuerFingerprint(_)
            | SubpacketData::KeyFlags(_)
            | SubpacketData::Features(_)
            | SubpacketData::IsPrimary(_)
            | SubpacketData::Revocable(_)
            | SubpacketData::RevocationReason(..)
            | SubpacketData::EmbeddedSignature(_)
            | SubpacketData::ExportableCertification(_)
            | SubpacketData::IntendedRecipientFingerprint(_)
            | SubpacketData::SignersUserID(_)
            | SubpacketData::PreferredSymmetricAlgorithms(_)
            | SubpacketData::PreferredHashAlgorithms(_)
            | SubpacketData::PreferredCompressionAlgorithms(_)
            | SubpacketData::PreferredAeadAlgorithms(_)
            | SubpacketData::PreferredEncryptionModes(_)
            | SubpacketData::PreferredKeyServer(_)
            | SubpacketData::KeyServerPreferences(_)
    )
}
