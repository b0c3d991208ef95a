//! Messages: encrypted and signed by one, read by others.

use crate::accounts::{NOW, account, known, outside, usable};
use crate::common::rng;
use crate::forge::Forge;
use crate::forged_message::{encrypted_to, literal, uncompressed};
use pgp::crypto::aead::AeadAlgorithm;
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use proptest::prelude::*;
use smail_crypto_core::openpgp::bulk::{Sealing, SealingStream};
use smail_crypto_core::openpgp::{
    ArmorKind, EncryptError, Limits, SignatureVerdict, TransferableSecretKey, UsableCertificate,
    armor, decrypt, decrypt_and_verify, encrypt, encrypt_and_sign,
};

#[test]
fn every_recipient_reads_it() {
    let (alice, bob, carol) = (
        account("alice", 50),
        account("bob", 51),
        account("carol", 52),
    );
    let recipients = [usable(&alice), usable(&bob), usable(&carol)];
    let message = encrypt_and_sign(b"hello all", &alice, &recipients, NOW, &mut rng(53)).unwrap();
    let text = armor(ArmorKind::Message, &message);
    for reader in [&alice, &bob, &carol] {
        for message in [&message[..], text.as_bytes()] {
            let read =
                decrypt_and_verify(message, reader, &known(&alice), NOW, &Limits::DEFAULT).unwrap();
            assert_eq!(read.plaintext.as_slice(), b"hello all");
            let SignatureVerdict::Valid(valid) = read.signature else {
                panic!("{:?}", read.signature)
            };
            assert_eq!((valid.signer, valid.created), (alice.fingerprint(), NOW));
            let intended = [alice.fingerprint(), bob.fingerprint(), carol.fingerprint()];
            assert_eq!(valid.intended_recipients, intended);
        }
    }
}

#[test]
fn it_is_post_quantum_and_names_no_recipient() {
    let (alice, bob) = (account("alice", 50), account("bob", 51));
    assert!(usable(&bob).is_post_quantum());
    let message = encrypt_and_sign(
        b"hello",
        &alice,
        &[usable(&alice), usable(&bob)],
        NOW,
        &mut rng(53),
    )
    .unwrap();
    let (packets, suite) = outside(&message);
    assert_eq!(
        suite,
        Some((SymmetricKeyAlgorithm::AES256, AeadAlgorithm::Gcm))
    );
    assert_eq!(packets.len(), 2);
    for packet in packets {
        assert_eq!(
            packet.algorithm().unwrap(),
            PublicKeyAlgorithm::MlKem768X25519
        );
        assert_eq!(packet.fingerprint().unwrap(), None);
    }
}

#[test]
fn with_one_recipient_that_lacks_version_2_it_is_version_1_for_all() {
    let (alice, bob) = (account("alice", 50), account("bob", 51));
    let old = Forge::sound(54).secret_key();
    let recipients = [usable(&bob), usable(&old)];
    let message = encrypt_and_sign(b"hello", &alice, &recipients, NOW, &mut rng(55)).unwrap();
    let (packets, suite) = outside(&message);
    assert_eq!(suite, None);
    assert!(
        packets
            .iter()
            .all(|packet| packet.id().unwrap().is_wildcard())
    );
    for reader in [&bob, &old] {
        let read =
            decrypt_and_verify(&message, reader, &known(&alice), NOW, &Limits::DEFAULT).unwrap();
        assert_eq!(read.plaintext.as_slice(), b"hello");
        assert_eq!(read.signature.code(), "signature-valid");
    }
}

/// Their owner lists AES-256 and AES-128, both with OCB.
#[test]
fn only_what_a_recipient_says_to_read_is_written() {
    let keys = include_bytes!("../vectors/rfc9580/a.4-v6-secret-key.asc");
    let them = TransferableSecretKey::from_bytes(keys).unwrap();
    let (alice, old) = (account("alice", 50), Forge::sound(54).secret_key());
    let suite_for = |recipients: &[UsableCertificate]| {
        let message = encrypt(b"hello", recipients, &mut rng(1)).unwrap();
        let opened = decrypt(&message, &them, &Limits::DEFAULT).unwrap();
        assert_eq!(opened.plaintext(), b"hello");
        outside(&message).1
    };
    let ocb = Some((SymmetricKeyAlgorithm::AES256, AeadAlgorithm::Ocb));
    assert_eq!(suite_for(&[usable(&them)]), ocb);
    assert_eq!(suite_for(&[usable(&them), usable(&alice)]), ocb);
    assert_eq!(suite_for(&[usable(&them), usable(&old)]), None);

    let stream = SealingStream::<Vec<u8>>::begin(None, &[usable(&them)], NOW, &mut rng(1));
    assert_eq!(stream.map(drop), Err(EncryptError::NotAsStream));
    let whole = Sealing::begin(b"hello", &alice, &[usable(&them)], NOW, &mut rng(1));
    assert!(whole.unwrap().is_none());
}

