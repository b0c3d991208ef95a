//! What never ends: read as it comes in bounded memory, and given up on where an end is due.

use crate::forged_message::{
    LITERAL, MARKER, PADDING, SEIPD, bob, both_refusals, container_v2_body, container_v2_body_in,
    drain, encrypted_v2_to, in_parts, literal, packet, session_key_packet, session_key_packet_v6,
    streamed,
};
use pgp::crypto::aead::ChunkSize;
use smail_crypto_core::openpgp::bulk::OpeningStream;
use smail_crypto_core::openpgp::{DecryptError, Limits, decrypt};
use std::sync::Arc;

const PIECE_BYTES: usize = 64 * 1024;
/// Far more than any of it may keep.
const LONG_BYTES: usize = 256 * 1024 * 1024;

/// What all of these must keep to is measured in a process of its own, too.
pub(crate) fn all() {
    parts_without_end_that_are_no_container();
    padding_without_end();
    a_container_without_end();
    packets_without_end_inside_a_container();
}

/// Feeds a stream the same piece over and over, and says after how many bytes it gave up.
fn given_up_after(stream: &mut OpeningStream, piece: &[u8]) -> Option<(usize, DecryptError)> {
    let (mut fed, mut plaintext) = (0, Vec::new());
    while fed < LONG_BYTES {
        fed += piece.len();
        let pushed = stream.push(piece);
        if let Err(error) = pushed.and_then(|()| drain(stream, &mut plaintext)) {
            return Some((fed, error));
        }
    }
    None
}

fn stream() -> OpeningStream {
    OpeningStream::begin(Arc::new(bob()), &Limits::DEFAULT)
}

/// Session keys, in parts or of 4 GiB: refused as soon as they are longer than any.
#[test]
fn parts_without_end_that_are_no_container() {
    let part = [&[0xe9][..], &[7; 512]].concat();
    for tag in [1, 3] {
        let mut in_parts = stream();
        assert_eq!(
            in_parts.push(&[&[0xc0 | tag], &part[..]].concat()),
            Err(DecryptError::Malformed { field: "packets" })
        );
        let mut long = stream();
        long.push(&[0xc0 | tag, 0xff, 0xff, 0xff, 0xff, 0xff])
            .unwrap();
        let (fed, error) = given_up_after(&mut long, &[7; PIECE_BYTES]).unwrap();
        assert_eq!((fed, error.code()), (PIECE_BYTES, "decrypt-malformed"));
    }
}

/// Passed over, and kept nowhere.
#[test]
fn padding_without_end() {
    for tag in [MARKER, PADDING] {
        let mut stream = stream();
        stream
            .push(&[0xc0 | tag, 0xff, 0xff, 0xff, 0xff, 0xff])
            .unwrap();
        assert_eq!(given_up_after(&mut stream, &[7; PIECE_BYTES]), None);
        assert_eq!(
            stream.end(),
            Err(DecryptError::Malformed { field: "packets" })
        );
    }
}

/// Noise in the place of chunks: the first tells that it is noise.
#[test]
fn a_container_without_end() {
    let bob = bob();
    let mut stream = stream();
    stream
        .push(&session_key_packet_v6(bob.certificate()))
        .unwrap();
    let head = container_v2_body(b"");
    let length = [0xc0 | SEIPD, 0xff, 0xff, 0xff, 0xff, 0xff];
    stream.push(&[&length, &head[..36]].concat()).unwrap();
    let (fed, error) = given_up_after(&mut stream, &[7; PIECE_BYTES]).unwrap();
    assert_eq!((fed, error), (PIECE_BYTES, DecryptError::Tampered));
}

/// A sealed container of packets that do not end: what is beside the data is given up on, and the data run through.
#[test]
fn packets_without_end_inside_a_container() {
    let endless = |tag: u8, octets: usize| {
        let head = [0xc0 | tag, 0xff, 0xff, 0xff, 0xff, 0xff];
        [&head[..], &vec![b'b'; octets]].concat()
    };
    for refusal in both_refusals(&endless(2, 600_000)) {
        assert_eq!(refusal.code(), "decrypt-malformed");
    }
    let after_data = [literal(b"hello"), endless(2, 600_000)].concat();
    for refusal in both_refusals(&after_data) {
        assert_eq!(refusal, DecryptError::Malformed { field: "signature" });
    }
    for tag in [LITERAL, MARKER, PADDING] {
        for refusal in both_refusals(&endless(tag, 2_000_000)) {
            assert_eq!(refusal.code(), "decrypt-malformed", "{tag}");
        }
    }
}

