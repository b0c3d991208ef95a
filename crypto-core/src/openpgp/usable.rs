//! A certificate that policy has passed: the type that encryption asks for.

use super::certificate::Certificate;
use super::container::Readable;
use super::fingerprint::Fingerprint;
use super::policy::{self, CertificateError, KeyPlace};
use crate::time::UnixSeconds;
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::types::KeyDetails as _;

/// A certificate that a message may be encrypted to, as judged for one point in time.
#[derive(Debug, Clone)]
pub struct UsableCertificate {
    certificate: Certificate,
    encryption_key: KeyPlace,
    readable: Readable,
    addresses: Vec<String>,
}

impl UsableCertificate {
    pub(super) fn judge(
        certificate: &Certificate,
        now: UnixSeconds,
    ) -> Result<Self, CertificateError> {
        let judged = policy::judge(certificate.parsed(), now)?;
        let encryption_key = judged
            .encryption_keys
            .iter()
            .copied()
            .max_by_key(|place| preference(certificate, *place))
            .ok_or(CertificateError::NoEncryptionKey)?;
        Ok(Self {
            certificate: certificate.clone(),
            encryption_key,
            readable: judged.readable,
            addresses: judged.addresses,
        })
    }

    /// The certificate.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The primary key's fingerprint.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.certificate.fingerprint()
    }

    /// The mail addresses that the key vouches for, each once.
    #[must_use]
    pub fn addresses(&self) -> &[String] {
        &self.addresses
    }

    /// Whether messages to it are encrypted so that a quantum computer does not help to read them.
    #[must_use]
    pub fn is_post_quantum(&self) -> bool {
        is_post_quantum(self.encryption_key.algorithm(&self.certificate))
    }

    pub(super) fn readable(&self) -> &Readable {
        &self.readable
    }

    pub(super) fn encryption_key(&self) -> KeyPlace {
        self.encryption_key
    }
}

fn is_post_quantum(algorithm: Option<PublicKeyAlgorithm>) -> bool {
    algorithm.is_some_and(|algorithm| algorithm.is_pqc())
}

/// Post-quantum keys first, then the latest.
fn preference(certificate: &Certificate, place: KeyPlace) -> (bool, UnixSeconds) {
    let created = match place {
        KeyPlace::Primary => Some(certificate.parsed().primary_key.created_at()),
        KeyPlace::Subkey(index) => certificate
            .parsed()
            .public_subkeys
            .get(index)
            .map(|subkey| subkey.key.created_at()),
    };
    (
        is_post_quantum(place.algorithm(certificate)),
        created.map_or(UnixSeconds::new(0), UnixSeconds::from_openpgp),
    )
}
