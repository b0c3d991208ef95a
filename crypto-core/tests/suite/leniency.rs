//! What is let pass though it need not be there, whole and as it comes, and what has to be read whole.

use crate::accounts::{NOW, account, known};
use crate::bulk::{one_pass, opened, opened_as_it_comes};
use crate::common::rng;
use crate::forged_message::{
    ONE_PASS, SEIPD, container_v2_body, encrypted_v2_to, literal, packet, session_key_packet_v6,
    streamed, uncompressed,
};
use smail_crypto_core::openpgp::bulk::{AeadCall, Opening, OpeningStream, TAG_BYTES};
use smail_crypto_core::openpgp::{
    DecryptError, Limits, SignatureVerdict, TransferableSecretKey, decrypt_and_verify,
    sign_detached,
};
use std::collections::VecDeque;
use std::sync::Arc;

/// What a stream gives that is read as a platform reads it: several calls are under way.
fn streamed_by_several(
    message: &[u8],
    keys: &Arc<TransferableSecretKey>,
) -> Result<Vec<u8>, DecryptError> {
    let mut stream = OpeningStream::begin(Arc::clone(keys), &Limits::DEFAULT);
    stream.push(message)?;
    stream.end()?;
    let (mut outputs, mut plaintext) = (VecDeque::new(), Vec::new());
    loop {
        if let Some(call) = stream.next_call()? {
            outputs.push_back(stream.cipher().unwrap().open(&call, stream.input()));
            if !stream.is_trying() {
                continue;
            }
        }
        match outputs.pop_front() {
            Some(Some(output)) => stream.opened(output.as_slice(), |range| {
                plaintext.extend_from_slice(&output[range]);
            })?,
            Some(None) => stream.refused()?,
            None => break,
        }
    }
    stream.finish(&[], NOW)?;
    Ok(plaintext)
}

/// Who writes as it comes may find out too late that a chunk was the last, and OpenPGP.js reads that.
#[test]
fn a_last_chunk_may_be_empty() {
    let bob = Arc::new(account("bob", 51));
    let session_key = session_key_packet_v6(bob.certificate());
    let message = |body: &[u8]| [&session_key[..], &packet(SEIPD, body)].concat();
    // Literal data's header and fields have twelve octets.
    let data = vec![7; 2 * 4_096 - 12];
    let body = container_v2_body(&literal(&data));
    let whole = message(&body);
    let mut opening = Opening::begin(&whole, &bob, &Limits::DEFAULT)
        .unwrap()
        .unwrap();
    let cipher = opening.next_cipher().unwrap().unwrap();
    let (calls, _) = opening.calls(&cipher).unwrap();
    let [first, _, count] = &calls[..] else {
        panic!("not two chunks")
    };
    let empty = |like: &AeadCall, index: u8| {
        let mut call = like.clone();
        (*call.nonce.last_mut().unwrap(), call.input) = (index, 0..0);
        cipher.seal(&call, &[]).unwrap()
    };
    let chunks = &body[..body.len() - TAG_BYTES];
    let read = |parts: &[&[u8]]| {
        let message = message(&[&[chunks], parts].concat().concat());
        let whole = opened(&message, &bob).map(|opened| opened.plaintext().to_vec());
        for piece_bytes in [1_000, 100_000] {
            assert_eq!(streamed(&message, &bob, piece_bytes), whole);
        }
        assert_eq!(streamed_by_several(&message, &bob), whole);
        whole
    };
    assert!(read(&[&empty(count, 2)]).unwrap() == data);
    assert!(read(&[&empty(first, 2), &empty(count, 3)]).unwrap() == data);
    for parts in [
        &[empty(first, 2)][..],
        &[empty(first, 3), empty(count, 3)],
        &[empty(first, 2), empty(count, 2)],
        &[empty(first, 2), empty(first, 3)],
        &[empty(first, 2), empty(first, 3), empty(count, 4)],
    ] {
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        assert_eq!(read(&parts), Err(DecryptError::Tampered));
    }
}

#[test]
fn a_stream_says_what_is_to_be_read_whole() {
    let (alice, bob) = (account("alice", 50), account("bob", 51));
    let hello = literal(b"hello");
    let signature = sign_detached(b"hello", &alice, NOW, &mut rng(64)).unwrap();
    for (packets, verdict) in [
        (uncompressed(&hello), "signature-none"),
        ([&signature[..], &hello].concat(), "signature-valid"),
        ([&hello[..], &signature].concat(), "signature-valid"),
    ] {
        let message = encrypted_v2_to(bob.certificate(), &packets);
        let refused = opened_as_it_comes(&message, 1_000, "bob", &alice).unwrap_err();
        assert_eq!(refused.code(), "decrypt-not-as-stream");
        let whole =
            decrypt_and_verify(&message, &bob, &known(&alice), NOW, &Limits::DEFAULT).unwrap();
        assert_eq!(*whole.plaintext, *b"hello");
        assert_eq!(whole.signature.code(), verdict);
    }
}

/// Beside one that is known: of a version and with a digest that are not.
#[test]
fn a_stream_passes_over_signatures_that_are_not_known() {
    let (alice, bob) = (account("alice", 50), account("bob", 51));
    let signature = sign_detached(b"hello", &alice, NOW, &mut rng(64)).unwrap();
    let announced = one_pass(&signature, alice.certificate(), None);
    let unknown = packet(2, &[&[9][..], &[7; 60]].concat());
    for version in [3, 9] {
        let fields = [version, 0, 99, 22, 1, 2, 3, 4, 5, 6, 7, 8, 0];
        let packets = [
            packet(ONE_PASS, &fields),
            announced.clone(),
            literal(b"hello"),
            signature.clone(),
            unknown.clone(),
        ];
        let message = encrypted_v2_to(bob.certificate(), &packets.concat());
        let (read, verdict) = opened_as_it_comes(&message, 1_000, "bob", &alice).unwrap();
        assert_eq!(read, b"hello");
        assert!(matches!(verdict, SignatureVerdict::Valid(_)), "{verdict:?}");
        let whole =
            decrypt_and_verify(&message, &bob, &known(&alice), NOW, &Limits::DEFAULT).unwrap();
        assert_eq!(whole.signature, verdict);
    }
}

/// Packets of kinds that nobody has to know, in front of what is.
#[test]
fn a_stream_passes_over_packets_that_are_not_known() {
    let (alice, bob) = (account("alice", 50), account("bob", 51));
    let message = encrypted_v2_to(bob.certificate(), &literal(b"hello"));
    for (tag, is_read) in [(30, false), (50, true), (61, true)] {
        let message = [packet(tag, b"what is this"), message.clone()].concat();
        let limits = &Limits::DEFAULT;
        let whole = decrypt_and_verify(&message, &bob, &[], NOW, limits);
        assert_eq!(whole.is_ok(), is_read, "{tag}");
        let streamed = opened_as_it_comes(&message, 1_000, "bob", &alice);
        assert_eq!(streamed.is_ok(), is_read, "{tag}");
    }
}