#[test]
fn parts_where_there_may_be_none() {
    let bob = bob();
    let first = &[7; 512][..];
    for tag in [1, 2, 3, 4, MARKER, PADDING] {
        let packets = [in_parts(tag, &[(9, first)], b""), literal(b"hello")].concat();
        for refusal in both_refusals(&packets) {
            assert_eq!(refusal.code(), "decrypt-malformed", "{tag}");
        }
        let outside = [
            in_parts(tag, &[(9, first)], b""),
            encrypted_v2_to(bob.certificate(), &literal(b"hello")),
        ]
        .concat();
        assert!(decrypt(&outside, &bob, &Limits::DEFAULT).is_err(), "{tag}");
        assert!(
            streamed(&outside, &Arc::new(crate::forged_message::bob()), 100).is_err(),
            "{tag}"
        );
    }
}

/// RFC 9580, section 4.2.1.4: the first part has at least 512 octets, whichever reader it is.
#[test]
fn a_first_part_that_is_too_short() {
    let data = [&b"b\0\0\0\0\0"[..], &[b'x'; 1_018]].concat();
    let bob = Arc::new(bob());
    let session_key = session_key_packet_v6(bob.certificate());
    for power in 0..10 {
        let (first, last) = data.split_at(1 << power);
        let packets = in_parts(LITERAL, &[(power, first)], last);
        let message = encrypted_v2_to(bob.certificate(), &packets);
        let read = [
            decrypt(&message, &bob, &Limits::DEFAULT).map(|read| read.plaintext().to_vec()),
            streamed(&message, &bob, 100),
        ];
        let body = container_v2_body(&literal(&data[6..]));
        let (first, last) = body.split_at(1 << power);
        let container = in_parts(SEIPD, &[(power, first)], last);
        let message = [&session_key[..], &container].concat();
        let outside = [
            decrypt(&message, &bob, &Limits::DEFAULT).map(|read| read.plaintext().to_vec()),
            streamed(&message, &bob, 100),
        ];
        for (place, read) in [("inside", read), ("outside", outside)] {
            for read in read {
                match read {
                    Ok(plaintext) => assert!(power == 9 && plaintext == data[6..], "{place}"),
                    Err(error) => {
                        assert!(power < 9, "{place}: {error:?}");
                        assert_eq!(error.code(), "decrypt-malformed", "{place}");
                    }
                }
            }
        }
    }
}

/// After the first, parts may be as short as one octet, and the last may be empty. There can be very many.
#[test]
fn half_a_million_parts_of_one_octet() {
    let parts = 500_000;
    let mut packets = vec![0xc0 | LITERAL, 0xe9];
    packets.extend_from_slice(b"b\0\0\0\0\0");
    packets.extend_from_slice(&[b'x'; 506]);
    packets.extend([0xe0, b'y'].repeat(parts));
    packets.push(0);
    let bob = Arc::new(bob());
    let message = encrypted_v2_to(bob.certificate(), &packets);
    let whole = decrypt(&message, &bob, &Limits::DEFAULT).unwrap();
    let read = streamed(&message, &bob, 1_000_000).unwrap();
    assert!(whole.plaintext() == read, "the readers differ");
    assert_eq!(read.len(), 506 + parts);

    // The same outside, where all of it is one piece.
    let body = container_v2_body(&literal(&vec![b'z'; parts]));
    let (first, rest) = body.split_at(512);
    let mut message = session_key_packet_v6(bob.certificate());
    message.extend([0xc0 | SEIPD, 0xe9]);
    message.extend_from_slice(first);
    message.extend(rest.iter().flat_map(|octet| [0xe0, *octet]));
    message.push(0);
    let whole = decrypt(&message, &bob, &Limits::DEFAULT).unwrap();
    let read = streamed(&message, &bob, message.len()).unwrap();
    assert!(whole.plaintext() == read, "the readers differ");
}

/// Each chunk's call must not move all that is behind it.
#[test]
fn two_hundred_thousand_chunks_in_one_piece() {
    let bob = Arc::new(bob());
    let data = vec![b'z'; 12_800_000];
    let body = container_v2_body_in(ChunkSize::C64B, &literal(&data));
    let session_key = session_key_packet_v6(bob.certificate());
    let message = [session_key, packet(SEIPD, &body)].concat();
    assert!(streamed(&message, &bob, message.len()).unwrap() == data);
}

/// Nothing is tried on a container that has no session key packet in front, however long.
#[test]
fn a_container_for_nobody() {
    let bob = Arc::new(bob());
    let body = container_v2_body(&literal(b"hello"));
    let message = packet(SEIPD, &body);
    assert_eq!(
        decrypt(&message, &bob, &Limits::DEFAULT).unwrap_err(),
        DecryptError::NoMatchingKey
    );
    assert_eq!(
        streamed(&message, &bob, 10).unwrap_err(),
        DecryptError::NoMatchingKey
    );
    // A version 3 session key packet belongs to the old container.
    let mixed = [session_key_packet(bob.certificate()), message].concat();
    assert_eq!(
        decrypt(&mixed, &bob, &Limits::DEFAULT).unwrap_err(),
        DecryptError::NoMatchingKey
    );
    assert!(streamed(&mixed, &bob, 10).is_err());
}
