//! A message on its way to be encrypted: everything but the ciphers and the digest over its text.

use super::cipher::{AeadCall, ContainerCipher};
use super::signed_data;
use crate::Plaintext;
use crate::openpgp::container::Container;
use crate::openpgp::encrypt::EncryptError;
use crate::openpgp::policy::KeyPlace;
use crate::openpgp::secret_key::TransferableSecretKey;
use crate::openpgp::signing;
use crate::openpgp::usable::UsableCertificate;
use crate::time::UnixSeconds;
use pgp::composed::RawSessionKey;
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::errors::{Error, Result as OpenPgpResult};
use pgp::packet::{PacketTrait as _, PublicKeyEncryptedSessionKey, Signature, SignatureConfig};
use pgp::types::{
    EncryptionKey, EskType, Fingerprint as OpenPgpFingerprint, KeyDetails, KeyId, KeyVersion,
    Password, PkeskBytes, PublicParams, SigningKey, Timestamp,
};
use rand::{CryptoRng, Rng, RngCore};
use std::io;
use zeroize::Zeroizing;

/// The digest that is signed: fast wherever the processor has instructions for it, and as strong as Ed25519.
pub const DIGEST: &str = "SHA-256";
const HASH: HashAlgorithm = HashAlgorithm::Sha256;

/// Room kept around the plaintext for its packet's header, for what is digested with it and for the signature, so that it
/// is never moved: signatures of 16,384 bits have 2 KiB.
const ROOM_BYTES: usize = 8 * 1024;
/// Each recipient is named once in front of it and once behind.
const ROOM_BYTES_A_RECIPIENT: usize = 128;
/// Literal data packet (tag 11) with a length of five octets; then: binary, no name, no date.
pub(in crate::openpgp) const LITERAL_TAG: u8 = 0xcb;
pub(in crate::openpgp) const LITERAL_FIELDS: [u8; 6] = [b'b', 0, 0, 0, 0, 0];
/// SEIPD packet (tag 18).
pub(super) const CONTAINER_TAG: u8 = 0xd2;

/// A message that is being signed and encrypted. Secret.
pub struct Sealing<'a> {
    session_keys: Vec<u8>,
    cipher: ContainerCipher,
    packets: Plaintext,
    plaintext_at: usize,
    signer: &'a dyn SigningKey,
    signature: SignatureConfig,
}

impl<'a> Sealing<'a> {
    /// Begins a message. `None`: not one for this way, because a recipient cannot read AES-256-GCM, or the signer's
    /// key wants another digest.
    ///
    /// # Errors
    /// [`EncryptError`].
    pub fn begin<R: RngCore + CryptoRng>(
        plaintext: &[u8],
        signer: &'a TransferableSecretKey,
        recipients: &[UsableCertificate],
        now: UnixSeconds,
        rng: &mut R,
    ) -> Result<Option<Self>, EncryptError> {
        if recipients.is_empty() {
            return Err(EncryptError::NoRecipients);
        }
        let key = signing::signing_key(signer, now).map_err(EncryptError::Signing)?;
        let is_for_this = Container::for_all(recipients) == Container::GCM
            && key.version() == KeyVersion::V4
            && signing::hash_for_large(key) == HASH;
        if !is_for_this {
            return Ok(None);
        }
        Self::prepare(plaintext, key, recipients, now, rng)
            .map(Some)
            .map_err(|_| EncryptError::Failed)
    }

