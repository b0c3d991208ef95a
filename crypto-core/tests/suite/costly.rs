//! Input that asks for more than it should get: refused before anything is spent on it.

use crate::common::rng;
use crate::forge::{Forge, flags, push};
use crate::forged_message::{
    COMPRESSED, SEIPD, bob, both_refusals, container, container_v2_body, encrypted_to,
    encrypted_v2_to, literal, packet, refusal, session_key_packet, uncompressed,
};
use flate2::Compression;
use flate2::read::ZlibEncoder;
use pgp::composed::SignedSecretSubKey;
use pgp::crypto::aead::AeadAlgorithm;
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::packet::SubpacketData;
use pgp::ser::Serialize as _;
use pgp::types::{KeyDetails as _, Password, S2kParams, StringToKey};
use rand::RngCore as _;
use smail_crypto_core::openpgp::{
    DecryptError, Limit, Limits, TransferableSecretKey, UnlockError, decrypt, decrypt_with_password,
};
use std::io::Read as _;

fn limit_of(error: DecryptError) -> Limit {
    match error {
        DecryptError::LimitExceeded(exceeded) => exceeded.limit,
        other => panic!("{other:?}"),
    }
}

/// A literal of zeros, compressed once.
fn bomb(len_bytes: usize) -> Vec<u8> {
    compressed(&literal(&vec![0; len_bytes]), Compression::best())
}

