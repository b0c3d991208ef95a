//! Containers whose session key is told by another way than their own packets.

use crate::accounts::NOW;
use crate::common::rng;
use pgp::composed::{Message, PlainSessionKey, RawSessionKey};
use smail_crypto_core::openpgp::bulk::{OpeningStream, SealingStream, SessionKey, Written};
use smail_crypto_core::openpgp::{DecryptError, Limits};

const CHUNK_BYTES: usize = 256 * 1024;
/// Around the ends of chunks.
const LENGTHS: [usize; 6] = [
    0,
    1,
    CHUNK_BYTES - 27,
    CHUNK_BYTES,
    2 * CHUNK_BYTES,
    3 * CHUNK_BYTES + 1,
];

/// Data sealed under a session key that nobody else is told.
fn under(key: &SessionKey, plaintext: &[u8]) -> Vec<u8> {
    let mut stream = SealingStream::<Vec<u8>>::under(key, &mut rng(70));
    let mut message = Vec::new();
    stream.push(plaintext);
    stream.end().unwrap();
    while let Some(call) = stream.next_call() {
        let output = stream.cipher().seal(&call, stream.input()).unwrap();
        let is_last = stream.is_counted();
        stream.sealed(output, is_last);
    }
    for written in stream.take_output() {
        match written {
            Written::Frame(octets) | Written::Sealed(octets) => message.extend(octets),
        }
    }
    message
}

fn opened_under(key: &SessionKey, message: &[u8]) -> Result<Vec<u8>, DecryptError> {
    let mut stream = OpeningStream::under(key.again(), &Limits::DEFAULT);
    let mut plaintext = Vec::new();
    stream.push(message)?;
    stream.end()?;
    while let Some(call) = stream.next_call()? {
        let cipher = stream.cipher().unwrap();
        match cipher.open(&call, stream.input()) {
            Some(output) => stream.opened(&output[..], |range| {
                plaintext.extend_from_slice(&output[range]);
            })?,
            None => stream.refused()?,
        }
    }
    stream.finish(&[], NOW)?;
    Ok(plaintext)
}

#[test]
fn a_session_key_that_is_told_elsewhere_opens_what_it_sealed() {
    let key = SessionKey::make(&mut rng(71));
    for length in LENGTHS {
        let plaintext = vec![7; length];
        let message = under(&key, &plaintext);
        assert!(
            opened_under(&key, &message).unwrap() == plaintext,
            "{length}"
        );
        assert!(!message.windows(32).any(|window| window == key.expose()));
        let mut altered = message.clone();
        let last = altered.len() - 1;
        altered[last] ^= 1;
        assert_eq!(
            opened_under(&key, &altered),
            Err(DecryptError::Tampered),
            "{length}"
        );
        let cut = opened_under(&key, &message[..last]);
        assert!(cut.is_err(), "{length}");
    }
    // And any program that takes a session key reads it.
    let key_of_theirs = PlainSessionKey::V6 {
        key: RawSessionKey::from(&key.expose()[..]),
    };
    let message = under(&key, &[7; 3 * CHUNK_BYTES + 1]);
    let mut theirs = Message::from_bytes(&message[..])
        .and_then(|message| message.decrypt_with_session_key(key_of_theirs))
        .unwrap();
    assert!(theirs.as_data_vec().unwrap() == vec![7; 3 * CHUNK_BYTES + 1]);
    let message = under(&key, b"x");
    let other = SessionKey::from_slice(&[1; 32]).unwrap();
    assert_eq!(opened_under(&other, &message), Err(DecryptError::Tampered));
    assert!(SessionKey::from_slice(&[1; 16]).is_none());
    assert_eq!(format!("{other:?}"), "SessionKey(..)");
}
