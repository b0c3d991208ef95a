//! ECDSA over the curve.

use crate::{PublicKey, SCALAR_BYTES, SecretKey};
use signature::Error;
use signature::hazmat::{PrehashSigner, PrehashVerifier};

/// What verifies: nothing.
#[derive(Debug, Clone)]
pub struct VerifyingKey;

impl VerifyingKey {
    /// Takes any point.
    ///
    /// # Errors
    /// None.
    pub const fn from_affine(_: PublicKey) -> Result<Self, Error> {
        Ok(Self)
    }
}

impl PrehashVerifier<Signature> for VerifyingKey {
    fn verify_prehash(&self, _: &[u8], _: &Signature) -> Result<(), Error> {
        Err(Error::new())
    }
}

/// What signs: nothing.
#[derive(Debug, Clone)]
pub struct SigningKey;

impl From<&SecretKey> for SigningKey {
    fn from(_: &SecretKey) -> Self {
        Self
    }
}

impl PrehashSigner<Signature> for SigningKey {
    fn sign_prehash(&self, _: &[u8]) -> Result<Signature, Error> {
        Err(Error::new())
    }
}

/// A signature. There is none.
#[derive(Debug, Clone)]
pub struct Signature;

impl Signature {
    /// Its two numbers.
    #[must_use]
    pub const fn split_bytes(&self) -> ([u8; SCALAR_BYTES], [u8; SCALAR_BYTES]) {
        ([0; SCALAR_BYTES], [0; SCALAR_BYTES])
    }
}

impl TryFrom<&[u8]> for Signature {
    type Error = Error;

    fn try_from(_: &[u8]) -> Result<Self, Error> {
        Err(Error::new())
    }
}
