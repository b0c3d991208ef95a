//! Hostile input: every one an error that says what is wrong, none a panic, none dear.

use crate::common::rng;
use crate::forge::Forge;
use crate::forged_message::{
    COMPRESSED, LITERAL, MARKER, PADDING, container, encrypted_to, literal, packet,
    session_key_packet, uncompressed,
};
use pgp::composed::MessageBuilder;
use pgp::crypto::aead::AeadAlgorithm;
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::ser::Serialize as _;
use pgp::types::{CompressionAlgorithm, Password, S2kParams, StringToKey};
use smail_crypto_core::openpgp::{
    ArmorKind, Certificate, DecryptError, Limit, Limits, ParseCertificateError,
    TransferableSecretKey, UnlockError, armor, decrypt, decrypt_with_password,
};

fn bob() -> TransferableSecretKey {
    Forge::sound(80).secret_key()
}

fn refusal(packets: &[u8]) -> DecryptError {
    let bob = bob();
    decrypt(
        &encrypted_to(bob.certificate(), packets),
        &bob,
        &Limits::DEFAULT,
    )
    .unwrap_err()
}

fn limit_of(error: DecryptError) -> Limit {
    match error {
        DecryptError::LimitExceeded(exceeded) => exceeded.limit,
        other => panic!("{other:?}"),
    }
}

