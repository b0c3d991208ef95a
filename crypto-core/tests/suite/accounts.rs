//! Accounts as S-Mail makes them, and what a message of theirs looks like from outside and inside.

use crate::common::rng;
use crate::forge::MADE;
use pgp::composed::{Deserializable as _, Edata, Esk, Message, SignedSecretKey};
use pgp::crypto::aead::AeadAlgorithm;
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::packet::{
    ProtectedDataConfig, PublicKeyEncryptedSessionKey, SymEncryptedProtectedDataConfig,
};
use pgp::types::{DecryptionKey as _, EskType, Password};
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::{Certificate, TransferableSecretKey, UsableCertificate};
use std::io::Read as _;

pub(crate) const NOW: UnixSeconds = UnixSeconds::new(MADE as u64 + 86_400);

pub(crate) fn account(name: &str, seed: u64) -> TransferableSecretKey {
    let made = UnixSeconds::new(u64::from(MADE));
    TransferableSecretKey::generate(&format!("{name}@example.org"), made, &mut rng(seed)).unwrap()
}

pub(crate) fn usable(keys: &TransferableSecretKey) -> UsableCertificate {
    keys.certificate().usable_at(NOW).unwrap()
}

pub(crate) fn known(keys: &TransferableSecretKey) -> [Certificate; 1] {
    [keys.certificate().clone()]
}

/// What the chunks of a container in version 2 are sealed with.
pub(crate) type Suite = (SymmetricKeyAlgorithm, AeadAlgorithm);

/// The session key packets, and the container's suite; none in version 1.
pub(crate) fn outside(message: &[u8]) -> (Vec<PublicKeyEncryptedSessionKey>, Option<Suite>) {
    let Message::Encrypted {
        esk,
        edata: Edata::SymEncryptedProtectedData { reader },
        ..
    } = Message::from_bytes(message).unwrap()
    else {
        panic!("not a protected message")
    };
    let packets = esk
        .into_iter()
        .map(|packet| match packet {
            Esk::PublicKeyEncryptedSessionKey(packet) => packet,
            other => panic!("{other:?}"),
        })
        .collect();
    let suite = match reader.config() {
        ProtectedDataConfig::Seipd(SymEncryptedProtectedDataConfig::V2 {
            sym_alg, aead, ..
        }) => Some((*sym_alg, *aead)),
        _ => None,
    };
    (packets, suite)
}

/// The packets inside a message, by rPGP alone.
pub(crate) fn inside(message: &[u8], keys: &TransferableSecretKey) -> Vec<u8> {
    let secret = SignedSecretKey::from_bytes(&keys.to_bytes().unwrap()[..]).unwrap();
    let Message::Encrypted { esk, mut edata, .. } = Message::from_bytes(message).unwrap() else {
        panic!("not encrypted")
    };
    let session_key = esk
        .iter()
        .find_map(|packet| {
            let Esk::PublicKeyEncryptedSessionKey(packet) = packet else {
                return None;
            };
            secret.secret_subkeys.iter().find_map(|subkey| {
                subkey
                    .key
                    .decrypt(&Password::empty(), packet.values().ok()?, EskType::V6)
                    .ok()?
                    .ok()
            })
        })
        .unwrap();
    edata.decrypt(&session_key).unwrap();
    let mut packets = vec![];
    edata.read_to_end(&mut packets).unwrap();
    packets
}
