//! Encrypts any packets at all, sound or not, to a certificate: what a hostile sender can do.

use crate::common::rng;
use crate::forge::Forge;
use pgp::composed::{Deserializable as _, RawSessionKey, SignedPublicKey};
use pgp::crypto::aead::{AeadAlgorithm, ChunkSize};
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::packet::{PacketTrait as _, PublicKeyEncryptedSessionKey, SymEncryptedProtectedData};
use smail_crypto_core::openpgp::bulk::OpeningStream;
use smail_crypto_core::openpgp::{
    Certificate, DecryptError, Limits, TransferableSecretKey, decrypt,
};
use std::sync::{Arc, LazyLock};

const SESSION_KEY: [u8; 32] = [0x5e; 32];

/// A message (SEIPD version 1) with these packets inside, to the certificate's first subkey.
pub(crate) fn encrypted_to(certificate: &Certificate, packets: &[u8]) -> Vec<u8> {
    [session_key_packet(certificate), container(packets)].concat()
}

pub(crate) fn session_key_packet(certificate: &Certificate) -> Vec<u8> {
    let public = SignedPublicKey::from_bytes(&certificate.to_bytes()[..]).unwrap();
    let packet = PublicKeyEncryptedSessionKey::from_session_key_v3(
        rng(70),
        &RawSessionKey::from(&SESSION_KEY[..]),
        SymmetricKeyAlgorithm::AES256,
        &public.public_subkeys[0].key,
    )
    .unwrap();
    let mut bytes = vec![];
    packet.to_writer_with_header(&mut bytes).unwrap();
    bytes
}

pub(crate) fn container(packets: &[u8]) -> Vec<u8> {
    let container = SymEncryptedProtectedData::encrypt_seipdv1(
        rng(71),
        SymmetricKeyAlgorithm::AES256,
        &SESSION_KEY,
        packets,
    )
    .unwrap();
    let mut bytes = vec![];
    container.to_writer_with_header(&mut bytes).unwrap();
    bytes
}

/// The same in SEIPD version 2 with AES-GCM, which can be read as it comes.
pub(crate) fn encrypted_v2_to(certificate: &Certificate, packets: &[u8]) -> Vec<u8> {
    let body = container_v2_body(packets);
    [session_key_packet_v6(certificate), packet(SEIPD, &body)].concat()
}

pub(crate) fn session_key_packet_v6(certificate: &Certificate) -> Vec<u8> {
    let public = SignedPublicKey::from_bytes(&certificate.to_bytes()[..]).unwrap();
    let packet = PublicKeyEncryptedSessionKey::from_session_key_v6(
        rng(70),
        &RawSessionKey::from(&SESSION_KEY[..]),
        &public.public_subkeys[0].key,
    )
    .unwrap();
    let mut bytes = vec![];
    packet.to_writer_with_header(&mut bytes).unwrap();
    bytes
}

/// Without its header.
pub(crate) fn container_v2_body(packets: &[u8]) -> Vec<u8> {
    container_v2_body_in(ChunkSize::C4KiB, packets)
}

pub(crate) fn container_v2_body_in(chunk_size: ChunkSize, packets: &[u8]) -> Vec<u8> {
    use pgp::ser::Serialize as _;
    let container = SymEncryptedProtectedData::encrypt_seipdv2(
        rng(71),
        SymmetricKeyAlgorithm::AES256,
        AeadAlgorithm::Gcm,
        chunk_size,
        &SESSION_KEY,
        packets,
    )
    .unwrap();
    container.to_bytes().unwrap()
}

/// What reading a message as it comes gives, in pieces of this length.
pub(crate) fn streamed(
    message: &[u8],
    keys: &Arc<TransferableSecretKey>,
    piece_bytes: usize,
) -> Result<Vec<u8>, DecryptError> {
    let mut stream = OpeningStream::begin(Arc::clone(keys), &Limits::DEFAULT);
    let mut plaintext = vec![];
    for piece in message.chunks(piece_bytes) {
        stream.push(piece)?;
        drain(&mut stream, &mut plaintext)?;
    }
    stream.end()?;
    drain(&mut stream, &mut plaintext)?;
    stream.finish(&[], crate::forge::READ)?;
    Ok(plaintext)
}

/// Makes the calls that a stream asks for.
pub(crate) fn drain(
    stream: &mut OpeningStream,
    plaintext: &mut Vec<u8>,
) -> Result<(), DecryptError> {
    while let Some(call) = stream.next_call()? {
        match stream.cipher().unwrap().open(&call, stream.input()) {
            Some(output) => stream.opened(output.as_slice(), |range| {
                plaintext.extend_from_slice(&output[range]);
            })?,
            None => stream.refused()?,
        }
    }
    Ok(())
}

/// What decrypting these packets comes to, whole and as they come.
pub(crate) fn both_refusals(packets: &[u8]) -> [DecryptError; 2] {
    static BOB: LazyLock<(Arc<TransferableSecretKey>, Vec<u8>)> = LazyLock::new(|| {
        let bob = bob();
        let session_key = session_key_packet_v6(bob.certificate());
        (Arc::new(bob), session_key)
    });
    let (bob, session_key) = &*BOB;
    let container = packet(SEIPD, &container_v2_body(packets));
    let message = [&session_key[..], &container].concat();
    [
        decrypt(&message, bob, &Limits::DEFAULT).unwrap_err(),
        streamed(&message, bob, 1_000).unwrap_err(),
    ]
}

/// A packet whose length comes bit by bit.
pub(crate) fn in_parts(tag: u8, parts: &[(u8, &[u8])], last: &[u8]) -> Vec<u8> {
    let mut packet = vec![0xc0 | tag];
    for (power, octets) in parts {
        packet.push(0xe0 | power);
        packet.extend_from_slice(octets);
    }
    packet.push(0xff);
    packet.extend_from_slice(&u32::try_from(last.len()).unwrap().to_be_bytes());
    packet.extend_from_slice(last);
    packet
}

/// A packet with a five-octet length.
pub(crate) fn packet(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&[0xc0 | tag, 0xff][..], &length, body].concat()
}

pub(crate) const SEIPD: u8 = 18;
pub(crate) const ONE_PASS: u8 = 4;
pub(crate) const LITERAL: u8 = 11;
pub(crate) const COMPRESSED: u8 = 8;
pub(crate) const MARKER: u8 = 10;
pub(crate) const PADDING: u8 = 21;

/// A literal data packet: binary, without name and date.
pub(crate) fn literal(data: &[u8]) -> Vec<u8> {
    packet(LITERAL, &[b"b\0\0\0\0\0", data].concat())
}

/// A compressed data packet that compresses nothing.
pub(crate) fn uncompressed(packets: &[u8]) -> Vec<u8> {
    packet(COMPRESSED, &[b"\0", packets].concat())
}

/// The reader of hostile messages.
pub(crate) fn bob() -> TransferableSecretKey {
    Forge::sound(80).secret_key()
}

/// What decrypting these packets comes to.
pub(crate) fn refusal(packets: &[u8]) -> DecryptError {
    let bob = bob();
    decrypt(
        &encrypted_to(bob.certificate(), packets),
        &bob,
        &Limits::DEFAULT,
    )
    .unwrap_err()
}
