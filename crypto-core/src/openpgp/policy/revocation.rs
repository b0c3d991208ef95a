//! Revocations. They are believed more readily than other signatures, since all that they can do is to shut: a weak
//! hash, an expiration time or an unknown critical part does not void them.

use super::packets::{Over, Packets};
use super::self_signature::{claims_issuer, created};
use crate::time::UnixSeconds;
use pgp::composed::SignedPublicSubKey;
use pgp::packet::{RevocationCode, Signature, SignatureType};

/// Whether the primary key, and with it the whole certificate, is revoked at this time.
pub(super) fn revokes_primary(key: &Packets, at: UnixSeconds) -> bool {
    key.details.revocation_signatures.iter().any(|signature| {
        is_of(signature, SignatureType::KeyRevocation)
            && claims_issuer(signature, key)
            && is_in_force(signature, at)
            && key.fits(signature, Over::Primary, &key.primary_key, || {
                signature.verify_key(&key.primary_key).is_ok()
            })
    })
}

/// Whether a subkey is revoked at this time.
pub(super) fn revokes_subkey(key: &Packets, subkey: &SignedPublicSubKey, at: UnixSeconds) -> bool {
    subkey.signatures.iter().any(|signature| {
        is_of(signature, SignatureType::SubkeyRevocation)
            && claims_issuer(signature, key)
            && is_in_force(signature, at)
            && key.fits(signature, Over::Subkey, &subkey.key, || {
                let verified = signature.verify_subkey_binding(&key.primary_key, &subkey.key);
                verified.is_ok()
            })
    })
}

fn is_of(signature: &Signature, typ: SignatureType) -> bool {
    signature.typ() == Some(typ)
}

/// A hard revocation says that the key may have been in other hands, at any time; a soft one, that its owner stopped
/// using it when it was made (RFC 9580, section 5.2.3.31).
fn is_in_force(signature: &Signature, at: UnixSeconds) -> bool {
    is_hard(signature) || created(signature).is_none_or(|made| made <= at)
}

fn is_hard(signature: &Signature) -> bool {
    !matches!(
        signature.revocation_reason_code(),
        Some(RevocationCode::KeySuperseded | RevocationCode::KeyRetired)
    )
}
