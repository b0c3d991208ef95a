#![no_main]
//! OpenPGP messages read as they come, in pieces: from outside, and from inside, sealed to a known key. What a stream takes, the
//! reader of whole messages takes too, and as the same.

use libfuzzer_sys::fuzz_target;
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::bulk::OpeningStream;
use smail_crypto_core::openpgp::{
    Certificate, DecryptError, Limits, SignatureVerdict, decrypt_and_verify,
};
use smail_fuzz::{ACCOUNT_MADE, Reader};
use std::sync::LazyLock;

static READER: LazyLock<Reader> = LazyLock::new(Reader::new);
static KNOWN: LazyLock<[Certificate; 1]> = LazyLock::new(|| [READER.keys.certificate().clone()]);

const NOW: UnixSeconds = UnixSeconds::new(ACCOUNT_MADE + 1);
/// Small enough for thousands of runs a second.
const LIMITS: Limits = Limits {
    plaintext_bytes: 4 * 1024 * 1024,
    session_key_packets: 100,
    ..Limits::DEFAULT
};

fn as_it_comes(
    message: &[u8],
    piece_bytes: usize,
) -> Result<(Vec<u8>, SignatureVerdict), DecryptError> {
    let mut stream = OpeningStream::begin(READER.keys.clone(), &LIMITS);
    let mut plaintext = Vec::new();
    let mut work = |stream: &mut OpeningStream| {
        while let Some(call) = stream.next_call()? {
            let cipher = stream.cipher();
            match cipher.and_then(|cipher| cipher.open(&call, stream.input())) {
                Some(octets) => stream.opened(octets.as_slice(), |range| {
                    plaintext.extend_from_slice(&octets[range]);
                })?,
                None => stream.refused()?,
            }
        }
        Ok::<(), DecryptError>(())
    };
    for piece in message.chunks(piece_bytes) {
        stream.push(piece)?;
        work(&mut stream)?;
    }
    stream.end()?;
    work(&mut stream)?;
    let verdict = stream.finish(&*KNOWN, NOW)?;
    Ok((plaintext, verdict))
}

fn compare(message: &[u8], piece_bytes: usize) {
    let Ok((plaintext, verdict)) = as_it_comes(message, piece_bytes) else {
        return;
    };
    let whole = decrypt_and_verify(message, &READER.keys, &*KNOWN, NOW, &LIMITS)
        .expect("what a stream takes is a message");
    assert_eq!(*whole.plaintext, plaintext);
    if matches!(verdict, SignatureVerdict::Valid(_)) {
        assert_eq!(whole.signature, verdict);
    }
}

fuzz_target!(|input: (u8, Vec<u8>)| {
    let (pieces, octets) = input;
    let piece_bytes = 1 + usize::from(pieces) * 16;
    compare(&octets, piece_bytes);
    compare(&READER.sealed_with_gcm(&octets), piece_bytes);
});
