//! Subkeys: bound by the primary key, and, when they sign, by themselves.

use super::packets::{Over, Packets};
use super::{algorithm, has_begun, has_ended, revocation, self_signature};
use crate::time::UnixSeconds;
use pgp::composed::SignedPublicSubKey;
use pgp::packet::{KeyFlags, Signature, SignatureType};
use pgp::types::KeyDetails as _;

/// What a subkey may be used for at this time; none when it may not be used at all.
pub(super) fn usable_flags(
    key: &Packets,
    subkey: &SignedPublicSubKey,
    at: UnixSeconds,
) -> Option<KeyFlags> {
    let fit = subkey.key.version() == key.primary_key.version()
        && algorithm::is_strong_key(subkey.key.public_params())
        && has_begun(&subkey.key, at)
        && !revocation::revokes_subkey(key, subkey, at);
    if !fit {
        return None;
    }
    let binding = latest_binding(key, subkey, at)?;
    if has_ended(&subkey.key, binding.key_expiration_time(), at) {
        return None;
    }
    let mut flags = binding.key_flags();
    if flags.sign() && !agrees_to_sign(key, subkey, binding, at) {
        flags.set_sign(false);
    }
    Some(flags)
}

fn latest_binding<'a>(
    key: &Packets,
    subkey: &'a SignedPublicSubKey,
    at: UnixSeconds,
) -> Option<&'a Signature> {
    let bindings = subkey
        .signatures
        .iter()
        .filter(|signature| signature.typ() == Some(SignatureType::SubkeyBinding));
    self_signature::latest(bindings, key, at, |signature| {
        key.fits(signature, Over::Subkey, &subkey.key, || {
            let verified = signature.verify_subkey_binding(&key.primary_key, &subkey.key);
            verified.is_ok()
        })
    })
}

/// A signing subkey signs the primary key in return (RFC 9580, section 5.2.1.9): else mallory could adopt the subkey of
/// alice, and with it everything that it has signed.
fn agrees_to_sign(
    key: &Packets,
    subkey: &SignedPublicSubKey,
    binding: &Signature,
    at: UnixSeconds,
) -> bool {
    binding.embedded_signature().is_some_and(|back| {
        back.hash_alg().is_some_and(algorithm::is_strong_hash)
            && self_signature::knows_all_critical_parts(back)
            && !self_signature::is_expired(back, at)
            && key.fits(back, Over::SubkeyInReturn, &subkey.key, || {
                let verified = back.verify_primary_key_binding(&subkey.key, &key.primary_key);
                verified.is_ok()
            })
    })
}
