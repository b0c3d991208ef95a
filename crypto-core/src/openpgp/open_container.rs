//! Opening a container whole (RFC 9580, section 5.13): what is sealed with AES here, older ciphers in version 1 by rPGP.

use super::bulk::ContainerCipher;
use super::decrypt::{self, DecryptError};
use super::seipd_v1;
use crate::Plaintext;
use pgp::composed::{DecryptionOptions, Edata, PlainSessionKey};
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::packet::{ProtectedDataConfig, SymEncryptedProtectedDataConfig};
use pgp::types::Seipdv1ReadMode;
use std::io::Read as _;

/// How a container is opened.
enum Way<'a> {
    V1(SymmetricKeyAlgorithm, &'a [u8]),
    V2(ContainerCipher),
    ByRpgp,
    /// In none. Not by rPGP, which panics on a mode of version 2 that it does not know, and knows no more than is here.
    Unknown,
}

/// Decrypts the container in full, checking every tag, and only then gives the packets inside.
pub(super) fn open_container(
    binary: &[u8],
    session_key: &PlainSessionKey,
) -> Result<Plaintext, DecryptError> {
    let (_, mut container) = decrypt::parse(binary)?;
    let packets = match Way::of(&container, session_key) {
        Way::V1(algorithm, key) => {
            let body = read_to_end(&mut container, binary.len())?;
            seipd_v1::open(algorithm, key, body)
        }
        Way::V2(cipher) => {
            let body = read_to_end(&mut container, binary.len())?;
            open_chunks(&cipher, &body)?
        }
        Way::ByRpgp => by_rpgp(&mut container, session_key, binary.len()),
        Way::Unknown => None,
    };
    let packets = packets.ok_or(DecryptError::Tampered)?;
    decrypt::ensure_end(container.get_mut().get_mut())?;
    Ok(packets)
}

impl<'a> Way<'a> {
    fn of(container: &Edata<'_>, session_key: &'a PlainSessionKey) -> Self {
        let Edata::SymEncryptedProtectedData { reader } = container else {
            return Self::Unknown;
        };
        let ProtectedDataConfig::Seipd(config) = reader.config() else {
            return Self::Unknown;
        };
        match (config, session_key) {
            (SymEncryptedProtectedDataConfig::V1, PlainSessionKey::V3_4 { sym_alg, key })
                if seipd_v1::reads(*sym_alg) =>
            {
                Self::V1(*sym_alg, key.as_ref())
            }
            (SymEncryptedProtectedDataConfig::V2 { .. }, PlainSessionKey::V6 { key }) => {
                ContainerCipher::to_read(config, key.as_ref()).map_or(Self::Unknown, Self::V2)
            }
            (SymEncryptedProtectedDataConfig::V1, PlainSessionKey::V3_4 { .. }) => Self::ByRpgp,
            _ => Self::Unknown,
        }
    }
}

/// What is sealed.
fn read_to_end(container: &mut Edata<'_>, expected_bytes: usize) -> Result<Vec<u8>, DecryptError> {
    let mut body = Vec::with_capacity(expected_bytes);
    container
        .read_to_end(&mut body)
        .map_err(|_| DecryptError::Tampered)?;
    Ok(body)
}

fn open_chunks(cipher: &ContainerCipher, body: &[u8]) -> Result<Option<Plaintext>, DecryptError> {
    // What is inside is shorter than the container, so the buffer never grows and leaves nothing behind.
    let mut packets = Plaintext::new(Vec::with_capacity(body.len()));
    let mut calls = cipher.open_calls(body.len())?.into_iter();
    let opened = calls.try_for_each(|call| cipher.open_into(&call, body, &mut packets));
    Ok(opened.map(|()| packets))
}

fn by_rpgp(
    container: &mut Edata<'_>,
    session_key: &PlainSessionKey,
    most_bytes: usize,
) -> Option<Plaintext> {
    let options = DecryptionOptions::new().set_seipdv1_read_mode(Seipdv1ReadMode::CheckFirst {
        max_message_size: most_bytes,
    });
    container.decrypt_with_options(session_key, options).ok()?;
    let mut packets = Plaintext::new(Vec::with_capacity(most_bytes));
    container.read_to_end(&mut packets).ok()?;
    Some(packets)
}
