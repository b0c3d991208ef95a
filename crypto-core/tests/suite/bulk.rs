//! Large messages, whose ciphers and digests another than this crate computes: here RustCrypto's.

use crate::accounts::{NOW, account, known, usable};
use crate::common::rng;
use crate::forge::{Forge, Signer};
use crate::forged_message::{
    LITERAL, ONE_PASS, PADDING, SEIPD, container_v2_body, drain, encrypted_to, encrypted_v2_to,
    in_parts, literal, packet, session_key_packet_v6,
};
use pgp::composed::{Deserializable as _, Message, SignedPublicKey, SignedSecretKey};
use pgp::packet::SignatureType;
use pgp::types::Password;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use smail_crypto_core::Plaintext;
use smail_crypto_core::openpgp::bulk::{
    DIGEST, Opening, OpeningStream, Sealing, SealingStream, TAG_BYTES, Written,
};
use smail_crypto_core::openpgp::{
    Certificate, DecryptError, Limits, OpenedMessage, SignatureVerdict, TransferableSecretKey,
    decrypt_and_verify, encrypt_and_sign, sign_detached,
};
use std::sync::Arc;

const CHUNK_BYTES: usize = 256 * 1024;
/// Around the ends of chunks: what is in front of the plaintext has some 30 bytes, the signature behind it some 200.
const LENGTHS: [usize; 8] = [
    0,
    1,
    CHUNK_BYTES - 300,
    CHUNK_BYTES - 27,
    CHUNK_BYTES - 26,
    CHUNK_BYTES,
    2 * CHUNK_BYTES - 150,
    3 * CHUNK_BYTES + 1,
];

fn digest(algorithm: &str, input: &[u8]) -> Vec<u8> {
    match algorithm {
        "SHA-256" => Sha256::digest(input).to_vec(),
        "SHA-384" => Sha384::digest(input).to_vec(),
        "SHA-512" => Sha512::digest(input).to_vec(),
        other => panic!("{other}"),
    }
}

fn sealed(plaintext: &[u8], by: &TransferableSecretKey, to: &[&TransferableSecretKey]) -> Vec<u8> {
    let recipients: Vec<_> = to.iter().map(|key| usable(key)).collect();
    let mut sealing = Sealing::begin(plaintext, by, &recipients, NOW, &mut rng(60))
        .unwrap()
        .unwrap();
    let before = sealing.calls_before_signature();
    let mut body = Vec::new();
    {
        let (calls, input) = sealing.calls();
        for call in &calls[..before] {
            body.extend(sealing.cipher().seal(call, input).unwrap());
        }
    }
    let digest = sealing
        .with_digest_input(|input| digest(DIGEST, input))
        .unwrap();
    sealing.sign(&digest).unwrap();
    let (calls, input) = sealing.calls();
    for call in &calls[before..] {
        body.extend(sealing.cipher().seal(call, input).unwrap());
    }
    let mut message = sealing.head(body.len()).unwrap();
    message.extend(body);
    message
}

pub(crate) fn opened(
    message: &[u8],
    keys: &TransferableSecretKey,
) -> Result<OpenedMessage, DecryptError> {
    let mut opening = Opening::begin(message, keys, &Limits::DEFAULT)?.unwrap();
    let mut failure = DecryptError::NoMatchingKey;
    while let Some(cipher) = opening.next_cipher()? {
        let (calls, body) = opening.calls(&cipher)?;
        let parts: Option<Vec<_>> = calls
            .iter()
            .map(|call| Some(cipher.open(call, body)?.to_vec()))
            .collect();
        match parts {
            Some(parts) => return opening.finish(Plaintext::new(parts.concat())),
            None => failure = DecryptError::Tampered,
        }
    }
    Err(failure)
}

fn verdict(
    message: &mut OpenedMessage,
    by: &TransferableSecretKey,
    digest: impl Fn(&str, &[u8]) -> Vec<u8>,
) -> SignatureVerdict {
    let calls = message.digest_calls();
    assert!(!calls.is_empty());
    let digests: Vec<_> = calls
        .into_iter()
        .map(|call| {
            let made = message.with_digest_input(&call, |input| digest(call.algorithm(), input));
            (call, made)
        })
        .collect();
    message.verify_digests(&digests, &known(by), NOW)
}

