//! What the chunks of a container are sealed with: SEIPD version 2 (RFC 9580, section 5.13.2) with AES-GCM.

use crate::plaintext::Plaintext;
use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes128Gcm, Aes256Gcm, KeyInit as _, Nonce};
use hkdf::Hkdf;
use pgp::crypto::aead::{AeadAlgorithm, ChunkSize};
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::packet::SymEncryptedProtectedDataConfig;
use sha2::Sha256;
use std::ops::Range;
use zeroize::Zeroizing;

/// Length of AES-GCM's nonce, in bytes.
pub const NONCE_BYTES: usize = 12;
/// Length of AES-GCM's tag, in bytes.
pub const TAG_BYTES: usize = 16;
/// Chunks that this program writes.
pub(super) const CHUNK_SIZE: ChunkSize = ChunkSize::C256KiB;

const VERSION: u8 = 2;
/// Packet tag 18 with the two bits that each begins with.
const PACKET_TYPE: u8 = 0xd2;
/// The nonce's part that is the same in all chunks.
const IV_BYTES: usize = 4;
const SALT_BYTES: usize = 32;
const MAX_KEY_BYTES: usize = 32;

/// The key, nonces and associated data of one container's chunks. Secret.
pub struct ContainerCipher {
    key: Zeroizing<Vec<u8>>,
    iv: [u8; IV_BYTES],
    info: [u8; 5],
    salt: [u8; SALT_BYTES],
    chunk_bytes: usize,
}

/// One call of AES-GCM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AeadCall {
    /// The nonce; no other call with the same key has it.
    pub nonce: [u8; NONCE_BYTES],
    /// The associated data.
    pub associated_data: Vec<u8>,
    /// Where its input lies.
    pub input: Range<usize>,
}

impl ContainerCipher {
    /// AES-256-GCM in chunks of 256 KiB.
    pub(super) fn to_write(session_key: &[u8; MAX_KEY_BYTES], salt: [u8; SALT_BYTES]) -> Self {
        let (algorithm, key_bytes) = (SymmetricKeyAlgorithm::AES256, MAX_KEY_BYTES);
        Self::derive(algorithm, key_bytes, CHUNK_SIZE, session_key, salt)
    }

    /// Whether a container is sealed with AES-GCM, by a key of a length that browsers know.
    pub(super) const fn reads(config: &SymEncryptedProtectedDataConfig) -> bool {
        matches!(
            config,
            SymEncryptedProtectedDataConfig::V2 {
                sym_alg: SymmetricKeyAlgorithm::AES128 | SymmetricKeyAlgorithm::AES256,
                aead: AeadAlgorithm::Gcm,
                ..
            }
        )
    }

    /// `None`: not a container for this, or a session key of another length.
    pub(super) fn to_read(
        config: &SymEncryptedProtectedDataConfig,
        session_key: &[u8],
    ) -> Option<Self> {
        let SymEncryptedProtectedDataConfig::V2 {
            sym_alg,
            chunk_size,
            salt,
            ..
        } = config
        else {
            return None;
        };
        (Self::reads(config) && session_key.len() == sym_alg.key_size()).then(|| {
            Self::derive(
                *sym_alg,
                sym_alg.key_size(),
                *chunk_size,
                session_key,
                *salt,
            )
        })
    }

    fn derive(
        algorithm: SymmetricKeyAlgorithm,
        key_bytes: usize,
        chunk_size: ChunkSize,
        session_key: &[u8],
        salt: [u8; SALT_BYTES],
    ) -> Self {
        let info = [
            PACKET_TYPE,
            VERSION,
            algorithm.into(),
            AeadAlgorithm::Gcm.into(),
            chunk_size.into(),
        ];
        let mut output = Zeroizing::new([0; MAX_KEY_BYTES + IV_BYTES]);
        let expanded = Hkdf::<Sha256>::new(Some(&salt), session_key).expand(&info, &mut *output);
        // The only error is an output of more than 255 hashes.
        debug_assert!(expanded.is_ok());
        let (key, rest) = output.split_at(key_bytes.min(MAX_KEY_BYTES));
        let mut iv = [0; IV_BYTES];
        iv.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        Self {
            key: Zeroizing::new(key.to_vec()),
            iv,
            info,
            salt,
            chunk_bytes: chunk_size.as_byte_size() as usize,
        }
    }

