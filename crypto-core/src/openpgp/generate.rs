//! Key generation: the profile of DESIGN, one certificate an account.
//!
//! Version 4. Primary key Ed25519 in its EdDSALegacy form (certify, sign); a subkey ECDH over Curve25519Legacy (encrypt),
//! which every OpenPGP program can use; a subkey ML-KEM-768+X25519 (RFC 9980; encrypt), which S-Mail prefers.

use super::certificate::ParseCertificateError;
use super::secret_key::{ParseSecretKeyError, TransferableSecretKey};
use crate::time::UnixSeconds;
use pgp::composed::{SignedKeyDetails, SignedSecretKey, SignedSecretSubKey};
use pgp::crypto::aead::AeadAlgorithm;
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::crypto::{ecdh, ed25519, eddsa_legacy, ml_kem768_x25519};
use pgp::errors::Result as OpenPgpResult;
use pgp::packet::{
    Features, KeyFlags, PubKeyInner, PublicKey, PublicSubkey, SecretKey, SecretSubkey,
    SignatureConfig, SignatureType, Subpacket, SubpacketData, UserId,
};
use pgp::types::{
    CompressionAlgorithm, KeyDetails as _, KeyVersion, PacketHeaderVersion, Password,
    PlainSecretParams, PublicParams, SecretParams, SignedUser, Tag, Timestamp,
};
use rand::{CryptoRng, RngCore};

/// Longest User ID, in bytes: an address has at most 254 (RFC 5321, section 4.5.3.1.3).
const MAX_USER_ID_BYTES: usize = 254;

/// Why a key could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// The address is empty, too long or has a control character, a space or an angle bracket in it.
    #[error("keys can only be made for a mail address")]
    MalformedAddress,
    /// rPGP could not make the key.
    #[error("the keys could not be made")]
    Failed,
}

impl GenerateError {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::MalformedAddress => "generate-malformed-address",
            Self::Failed => "generate-failed",
        }
    }
}

impl From<ParseSecretKeyError> for GenerateError {
    fn from(_: ParseSecretKeyError) -> Self {
        Self::Failed
    }
}

impl From<ParseCertificateError> for GenerateError {
    fn from(_: ParseCertificateError) -> Self {
        Self::Failed
    }
}

impl TransferableSecretKey {
    /// Makes the keys of an account. The User ID is the bare address.
    ///
    /// # Errors
    /// [`GenerateError`].
    pub fn generate<R: RngCore + CryptoRng>(
        address: &str,
        now: UnixSeconds,
        rng: &mut R,
    ) -> Result<Self, GenerateError> {
        if !is_user_id(address) {
            return Err(GenerateError::MalformedAddress);
        }
        let parsed =
            account_key(address, now.to_openpgp(), rng).map_err(|_| GenerateError::Failed)?;
        Ok(Self::from_parsed(parsed)?)
    }
}

fn is_user_id(address: &str) -> bool {
    address.len() <= MAX_USER_ID_BYTES
        && address
            .split_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        && !address.chars().any(|character| {
            character.is_control() || character.is_whitespace() || matches!(character, '<' | '>')
        })
}

fn account_key<R: RngCore + CryptoRng>(
    address: &str,
    now: Timestamp,
    rng: &mut R,
) -> OpenPgpResult<SignedSecretKey> {
    let primary = primary_key(now, rng)?;
    let user = user_id(&primary, address, now)?;
    let subkeys = vec![
        encryption_subkey(&primary, Material::ecdh, now, rng)?,
        encryption_subkey(&primary, Material::ml_kem, now, rng)?,
    ];
    let details = SignedKeyDetails::new(vec![], vec![], vec![user], vec![]);
    Ok(SignedSecretKey::new(primary, details, vec![], subkeys))
}

/// Both halves of a new key. Made by each algorithm's own function: rPGP's one for all of them would bring all of them
/// into the browser. On the stack for as short as can be: what is done with it comes after, and over it.
pub(super) struct Material {
    algorithm: PublicKeyAlgorithm,
    public: PublicParams,
    secret: SecretParams,
}

impl Material {
    fn eddsa<R: RngCore + CryptoRng>(rng: &mut R) -> Self {
        let secret = ed25519::SecretKey::generate(rng, ed25519::Mode::EdDSALegacy);
        Self {
            algorithm: PublicKeyAlgorithm::EdDSALegacy,
            public: PublicParams::EdDSALegacy((&secret).into()),
            secret: SecretParams::Plain(PlainSecretParams::EdDSALegacy(
                eddsa_legacy::SecretKey::Ed25519(secret),
            )),
        }
    }

    pub(super) fn ecdh<R: RngCore + CryptoRng>(rng: &mut R) -> OpenPgpResult<Self> {
        let secret = ecdh::SecretKey::Curve25519Legacy(ecdh::Curve25519Legacy::generate(rng));
        Ok(Self {
            algorithm: PublicKeyAlgorithm::ECDH,
            public: PublicParams::ECDH((&secret).try_into()?),
            secret: SecretParams::Plain(PlainSecretParams::ECDH(secret)),
        })
    }