/// What rPGP alone reads.
fn by_rpgp(message: &[u8], reader: &TransferableSecretKey, by: &TransferableSecretKey) -> Vec<u8> {
    let keys = SignedSecretKey::from_bytes(&reader.to_bytes().unwrap()[..]).unwrap();
    let signer = SignedPublicKey::from_bytes(&by.certificate().to_bytes()[..]).unwrap();
    let message = Message::from_bytes(message).unwrap();
    let mut message = message.decrypt(&Password::empty(), &keys).unwrap();
    let plaintext = message.as_data_vec().unwrap();
    message.verify(&signer.primary_key).unwrap();
    plaintext
}

#[test]
fn what_is_sealed_this_way_is_read_the_other_way() {
    let (alice, bob) = (account("alice", 50), account("bob", 51));
    for length in LENGTHS {
        let plaintext = vec![7; length];
        let message = sealed(&plaintext, &alice, &[&alice, &bob]);
        for reader in [&alice, &bob] {
            let read = decrypt_and_verify(&message, reader, &known(&alice), NOW, &Limits::DEFAULT)
                .unwrap();
            assert!(*read.plaintext == plaintext, "{length}");
            assert!(by_rpgp(&message, reader, &alice) == plaintext, "{length}");
            assert!(
                matches!(read.signature, SignatureVerdict::Valid(_)),
                "{length}"
            );
        }
    }
}

#[test]
fn what_is_sealed_the_other_way_is_read_this_way() {
    let (alice, bob) = (account("alice", 50), account("bob", 51));
    for length in LENGTHS {
        let plaintext = vec![7; length];
        let recipients = [usable(&alice), usable(&bob)];
        let message = encrypt_and_sign(&plaintext, &alice, &recipients, NOW, &mut rng(61)).unwrap();
        let mut read = opened(&message, &bob).unwrap();
        assert!(read.plaintext() == plaintext, "{length}");
        let as_ever = read.verify(&known(&alice), NOW);
        assert!(matches!(as_ever, SignatureVerdict::Valid(_)));
        assert_eq!(verdict(&mut read, &alice, digest), as_ever);
        assert!(
            read.plaintext() == plaintext,
            "what was digested with it is gone again"
        );
    }
}

#[test]
fn a_digest_of_something_else_is_no_signature() {
    let (alice, bob) = (account("alice", 50), account("bob", 51));
    let message = sealed(b"hello", &alice, &[&bob]);
    let mut read = opened(&message, &bob).unwrap();
    let invalid = SignatureVerdict::Invalid {
        signer: alice.fingerprint(),
    };
    let right = |algorithm: &str, input: &[u8]| digest(algorithm, input);
    assert!(matches!(
        verdict(&mut read, &alice, right),
        SignatureVerdict::Valid(_)
    ));
    let of_another = |algorithm: &str, _: &[u8]| digest(algorithm, b"other");
    assert_eq!(verdict(&mut read, &alice, of_another), invalid);
    // The first two octets are in the signature for all to see.
    let with_the_same_beginning = |algorithm: &str, input: &[u8]| {
        let mut digest = digest(algorithm, input);
        digest[5] ^= 1;
        digest
    };
    assert_eq!(verdict(&mut read, &alice, with_the_same_beginning), invalid);
    let cut_short = |algorithm: &str, input: &[u8]| digest(algorithm, input)[..20].to_vec();
    assert_eq!(verdict(&mut read, &alice, cut_short), invalid);
}