    /// The AES key of this container. Secret.
    #[must_use]
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// Makes a sealing call here, where nobody faster is. `None`: its input is longer than AES-GCM can seal.
    #[must_use]
    pub fn seal(&self, call: &AeadCall, input: &[u8]) -> Option<Vec<u8>> {
        let payload = payload(call, input);
        let nonce = Nonce::from_slice(&call.nonce);
        match Aes128Gcm::new_from_slice(&self.key) {
            Ok(aes) => aes.encrypt(nonce, payload),
            Err(_) => Aes256Gcm::new_from_slice(&self.key)
                .ok()?
                .encrypt(nonce, payload),
        }
        .ok()
    }

    /// Makes an opening call here, where nobody faster is. `None`: the tag does not fit.
    #[must_use]
    pub fn open(&self, call: &AeadCall, input: &[u8]) -> Option<Plaintext> {
        let payload = payload(call, input);
        let nonce = Nonce::from_slice(&call.nonce);
        match Aes128Gcm::new_from_slice(&self.key) {
            Ok(aes) => aes.decrypt(nonce, payload),
            Err(_) => Aes256Gcm::new_from_slice(&self.key)
                .ok()?
                .decrypt(nonce, payload),
        }
        .ok()
        .map(Plaintext::new)
    }

    /// What the packet's body begins with.
    pub(super) fn header(&self) -> Vec<u8> {
        let [_, fields @ ..] = self.info;
        [&fields[..], &self.salt].concat()
    }

    /// The calls that seal this many bytes: one a chunk, and one of no input that seals the length.
    pub(super) fn seal_calls(&self, plaintext_bytes: usize) -> Vec<AeadCall> {
        self.calls(plaintext_bytes, 0, plaintext_bytes)
    }

    /// The calls that open a sealed body, the last one's input a tag alone. `None`: too short.
    pub(super) fn open_calls(&self, sealed_bytes: usize) -> Option<Vec<AeadCall>> {
        let chunks_bytes = sealed_bytes.checked_sub(TAG_BYTES)?;
        let tags = chunks_bytes.div_ceil(self.chunk_bytes + TAG_BYTES);
        let plaintext_bytes = chunks_bytes.checked_sub(tags * TAG_BYTES)?;
        // A last chunk of nothing but a tag is none that anybody writes.
        if tags != plaintext_bytes.div_ceil(self.chunk_bytes) {
            return None;
        }
        let mut calls = self.calls(plaintext_bytes, TAG_BYTES, chunks_bytes);
        if let Some(last) = calls.last_mut() {
            last.input = chunks_bytes..sealed_bytes;
        }
        Some(calls)
    }

    fn calls(&self, plaintext_bytes: usize, tag_bytes: usize, input_bytes: usize) -> Vec<AeadCall> {
        let step = self.chunk_bytes + tag_bytes;
        let chunks = plaintext_bytes.div_ceil(self.chunk_bytes);
        let mut calls: Vec<AeadCall> = (0..chunks)
            .map(|index| {
                let input = index * step..((index + 1) * step).min(input_bytes);
                self.chunk_call(index as u64, input)
            })
            .collect();
        let last = input_bytes..input_bytes;
        calls.push(self.count_call(chunks as u64, plaintext_bytes as u64, last));
        calls
    }

    /// The call for one chunk.
    pub(super) fn chunk_call(&self, index: u64, input: Range<usize>) -> AeadCall {
        AeadCall {
            nonce: self.nonce(index),
            associated_data: self.info.to_vec(),
            input,
        }
    }

    /// The last call, which is over how many bytes there were.
    pub(super) fn count_call(
        &self,
        chunks: u64,
        plaintext_bytes: u64,
        input: Range<usize>,
    ) -> AeadCall {
        AeadCall {
            nonce: self.nonce(chunks),
            associated_data: [&self.info[..], &plaintext_bytes.to_be_bytes()].concat(),
            input,
        }
    }

    /// Most bytes in one chunk.
    pub(super) const fn chunk_bytes(&self) -> usize {
        self.chunk_bytes
    }

    fn nonce(&self, index: u64) -> [u8; NONCE_BYTES] {
        let mut nonce = [0; NONCE_BYTES];
        let octets = self.iv.into_iter().chain(index.to_be_bytes());
        nonce
            .iter_mut()
            .zip(octets)
            .for_each(|(to, from)| *to = from);
        nonce
    }
}

fn payload<'a>(call: &'a AeadCall, input: &'a [u8]) -> Payload<'a, 'a> {
    Payload {
        msg: input.get(call.input.clone()).unwrap_or_default(),
        aad: &call.associated_data,
    }
}

impl std::fmt::Debug for ContainerCipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ContainerCipher(..)")
    }
}
