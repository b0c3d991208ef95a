//! Input that asks for more than it should get: refused before anything is spent on it.

use crate::common::rng;
use crate::forge::Forge;
use crate::forged_message::{
    bob, container, encrypted_to, literal, packet, refusal, session_key_packet, uncompressed,
};
use pgp::composed::MessageBuilder;
use pgp::crypto::aead::AeadAlgorithm;
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::ser::Serialize as _;
use pgp::types::{CompressionAlgorithm, Password, S2kParams, StringToKey};
use smail_crypto_core::openpgp::{
    DecryptError, Limit, Limits, TransferableSecretKey, UnlockError, decrypt, decrypt_with_password,
};

fn limit_of(error: DecryptError) -> Limit {
    match error {
        DecryptError::LimitExceeded(exceeded) => exceeded.limit,
        other => panic!("{other:?}"),
    }
}

/// A literal of zeros, compressed once.
fn bomb(len_bytes: usize) -> Vec<u8> {
    let mut message = MessageBuilder::from_bytes("", vec![0; len_bytes]);
    message.compression(CompressionAlgorithm::ZLIB);
    message.to_vec(rng(81)).unwrap()
}

#[test]
fn a_decompression_bomb() {
    let bob = bob();
    let message = encrypted_to(bob.certificate(), &bomb(8_000_000));
    assert!(message.len() < 20_000);
    let by_length = Limits {
        plaintext_bytes: 4_000_000,
        ..Limits::DEFAULT
    };
    assert_eq!(
        limit_of(decrypt(&message, &bob, &by_length).unwrap_err()),
        Limit::PlaintextBytes
    );
    let by_ratio = Limits {
        expansion_ratio: 100,
        ..Limits::DEFAULT
    };
    assert_eq!(
        limit_of(decrypt(&message, &bob, &by_ratio).unwrap_err()),
        Limit::ExpansionRatio
    );
}

#[test]
fn compression_within_compression() {
    let mut packets = literal(b"hello");
    for layers in 1..=4_u32 {
        packets = uncompressed(&packets);
        let bob = bob();
        let read = decrypt(
            &encrypted_to(bob.certificate(), &packets),
            &bob,
            &Limits::DEFAULT,
        );
        if layers <= Limits::DEFAULT.compression_layers {
            assert_eq!(read.unwrap().plaintext(), b"hello");
        } else {
            assert_eq!(limit_of(read.unwrap_err()), Limit::CompressionLayers);
        }
    }
}

#[test]
fn a_2_gib_s2k_in_a_message() {
    // SKESK version 4, AES-256, Argon2 with 1 pass, 4 lanes and 2^21 KiB.
    let body = [&[4, 9, 4][..], &[0xa5; 16], &[1, 4, 21]].concat();
    let message = [packet(3, &body), container(&literal(b"hello"))].concat();
    let refused = decrypt_with_password(&message, b"password", &Limits::DEFAULT).unwrap_err();
    assert_eq!(limit_of(refused), Limit::S2kMemoryKib);
    // A secret key never runs it.
    assert_eq!(
        decrypt(&message, &bob(), &Limits::DEFAULT).unwrap_err(),
        DecryptError::NoMatchingKey
    );
    let many_passes = [&[4, 9, 4][..], &[0xa5; 16], &[255, 4, 10]].concat();
    let message = [packet(3, &many_passes), container(&literal(b"hello"))].concat();
    let refused = decrypt_with_password(&message, b"password", &Limits::DEFAULT).unwrap_err();
    assert_eq!(limit_of(refused), Limit::S2kPasses);
}

#[test]
fn a_2_gib_s2k_in_a_locked_key() {
    let salt = [0xa5; 16];
    let s2k = StringToKey::Argon2 {
        salt,
        t: 1,
        p: 1,
        m_enc: 10,
    };
    let params = S2kParams::Aead {
        sym_alg: SymmetricKeyAlgorithm::AES256,
        aead_mode: AeadAlgorithm::Ocb,
        s2k,
        nonce: vec![7; 15].into(),
    };
    let mut key = Forge::sound(82).signed_secret_key();
    key.primary_key
        .set_password_with_s2k(&Password::from("open sesame"), params)
        .unwrap();
    let mut locked = key.to_bytes().unwrap();
    let unlock = |locked: &[u8], password: &[u8]| {
        TransferableSecretKey::unlock(locked, password, &Limits::DEFAULT)
    };
    assert_eq!(
        unlock(&locked, b"wrong").unwrap_err(),
        UnlockError::WrongPassword
    );
    assert!(unlock(&locked, b"open sesame").is_ok());

    let at = locked
        .windows(16)
        .position(|window| window == salt)
        .unwrap()
        + 18;
    assert_eq!(locked[at], 10);
    locked[at] = 21;
    let UnlockError::LimitExceeded(exceeded) = unlock(&locked, b"open sesame").unwrap_err() else {
        panic!("nothing exceeded")
    };
    assert_eq!(exceeded.limit, Limit::S2kMemoryKib);
    locked[at] = 255;
    assert_eq!(
        unlock(&locked, b"open sesame").unwrap_err().code(),
        "limit-exceeded"
    );
}

#[test]
fn a_signature_announced_but_not_there() {
    // One-pass signature version 3: binary, SHA-256, EdDSA, a key id, not nested.
    let one_pass = packet(4, &[3, 0, 8, 22, 1, 2, 3, 4, 5, 6, 7, 8, 1]);
    assert_eq!(
        refusal(&[one_pass.clone(), literal(b"hello")].concat()),
        DecryptError::Malformed { field: "signature" }
    );
    let many = [one_pass.repeat(17), literal(b"hello")].concat();
    assert_eq!(limit_of(refusal(&many)), Limit::Signatures);
}

#[test]
fn too_many_session_keys() {
    let bob = bob();
    let few = Limits {
        session_key_packets: 10,
        ..Limits::DEFAULT
    };
    let eleven = session_key_packet(bob.certificate()).repeat(11);
    let message = [eleven, container(&literal(b"hello"))].concat();
    assert_eq!(
        limit_of(decrypt(&message, &bob, &few).unwrap_err()),
        Limit::SessionKeyPackets
    );
    let password = packet(3, &[4, 9, 0, 8]);
    let message = [password.repeat(11), container(&literal(b"hello"))].concat();
    let refused = decrypt_with_password(&message, b"password", &Limits::DEFAULT).unwrap_err();
    assert_eq!(limit_of(refused), Limit::SessionKeyPackets);
}

#[test]
fn too_many_session_keys_that_unwrap() {
    let bob = bob();
    let mut altered = container(&literal(b"hello"));
    *altered.last_mut().unwrap() ^= 1;
    let refused = |keys: usize| {
        let keys = session_key_packet(bob.certificate()).repeat(keys);
        decrypt(&[keys, altered.clone()].concat(), &bob, &Limits::DEFAULT).unwrap_err()
    };
    assert_eq!(refused(4), DecryptError::Tampered);
    assert_eq!(limit_of(refused(5)), Limit::SessionKeyPackets);
}