#[test]
fn nothing_altered_cut_off_or_moved_is_opened() {
    let (alice, bob) = (account("alice", 50), account("bob", 51));
    let plaintext = vec![7; 3 * CHUNK_BYTES];
    let message = sealed(&plaintext, &alice, &[&bob]);
    let body_at = container_at(&message) + CONTAINER_HEAD_BYTES;
    let step = CHUNK_BYTES + TAG_BYTES;
    for cut in [1, TAG_BYTES, TAG_BYTES + 1, step, plaintext.len()] {
        let cut_off = sealed_again(&message[..message.len() - cut]);
        assert_eq!(
            opened(&cut_off, &bob).unwrap_err(),
            DecryptError::Tampered,
            "{cut}"
        );
    }
    for at in [
        body_at,
        body_at + step,
        message.len() - 1,
        message.len() - 20,
    ] {
        let mut altered = message.clone();
        altered[at] ^= 1;
        assert_eq!(
            opened(&altered, &bob).unwrap_err(),
            DecryptError::Tampered,
            "{at}"
        );
    }
    // Two chunks change places: each is whole, and not where it belongs.
    let mut moved = message.clone();
    let (left, right) = moved.split_at_mut(body_at + step);
    left[body_at..].swap_with_slice(&mut right[..step]);
    assert_eq!(opened(&moved, &bob).unwrap_err(), DecryptError::Tampered);
}

/// Header with a length of five octets; version, cipher, mode, chunk size; salt.
const CONTAINER_HEAD_BYTES: usize = 6 + 4 + 32;

fn container_at(message: &[u8]) -> usize {
    let head = [0xd2, 0xff];
    let mut windows = message.windows(head.len());
    windows.position(|octets| octets == head).unwrap()
}

/// The message with its container's length put right.
fn sealed_again(message: &[u8]) -> Vec<u8> {
    let at = container_at(message);
    let length = u32::try_from(message.len() - at - 6).unwrap();
    let mut message = message.to_vec();
    message[at + 2..at + 6].copy_from_slice(&length.to_be_bytes());
    message
}

#[test]
fn it_is_for_nobody_else() {
    let (alice, bob, carol) = (
        account("alice", 50),
        account("bob", 51),
        account("carol", 52),
    );
    let message = sealed(b"hello", &alice, &[&bob]);
    assert_eq!(
        opened(&message, &carol).unwrap_err(),
        DecryptError::NoMatchingKey
    );
}

#[test]
fn other_containers_are_left_to_the_other_way() {
    let alice = account("alice", 50);
    let old = encrypted_to(alice.certificate(), &literal(b"hello"));
    let begun = Opening::begin(&old, &alice, &Limits::DEFAULT);
    assert!(begun.unwrap().is_none());
}

#[test]
fn a_message_is_read_from_where_it_lies_or_from_its_parts() {
    let alice = account("alice", 50);
    let hello = literal(b"hello");
    let whole = encrypted_v2_to(alice.certificate(), &hello);
    assert_eq!(opened(&whole, &alice).unwrap().plaintext(), b"hello");
    for trailing in [&[0][..], &packet(PADDING, b"x")] {
        let longer = [&whole[..], trailing].concat();
        assert!(opened(&longer, &alice).is_err());
        let limits = &Limits::DEFAULT;
        assert!(decrypt_and_verify(&longer, &alice, &[], NOW, limits).is_err());
    }
    let long = literal(&[7; 5_000]);
    let (first, last) = long[6..].split_at(512);
    for (packets, plaintext) in [
        (
            [packet(PADDING, b"x"), hello.clone()].concat(),
            &b"hello"[..],
        ),
        ([hello.clone(), packet(PADDING, b"x")].concat(), b"hello"),
        (in_parts(LITERAL, &[(9, first)], last), &[7; 5_000]),
    ] {
        let message = encrypted_v2_to(alice.certificate(), &packets);
        assert_eq!(opened(&message, &alice).unwrap().plaintext(), plaintext);
    }
    let body = container_v2_body(&long);
    let (first, last) = body.split_at(512);
    let container = in_parts(SEIPD, &[(9, first)], last);
    let parts = [session_key_packet_v6(alice.certificate()), container].concat();
    assert_eq!(opened(&parts, &alice).unwrap().plaintext(), [7; 5_000]);
    let twice = encrypted_v2_to(alice.certificate(), &[&hello[..], &hello].concat());
    assert!(opened(&twice, &alice).is_err());
    let limits = Limits {
        plaintext_bytes: 4,
        ..Limits::DEFAULT
    };
    let refused = decrypt_and_verify(&whole, &alice, &[], NOW, &limits);
    assert!(matches!(refused, Err(DecryptError::LimitExceeded(_))));
}

