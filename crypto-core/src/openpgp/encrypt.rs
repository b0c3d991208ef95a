//! Encryption: one signed message to any number of recipients.

use super::bulk::{self, Sealing};
use super::container::Container;
use super::secret_key::TransferableSecretKey;
use super::signing::{self, SignError};
use super::usable::UsableCertificate;
use crate::time::UnixSeconds;
use pgp::crypto::aead::ChunkSize;
use pgp::errors::Result as OpenPgpResult;
use pgp::packet::{PacketTrait as _, SymEncryptedProtectedData};
use pgp::types::SigningKey;
use rand::{CryptoRng, RngCore};

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
    sealed(plaintext, signer, recipients, rng).map_err(|_| EncryptError::Failed)
}

fn sealed<R: RngCore + CryptoRng>(
    plaintext: &[u8],
    signer: Option<Signer<'_>>,
    recipients: &[UsableCertificate],
    rng: &mut R,
) -> OpenPgpResult<Vec<u8>> {
    let packets = signing::packets(plaintext, signer, recipients, rng)?;
    let container = Container::for_all(recipients);
    let (Container::V1(cipher) | Container::V2(cipher, _)) = container;
    let session_key = cipher.new_session_key(&mut *rng);
    let mut message = Vec::new();
    for recipient in recipients {
        let v1_cipher = matches!(container, Container::V1(_)).then_some(cipher);
        bulk::wrap(&session_key, v1_cipher, recipient, rng)?.to_writer_with_header(&mut message)?;
    }
    let encrypted = match container {
        Container::V1(cipher) => SymEncryptedProtectedData::encrypt_seipdv1(
            &mut *rng,
            cipher,
            session_key.as_ref(),
            &packets,
        ),
        Container::V2(cipher, mode) => SymEncryptedProtectedData::encrypt_seipdv2(
            &mut *rng,
            cipher,
            mode,
            ChunkSize::C256KiB,
            session_key.as_ref(),
            &packets,
        ),
    };
    encrypted?.to_writer_with_header(&mut message)?;
    Ok(message)
}
