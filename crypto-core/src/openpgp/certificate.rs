//! Certificates (transferable public keys, RFC 9580, section 10.1), as they come: parsed, not yet judged.

use super::armor::{self, ArmorKind};
use super::fingerprint::Fingerprint;
use super::limits::MAX_KEY_BYTES;
use super::policy::{self, CertificateError, Packets};
use super::usable::UsableCertificate;
use crate::time::UnixSeconds;
use pgp::composed::{Deserializable as _, SignedPublicKey};
use pgp::ser::Serialize as _;
use std::fmt;
use std::sync::Arc;

/// A certificate. That it could be parsed says nothing about it: see [`Certificate::usable_at`].
#[derive(Clone)]
pub struct Certificate {
    parsed: Arc<Packets>,
    fingerprint: Fingerprint,
    bytes: Vec<u8>,
}

/// Why bytes are not a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseCertificateError {
    /// Neither binary nor armored OpenPGP data that hold a certificate.
    #[error("this is not an OpenPGP certificate")]
    Malformed,
    /// Holds more than one certificate.
    #[error("this holds more than one OpenPGP certificate")]
    MoreThanOne,
    /// Longer than any sensible certificate.
    #[error("this certificate is too long: at most {limit_bytes} bytes")]
    TooLong {
        /// The limit, in bytes.
        limit_bytes: usize,
    },
    /// Of a key version other than 4 or 6.
    #[error("this certificate is of a version that this program does not know")]
    UnsupportedVersion,
}

impl ParseCertificateError {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "certificate-malformed",
            Self::MoreThanOne => "certificate-more-than-one",
            Self::TooLong { .. } => "certificate-too-long",
            Self::UnsupportedVersion => "certificate-unsupported-version",
        }
    }
}

impl Certificate {
    /// Reads one certificate, binary or armored. Parts of it that this program does not know are left out.
    ///
    /// # Errors
    /// [`ParseCertificateError`].
    pub fn from_bytes(input: &[u8]) -> Result<Self, ParseCertificateError> {
        if input.len() > MAX_KEY_BYTES {
            return Err(ParseCertificateError::TooLong {
                limit_bytes: MAX_KEY_BYTES,
            });
        }
        let binary = armor::to_binary(ArmorKind::Certificate, input)
            .map_err(|_| ParseCertificateError::Malformed)?;
        let mut found = SignedPublicKey::from_bytes_many(binary.as_ref())
            .map_err(|_| ParseCertificateError::Malformed)?;
        let parsed = match found.next() {
            Some(Ok(parsed)) => parsed,
            _ => return Err(ParseCertificateError::Malformed),
        };
        if found.next().is_some() {
            return Err(ParseCertificateError::MoreThanOne);
        }
        Self::from_parsed(parsed)
    }

    pub(super) fn from_parsed(parsed: SignedPublicKey) -> Result<Self, ParseCertificateError> {
        let fingerprint = Fingerprint::of(&parsed.primary_key)
            .ok_or(ParseCertificateError::UnsupportedVersion)?;
        let bytes = parsed
            .to_bytes()
            .map_err(|_| ParseCertificateError::Malformed)?;
        Ok(Self {
            parsed: Arc::new(Packets::new(parsed)),
            fingerprint,
            bytes,
        })
    }

    /// The certificate in binary form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.bytes.clone()
    }

    /// The certificate as text.
    #[must_use]
    pub fn to_armored(&self) -> String {
        armor::armor(ArmorKind::Certificate, &self.bytes)
    }

    /// The primary key's fingerprint: what a certificate is known by.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The mail addresses in the User IDs, as written: nobody has vouched for them, not even the key itself. See
    /// [`UsableCertificate::addresses`] for those that the key vouches for.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        self.parsed
            .details
            .users
            .iter()
            .filter_map(|user| policy::address_of(&user.id))
            .collect()
    }

    /// Judges the certificate: whether a message may be encrypted to it at this time, and to which of its keys.
    ///
    /// # Errors
    /// [`CertificateError`] says what is wrong with it.
    pub fn usable_at(&self, now: UnixSeconds) -> Result<UsableCertificate, CertificateError> {
        UsableCertificate::judge(self, now)
    }

    pub(super) fn parsed(&self) -> &Packets {
        &self.parsed
    }
}

/// The packets are written in one way alone.
impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({})", self.fingerprint)
    }
}