    pub(super) fn ml_kem<R: RngCore + CryptoRng>(rng: &mut R) -> OpenPgpResult<Self> {
        let secret = ml_kem768_x25519::SecretKey::generate(rng);
        Ok(Self {
            algorithm: PublicKeyAlgorithm::MlKem768X25519,
            public: PublicParams::MlKem768X25519((&secret).into()),
            secret: SecretParams::Plain(PlainSecretParams::MlKem768X25519(secret)),
        })
    }

    fn public_key(&self, made: Timestamp) -> OpenPgpResult<PubKeyInner> {
        let public = self.public.clone();
        PubKeyInner::new(KeyVersion::V4, self.algorithm, made, None, public)
    }
}

fn primary_key<R: RngCore + CryptoRng>(now: Timestamp, rng: &mut R) -> OpenPgpResult<SecretKey> {
    let material = Material::eddsa(rng);
    let public = PublicKey::from_inner(material.public_key(now)?)?;
    SecretKey::new(public, material.secret)
}

fn user_id(primary: &SecretKey, address: &str, now: Timestamp) -> OpenPgpResult<SignedUser> {
    let id = UserId::from_str(PacketHeaderVersion::New, address)?;
    let mut config = self_signature(primary, SignatureType::CertPositive, now)?;
    config
        .hashed_subpackets
        .extend(self_certification_subpackets()?);
    let signature = config.sign_certification(
        primary,
        primary.public_key(),
        &Password::empty(),
        Tag::UserId,
        &id,
    )?;
    Ok(SignedUser::new(id, vec![signature]))
}

#[inline(never)] // a frame of its own, gone before the next key is made
pub(super) fn encryption_subkey<R: RngCore + CryptoRng>(
    primary: &SecretKey,
    make: fn(&mut R) -> OpenPgpResult<Material>,
    now: Timestamp,
    rng: &mut R,
) -> OpenPgpResult<SignedSecretSubKey> {
    let material = make(rng)?;
    let public = PublicSubkey::from_inner(material.public_key(now)?)?;
    let subkey = SecretSubkey::new(public, material.secret)?;
    let mut flags = KeyFlags::default();
    flags.set_encrypt_comms(true);
    flags.set_encrypt_storage(true);
    let mut config = self_signature(primary, SignatureType::SubkeyBinding, now)?;
    config
        .hashed_subpackets
        .push(Subpacket::critical(SubpacketData::KeyFlags(flags))?);
    let binding = config.sign_subkey_binding(
        primary,
        primary.public_key(),
        &Password::empty(),
        subkey.public_key(),
    )?;
    Ok(SignedSecretSubKey::new(subkey, vec![binding]))
}

pub(super) fn self_signature(
    primary: &SecretKey,
    typ: SignatureType,
    now: Timestamp,
) -> OpenPgpResult<SignatureConfig> {
    let mut config = SignatureConfig::v4(typ, primary.algorithm(), HashAlgorithm::Sha512);
    config.hashed_subpackets = vec![
        Subpacket::critical(SubpacketData::SignatureCreationTime(now))?,
        Subpacket::regular(SubpacketData::IssuerFingerprint(primary.fingerprint()))?,
    ];
    config.unhashed_subpackets = vec![Subpacket::regular(SubpacketData::IssuerKeyId(
        primary.legacy_key_id(),
    ))?];
    Ok(config)
}

fn self_certification_subpackets() -> OpenPgpResult<Vec<Subpacket>> {
    let mut flags = KeyFlags::default();
    flags.set_certify(true);
    flags.set_sign(true);
    let mut features = Features::default();
    features.set_seipd_v1(true);
    features.set_seipd_v2(true);
    let aes = [SymmetricKeyAlgorithm::AES256, SymmetricKeyAlgorithm::AES128];
    let hashes = [HashAlgorithm::Sha512, HashAlgorithm::Sha256];
    let aead = [
        (SymmetricKeyAlgorithm::AES256, AeadAlgorithm::Gcm),
        (SymmetricKeyAlgorithm::AES256, AeadAlgorithm::Ocb),
    ];
    let compression = [CompressionAlgorithm::Uncompressed];
    [
        Subpacket::critical(SubpacketData::KeyFlags(flags)),
        Subpacket::regular(SubpacketData::Features(features)),
        Subpacket::regular(SubpacketData::IsPrimary(true)),
        Subpacket::regular(SubpacketData::PreferredSymmetricAlgorithms(
            aes.into_iter().collect(),
        )),
        Subpacket::regular(SubpacketData::PreferredHashAlgorithms(
            hashes.into_iter().collect(),
        )),
        Subpacket::regular(SubpacketData::PreferredAeadAlgorithms(
            aead.into_iter().collect(),
        )),
        Subpacket::regular(SubpacketData::PreferredCompressionAlgorithms(
            compression.into_iter().collect(),
        )),
    ]
    .into_iter()
    .collect()
}
