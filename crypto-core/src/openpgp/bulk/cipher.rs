//! What the chunks of a container are sealed with: SEIPD version 2 (RFC 9580, section 5.13.2).

use crate::Plaintext;
use crate::openpgp::decrypt::DecryptError;
use crate::openpgp::limits::{Limit, LimitExceeded};
use hkdf::Hkdf;
use pgp::crypto::aead::{AeadAlgorithm, ChunkSize};
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::packet::SymEncryptedProtectedDataConfig;
use sha2::Sha256;
use smail_ciphers::{Mode, OcbBlocks, Sealed, TAG_BYTES};
use std::ops::Range;
use zeroize::Zeroizing;

/// Chunks that this program writes.
pub(super) const CHUNK_SIZE: ChunkSize = ChunkSize::C256KiB;

const VERSION: u8 = 2;
/// Packet tag 18 with the two bits that each begins with.
const PACKET_TYPE: u8 = 0xd2;
/// The nonce's part that counts chunks.
const INDEX_BYTES: usize = 8;
const SALT_BYTES: usize = 32;
const MAX_KEY_BYTES: usize = 32;
const MAX_NONCE_BYTES: usize = 16;

/// The key, nonces and associated data of one container's chunks. Secret.
pub struct ContainerCipher {
    mode: Mode,
    key: Zeroizing<Vec<u8>>,
    /// The nonce's part that is the same in all chunks.
    iv: Vec<u8>,
    info: [u8; 5],
    salt: [u8; SALT_BYTES],
    chunk_bytes: usize,
}

/// One call of the cipher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AeadCall {
    /// The nonce; no other call with the same key has it.
    pub nonce: Vec<u8>,
    /// The associated data.
    pub associated_data: Vec<u8>,
    /// Where its input lies.
    pub input: Range<usize>,
}

impl ContainerCipher {
    /// AES-256-GCM in chunks of 256 KiB.
    pub(super) fn to_write(session_key: &[u8; MAX_KEY_BYTES], salt: [u8; SALT_BYTES]) -> Self {
        let algorithm = SymmetricKeyAlgorithm::AES256;
        Self::derive(algorithm, Mode::Gcm, CHUNK_SIZE, session_key, salt)
    }

    /// Whether a container is sealed with AES-GCM, by a key of a length that browsers know.
    pub(super) fn is_gcm(config: &SymEncryptedProtectedDataConfig) -> bool {
        mode_for_platforms(config) == Some(Mode::Gcm)
    }

    /// Whether a container is sealed in a mode that browsers have, or have the means for, by a key of a length that they
    /// know.
    pub(super) fn is_for_platforms(config: &SymEncryptedProtectedDataConfig) -> bool {
        matches!(mode_for_platforms(config), Some(Mode::Gcm | Mode::Ocb))
    }

    /// `None`: not a container of version 2 with AES, or a session key of another length.
    pub(in crate::openpgp) fn to_read(
        config: &SymEncryptedProtectedDataConfig,
        session_key: &[u8],
    ) -> Option<Self> {
        let SymEncryptedProtectedDataConfig::V2 {
            sym_alg,
            aead,
            chunk_size,
            salt,
        } = config
        else {
            return None;
        };
        let mode = mode_of(*aead)?;
        (is_aes(*sym_alg) && session_key.len() == sym_alg.key_size())
            .then(|| Self::derive(*sym_alg, mode, *chunk_size, session_key, *salt))
    }

    fn derive(
        algorithm: SymmetricKeyAlgorithm,
        mode: Mode,
        chunk_size: ChunkSize,
        session_key: &[u8],
        salt: [u8; SALT_BYTES],
    ) -> Self {
        let info = [
            PACKET_TYPE,
            VERSION,
            algorithm.into(),
            algorithm_of(mode).into(),
            chunk_size.into(),
        ];
        let mut output = Zeroizing::new([0; MAX_KEY_BYTES + MAX_NONCE_BYTES - INDEX_BYTES]);
        let key_bytes = algorithm.key_size().min(MAX_KEY_BYTES);
        let (derived, _) = output.split_at_mut(key_bytes + mode.nonce_bytes() - INDEX_BYTES);
        let expanded = Hkdf::<Sha256>::new(Some(&salt), session_key).expand(&info, derived);
        // The only error is an output of more than 255 hashes.
        debug_assert!(expanded.is_ok());
        let (key, iv) = derived.split_at(key_bytes);
        Self {
            mode,
            key: Zeroizing::new(key.to_vec()),
            iv: iv.to_vec(),
            info,
            salt,
            chunk_bytes: chunk_size.as_byte_size() as usize,
        }
    }

    /// The mode that the chunks are sealed in.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// The AES key of this container. Secret.
    #[must_use]
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// Makes a sealing call here, where nobody faster is. `None`: its input is longer than the mode can seal.
    #[must_use]
    pub fn seal(&self, call: &AeadCall, input: &[u8]) -> Option<Vec<u8>> {
        let input = part(call, input);
        let mut sealed = Vec::with_capacity(input.len() + TAG_BYTES);
        self.sealed(call).seal(input, &mut sealed).ok()?;
        Some(sealed)
    }

    /// Makes an opening call here, where nobody faster is. `None`: the tag does not fit.
    #[must_use]
    pub fn open(&self, call: &AeadCall, input: &[u8]) -> Option<Plaintext> {
        let mut plaintext = Plaintext::new(Vec::with_capacity(call.input.len()));
        self.open_into(call, input, &mut plaintext)?;
        Some(plaintext)
    }

