//! Which container a message goes in: one that all its readers say they can read (RFC 9580, sections 5.2.3.14, 5.2.3.15
//! and 5.2.3.32).

use super::usable::UsableCertificate;
use pgp::crypto::aead::AeadAlgorithm;
use pgp::crypto::sym::SymmetricKeyAlgorithm;

/// How a container is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    /// SEIPD version 1, with a modification detection code.
    V1(SymmetricKeyAlgorithm),
    /// SEIPD version 2.
    V2(SymmetricKeyAlgorithm, AeadAlgorithm),
}

/// What the owner of a certificate can read.
#[derive(Debug, Clone, Default)]
pub(super) struct Readable {
    pub(super) seipd_v2: bool,
    pub(super) symmetric: Vec<SymmetricKeyAlgorithm>,
    pub(super) aead: Vec<(SymmetricKeyAlgorithm, AeadAlgorithm)>,
}

const AES_256: SymmetricKeyAlgorithm = SymmetricKeyAlgorithm::AES256;
const AES_128: SymmetricKeyAlgorithm = SymmetricKeyAlgorithm::AES128;

/// What is written where all can read it, the best first. Everybody reads AES-128, with version 2 in OCB.
const SUITES: [(SymmetricKeyAlgorithm, AeadAlgorithm); 2] =
    [(AES_256, AeadAlgorithm::Gcm), (AES_256, AeadAlgorithm::Ocb)];

impl Container {
    /// What platforms and streams write.
    pub(super) const GCM: Self = Self::V2(AES_256, AeadAlgorithm::Gcm);

    /// The best that all recipients can read.
    pub(super) fn for_all(recipients: &[UsableCertificate]) -> Self {
        let all = |reads: &dyn Fn(&Readable) -> bool| {
            recipients
                .iter()
                .all(|recipient| reads(recipient.readable()))
        };
        if all(&|readable| readable.seipd_v2) {
            let common = SUITES
                .into_iter()
                .find(|suite| all(&|readable| readable.aead.contains(suite)));
            let (cipher, mode) = common.unwrap_or((AES_128, AeadAlgorithm::Ocb));
            Self::V2(cipher, mode)
        } else if all(&|readable| readable.symmetric.contains(&AES_256)) {
            Self::V1(AES_256)
        } else {
            Self::V1(AES_128)
        }
    }
}
