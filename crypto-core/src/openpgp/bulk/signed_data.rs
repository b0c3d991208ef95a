//! What a signature's digest is taken of, for a digest that is computed elsewhere.

use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{Signature, SignatureConfig, SignatureType, SignatureVersionSpecific};
use sha2::digest::{DynDigest, InvalidBufferSize};

/// A digest to compute: of `before`, the plaintext and `after`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestCall {
    /// Which of the message's signatures it is for.
    pub(in crate::openpgp) index: usize,
    pub(in crate::openpgp) before: Vec<u8>,
    pub(in crate::openpgp) after: Vec<u8>,
    algorithm: &'static str,
}

impl DigestCall {
    /// `None`: a digest for this crate alone, because it is old, or taken of lines that are to be made equal first.
    pub(in crate::openpgp) fn of(index: usize, signature: &Signature) -> Option<Self> {
        let config = signature.config()?;
        let algorithm = match config.hash_alg {
            HashAlgorithm::Sha256 => "SHA-256",
            HashAlgorithm::Sha384 => "SHA-384",
            HashAlgorithm::Sha512 => "SHA-512",
            _ => return None,
        };
        if config.typ() != SignatureType::Binary {
            return None;
        }
        let (before, after) = around(config)?;
        Some(Self {
            index,
            before,
            after,
            algorithm,
        })
    }

    /// The digest's name, as the Web Cryptography API has it.
    #[must_use]
    pub const fn algorithm(&self) -> &'static str {
        self.algorithm
    }
}

/// What comes before and after the data in a signature's digest (RFC 9580, section 5.2.4). `None`: a signature of a
/// version that this program does not know.
pub(super) fn around(config: &SignatureConfig) -> Option<(Vec<u8>, Vec<u8>)> {
    let before = match &config.version_specific {
        SignatureVersionSpecific::V6 { salt } => salt.clone(),
        _ => Vec::new(),
    };
    let mut kept: Box<dyn DynDigest + Send> = Box::new(Kept::default());
    let length = config.hash_signature_data(&mut kept).ok()?;
    let mut after = kept.finalize().into_vec();
    after.extend(config.trailer(length).ok()?);
    Some((before, after))
}

/// A digest that gives back all it was given.
#[derive(Debug, Default, Clone)]
struct Kept(Vec<u8>);

impl DynDigest for Kept {
    fn update(&mut self, data: &[u8]) {
        self.0.extend_from_slice(data);
    }

    fn finalize_into(mut self, out: &mut [u8]) -> Result<(), InvalidBufferSize> {
        self.finalize_into_reset(out)
    }

    fn finalize_into_reset(&mut self, out: &mut [u8]) -> Result<(), InvalidBufferSize> {
        if out.len() != self.0.len() {
            return Err(InvalidBufferSize);
        }
        out.copy_from_slice(&self.0);
        self.0.clear();
        Ok(())
    }

    fn reset(&mut self) {
        self.0.clear();
    }

    fn output_size(&self) -> usize {
        self.0.len()
    }

    fn box_clone(&self) -> Box<dyn DynDigest> {
        Box::new(self.clone())
    }
}