/// What comes out of a stream that is fed in pieces of this length.
fn sealed_as_it_comes(
    plaintext: &[u8],
    piece_bytes: usize,
    signer: Option<&str>,
    to: &[&TransferableSecretKey],
) -> Vec<u8> {
    let signer = signer.map(|name| Arc::new(account(name, 50)));
    signed_as_it_comes(plaintext, piece_bytes, signer, to)
}

pub(crate) fn signed_as_it_comes(
    plaintext: &[u8],
    piece_bytes: usize,
    signer: Option<Arc<TransferableSecretKey>>,
    to: &[&TransferableSecretKey],
) -> Vec<u8> {
    let recipients: Vec<_> = to.iter().map(|key| usable(key)).collect();
    let mut stream = SealingStream::begin(signer, &recipients, NOW, &mut rng(62)).unwrap();
    let mut message = Vec::new();
    let mut drain = |stream: &mut SealingStream<Vec<u8>>| {
        while let Some(call) = stream.next_call() {
            let octets = stream.cipher().seal(&call, stream.input()).unwrap();
            stream.sealed(octets, stream.is_counted());
        }
        for written in stream.take_output() {
            let (Written::Frame(octets) | Written::Sealed(octets)) = written;
            message.extend(octets);
        }
    };
    for piece in plaintext.chunks(piece_bytes) {
        stream.push(piece);
        drain(&mut stream);
    }
    stream.end().unwrap();
    drain(&mut stream);
    message
}

pub(crate) fn opened_as_it_comes(
    message: &[u8],
    piece_bytes: usize,
    reader: &str,
    by: &TransferableSecretKey,
) -> Result<(Vec<u8>, SignatureVerdict), DecryptError> {
    let keys = Arc::new(account(reader, if reader == "alice" { 50 } else { 51 }));
    let mut stream = OpeningStream::begin(keys, &Limits::DEFAULT);
    let mut plaintext = Vec::new();
    for piece in message.chunks(piece_bytes) {
        stream.push(piece)?;
        drain(&mut stream, &mut plaintext)?;
    }
    stream.end()?;
    drain(&mut stream, &mut plaintext)?;
    let verdict = stream.finish(&known(by), NOW)?;
    Ok((plaintext, verdict))
}

#[test]
fn a_stream_is_a_message_like_any_other() {
    let (alice, bob) = (account("alice", 50), account("bob", 51));
    for length in LENGTHS {
        let plaintext: Vec<u8> = (0..length).map(|at| (at * 7 + (at >> 9)) as u8).collect();
        for piece_bytes in [50_000, 1_000_000] {
            let message =
                sealed_as_it_comes(&plaintext, piece_bytes, Some("alice"), &[&alice, &bob]);
            let whole =
                decrypt_and_verify(&message, &bob, &known(&alice), NOW, &Limits::DEFAULT).unwrap();
            assert!(*whole.plaintext == plaintext, "{length}");
            assert!(
                matches!(whole.signature, SignatureVerdict::Valid(_)),
                "{length}"
            );
            for reader in ["alice", "bob"] {
                let (read, verdict) =
                    opened_as_it_comes(&message, piece_bytes, reader, &alice).unwrap();
                assert!(read == plaintext, "{length} in {piece_bytes}");
                assert_eq!(verdict, whole.signature);
            }
        }
    }
}

#[test]
fn a_stream_reads_what_was_not_written_as_one() {
    let (alice, bob) = (account("alice", 50), account("bob", 51));
    let recipients = [usable(&alice), usable(&bob)];
    for length in [0, 1, 40_000, CHUNK_BYTES + 1] {
        let plaintext = vec![9; length];
        let message = encrypt_and_sign(&plaintext, &alice, &recipients, NOW, &mut rng(63)).unwrap();
        for piece_bytes in [1, 77, 100_000] {
            if length / piece_bytes > 50_000 {
                continue;
            }
            let (read, verdict) = opened_as_it_comes(&message, piece_bytes, "bob", &alice).unwrap();
            assert!(read == plaintext, "{length} in {piece_bytes}");
            assert!(
                matches!(verdict, SignatureVerdict::Valid(_)),
                "{length} in {piece_bytes}"
            );
        }
    }
}

