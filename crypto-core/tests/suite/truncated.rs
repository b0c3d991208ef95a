//! Whatever is cut off, and wherever: an error, never a panic, and never part of it taken for the whole.

use crate::common::rng;
use crate::forge::{Forge, UNCHANGED, day};
use crate::forged_message::{PADDING, SEIPD, container_v2_body, session_key_packet_v6};
use crate::forged_message::{
    bob, encrypted_to, encrypted_v2_to, in_parts, literal, packet, streamed,
};
use smail_crypto_core::openpgp::{
    ArmorKind, Certificate, Limits, TransferableSecretKey, armor, decrypt, sign_detached,
    verify_detached,
};
use std::sync::Arc;

/// Alice's signature and literal data, as they stand inside a message.
fn signed_packets() -> Vec<u8> {
    let alice = Forge::sound(320).secret_key();
    let signature = sign_detached(b"hello bob", &alice, day(1), &mut rng(1)).unwrap();
    // One-pass signature version 3: binary, SHA-512, EdDSA, no key id, not nested.
    let one_pass = packet(4, &[3, 0, 10, 22, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    let padding = packet(PADDING, &[7; 300]);
    [padding, one_pass, literal(b"hello bob"), signature].concat()
}

#[test]
fn a_message_at_every_octet() {
    let bob = Arc::new(bob());
    let packets = signed_packets();
    let body = container_v2_body(&packets);
    let (first, last) = body.split_at(512);
    let parts = in_parts(SEIPD, &[(9, first)], last);
    let old = encrypted_to(bob.certificate(), &packets);
    let new = encrypted_v2_to(bob.certificate(), &packets);
    let new_in_parts = [session_key_packet_v6(bob.certificate()), parts].concat();
    for message in [&old, &new, &new_in_parts] {
        assert!(decrypt(message, &bob, &Limits::DEFAULT).is_ok());
        for len_bytes in 0..message.len() {
            let cut = &message[..len_bytes];
            let read = decrypt(cut, &bob, &Limits::DEFAULT);
            assert!(read.is_err(), "{len_bytes} of {}", message.len());
        }
    }
    for message in [&new, &new_in_parts] {
        assert_eq!(streamed(message, &bob, 100).unwrap(), b"hello bob");
        for len_bytes in 0..message.len() {
            let read = streamed(&message[..len_bytes], &bob, 100);
            assert!(read.is_err(), "{len_bytes} of {}", message.len());
        }
    }
}

/// The container is whole and what is in it is not.
#[test]
fn what_is_inside_a_message_at_every_octet() {
    let bob = Arc::new(bob());
    let packets = signed_packets();
    for len_bytes in 0..packets.len() {
        let message = encrypted_v2_to(bob.certificate(), &packets[..len_bytes]);
        let read = decrypt(&message, &bob, &Limits::DEFAULT);
        assert!(read.is_err(), "{len_bytes} of {}", packets.len());
        let read = streamed(&message, &bob, 100);
        assert!(read.is_err(), "{len_bytes} of {}", packets.len());
    }
}

/// Only what ends the armor may be missing: then all of the message is there.
#[test]
fn an_armored_message_at_every_octet() {
    let bob = bob();
    let message = encrypted_to(bob.certificate(), &signed_packets());
    let text = armor(ArmorKind::Message, &message);
    let body_end = text.rfind("\n=").unwrap();
    for len_bytes in 0..text.len() {
        if let Ok(read) = decrypt(&text.as_bytes()[..len_bytes], &bob, &Limits::DEFAULT) {
            assert_eq!(read.plaintext(), b"hello bob");
            assert!(len_bytes >= body_end, "{len_bytes} of {}", text.len());
        }
    }
}

/// What is left of it is worth something only when it is a certificate by itself, with fewer parts.
#[test]
fn a_certificate_at_every_octet() {
    let certificate = Forge::new(321)
        .user("alice@example.org", UNCHANGED)
        .encryption_subkey(UNCHANGED)
        .certificate();
    let binary = certificate.to_bytes();
    let text = certificate.to_armored();
    for input in [&binary[..], text.as_bytes()] {
        let whole = Certificate::from_bytes(input).unwrap();
        assert!(whole.usable_at(day(1)).is_ok());
        for len_bytes in 0..input.len() {
            let Ok(cut) = Certificate::from_bytes(&input[..len_bytes]) else {
                continue;
            };
            let (part, all) = (cut.to_bytes(), &binary);
            assert!(all.starts_with(&part), "{len_bytes} of {}", input.len());
            let is_whole = part.len() == all.len();
            assert_eq!(cut.usable_at(day(1)).is_ok(), is_whole, "{len_bytes}");
        }
    }
}

#[test]
fn a_secret_key_at_every_octet() {
    let keys = Forge::sound(322).secret_key();
    let binary = keys.to_bytes().unwrap();
    let text = armor(ArmorKind::SecretKey, &binary);
    for input in [&binary[..], text.as_bytes()] {
        assert!(TransferableSecretKey::from_bytes(input).is_ok());
        for len_bytes in 0..input.len() {
            let Ok(cut) = TransferableSecretKey::from_bytes(&input[..len_bytes]) else {
                continue;
            };
            let part = cut.to_bytes().unwrap();
            assert!(binary.starts_with(&part), "{len_bytes} of {}", input.len());
            let may_sign = sign_detached(b"", &cut, day(1), &mut rng(1)).is_ok();
            let is_bound = part.len() > binary.len() / 2;
            assert!(!may_sign || is_bound, "{len_bytes} of {}", input.len());
        }
    }
}

#[test]
fn a_detached_signature_at_every_octet() {
    let keys = Forge::sound(323).secret_key();
    let known = [keys.certificate().clone()];
    let binary = sign_detached(b"hello", &keys, day(1), &mut rng(1)).unwrap();
    let text = armor(ArmorKind::Signature, &binary);
    let body_end = text.rfind("\n=").unwrap();
    for (input, whole_from) in [(&binary[..], binary.len()), (text.as_bytes(), body_end)] {
        for len_bytes in 0..input.len() {
            let verdict = verify_detached(b"hello", &input[..len_bytes], &known, day(2));
            let is_valid = verdict.is_ok_and(|verdict| verdict.code() == "signature-valid");
            assert!(!is_valid || len_bytes >= whole_from, "{len_bytes}");
        }
    }
}