fn malformed(field: &'static str) -> DecryptError {
    DecryptError::Malformed { field }
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
fn lengths_of_4_gib() {
    let claims_4_gib = |tag: u8| {
        [
            &[0xc0 | tag, 0xff, 0xff, 0xff, 0xff, 0xff][..],
            b"b\0\0\0\0\0short",
        ]
        .concat()
    };
    for tag in [1, 3, 18] {
        assert!(
            decrypt(&claims_4_gib(tag), &bob(), &Limits::DEFAULT).is_err(),
            "{tag}"
        );
    }
    assert_eq!(refusal(&claims_4_gib(LITERAL)), malformed("literal data"));
    assert_eq!(
        refusal(&claims_4_gib(COMPRESSED)),
        malformed("compressed data")
    );
    assert_eq!(refusal(&claims_4_gib(2)), malformed("signature"));
}

#[test]
fn partial_bodies_that_never_end() {
    let endless = |tag: u8| {
        let mut bytes = vec![0xc0 | tag];
        for _ in 0..200 {
            bytes.push(0xe9);
            bytes.extend_from_slice(&[b'b', 0, 0, 0, 0, 0]);
            bytes.extend_from_slice(&[0; 506]);
        }
        bytes
    };
    assert!(decrypt(&endless(18), &bob(), &Limits::DEFAULT).is_err());
    assert_eq!(refusal(&endless(LITERAL)), malformed("literal data"));
    let tiny = [&[0xc0 | LITERAL][..], &[0xe0; 4_000]].concat();
    assert!(refusal(&tiny).code() == "decrypt-malformed");
}

#[test]
fn packets_in_the_wrong_place() {
    let bob = bob();
    let nested = encrypted_to(bob.certificate(), &literal(b"hello"));
    assert_eq!(refusal(&nested), malformed("packet order"));
    assert_eq!(
        refusal(&[literal(b"one"), literal(b"two")].concat()),
        malformed("packet order")
    );
    assert_eq!(
        refusal(&[literal(b"one"), uncompressed(b"")].concat()),
        malformed("packet order")
    );
    assert_eq!(
        refusal(&[uncompressed(&literal(b"one")), literal(b"two")].concat()),
        malformed("packet order")
    );
    assert_eq!(
        refusal(&bob.certificate().to_bytes()),
        malformed("packet order")
    );
    assert_eq!(refusal(&packet(5, b"secret")), malformed("packet order"));
    assert_eq!(refusal(b""), malformed("literal data"));
    assert_eq!(refusal(&packet(MARKER, b"PGP")), malformed("literal data"));
    assert_eq!(refusal(b"plain text"), malformed("packet header"));
    assert_eq!(
        refusal(&[literal(b"one"), vec![0xcb]].concat()),
        malformed("packet header")
    );
}

#[test]
fn padding_and_markers_are_passed_over() {
    let bob = bob();
    let packets = [
        packet(MARKER, b"PGP"),
        literal(b"hello"),
        packet(PADDING, &[9; 300]),
    ]
    .concat();
    let read = decrypt(
        &encrypted_to(bob.certificate(), &packets),
        &bob,
        &Limits::DEFAULT,
    )
    .unwrap();
    assert_eq!(read.plaintext(), b"hello");
}

#[test]
fn a_signature_announced_but_not_there() {
    // One-pass signature version 3: binary, SHA-256, EdDSA, a key id, not nested.
    let one_pass = packet(4, &[3, 0, 8, 22, 1, 2, 3, 4, 5, 6, 7, 8, 1]);
    assert_eq!(
        refusal(&[one_pass.clone(), literal(b"hello")].concat()),
        malformed("signature")
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
fn messages_that_protect_nothing() {
    let bob = bob();
    assert_eq!(
        decrypt(&literal(b"hello"), &bob, &Limits::DEFAULT).unwrap_err(),
        DecryptError::NotEncrypted
    );
    // Tag 9 is the old container without any protection, tag 20 one that is no standard.
    let old = [
        session_key_packet(bob.certificate()),
        packet(9, &[0x5e; 64]),
    ]
    .concat();
    assert_eq!(
        decrypt(&old, &bob, &Limits::DEFAULT).unwrap_err(),
        DecryptError::Unprotected
    );
    let foreign = [
        session_key_packet(bob.certificate()),
        packet(20, &[&[1, 9, 2, 6][..], &[0x5e; 64]].concat()),
    ]
    .concat();
    assert_eq!(
        decrypt(&foreign, &bob, &Limits::DEFAULT).unwrap_err(),
        DecryptError::Unprotected
    );
}

#[test]
fn data_after_the_message() {
    let bob = bob();
    let mut message = encrypted_to(bob.certificate(), &literal(b"hello"));
    message.extend_from_slice(&literal(b"and more"));
    let refused = decrypt(&message, &bob, &Limits::DEFAULT).unwrap_err();
    assert_eq!(refused, malformed("trailing data"));
}

#[test]
fn what_is_no_message() {
    for input in [
        &b""[..],
        b"hello",
        b"-----BEGIN PGP MESSAGE-----",
        &[0xff],
        &[0x80; 100],
    ] {
        assert!(decrypt(input, &bob(), &Limits::DEFAULT).is_err());
    }
    let key_block = bob().certificate().to_armored();
    let refused = decrypt(key_block.as_bytes(), &bob(), &Limits::DEFAULT).unwrap_err();
    assert_eq!(refused, malformed("armor"));
}

#[test]
fn what_is_no_certificate() {
    let bytes = bob().certificate().to_bytes();
    let parse = |bytes: &[u8]| Certificate::from_bytes(bytes).map(|_| ());
    assert_eq!(parse(b""), Err(ParseCertificateError::Malformed));
    assert_eq!(
        parse(&literal(b"hello")),
        Err(ParseCertificateError::Malformed)
    );
    assert_eq!(
        parse(&bytes.repeat(2)),
        Err(ParseCertificateError::MoreThanOne)
    );
    assert_eq!(
        parse(&bob().to_bytes().unwrap()),
        Err(ParseCertificateError::Malformed)
    );
    assert_eq!(
        parse(&vec![0x80; 2_000_000]).unwrap_err().code(),
        "certificate-too-long"
    );
    assert_eq!(
        parse(armor(ArmorKind::Message, &bytes).as_bytes()),
        Err(ParseCertificateError::Malformed)
    );
    for len_bytes in 0..bytes.len() {
        // What is cut off is missing, or the whole is refused: never a panic, never usable without its bindings.
        if let Ok(certificate) = Certificate::from_bytes(&bytes[..len_bytes]) {
            assert!(
                certificate.usable_at(crate::forge::day(1)).is_err(),
                "{len_bytes}"
            );
        }
    }
}