    fn prepare<R: RngCore + CryptoRng>(
        plaintext: &[u8],
        signer: &'a dyn SigningKey,
        recipients: &[UsableCertificate],
        now: UnixSeconds,
        rng: &mut R,
    ) -> OpenPgpResult<Self> {
        let (session_keys, cipher) = session(recipients, rng)?;
        let (announced, signature) = announced(signer, recipients, now, rng)?;
        let room_bytes = recipients
            .len()
            .saturating_mul(ROOM_BYTES_A_RECIPIENT)
            .saturating_add(ROOM_BYTES)
            .saturating_add(plaintext.len());
        let mut packets = Plaintext::new(Vec::with_capacity(room_bytes));
        packets.extend(announced);
        write_length(
            &mut *packets,
            LITERAL_TAG,
            LITERAL_FIELDS.len() + plaintext.len(),
        )?;
        packets.extend_from_slice(&LITERAL_FIELDS);
        let plaintext_at = packets.len();
        packets.extend_from_slice(plaintext);
        Ok(Self {
            session_keys,
            cipher,
            packets,
            plaintext_at,
            signer,
            signature,
        })
    }

    /// The cipher that seals.
    #[must_use]
    pub const fn cipher(&self) -> &ContainerCipher {
        &self.cipher
    }

    /// Lends out what the signature's digest ([`DIGEST`]) is taken of.
    ///
    /// # Errors
    /// [`EncryptError::Failed`].
    pub fn with_digest_input<V>(
        &mut self,
        digest: impl FnOnce(&[u8]) -> V,
    ) -> Result<V, EncryptError> {
        let (_, after) = signed_data::around(&self.signature).ok_or(EncryptError::Failed)?;
        let end = self.packets.len();
        self.packets.extend_from_slice(&after);
        let value = digest(self.packets.get(self.plaintext_at..).unwrap_or_default());
        self.packets.truncate(end);
        Ok(value)
    }

    /// How many of the [calls](Self::calls) can be made before the message is signed.
    #[must_use]
    pub fn calls_before_signature(&self) -> usize {
        self.packets.len() / super::cipher::CHUNK_SIZE.as_byte_size() as usize
    }

    /// Signs the digest.
    ///
    /// # Errors
    /// [`EncryptError::Failed`].
    pub fn sign(&mut self, digest: &[u8]) -> Result<(), EncryptError> {
        let Some(first) = digest.first_chunk::<2>() else {
            return Err(EncryptError::Failed);
        };
        let signed = self
            .signer
            .sign(&Password::empty(), HASH, digest)
            .and_then(|made| Signature::from_config(self.signature.clone(), *first, made))
            .and_then(|signature| signature.to_writer_with_header(&mut *self.packets));
        signed.map_err(|_| EncryptError::Failed)
    }

    /// The calls that seal what there is so far, and what they are made on.
    #[must_use]
    pub fn calls(&self) -> (Vec<AeadCall>, &[u8]) {
        (self.cipher.seal_calls(self.packets.len()), &self.packets)
    }

    /// What the message begins with; the outputs of all calls follow, which are of so many bytes.
    ///
    /// # Errors
    /// [`EncryptError::Failed`] when that is more than a packet can be long.
    pub fn head(&self, sealed_bytes: usize) -> Result<Vec<u8>, EncryptError> {
        let header = self.cipher.header();
        let mut head = self.session_keys.clone();
        write_length(&mut head, CONTAINER_TAG, header.len() + sealed_bytes)
            .map_err(|_| EncryptError::Failed)?;
        head.extend(header);
        Ok(head)
    }
}

impl std::fmt::Debug for Sealing<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealing(..)")
    }
}

/// A packet's header with a length of five octets (RFC 9580, section 4.2.1.3).
pub(in crate::openpgp) fn write_length(
    into: &mut impl io::Write,
    tag: u8,
    body_bytes: usize,
) -> OpenPgpResult<()> {
    let body_bytes = u32::try_from(body_bytes)?;
    into.write_all(&[tag, 0xff])?;
    into.write_all(&body_bytes.to_be_bytes())?;
    Ok(())
}

