//! Messages that a reader must refuse, or show with a warning. All are addressed to the reader's own key.

use crate::http::now_ms;
use clap::ValueEnum;
use pgp::composed::{Deserializable as _, MessageBuilder, SignedPublicKey};
use pgp::crypto::aead::{AeadAlgorithm, ChunkSize};
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::types::CompressionAlgorithm;
use rand::rngs::OsRng;
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::{Certificate, TransferableSecretKey, encrypt_and_sign};
use std::io::{Read, repeat};

/// What a decompression bomb grows to, in bytes: above what a reader allows.
const BOMB_BYTES: u64 = 256 * 1024 * 1024;

/// What is wrong with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MessageFault {
    /// Not OpenPGP at all.
    Garbage,
    /// Its last third is missing.
    Truncated,
    /// One bit of the ciphertext is another.
    Tampered,
    /// Grows to 256 MiB when it is decompressed.
    Bomb,
    /// Asks for 2 GiB of memory to derive a key (Argon2 S2K, RFC 9580, section 3.7.1.4).
    S2k,
    /// Not signed.
    Unsigned,
    /// Signed by a key that is not the one of the address in From.
    WrongSender,
}

/// A binary message to the holder of this certificate that says to be from `from`.
///
/// # Errors
/// A certificate that cannot be encrypted to.
pub fn message(
    fault: MessageFault,
    from: &str,
    subject: &str,
    certificate: &[u8],
) -> anyhow::Result<Vec<u8>> {
    let sound = || signed(&entity(from, subject), from, certificate);
    Ok(match fault {
        MessageFault::Garbage => b"this was never encrypted ".repeat(20),
        MessageFault::Truncated => cut(sound()?),
        MessageFault::Tampered => flip_a_bit(sound()?),
        MessageFault::Bomb => bomb(certificate)?,
        MessageFault::S2k => [two_gib_skesk(), after_session_keys(&sound()?).to_vec()].concat(),
        MessageFault::Unsigned => unsigned(
            entity(from, subject).into_bytes().as_slice(),
            certificate,
            None,
        )?,
        MessageFault::WrongSender => sound()?,
    })
}

/// A key for this address, which nobody knows of.
///
/// # Errors
/// An address that no key can be for.
pub fn signer(address: &str) -> anyhow::Result<TransferableSecretKey> {
    let now = UnixSeconds::from_ms(now_ms());
    Ok(TransferableSecretKey::generate(address, now, &mut OsRng)?)
}

/// A message to the holder of this certificate with just this inside, signed by this key.
///
/// # Errors
/// A certificate that cannot be encrypted to.
pub fn message_of(
    entity: &str,
    signer: &TransferableSecretKey,
    certificate: &[u8],
) -> anyhow::Result<Vec<u8>> {
    let now = UnixSeconds::from_ms(now_ms());
    let reader = Certificate::from_bytes(certificate)?.usable_at(now)?;
    Ok(encrypt_and_sign(
        entity.as_bytes(),
        signer,
        &[reader],
        now,
        &mut OsRng,
    )?)
}

/// A MIME entity with its header fields inside (RFC 9788).
fn entity(from: &str, subject: &str) -> String {
    format!(
        "From: {from}\r\nSubject: {subject}\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8; hp=\"cipher\"\r\n\r\nTrust me.\r\n"
    )
}

/// Encrypted, and signed by a key made for this message.
fn signed(entity: &str, from: &str, certificate: &[u8]) -> anyhow::Result<Vec<u8>> {
    message_of(entity, &signer(from)?, certificate)
}

fn unsigned(
    plaintext: impl Read,
    certificate: &[u8],
    compression: Option<CompressionAlgorithm>,
) -> anyhow::Result<Vec<u8>> {
    let reader = SignedPublicKey::from_bytes(certificate)?;
    let subkey = reader
        .public_subkeys
        .last()
        .ok_or_else(|| anyhow::anyhow!("the certificate has no subkey"))?;
    let mut message = MessageBuilder::from_reader("", plaintext);
    compression.map(|algorithm| message.compression(algorithm));
    let mut message = message.seipd_v2(
        OsRng,
        SymmetricKeyAlgorithm::AES256,
        AeadAlgorithm::Gcm,
        ChunkSize::C256KiB,
    );
    message.encrypt_to_key_anonymous(OsRng, &subkey.key)?;
    Ok(message.to_vec(OsRng)?)
}

fn bomb(certificate: &[u8]) -> anyhow::Result<Vec<u8>> {
    unsigned(
        repeat(b'a').take(BOMB_BYTES),
        certificate,
        Some(CompressionAlgorithm::ZLIB),
    )
}

fn cut(mut message: Vec<u8>) -> Vec<u8> {
    message.truncate(message.len() * 2 / 3);
    message
}

/// Near the end, where the ciphertext itself is and not what names its keys.
fn flip_a_bit(mut message: Vec<u8>) -> Vec<u8> {
    if let Some(byte) = message.iter_mut().rev().nth(40) {
        *byte ^= 1;
    }
    message
}

/// A SKESK packet, version 4 (RFC 9580, section 5.3.1), whose Argon2 takes 2^21 KiB.
fn two_gib_skesk() -> Vec<u8> {
    const SALT: [u8; 16] = [7; 16];
    const ENCRYPTED_SESSION_KEY: [u8; 33] = [9; 33];
    let (version, aes256, argon2, passes, lanes, memory_exponent) = (4, 9, 4, 3, 4, 21);
    let mut body = vec![version, aes256, argon2];
    body.extend(SALT);
    body.extend([passes, lanes, memory_exponent]);
    body.extend(ENCRYPTED_SESSION_KEY);
    [
        &[0xc0 | 3, u8::try_from(body.len()).unwrap_or_default()] as &[u8],
        &body,
    ]
    .concat()
}

/// A message without the PKESK packet that it begins with (tag 1, RFC 9580, section 4.2.1), so that the SKESK is all
/// there is to open it with.
fn after_session_keys(message: &[u8]) -> &[u8] {
    match message {
        [0xc1, len @ ..192, rest @ ..] => rest.get(usize::from(*len)..).unwrap_or_default(),
        [0xc1, high @ 192..224, low, rest @ ..] => {
            let len = (usize::from(*high) - 192) * 256 + usize::from(*low) + 192;
            rest.get(len..).unwrap_or_default()
        }
        [0xc1, 255, a, b, c, d, rest @ ..] => {
            let len = u32::from_be_bytes([*a, *b, *c, *d]);
            rest.get(usize::try_from(len).unwrap_or(usize::MAX)..)
                .unwrap_or_default()
        }
        other => other,
    }
}
