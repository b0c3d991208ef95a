//! What a message is made with, in the field's own names: for people who want to see it. Nothing is decided by it.

use super::decrypt::{OpenedMessage, parse, to_binary};
use super::usable::UsableCertificate;
use crate::time::UnixSeconds;
use pgp::composed::{Edata, Esk};
use pgp::crypto::aead::AeadAlgorithm;
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::packet::{ProtectedDataConfig, Signature, SymEncryptedProtectedDataConfig};
use pgp::types::KeyDetails as _;

/// How a message is encrypted: `AES-256 with GCM; session key by ML-KEM-768 with X25519`. `None` for what is no encrypted
/// message.
#[must_use]
pub fn describe_encryption(message: &[u8]) -> Option<String> {
    let binary = to_binary(message).ok()?;
    let (session_key_packets, container) = parse(&binary).ok()?;
    let Edata::SymEncryptedProtectedData { reader } = &container else {
        return None;
    };
    let ProtectedDataConfig::Seipd(config) = reader.config() else {
        return None;
    };
    let mut ways: Vec<&str> = Vec::new();
    for way in session_key_packets.iter().map(session_key_way) {
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    Some(format!(
        "{}; session key by {}",
        cipher(config),
        ways.join(", ")
    ))
}

/// What the signatures of a message say they are made with, each once: `Ed25519 with SHA-256`. Nobody has checked them.
pub(super) fn describe_signatures(signatures: &[Signature]) -> Vec<String> {
    let mut descriptions: Vec<String> = Vec::new();
    for config in signatures.iter().filter_map(Signature::config) {
        let name = public_key_name(config.pub_alg);
        let description = format!("{name} with {}", dashed(&config.hash_alg.to_string()));
        if !descriptions.contains(&description) {
            descriptions.push(description);
        }
    }
    descriptions
}

impl OpenedMessage {
    /// What the signatures say they are made with, each once: `Ed25519 with SHA-256`. Nobody has checked that.
    #[must_use]
    pub fn signature_algorithms(&self) -> Vec<String> {
        describe_signatures(self.signatures())
    }
}

/// What a certificate's keys are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateDescription {
    /// What it signs with: `Ed25519`.
    pub signs_with: &'static str,
    /// What is encrypted to it with: `ML-KEM-768 with X25519`.
    pub encrypts_with: &'static str,
    /// When its primary key was made, as it says.
    pub created: UnixSeconds,
}

impl UsableCertificate {
    /// What its keys are. Nothing is decided by it.
    #[must_use]
    pub fn describe(&self) -> CertificateDescription {
        let primary = &self.certificate().parsed().primary_key;
        let encrypts_with = self.encryption_key().algorithm(self.certificate());
        CertificateDescription {
            signs_with: public_key_name(primary.algorithm()),
            encrypts_with: encrypts_with.map_or("another key", public_key_name),
            created: UnixSeconds::from_openpgp(primary.created_at()),
        }
    }
}

fn cipher(config: &SymEncryptedProtectedDataConfig) -> String {
    match config {
        SymEncryptedProtectedDataConfig::V1 => "SEIPD version 1 with MDC".to_owned(),
        SymEncryptedProtectedDataConfig::V2 { sym_alg, aead, .. } => {
            format!("{} with {}", cipher_name(*sym_alg), mode_name(*aead))
        }
    }
}

const fn cipher_name(cipher: SymmetricKeyAlgorithm) -> &'static str {
    match cipher {
        SymmetricKeyAlgorithm::AES128 => "AES-128",
        SymmetricKeyAlgorithm::AES192 => "AES-192",
        SymmetricKeyAlgorithm::AES256 => "AES-256",
        SymmetricKeyAlgorithm::Camellia128 => "Camellia-128",
        SymmetricKeyAlgorithm::Camellia192 => "Camellia-192",
        SymmetricKeyAlgorithm::Camellia256 => "Camellia-256",
        SymmetricKeyAlgorithm::Twofish => "Twofish",
        _ => "another cipher",
    }
}

