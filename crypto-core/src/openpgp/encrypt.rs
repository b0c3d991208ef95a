//! Encryption: one signed message to any number of recipients.

use super::bulk::Sealing;
use super::certificate::Certificate;
use super::container::Container;
use super::fingerprint::Fingerprint;
use super::policy::KeyPlace;
use super::secret_key::TransferableSecretKey;
use super::signing::{self, SignError};
use super::usable::UsableCertificate;
use crate::time::UnixSeconds;
use pgp::composed::{Encryption, MessageBuilder, SubpacketConfig};
use pgp::crypto::aead::ChunkSize;
use pgp::errors::Result as OpenPgpResult;
use pgp::types::{Password, SigningKey};
use rand::{CryptoRng, RngCore};
use std::io::Read;

/// Why a message could not be encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncryptError {
    /// There is nobody to encrypt to.
    #[error("a message needs at least one recipient")]
    NoRecipients,
    /// The signature could not be made.
    #[error(transparent)]
    Signing(SignError),
    /// A stream goes in one kind of container, which not every recipient says they can read.
    #[error(
        "a recipient does not read messages that are written as a stream: encrypt it in one piece"
    )]
    NotAsStream,
    /// rPGP could not make the message.
    #[error("the message could not be encrypted")]
    Failed,
}

impl EncryptError {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoRecipients => "encrypt-no-recipients",
            Self::Signing(error) => error.code(),
            Self::NotAsStream => "encrypt-not-as-stream",
            Self::Failed => "encrypt-failed",
        }
    }
}

/// Signs a plaintext and encrypts it to all recipients at once; gives a binary OpenPGP message.
///
/// In the best container that every recipient says they can read: SEIPD version 2 with AES-256 in GCM, in OCB, or with
/// AES-128 in OCB; else SEIPD version 1, which has a modification detection code. To each recipient's post-quantum subkey when there is one. Recipients are anonymous: the message does
/// not name their keys (RFC 9580, section 5.1.8). The signature names them, inside the encryption.
///
/// # Errors
/// [`EncryptError`].
pub fn encrypt_and_sign<R: RngCore + CryptoRng>(
    plaintext: &[u8],
    signer: &TransferableSecretKey,
    recipients: &[UsableCertificate],
    now: UnixSeconds,
    rng: &mut R,
) -> Result<Vec<u8>, EncryptError> {
    if let Some(sealing) = Sealing::begin(plaintext, signer, recipients, now, rng)? {
        return sealing.run();
    }
    let key = signing::signing_key(signer, now).map_err(EncryptError::Signing)?;
    seal(plaintext, Some((key, now)), recipients, rng)
}

/// Encrypts a plaintext as [`encrypt_and_sign`] does, without a signature: nothing tells the reader who wrote it.
///
/// # Errors
/// [`EncryptError`].
pub fn encrypt<R: RngCore + CryptoRng>(
    plaintext: &[u8],
    recipients: &[UsableCertificate],
    rng: &mut R,
) -> Result<Vec<u8>, EncryptError> {
    seal(plaintext, None, recipients, rng)
}

/// A key that signs, and when.
type Signer<'a> = (&'a dyn SigningKey, UnixSeconds);

fn seal<R: RngCore + CryptoRng>(
    plaintext: &[u8],
    signer: Option<Signer<'_>>,
    recipients: &[UsableCertificate],
    rng: &mut R,
) -> Result<Vec<u8>, EncryptError> {
    if recipients.is_empty() {
        return Err(EncryptError::NoRecipients);
    }
    let message = MessageBuilder::from_reader("", plaintext);
    let encrypted = match Container::for_all(recipients) {
        Container::V2(cipher, mode) => {
            let mut message = message.seipd_v2(&mut *rng, cipher, mode, ChunkSize::C256KiB);
            address(&mut message, recipients, rng)
                .and_then(|()| sign(&mut message, signer, recipients))
                .and_then(|()| message.to_vec(&mut *rng))
        }
        Container::V1(cipher) => {
            let mut message = message.seipd_v1(&mut *rng, cipher);
            address(&mut message, recipients, rng)
                .and_then(|()| sign(&mut message, signer, recipients))
                .and_then(|()| message.to_vec(&mut *rng))
        }
    };
    encrypted.map_err(|_| EncryptError::Failed)
}

fn sign<'a, S: Read, E: Encryption>(
    message: &mut MessageBuilder<'a, S, E>,
    signer: Option<Signer<'a>>,
    recipients: &[UsableCertificate],
) -> OpenPgpResult<()> {
    let Some((key, now)) = signer else {
        return Ok(());
    };
    let fingerprints: Vec<Fingerprint> = recipients
        .iter()
        .map(UsableCertificate::fingerprint)
        .collect();
    let (hashed, unhashed) = signing::subpackets(key, &fingerprints, now)?;
    message.sign_with_subpackets(
        key,
        Password::empty(),
        signing::hash_for(key),
        SubpacketConfig::UserDefined { hashed, unhashed },
    );
    Ok(())
}

/// Encrypts the session key of a message to one recipient, without naming the recipient's key.
trait Addressed {
    fn address_to<R: RngCore + CryptoRng>(
        &mut self,
        certificate: &Certificate,
        place: KeyPlace,
        rng: &mut R,
    ) -> OpenPgpResult<()>;
}

macro_rules! addressed {
    ($container:ty) => {
        impl<S: Read> Addressed for MessageBuilder<'_, S, $container> {
            fn address_to<R: RngCore + CryptoRng>(
                &mut self,
                certificate: &Certificate,
                place: KeyPlace,
                rng: &mut R,
            ) -> OpenPgpResult<()> {
                let key = certificate.parsed();
                match place {
                    KeyPlace::Primary => self.encrypt_to_key_anonymous(rng, &key.primary_key)?,
                    KeyPlace::Subkey(index) => {
                        let subkey = key
                            .public_subkeys
                            .get(index)
                            .ok_or(pgp::errors::Error::MissingKey)?;
                        self.encrypt_to_key_anonymous(rng, &subkey.key)?
                    }
                };
                Ok(())
            }
        }
    };
}

addressed!(pgp::composed::EncryptionSeipdV1);
addressed!(pgp::composed::EncryptionSeipdV2);

fn address<R: RngCore + CryptoRng>(
    message: &mut impl Addressed,
    recipients: &[UsableCertificate],
    rng: &mut R,
) -> OpenPgpResult<()> {
    recipients.iter().try_for_each(|recipient| {
        message.address_to(recipient.certificate(), recipient.encryption_key(), rng)
    })
}
