//! OpenPGP session keys: found by a secret key (PKESK packets) or by a password (SKESK packets).

use super::limits::{Limit, LimitExceeded, Limits};
use super::secret_key::TransferableSecretKey;
use super::unlock::check_s2k;
use pgp::composed::{Esk, PlainSessionKey, decrypt_session_key_with_password};
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::packet::{PublicKeyEncryptedSessionKey, SymKeyEncryptedSessionKey};
use pgp::types::{DecryptionKey, EskType, Password, PkeskVersion};

/// Session keys that may be the right one, each computed when asked for.
pub(super) type Candidates<'a> = Box<dyn Iterator<Item = PlainSessionKey> + 'a>;

/// The session keys that these secret keys unwrap.
pub(super) fn by_secret_key<'a>(
    packets: &'a [Esk],
    keys: &'a TransferableSecretKey,
    limits: &Limits,
) -> Result<Candidates<'a>, LimitExceeded> {
    let packets: Vec<_> = packets
        .iter()
        .filter_map(|packet| match packet {
            Esk::PublicKeyEncryptedSessionKey(packet) => Some(packet),
            Esk::SymKeyEncryptedSessionKey(_) => None,
        })
        .collect();
    let costs = packets.iter().map(|packet| {
        if is_for_rsa(packet, keys) {
            RSA_WEIGHT
        } else {
            1
        }
    });
    check_count(costs.sum(), limits)?;
    let found = packets
        .into_iter()
        .flat_map(|packet| unwrap_by_any(packet, keys))
        .filter(is_encrypting);
    Ok(Box::new(found))
}

/// The session keys that this password unwraps.
pub(super) fn by_password<'a>(
    packets: &'a [Esk],
    password: &[u8],
    limits: &Limits,
) -> Result<Candidates<'a>, LimitExceeded> {
    let packets: Vec<&SymKeyEncryptedSessionKey> = packets
        .iter()
        .filter_map(|packet| match packet {
            Esk::SymKeyEncryptedSessionKey(packet) => Some(packet),
            Esk::PublicKeyEncryptedSessionKey(_) => None,
        })
        .collect();
    // Each costs a run of its S2K.
    check_count(packets.len().saturating_mul(S2K_WEIGHT), limits)?;
    for packet in &packets {
        packet.s2k().map_or(Ok(()), |s2k| check_s2k(s2k, limits))?;
    }
    let password = Password::from(password);
    let found = packets
        .into_iter()
        .filter_map(move |packet| decrypt_session_key_with_password(packet, &password).ok())
        .filter(is_encrypting);
    Ok(Box::new(found))
}

/// One password packet costs as much as this many packets for a public key.
const S2K_WEIGHT: usize = 100;
/// One packet that an RSA key of this reader is tried on costs as much as this many of others, and more: with 4,096 bits a
/// seventh of a second in WebAssembly. Who does not name the recipients can have it tried on all.
const RSA_WEIGHT: usize = 10;

fn check_count(packets: usize, limits: &Limits) -> Result<(), LimitExceeded> {
    if packets > limits.session_key_packets {
        return Err(LimitExceeded::new(
            Limit::SessionKeyPackets,
            limits.session_key_packets,
        ));
    }
    Ok(())
}

fn is_for_rsa(packet: &PublicKeyEncryptedSessionKey, keys: &TransferableSecretKey) -> bool {
    let secret = keys.parsed();
    let is_rsa = packet.algorithm().is_ok_and(|algorithm| {
        matches!(
            algorithm,
            PublicKeyAlgorithm::RSA | PublicKeyAlgorithm::RSAEncrypt
        )
    });
    let mut subkeys = secret.secret_subkeys.iter();
    is_rsa
        && (may_be_for(packet, &secret.primary_key)
            || subkeys.any(|subkey| may_be_for(packet, &subkey.key)))
}

fn unwrap_by_any<'a>(
    packet: &'a PublicKeyEncryptedSessionKey,
    keys: &'a TransferableSecretKey,
) -> impl Iterator<Item = PlainSessionKey> + 'a {
    let secret = keys.parsed();
    let subkeys = secret
        .secret_subkeys
        .iter()
        .filter_map(|subkey| unwrap(packet, &subkey.key));
    subkeys.chain(std::iter::once_with(|| unwrap(packet, &secret.primary_key)).flatten())
}

fn unwrap(
    packet: &PublicKeyEncryptedSessionKey,
    key: &impl DecryptionKey,
) -> Option<PlainSessionKey> {
    let kind = match packet.version() {
        PkeskVersion::V3 => EskType::V3_4,
        PkeskVersion::V6 => EskType::V6,
        PkeskVersion::Other(_) => return None,
    };
    if !may_be_for(packet, key) {
        return None;
    }
    let values = packet.values().ok()?;
    key.decrypt(&Password::empty(), values, kind).ok()?.ok()
}

fn may_be_for(packet: &PublicKeyEncryptedSessionKey, key: &impl DecryptionKey) -> bool {
    key.algorithm().can_encrypt()
        && packet
            .algorithm()
            .is_ok_and(|algorithm| algorithm == key.algorithm())
        && packet.match_identity(key)
}

/// A session key packet may name "plaintext" as its cipher. Nothing is encrypted with that.
fn is_encrypting(session_key: &PlainSessionKey) -> bool {
    session_key.sym_algorithm() != Some(SymmetricKeyAlgorithm::Plaintext)
}