#[test]
fn a_stream_that_is_unsigned_is_said_to_be() {
    let (alice, bob) = (account("alice", 50), account("bob", 51));
    let message = sealed_as_it_comes(b"hello", 5, None, &[&bob]);
    let (read, verdict) = opened_as_it_comes(&message, 100, "bob", &alice).unwrap();
    assert_eq!(
        (&read[..], verdict),
        (&b"hello"[..], SignatureVerdict::Unsigned)
    );
    let refused = opened_as_it_comes(&message, 100, "alice", &alice).unwrap_err();
    assert_eq!(refused, DecryptError::NoMatchingKey);
}

/// What announces a signature, in version 3 or, with a salt, in version 6 (RFC 9580, section 5.4).
pub(crate) fn one_pass(signature: &[u8], signer: &Certificate, salt: Option<&[u8]>) -> Vec<u8> {
    let header_bytes = if signature[1] < 192 { 2 } else { 3 };
    let [_version, typ, key_algorithm, hash] = signature[header_bytes..][..4] else {
        panic!("no signature")
    };
    let fields = [typ, hash, key_algorithm];
    let fingerprint = signer.fingerprint();
    let fingerprint = fingerprint.as_bytes();
    let body = match salt {
        None => {
            let key_id = &fingerprint[fingerprint.len() - 8..];
            [&[3], &fields[..], key_id, &[1]].concat()
        }
        Some(salt) => {
            let mut long = fingerprint.to_vec();
            long.resize(32, 0);
            let salt_bytes = u8::try_from(salt.len()).unwrap();
            [&[6], &fields[..], &[salt_bytes], salt, &long, &[1]].concat()
        }
    };
    packet(ONE_PASS, &body)
}

#[test]
fn a_stream_takes_nothing_that_was_signed_for_a_salt() {
    let (alice, bob) = (account("alice", 50), account("bob", 51));
    let signed = b"Pay nothing. Pay Mallory 100.";
    let signature = sign_detached(signed, &alice, NOW, &mut rng(64)).unwrap();
    let verdict = |salt: Option<&[u8]>, data: &[u8]| {
        let one_pass = one_pass(&signature, alice.certificate(), salt);
        let packets = [one_pass, literal(data), signature.clone()].concat();
        let message = encrypted_v2_to(bob.certificate(), &packets);
        let (read, verdict) = opened_as_it_comes(&message, 1_000, "bob", &alice).unwrap();
        assert_eq!(read, data);
        verdict
    };
    let as_signed = verdict(None, signed);
    assert!(
        matches!(as_signed, SignatureVerdict::Valid(_)),
        "{as_signed:?}"
    );
    let (salt, rest) = signed.split_at(13);
    let cut = verdict(Some(salt), rest);
    assert!(matches!(cut, SignatureVerdict::Invalid { .. }), "{cut:?}");
}

#[test]
fn a_stream_of_signed_text_is_judged_by_its_lines() {
    let (mallory, bob) = (Forge::sound(52), account("bob", 51));
    let certificate = Forge::sound(52).certificate();
    let text = b"one\ntwo\r\n\rthree\n\nfour";
    let signature = mallory.signature(Signer::Primary, text, &|config| {
        config.typ = SignatureType::Text;
    });
    let one_pass = one_pass(&signature, &certificate, None);
    let packets = [one_pass, literal(text), signature].concat();
    let message = encrypted_v2_to(bob.certificate(), &packets);
    let known = [certificate];
    let keys = Arc::new(account("bob", 51));
    for piece_bytes in [1, 7, 10_000] {
        let mut stream = OpeningStream::begin(Arc::clone(&keys), &Limits::DEFAULT);
        let mut read = Vec::new();
        for piece in message.chunks(piece_bytes) {
            stream.push(piece).unwrap();
            drain(&mut stream, &mut read).unwrap();
        }
        stream.end().unwrap();
        drain(&mut stream, &mut read).unwrap();
        let verdict = stream.finish(&known, NOW).unwrap();
        let whole = decrypt_and_verify(&message, &bob, &known, NOW, &Limits::DEFAULT).unwrap();
        assert_eq!((&read[..], &verdict), (&text[..], &whole.signature));
        assert!(matches!(verdict, SignatureVerdict::Valid(_)), "{verdict:?}");
    }
}

