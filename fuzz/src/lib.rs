//! What the fuzz targets share.

use pgp::composed::{Deserializable as _, RawSessionKey, SignedPublicKey};
use pgp::crypto::aead::{AeadAlgorithm, ChunkSize};
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::packet::{PacketTrait as _, PublicKeyEncryptedSessionKey, SymEncryptedProtectedData};
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::TransferableSecretKey;
use std::sync::Arc;

/// When the reader's keys were made, in seconds since 1970.
pub const ACCOUNT_MADE: u64 = 1_800_000_000;

const SESSION_KEY: [u8; 32] = [0x5e; 32];

/// Someone who gets hostile messages.
pub struct Reader {
    /// The same keys at every run.
    pub keys: Arc<TransferableSecretKey>,
    session_key_packet: Vec<u8>,
    /// The same for SEIPD version 2.
    session_key_packet_v6: Vec<u8>,
}

impl Reader {
    /// # Panics
    /// When rPGP cannot make keys.
    #[must_use]
    pub fn new() -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let made = UnixSeconds::new(ACCOUNT_MADE);
        let keys =
            TransferableSecretKey::generate("bob@example.org", made, &mut rng).expect("keys");
        let public =
            SignedPublicKey::from_bytes(&keys.certificate().to_bytes()[..]).expect("a certificate");
        let subkey = &public.public_subkeys.first().expect("a subkey").key;
        let packet = PublicKeyEncryptedSessionKey::from_session_key_v3(
            &mut rng,
            &RawSessionKey::from(&SESSION_KEY[..]),
            SymmetricKeyAlgorithm::AES256,
            subkey,
        )
        .expect("a session key packet");
        let mut session_key_packet = vec![];
        packet
            .to_writer_with_header(&mut session_key_packet)
            .expect("bytes");
        let packet = PublicKeyEncryptedSessionKey::from_session_key_v6(
            &mut rng,
            &RawSessionKey::from(&SESSION_KEY[..]),
            subkey,
        )
        .expect("a session key packet");
        let mut session_key_packet_v6 = vec![];
        packet
            .to_writer_with_header(&mut session_key_packet_v6)
            .expect("bytes");
        Self {
            keys: Arc::new(keys),
            session_key_packet,
            session_key_packet_v6,
        }
    }

    /// A message with these packets inside, to the reader.
    ///
    /// # Panics
    /// When rPGP cannot encrypt.
    #[must_use]
    pub fn sealed(&self, packets: &[u8]) -> Vec<u8> {
        let rng = ChaCha20Rng::seed_from_u64(2);
        let container = SymEncryptedProtectedData::encrypt_seipdv1(
            rng,
            SymmetricKeyAlgorithm::AES256,
            &SESSION_KEY,
            packets,
        )
        .expect("a container");
        let mut message = self.session_key_packet.clone();
        container
            .to_writer_with_header(&mut message)
            .expect("bytes");
        message
    }
}

impl Reader {
    /// The same in SEIPD version 2 with AES-256-GCM, in chunks of 64 bytes.
    ///
    /// # Panics
    /// When rPGP cannot encrypt.
    #[must_use]
    pub fn sealed_with_gcm(&self, packets: &[u8]) -> Vec<u8> {
        let container = SymEncryptedProtectedData::encrypt_seipdv2(
            ChaCha20Rng::seed_from_u64(3),
            SymmetricKeyAlgorithm::AES256,
            AeadAlgorithm::Gcm,
            ChunkSize::C64B,
            &SESSION_KEY,
            packets,
        )
        .expect("a container");
        let mut message = self.session_key_packet_v6.clone();
        container
            .to_writer_with_header(&mut message)
            .expect("bytes");
        message
    }
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}
