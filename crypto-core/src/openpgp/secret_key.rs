//! Transferable secret keys (RFC 9580, section 10.2), unlocked: at rest they are inside a sealed envelope. OpenPGP's own
//! passphrase protection is for carrying them from and to other programs: see `lock` and `unlock`.

use super::armor::{self, ArmorKind};
use super::certificate::Certificate;
use super::fingerprint::Fingerprint;
use super::limits::MAX_KEY_BYTES;
use pgp::composed::{Deserializable as _, SignedSecretKey};
use pgp::ser::Serialize as _;
use pgp::types::{KeyDetails as _, SecretParams};
use std::fmt;
use zeroize::Zeroizing;

/// The secret keys of an account. rPGP wipes the key material when it is dropped.
pub struct TransferableSecretKey {
    parsed: SignedSecretKey,
    certificate: Certificate,
}

/// Why bytes are not a secret key that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseSecretKeyError {
    /// Neither binary nor armored OpenPGP data that hold one transferable secret key.
    #[error("this is not an OpenPGP secret key")]
    Malformed,
    /// Longer than any sensible key.
    #[error("this secret key is too long: at most {limit_bytes} bytes")]
    TooLong {
        /// The limit, in bytes.
        limit_bytes: usize,
    },
    /// Protected by a password: see [`TransferableSecretKey::unlock`].
    #[error("this secret key is locked with a password")]
    Locked,
    /// Of a key version other than 4 or 6.
    #[error("this secret key is of a version that this program does not know")]
    UnsupportedVersion,
}

impl ParseSecretKeyError {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "secret-key-malformed",
            Self::TooLong { .. } => "secret-key-too-long",
            Self::Locked => "secret-key-locked",
            Self::UnsupportedVersion => "secret-key-unsupported-version",
        }
    }
}

impl TransferableSecretKey {
    /// Reads one unlocked transferable secret key, binary or armored.
    ///
    /// # Errors
    /// [`ParseSecretKeyError`].
    pub fn from_bytes(input: &[u8]) -> Result<Self, ParseSecretKeyError> {
        Self::from_parsed(parse(input)?)
    }

    /// Reads unlocked transferable secret keys in binary form, one after another: at least one, in their order.
    ///
    /// # Errors
    /// [`ParseSecretKeyError`].
    pub fn all_from_bytes(input: &[u8]) -> Result<Vec<Self>, ParseSecretKeyError> {
        let malformed = |_| ParseSecretKeyError::Malformed;
        let found = SignedSecretKey::from_bytes_many(input).map_err(malformed)?;
        let keys = found
            .map(|parsed| Self::from_parsed(parsed.map_err(malformed)?))
            .collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            return Err(ParseSecretKeyError::Malformed);
        }
        Ok(keys)
    }

    pub(super) fn from_parsed(parsed: SignedSecretKey) -> Result<Self, ParseSecretKeyError> {
        if is_locked(&parsed) {
            return Err(ParseSecretKeyError::Locked);
        }
        let certificate = Certificate::from_parsed(parsed.to_public_key())
            .map_err(|_| ParseSecretKeyError::UnsupportedVersion)?;
        Ok(Self {
            parsed,
            certificate,
        })
    }

    /// The key in binary form, to be sealed. Secret.
    ///
    /// # Errors
    /// [`ParseSecretKeyError::Malformed`] for a key that was read but cannot be written, which no key made here is.
    pub fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, ParseSecretKeyError> {
        // rPGP reserves the whole length at once, so that nothing secret stays behind in a smaller buffer.
        self.parsed
            .to_bytes()
            .map(Zeroizing::new)
            .map_err(|_| ParseSecretKeyError::Malformed)
    }

    /// The public half.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The primary key's fingerprint.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.certificate.fingerprint()
    }

    /// Whether there is a key in it that something may be encrypted to, by its algorithm: flags, expiry and revocation do not
    /// count for what was encrypted once.
    #[must_use]
    pub fn can_decrypt(&self) -> bool {
        let mut subkeys = self.parsed.secret_subkeys.iter();
        self.parsed.primary_key.algorithm().can_encrypt()
            || subkeys.any(|subkey| subkey.key.algorithm().can_encrypt())
    }

    pub(super) fn parsed(&self) -> &SignedSecretKey {
        &self.parsed
    }
}

pub(super) fn parse(input: &[u8]) -> Result<SignedSecretKey, ParseSecretKeyError> {
    if input.len() > MAX_KEY_BYTES {
        return Err(ParseSecretKeyError::TooLong {
            limit_bytes: MAX_KEY_BYTES,
        });
    }
    let binary = armor::to_binary(ArmorKind::SecretKey, input)
        .map_err(|_| ParseSecretKeyError::Malformed)?;
    let mut found = SignedSecretKey::from_bytes_many(binary.as_ref())
        .map_err(|_| ParseSecretKeyError::Malformed)?;
    match (found.next(), found.next()) {
        (Some(Ok(parsed)), None) => Ok(parsed),
        _ => Err(ParseSecretKeyError::Malformed),
    }
}

fn is_locked(key: &SignedSecretKey) -> bool {
    let locked = |params: &SecretParams| matches!(params, SecretParams::Encrypted(_));
    locked(key.primary_key.secret_params())
        || key
            .secret_subkeys
            .iter()
            .any(|subkey| locked(subkey.key.secret_params()))
}

impl fmt::Debug for TransferableSecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TransferableSecretKey({}, ..)", self.fingerprint())
    }
}