/// A new session key: the packets that hold it for each recipient, and the cipher it gives.
pub(super) fn session<R: RngCore + CryptoRng>(
    recipients: &[UsableCertificate],
    rng: &mut R,
) -> OpenPgpResult<(Vec<u8>, ContainerCipher)> {
    let mut session_key = Zeroizing::new([0; 32]);
    rng.fill_bytes(&mut *session_key);
    let mut salt = [0; 32];
    rng.fill_bytes(&mut salt);
    let raw = RawSessionKey::from(session_key.as_slice());
    let mut packets = Vec::new();
    for recipient in recipients {
        wrap(&raw, None, recipient, rng)?.to_writer_with_header(&mut packets)?;
    }
    Ok((packets, ContainerCipher::to_write(&session_key, salt)))
}

/// The packet that announces a signature, and what the signature will say.
pub(super) fn announced<R: RngCore + CryptoRng>(
    signer: &dyn SigningKey,
    recipients: &[UsableCertificate],
    now: UnixSeconds,
    rng: &mut R,
) -> OpenPgpResult<(Vec<u8>, SignatureConfig)> {
    signing::announced(
        signer,
        signing::hash_for_large(signer),
        recipients,
        now,
        rng,
    )
}

/// The session key for one recipient, without naming the recipient's key. For a container of version 1 it says for which
/// cipher it is.
pub(in crate::openpgp) fn wrap<R: RngCore + CryptoRng>(
    session_key: &RawSessionKey,
    v1_cipher: Option<SymmetricKeyAlgorithm>,
    recipient: &UsableCertificate,
    rng: &mut R,
) -> OpenPgpResult<PublicKeyEncryptedSessionKey> {
    let key = recipient.certificate().parsed();
    match recipient.encryption_key() {
        KeyPlace::Primary => anonymous(session_key, v1_cipher, &key.primary_key, rng),
        KeyPlace::Subkey(index) => {
            let subkey = key.public_subkeys.get(index).ok_or(Error::MissingKey)?;
            anonymous(session_key, v1_cipher, &subkey.key, rng)
        }
    }
}

fn anonymous<R: RngCore + CryptoRng>(
    session_key: &RawSessionKey,
    v1_cipher: Option<SymmetricKeyAlgorithm>,
    key: &impl EncryptionKey,
    rng: &mut R,
) -> OpenPgpResult<PublicKeyEncryptedSessionKey> {
    let key = Nameless(key);
    let mut packet = match v1_cipher {
        None => PublicKeyEncryptedSessionKey::from_session_key_v6(rng, session_key, &key)?,
        Some(cipher) => {
            PublicKeyEncryptedSessionKey::from_session_key_v3(rng, session_key, cipher, &key)?
        }
    };
    match &mut packet {
        PublicKeyEncryptedSessionKey::V6 { fingerprint, .. } => *fingerprint = None,
        PublicKeyEncryptedSessionKey::V3 { id, .. } => *id = KeyId::WILDCARD,
        _ => {}
    }
    Ok(packet)
}

/// A key that is not asked its fingerprint, which would not be written anyway: it is a digest of the whole key, and those of
/// ML-KEM are long.
#[derive(Debug)]
struct Nameless<'a, K>(&'a K);

impl<K: EncryptionKey> KeyDetails for Nameless<'_, K> {
    fn version(&self) -> KeyVersion {
        self.0.version()
    }

    fn legacy_key_id(&self) -> KeyId {
        KeyId::WILDCARD
    }

    fn fingerprint(&self) -> OpenPgpFingerprint {
        OpenPgpFingerprint::V6([0; 32])
    }

    fn algorithm(&self) -> PublicKeyAlgorithm {
        self.0.algorithm()
    }

    fn created_at(&self) -> Timestamp {
        self.0.created_at()
    }

    fn legacy_v3_expiration_days(&self) -> Option<u16> {
        self.0.legacy_v3_expiration_days()
    }

    fn public_params(&self) -> &PublicParams {
        self.0.public_params()
    }
}

impl<K: EncryptionKey> EncryptionKey for Nameless<'_, K> {
    fn encrypt<R: CryptoRng + Rng>(
        &self,
        rng: R,
        plain: &[u8],
        typ: EskType,
    ) -> OpenPgpResult<PkeskBytes> {
        self.0.encrypt(rng, plain, typ)
    }
}