    /// The same, and appends what it gives. `None`: the tag does not fit, and nothing was appended.
    #[must_use]
    pub fn open_into(&self, call: &AeadCall, input: &[u8], into: &mut Plaintext) -> Option<()> {
        self.sealed(call).open(part(call, input), into).ok()
    }

    /// The blocks of a call in OCB, for a platform to decipher. `None`: not OCB, or no whole block.
    #[must_use]
    pub fn blocks(&self, call: &AeadCall, input: &[u8]) -> Option<OcbBlocks> {
        OcbBlocks::of(self.sealed(call), part(call, input))
    }

    /// Makes an opening call in OCB by what AES-CBC gave for its blocks. `None`: the tag does not fit, and nothing was
    /// appended.
    #[must_use]
    pub fn open_blocks(
        &self,
        call: &AeadCall,
        input: &[u8],
        (blocks, deciphered): (&OcbBlocks, Plaintext),
        into: &mut Plaintext,
    ) -> Option<()> {
        let sealed = self.sealed(call);
        let opened = sealed.open_blocks(part(call, input), blocks, deciphered, into);
        opened.ok()
    }

    fn sealed<'a>(&'a self, call: &'a AeadCall) -> Sealed<'a> {
        Sealed {
            mode: self.mode,
            key: &self.key,
            nonce: &call.nonce,
            associated_data: &call.associated_data,
        }
    }

    /// What the packet's body begins with.
    pub(super) fn header(&self) -> Vec<u8> {
        let [_, fields @ ..] = self.info;
        [&fields[..], &self.salt].concat()
    }

    /// The calls that seal this many bytes: one a chunk, and one of no input that seals the length.
    pub(super) fn seal_calls(&self, plaintext_bytes: usize) -> Vec<AeadCall> {
        let chunks = plaintext_bytes.div_ceil(self.chunk_bytes);
        self.calls(chunks, plaintext_bytes, 0, plaintext_bytes)
    }

    /// The calls that open a sealed body, the last one's input a tag alone.
    ///
    /// # Errors
    /// [`DecryptError::Tampered`] when it is too short, [`DecryptError::LimitExceeded`] when a chunk is too long.
    pub(in crate::openpgp) fn open_calls(
        &self,
        sealed_bytes: usize,
    ) -> Result<Vec<AeadCall>, DecryptError> {
        let chunks_bytes = sealed_bytes.checked_sub(TAG_BYTES);
        let chunks_bytes = chunks_bytes.ok_or(DecryptError::Tampered)?;
        let chunks = chunks_bytes.div_ceil(self.chunk_bytes + TAG_BYTES);
        let plaintext_bytes = chunks_bytes.checked_sub(chunks * TAG_BYTES);
        let plaintext_bytes = plaintext_bytes.ok_or(DecryptError::Tampered)?;
        let most_bytes = self.mode.most_bytes();
        if plaintext_bytes.min(self.chunk_bytes) > most_bytes {
            return Err(LimitExceeded::new(Limit::ChunkBytes, most_bytes).into());
        }
        let mut calls = self.calls(chunks, plaintext_bytes, TAG_BYTES, chunks_bytes);
        if let Some(last) = calls.last_mut() {
            last.input = chunks_bytes..sealed_bytes;
        }
        Ok(calls)
    }

    fn calls(
        &self,
        chunks: usize,
        plaintext_bytes: usize,
        tag_bytes: usize,
        input_bytes: usize,
    ) -> Vec<AeadCall> {
        let step = self.chunk_bytes + tag_bytes;
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

    fn nonce(&self, index: u64) -> Vec<u8> {
        [&self.iv[..], &index.to_be_bytes()].concat()
    }
}

fn mode_for_platforms(config: &SymEncryptedProtectedDataConfig) -> Option<Mode> {
    match config {
        SymEncryptedProtectedDataConfig::V2 {
            sym_alg: SymmetricKeyAlgorithm::AES128 | SymmetricKeyAlgorithm::AES256,
            aead,
            ..
        } => mode_of(*aead),
        _ => None,
    }
}

const fn mode_of(algorithm: AeadAlgorithm) -> Option<Mode> {
    match algorithm {
        AeadAlgorithm::Gcm => Some(Mode::Gcm),
        AeadAlgorithm::Ocb => Some(Mode::Ocb),
        AeadAlgorithm::Eax => Some(Mode::Eax),
        _ => None,
    }
}

const fn algorithm_of(mode: Mode) -> AeadAlgorithm {
    match mode {
        Mode::Gcm => AeadAlgorithm::Gcm,
        Mode::Ocb => AeadAlgorithm::Ocb,
        Mode::Eax => AeadAlgorithm::Eax,
    }
}

const fn is_aes(algorithm: SymmetricKeyAlgorithm) -> bool {
    matches!(
        algorithm,
        SymmetricKeyAlgorithm::AES128
            | SymmetricKeyAlgorithm::AES192
            | SymmetricKeyAlgorithm::AES256
    )
}

fn part<'a>(call: &AeadCall, input: &'a [u8]) -> &'a [u8] {
    input.get(call.input.clone()).unwrap_or_default()
}

impl std::fmt::Debug for ContainerCipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ContainerCipher(..)")
    }
}