#[test]
fn the_signer_can_be_looked_up_after_reading() {
    let (alice, bob) = (account("alice", 50), account("bob", 51));
    let message = encrypt_and_sign(b"hello", &alice, &[usable(&bob)], NOW, &mut rng(60)).unwrap();
    let opened = decrypt(&message, &bob, &Limits::DEFAULT).unwrap();
    assert_eq!(opened.claimed_signers(), [alice.fingerprint()]);
    assert_eq!(opened.verify(&[], NOW).code(), "signature-unknown-signer");
    assert_eq!(opened.verify(&known(&alice), NOW).code(), "signature-valid");
    assert_eq!(
        opened.verify(&known(&bob), NOW).code(),
        "signature-unknown-signer"
    );
    insta::assert_snapshot!(format!("{opened:?}"), @"OpenedMessage(..)");
}

#[test]
fn a_message_can_go_without_a_signature() {
    let bob = account("bob", 51);
    let message = encrypt(b"hello", &[usable(&bob)], &mut rng(1)).unwrap();
    let read = decrypt_and_verify(&message, &bob, &known(&bob), NOW, &Limits::DEFAULT).unwrap();
    assert_eq!(read.plaintext.as_slice(), b"hello");
    assert_eq!(read.signature, SignatureVerdict::Unsigned);
    let refused = encrypt(b"hello", &[], &mut rng(1)).unwrap_err();
    assert_eq!(refused, EncryptError::NoRecipients);
}

#[test]
fn without_a_signature_it_is_unsigned() {
    let bob = Forge::sound(61).secret_key();
    for packets in [literal(b"hello"), uncompressed(&literal(b"hello"))] {
        let message = encrypted_to(bob.certificate(), &packets);
        let read = decrypt_and_verify(&message, &bob, &[], NOW, &Limits::DEFAULT).unwrap();
        assert_eq!(read.plaintext.as_slice(), b"hello");
        assert_eq!(read.signature, SignatureVerdict::Unsigned);
    }
}

#[test]
fn a_large_message_goes_through() {
    let (alice, bob) = (account("alice", 50), account("bob", 51));
    let large: Vec<u8> = (0..3_000_000_u32)
        .map(|number| (number % 251) as u8)
        .collect();
    let message = encrypt_and_sign(&large, &alice, &[usable(&bob)], NOW, &mut rng(65)).unwrap();
    let read = decrypt_and_verify(&message, &bob, &known(&alice), NOW, &Limits::DEFAULT).unwrap();
    assert!(read.plaintext.as_slice() == large);
    assert_eq!(read.signature.code(), "signature-valid");
    let small = Limits {
        plaintext_bytes: 1_000_000,
        ..Limits::DEFAULT
    };
    assert_eq!(
        decrypt(&message, &bob, &small).unwrap_err().code(),
        "limit-exceeded"
    );
}

#[test]
fn nobody_and_an_expired_signer_cannot_be_part_of_it() {
    let (alice, bob) = (account("alice", 50), account("bob", 51));
    let refused = encrypt_and_sign(b"hello", &alice, &[], NOW, &mut rng(66)).unwrap_err();
    assert_eq!(refused, EncryptError::NoRecipients);
    let revoked = Forge::sound(67).revoked(None, 0).secret_key();
    let refused =
        encrypt_and_sign(b"hello", &revoked, &[usable(&bob)], NOW, &mut rng(66)).unwrap_err();
    assert_eq!(refused.code(), "sign-unusable-key");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn encrypting_and_decrypting_are_inverse(
        plaintext in proptest::collection::vec(any::<u8>(), 0..6_000),
        seed: u64,
    ) {
        let (alice, bob) = (account("alice", 50), account("bob", 51));
        let message = encrypt_and_sign(&plaintext, &alice, &[usable(&bob)], NOW, &mut rng(seed)).unwrap();
        let read = decrypt_and_verify(&message, &bob, &known(&alice), NOW, &Limits::DEFAULT).unwrap();
        prop_assert_eq!(read.plaintext.as_slice(), &plaintext);
        prop_assert_eq!(read.signature.code(), "signature-valid");
    }

    #[test]
    fn no_bytes_make_decryption_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(decrypt(&bytes, &account("bob", 51), &Limits::DEFAULT).is_err());
    }
}
