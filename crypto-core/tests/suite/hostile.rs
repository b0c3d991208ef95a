//! Hostile input: every one an error that says what is wrong, none a panic.

use crate::forged_message::{
    COMPRESSED, LITERAL, MARKER, PADDING, SEIPD, bob, container, container_v2_body, encrypted_to,
    literal, packet, refusal, session_key_packet, session_key_packet_v6, streamed, uncompressed,
};
use smail_crypto_core::openpgp::{
    ArmorKind, Certificate, DecryptError, Limits, ParseCertificateError, armor, decrypt,
};

fn malformed(field: &'static str) -> DecryptError {
    DecryptError::Malformed { field }
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

/// The session key fits: whoever knows the certificate can say that anything at all is sealed with it.
#[test]
fn containers_in_ciphers_and_modes_that_are_not_known() {
    let bob = std::sync::Arc::new(bob());
    let (v3, v6) = (
        session_key_packet(bob.certificate()),
        session_key_packet_v6(bob.certificate()),
    );
    let body = container_v2_body(&literal(b"hello"));
    let [mode_at, cipher_at] = [2, 1];
    for (at, values) in [(mode_at, [0, 4, 100, 255]), (cipher_at, [0, 10, 99, 255])] {
        for value in values {
            let mut body = body.clone();
            body[at] = value;
            let message = [&v6[..], &packet(SEIPD, &body)].concat();
            let refused = decrypt(&message, &bob, &Limits::DEFAULT).map(drop);
            assert_eq!(refused, Err(DecryptError::Tampered), "{at} {value}");
            let streamed = streamed(&message, &bob, 1_000).unwrap_err();
            assert_eq!(streamed.code(), "decrypt-not-as-stream", "{at} {value}");
        }
    }
    // A session key for the other version's container.
    for message in [
        [&v3[..], &packet(SEIPD, &body)].concat(),
        [&v6[..], &container(&literal(b"hello"))].concat(),
    ] {
        assert!(decrypt(&message, &bob, &Limits::DEFAULT).is_err());
    }
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
