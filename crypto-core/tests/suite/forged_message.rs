//! Encrypts any packets at all, sound or not, to a certificate: what a hostile sender can do.

use crate::common::rng;
use crate::forge::Forge;
use pgp::composed::{Deserializable as _, RawSessionKey, SignedPublicKey};
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::packet::{PacketTrait as _, PublicKeyEncryptedSessionKey, SymEncryptedProtectedData};
use smail_crypto_core::openpgp::{
    Certificate, DecryptError, Limits, TransferableSecretKey, decrypt,
};

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

/// A packet with a five-octet length.
pub(crate) fn packet(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&[0xc0 | tag, 0xff][..], &length, body].concat()
}

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