const fn mode_name(mode: AeadAlgorithm) -> &'static str {
    match mode {
        AeadAlgorithm::Eax => "EAX",
        AeadAlgorithm::Ocb => "OCB",
        AeadAlgorithm::Gcm => "GCM",
        _ => "another mode",
    }
}

fn session_key_way(packet: &Esk) -> &'static str {
    match packet {
        Esk::PublicKeyEncryptedSessionKey(packet) => {
            packet.algorithm().map_or("another key", public_key_name)
        }
        Esk::SymKeyEncryptedSessionKey(_) => "a password",
    }
}

pub(super) const fn public_key_name(algorithm: PublicKeyAlgorithm) -> &'static str {
    match algorithm {
        PublicKeyAlgorithm::RSA | PublicKeyAlgorithm::RSAEncrypt | PublicKeyAlgorithm::RSASign => {
            "RSA"
        }
        PublicKeyAlgorithm::ElgamalEncrypt | PublicKeyAlgorithm::Elgamal => "Elgamal",
        PublicKeyAlgorithm::DSA => "DSA",
        PublicKeyAlgorithm::ECDH => "ECDH",
        PublicKeyAlgorithm::ECDSA => "ECDSA",
        PublicKeyAlgorithm::EdDSALegacy | PublicKeyAlgorithm::Ed25519 => "Ed25519",
        PublicKeyAlgorithm::X25519 => "X25519",
        PublicKeyAlgorithm::X448 => "X448",
        PublicKeyAlgorithm::Ed448 => "Ed448",
        PublicKeyAlgorithm::MlDsa65Ed25519 => "ML-DSA-65 with Ed25519",
        PublicKeyAlgorithm::MlDsa87Ed448 => "ML-DSA-87 with Ed448",
        PublicKeyAlgorithm::SlhDsaShake128s
        | PublicKeyAlgorithm::SlhDsaShake128f
        | PublicKeyAlgorithm::SlhDsaShake256s => "SLH-DSA",
        PublicKeyAlgorithm::MlKem768X25519 => "ML-KEM-768 with X25519",
        PublicKeyAlgorithm::MlKem1024X448 => "ML-KEM-1024 with X448",
        _ => "another key",
    }
}

/// `SHA256` as people write it.
fn dashed(hash: &str) -> String {
    match hash.strip_prefix("SHA") {
        Some(bits) if bits.bytes().all(|byte| byte.is_ascii_digit()) => format!("SHA-{bits}"),
        _ => hash.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openpgp::{Limits, TransferableSecretKey, decrypt, encrypt_and_sign};
    use crate::time::UnixSeconds;
    use rand_chacha::ChaCha20Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn a_message_of_ours_says_what_it_is_made_with() {
        let (now, rng) = (
            UnixSeconds::new(1_800_000_000),
            &mut ChaCha20Rng::from_seed([7; 32]),
        );
        let key = TransferableSecretKey::generate("alice@localhost", now, rng).unwrap();
        let reader = key.certificate().usable_at(now).unwrap();
        assert_eq!(
            reader.describe(),
            CertificateDescription {
                signs_with: "Ed25519",
                encrypts_with: "ML-KEM-768 with X25519",
                created: now,
            }
        );
        let message = encrypt_and_sign(b"text", &key, &[reader], now, rng).unwrap();
        assert_eq!(
            describe_encryption(&message).as_deref(),
            Some("AES-256 with GCM; session key by ML-KEM-768 with X25519")
        );
        let opened = decrypt(&message, &key, &Limits::DEFAULT).unwrap();
        let [signature] = &opened.signature_algorithms()[..] else {
            panic!("not one signature");
        };
        assert!(signature.starts_with("Ed25519 with SHA-"), "{signature}");
    }

    #[test]
    fn what_is_no_message_is_not_described() {
        assert_eq!(describe_encryption(b"Subject: x\r\n\r\ny"), None);
        assert_eq!(describe_encryption(&[]), None);
    }
}
