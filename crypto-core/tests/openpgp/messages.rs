//! Messages: encrypted and signed by one, read by others, altered on the way.

use crate::common::rng;
use crate::forge::{Forge, MADE};
use crate::forged_message::{encrypted_to, literal, uncompressed};
use pgp::composed::{Deserializable as _, Edata, Esk, Message, SignedSecretKey};
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::packet::{
    PacketTrait as _, ProtectedDataConfig, PublicKeyEncryptedSessionKey,
    SymEncryptedProtectedDataConfig,
};
use pgp::types::Password;
use proptest::prelude::*;
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::{
    ArmorKind, Certificate, DecryptError, EncryptError, GenerateError, Limits, ParseSecretKeyError,
    SignatureVerdict, TransferableSecretKey, UsableCertificate, armor, decrypt, decrypt_and_verify,
    encrypt_and_sign,
};
use std::io::Read as _;

const NOW: UnixSeconds = UnixSeconds::new(MADE as u64 + 86_400);

fn account(name: &str, seed: u64) -> TransferableSecretKey {
    let made = UnixSeconds::new(u64::from(MADE));
    TransferableSecretKey::generate(&format!("{name}@example.org"), made, &mut rng(seed)).unwrap()
}

fn usable(keys: &TransferableSecretKey) -> UsableCertificate {
    keys.certificate().usable_at(NOW).unwrap()
}

fn known(keys: &TransferableSecretKey) -> [Certificate; 1] {
    [keys.certificate().clone()]
}

/// The session key packets and the container's kind.
fn outside(message: &[u8]) -> (Vec<PublicKeyEncryptedSessionKey>, bool) {
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
    let is_v2 = matches!(
        reader.config(),
        ProtectedDataConfig::Seipd(SymEncryptedProtectedDataConfig::V2 { .. })
    );
    (packets, is_v2)
}

/// The packets inside a message, by rPGP alone.
fn inside(message: &[u8], keys: &TransferableSecretKey) -> Vec<u8> {
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
                use pgp::types::{DecryptionKey as _, EskType};
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
    let (packets, is_v2) = outside(&message);
    assert!(is_v2);
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
    let (packets, is_v2) = outside(&message);
    assert!(!is_v2);
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

#[test]
fn a_key_that_it_is_not_for_does_not_open_it() {
    let (alice, bob, mallory) = (
        account("alice", 50),
        account("bob", 51),
        account("mallory", 56),
    );
    let message = encrypt_and_sign(b"hello", &alice, &[usable(&bob)], NOW, &mut rng(57)).unwrap();
    let refused = decrypt(&message, &mallory, &Limits::DEFAULT).unwrap_err();
    assert_eq!(refused, DecryptError::NoMatchingKey);
}

#[test]
fn a_message_passed_on_is_seen_to_be_for_someone_else() {
    let (alice, bob) = (account("alice", 50), account("bob", 51));
    let carol = Forge::sound(58).secret_key();
    let message =
        encrypt_and_sign(b"you are fired", &alice, &[usable(&bob)], NOW, &mut rng(59)).unwrap();
    let passed_on = encrypted_to(carol.certificate(), &inside(&message, &bob));
    let read =
        decrypt_and_verify(&passed_on, &carol, &known(&alice), NOW, &Limits::DEFAULT).unwrap();
    let SignatureVerdict::OtherRecipient(signature) = read.signature else {
        panic!("{:?}", read.signature)
    };
    assert_eq!(signature.intended_recipients, [bob.fingerprint()]);
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
fn an_altered_byte_anywhere_is_found() {
    let (alice, bob) = (account("alice", 50), account("bob", 51));
    let old = Forge::sound(54).secret_key();
    for reader in [&bob, &old] {
        let message =
            encrypt_and_sign(b"hello bob", &alice, &[usable(reader)], NOW, &mut rng(62)).unwrap();
        for place in (0..message.len()).step_by(7) {
            let mut altered = message.clone();
            altered[place] ^= 0x01;
            if let Ok(read) =
                decrypt_and_verify(&altered, reader, &known(&alice), NOW, &Limits::DEFAULT)
            {
                // The recipient's name is not part of what is protected; the content always is.
                assert_eq!(read.plaintext.as_slice(), b"hello bob", "byte {place}");
                assert_eq!(read.signature.code(), "signature-valid", "byte {place}");
            }
        }
        let last = message.len() - 1;
        let mut altered = message.clone();
        altered[last] ^= 0x01;
        assert_eq!(
            decrypt(&altered, reader, &Limits::DEFAULT).unwrap_err(),
            DecryptError::Tampered
        );
    }
}

#[test]
fn cut_short_anywhere_it_is_refused() {
    let (alice, bob) = (account("alice", 50), account("bob", 51));
    let long = vec![b'x'; 3_000];
    let message = encrypt_and_sign(&long, &alice, &[usable(&bob)], NOW, &mut rng(63)).unwrap();
    for len_bytes in (0..message.len())
        .step_by(13)
        .chain(message.len() - 40..message.len())
    {
        assert!(
            decrypt(&message[..len_bytes], &bob, &Limits::DEFAULT).is_err(),
            "{len_bytes}"
        );
    }
}

#[test]
fn parts_of_two_messages_do_not_fit_together() {
    let (alice, bob) = (account("alice", 50), account("bob", 51));
    let mut rng = rng(64);
    let mut make =
        |text: &[u8]| encrypt_and_sign(text, &alice, &[usable(&bob)], NOW, &mut rng).unwrap();
    let (one, two) = (make(b"one"), make(b"two"));
    // The session key packet comes first, and is as long in both.
    let mut session_key_packet = vec![];
    outside(&one).0[0]
        .to_writer_with_header(&mut session_key_packet)
        .unwrap();
    let end = session_key_packet.len();
    assert_eq!(one[..end], session_key_packet);
    let swapped = [&one[..end], &two[end..]].concat();
    assert_eq!(
        decrypt(&swapped, &bob, &Limits::DEFAULT).unwrap_err(),
        DecryptError::Tampered
    );
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

#[test]
fn keys_survive_their_stored_form() {
    let alice = account("alice", 50);
    let stored = alice.to_bytes().unwrap();
    let read = TransferableSecretKey::from_bytes(&stored).unwrap();
    assert_eq!(read.certificate(), alice.certificate());
    assert_eq!(alice.certificate().addresses(), ["alice@example.org"]);
    let certificate = Certificate::from_bytes(alice.certificate().to_armored().as_bytes()).unwrap();
    assert_eq!(&certificate, alice.certificate());
    assert!(!format!("{alice:?}").contains("secret"));
    let refused = TransferableSecretKey::from_bytes(&certificate.to_bytes()).unwrap_err();
    assert_eq!(refused, ParseSecretKeyError::Malformed);
}

#[test]
fn keys_are_made_for_addresses_only() {
    for address in [
        "",
        "alice",
        "@example.org",
        "alice@",
        "a b@example.org",
        "alice@example.org>",
        "a\n@example.org",
    ] {
        let refused = TransferableSecretKey::generate(address, NOW, &mut rng(68)).unwrap_err();
        assert_eq!(refused, GenerateError::MalformedAddress, "{address:?}");
    }
}

#[test]
fn the_same_generator_makes_the_same_keys() {
    assert_eq!(
        account("alice", 50).fingerprint(),
        account("alice", 50).fingerprint()
    );
    assert_ne!(
        account("alice", 50).fingerprint(),
        account("alice", 51).fingerprint()
    );
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
