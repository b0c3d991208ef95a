//! OpenPGP session keys: found by a secret key (PKESK packets) or by a password (SKESK packets).

use super::limits::{Limit, LimitExceeded, Limits};
use super::secret_key::TransferableSecretKey;
use super::unlock::check_s2k;
use pgp::composed::{Esk, PlainSessionKey, decrypt_session_key_with_password};
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
    check_count(packets.len(), limits)?;
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

fn check_count(packets: usize, limits: &Limits) -> Result<(), LimitExceeded> {
    if packets > limits.session_key_packets {
        return Err(LimitExceeded::new(
            Limit::SessionKeyPackets,
            limits.session_key_packets,
        ));
    }
    Ok(())
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
    let fits = packet.match_identity(key)
        && key.algorithm().can_encrypt()
        && packet
            .algorithm()
            .is_ok_and(|algorithm| algorithm == key.algorithm());
    if !fits {
        return None;
    }
    let values = packet.values().ok()?;
    key.decrypt(&Password::empty(), values, kind).ok()?.ok()
}

/// A session key packet may name "plaintext" as its cipher. Nothing is encrypted with that.
fn is_encrypting(session_key: &PlainSessionKey) -> bool {
    session_key.sym_algorithm() != Some(SymmetricKeyAlgorithm::Plaintext)
}