/// ZLIB has the number 2.
fn compressed(packets: &[u8], level: Compression) -> Vec<u8> {
    let mut body = vec![2];
    let mut encoder = ZlibEncoder::new(packets, level);
    encoder.read_to_end(&mut body).unwrap();
    packet(COMPRESSED, &body)
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

/// What counts is how long the message was, not how long each layer.
#[test]
fn a_decompression_bomb_inside_another() {
    let zeros = literal(&vec![0; 8_000_000]);
    let once = compressed(&zeros, Compression::fast());
    let twice = compressed(&once, Compression::best());
    // Each layer by itself is within the limit.
    assert!(once.len() > zeros.len() / 1_000 && twice.len() > once.len() / 1_000);
    assert!(twice.len() < zeros.len() / 10_000, "{}", twice.len());
    assert_eq!(limit_of(refusal(&twice)), Limit::ExpansionRatio);
    // As much in as many layers, and nothing suspicious about it.
    let bob = bob();
    let mut noise = vec![0; 2_000_000];
    rng(83).fill_bytes(&mut noise);
    let [once, twice] = [1, 2].map(|layers| {
        let packets = (0..layers).fold(literal(&noise), |packets, _| {
            compressed(&packets, Compression::fast())
        });
        encrypted_to(bob.certificate(), &packets)
    });
    for message in [once, twice] {
        let read = decrypt(&message, &bob, &Limits::DEFAULT).unwrap();
        assert!(read.plaintext() == noise);
    }
}

#[test]
fn what_is_compressed_in_a_way_that_is_not_known() {
    // BZip2, and one for private use.
    for algorithm in [3, 100] {
        let packets = packet(COMPRESSED, &[&[algorithm][..], &literal(b"hello")].concat());
        let codes = both_refusals(&packets).map(|refusal| refusal.code());
        assert_eq!(codes, ["decrypt-malformed", "decrypt-not-as-stream"]);
    }
}

#[test]
fn messages_inside_messages_in_any_order() {
    let bob = bob();
    let one = encrypted_to(bob.certificate(), &literal(b"hello"));
    let other = encrypted_v2_to(bob.certificate(), &literal(b"hello"));
    for inner in [one, other] {
        for (packets, streamed) in [
            (inner.clone(), "decrypt-malformed"),
            (uncompressed(&inner), "decrypt-not-as-stream"),
            ([ONE_PASS, &inner].concat(), "decrypt-malformed"),
            (
                encrypted_to(bob.certificate(), &uncompressed(&inner)),
                "decrypt-malformed",
            ),
        ] {
            let codes = both_refusals(&packets).map(|refusal| refusal.code());
            assert_eq!(codes, ["decrypt-malformed", streamed]);
        }
    }
}

/// A hundred thousand signatures around each other, announced before anything is decrypted: seen, and left alone.
#[test]
fn signatures_without_number_outside() {
    let many = [&ONE_PASS.repeat(100_000)[..], &literal(b"hello")].concat();
    let refused = decrypt(&many, &bob(), &Limits::DEFAULT).unwrap_err();
    assert_eq!(refused, DecryptError::NotEncrypted);
    let streamed = crate::forged_message::streamed(&many, &std::sync::Arc::new(bob()), 10_000);
    assert_eq!(streamed.unwrap_err(), DecryptError::NotEncrypted);
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
fn a_2_gib_s2k_in_a_message_of_version_6() {
    // SKESK version 6: AES-256, OCB, Argon2 with 1 pass, 4 lanes and 2^21 KiB, nonce, session key, tag.
    let s2k = |t: u8, p: u8, m: u8| [&[4][..], &[0xa5; 16], &[t, p, m]].concat();
    let message = |s2k: &[u8]| {
        let count = u8::try_from(3 + s2k.len() + 15).unwrap();
        let length = u8::try_from(s2k.len()).unwrap();
        let head = [6, count, 9, 2, length];
        let body = [&head[..], s2k, &[7; 15 + 32 + 16]].concat();
        let container = packet(SEIPD, &container_v2_body(&literal(b"hello")));
        [packet(3, &body), container].concat()
    };
    let refused = |s2k: &[u8]| {
        decrypt_with_password(&message(s2k), b"password", &Limits::DEFAULT).unwrap_err()
    };
    assert_eq!(limit_of(refused(&s2k(1, 4, 21))), Limit::S2kMemoryKib);
    assert_eq!(limit_of(refused(&s2k(1, 4, 255))), Limit::S2kMemoryKib);
    assert_eq!(limit_of(refused(&s2k(11, 4, 10))), Limit::S2kPasses);
    // What Argon2 cannot do at all is a wrong password like any other.
    for (t, p, m) in [(0, 1, 10), (1, 0, 10), (1, 255, 3), (1, 4, 0), (0, 0, 0)] {
        assert_eq!(
            refused(&s2k(t, p, m)),
            DecryptError::NoMatchingKey,
            "{t} {p} {m}"
        );
    }
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
    let password = Password::from("open sesame");
    let mut primary = Forge::sound(82).signed_secret_key();
    primary
        .primary_key
        .set_password_with_s2k(&password, params.clone())
        .unwrap();
    let mut subkey = Forge::sound(82).signed_secret_key();
    subkey.secret_subkeys[0]
        .key
        .set_password_with_s2k(&password, params)
        .unwrap();
    for key in [primary, subkey] {
        check_locked_key(&mut key.to_bytes().unwrap(), salt);
    }
}

/// Its S2K costs 1 MiB; then it is made to cost 2 GiB, and more than can be counted.
fn check_locked_key(locked: &mut [u8], salt: [u8; 16]) {
    let unlock = |locked: &[u8], password: &[u8]| {
        TransferableSecretKey::unlock(locked, password, &Limits::DEFAULT)
    };
    assert_eq!(
        unlock(locked, b"wrong").unwrap_err(),
        UnlockError::WrongPassword
    );
    assert!(unlock(locked, b"open sesame").is_ok());

    let at = locked
        .windows(16)
        .position(|window| window == salt)
        .unwrap()
        + 18;
    assert_eq!(locked[at], 10);
    locked[at] = 21;
    let UnlockError::LimitExceeded(exceeded) = unlock(locked, b"open sesame").unwrap_err() else {
        panic!("nothing exceeded")
    };
    assert_eq!(exceeded.limit, Limit::S2kMemoryKib);
    locked[at] = 255;
    assert_eq!(
        unlock(locked, b"open sesame").unwrap_err().code(),
        "limit-exceeded"
    );
}

#[test]
fn a_signature_announced_but_not_there() {
    let announced = [ONE_PASS, &literal(b"hello")].concat();
    for refusal in both_refusals(&announced) {
        assert_eq!(refusal, DecryptError::Malformed { field: "signature" });
    }
    let many = [&ONE_PASS.repeat(17)[..], &literal(b"hello")].concat();
    for refusal in both_refusals(&many) {
        assert_eq!(limit_of(refusal), Limit::Signatures);
    }
}

/// One-pass signature version 3: binary, SHA-256, EdDSA, a key id, not nested.
const ONE_PASS: &[u8] = &[0xc4, 13, 3, 0, 8, 22, 1, 2, 3, 4, 5, 6, 7, 8, 1];

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

/// Each costs an operation with the secret key, unless it names another.
#[test]
fn too_many_session_keys_for_rsa() {
    let subkey = Forge::rsa_as_subkey();
    let mut forge = Forge::sound(84);
    let binding = forge.binding(&forge.primary, &subkey, &|config| {
        push(config, SubpacketData::KeyFlags(flags("encrypt")));
    });
    let key_id = subkey.legacy_key_id();
    forge
        .subkeys
        .push(SignedSecretSubKey::new(subkey, vec![binding]));
    let carol = forge.secret_key();
    let refused = |key_id: &[u8], count: usize, reader: &TransferableSecretKey| {
        // Version 3, RSA, a number of 2,048 bits.
        let body = [&[3][..], key_id, &[1, 8, 0], &[0x80; 256]].concat();
        let keys = packet(1, &body).repeat(count);
        let limits = Limits {
            session_key_packets: 100,
            ..Limits::DEFAULT
        };
        let message = [keys, container(&literal(b"hello"))].concat();
        decrypt(&message, reader, &limits).unwrap_err()
    };
    let [nobody, other] = [[0; 8], [7; 8]];
    for key_id in [&nobody[..], key_id.as_ref()] {
        assert_eq!(refused(key_id, 10, &carol), DecryptError::NoMatchingKey);
        let limit = limit_of(refused(key_id, 11, &carol));
        assert_eq!(limit, Limit::SessionKeyPackets);
    }
    assert_eq!(refused(&other, 100, &carol), DecryptError::NoMatchingKey);
    assert_eq!(refused(&nobody, 100, &bob()), DecryptError::NoMatchingKey);
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
