//! Messages altered, cut short, mixed up or passed on.

use crate::accounts::{NOW, account, inside, known, outside, usable};
use crate::common::rng;
use crate::forge::Forge;
use crate::forged_message::encrypted_to;
use pgp::packet::PacketTrait as _;
use smail_crypto_core::openpgp::{
    DecryptError, Limits, SignatureVerdict, decrypt, decrypt_and_verify, encrypt_and_sign,
};

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