/// Lines that end where one piece does and the next begins.
#[test]
fn lines_of_signed_text_may_be_cut_anywhere() {
    let bob = account("bob", 51);
    let certificate = Forge::sound(52).certificate();
    let text = b"a\r\nb\nc\r\n".repeat(1_000);
    let signature = Forge::sound(52).signature(Signer::Primary, &text, &|config| {
        config.typ = SignatureType::Text;
    });
    let announced = one_pass(&signature, &certificate, None);
    for first_bytes in 512..524_usize {
        let data = [b"b\0\0\0\0\0", &text[..]].concat();
        let (first, rest) = data.split_at(512);
        let (second, last) = rest.split_at(1);
        let literal = in_parts(LITERAL, &[(9, first), (0, second)], last);
        let padding = packet(PADDING, &vec![0; first_bytes]);
        let packets = [padding, announced.clone(), literal, signature.clone()].concat();
        let message = encrypted_v2_to(bob.certificate(), &packets);
        let (read, verdict) = {
            let mut stream = OpeningStream::begin(Arc::new(account("bob", 51)), &Limits::DEFAULT);
            let mut read = Vec::new();
            stream.push(&message).unwrap();
            drain(&mut stream, &mut read).unwrap();
            stream.end().unwrap();
            drain(&mut stream, &mut read).unwrap();
            (
                read,
                stream
                    .finish(std::slice::from_ref(&certificate), NOW)
                    .unwrap(),
            )
        };
        assert_eq!(read, text);
        assert!(
            matches!(verdict, SignatureVerdict::Valid(_)),
            "{first_bytes}: {verdict:?}"
        );
    }
}

#[test]
fn a_stream_that_is_cut_off_or_altered_anywhere_fails() {
    let (alice, bob) = (account("alice", 50), account("bob", 51));
    let plaintext = vec![7; 2 * CHUNK_BYTES];
    let message = sealed_as_it_comes(&plaintext, 100_000, Some("alice"), &[&bob]);
    let at_container = message.len() - plaintext.len() - 1_000;
    for cut in [
        1,
        16,
        17,
        33,
        5_000,
        CHUNK_BYTES,
        CHUNK_BYTES + 16,
        2 * CHUNK_BYTES,
    ] {
        let cut_off = &message[..message.len() - cut];
        assert!(
            opened_as_it_comes(cut_off, 90_000, "bob", &alice).is_err(),
            "{cut}"
        );
    }
    for at in [
        at_container,
        message.len() / 2,
        message.len() - 1,
        message.len() - 20,
    ] {
        let mut altered = message.clone();
        altered[at] ^= 1;
        assert!(
            opened_as_it_comes(&altered, 90_000, "bob", &alice).is_err(),
            "{at}"
        );
    }
    let more = [&message[..], b"x"].concat();
    assert!(opened_as_it_comes(&more, 90_000, "bob", &alice).is_err());
}

#[test]
fn a_stream_of_anything_else_is_refused() {
    let alice = account("alice", 50);
    let old = encrypted_to(alice.certificate(), &literal(b"hello"));
    for (message, fault) in [
        (&b""[..], DecryptError::NotEncrypted),
        (b"hello", DecryptError::Malformed { field: "packets" }),
        (&literal(b"hello"), DecryptError::NotEncrypted),
        (
            &old,
            DecryptError::NotAsStream {
                why: "is not encrypted with AES-GCM in SEIPD version 2",
            },
        ),
    ] {
        assert_eq!(
            opened_as_it_comes(message, 3, "alice", &alice).unwrap_err(),
            fault
        );
    }
}
