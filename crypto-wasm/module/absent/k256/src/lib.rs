//! secp256k1 (SEC 2) as far as a build without it goes: keys are read and written as they come, no signature fits, and
//! none is made.

pub mod ecdsa;

use elliptic_curve::Error;
use rand_core::{CryptoRng, RngCore};
use zeroize::{Zeroize, ZeroizeOnDrop};

const SCALAR_BYTES: usize = 32;
const POINT_BYTES: usize = 1 + 2 * SCALAR_BYTES;
/// How a point that is not compressed begins (SEC 1, section 2.3.3).
const UNCOMPRESSED: u8 = 4;

/// A point as SEC 1 writes it, not compressed. Whether it is on the curve nobody has looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; POINT_BYTES]);

impl PublicKey {
    /// Takes the octets as they are.
    ///
    /// # Errors
    /// When these are not a point that is not compressed.
    pub fn from_sec1_bytes(octets: &[u8]) -> Result<Self, Error> {
        match octets.try_into() {
            Ok(point) if octets.first() == Some(&UNCOMPRESSED) => Ok(Self(point)),
            _ => Err(Error),
        }
    }

    /// The point, never compressed.
    #[must_use]
    pub const fn to_encoded_point(&self, _compress: bool) -> Self {
        *self
    }

    /// The octets.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The point.
    #[must_use]
    pub const fn as_affine(&self) -> &Self {
        self
    }
}

/// A secret number.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey([u8; SCALAR_BYTES]);

impl SecretKey {
    /// None can be made.
    ///
    /// # Panics
    /// Always: nobody asks for one.
    #[must_use]
    pub fn random(_: &mut (impl CryptoRng + RngCore)) -> Self {
        unreachable!("secp256k1 is absent")
    }

    /// Takes a number as it is.
    ///
    /// # Errors
    /// When it is longer than any of the curve's, or shorter than makes sense.
    pub fn from_slice(octets: &[u8]) -> Result<Self, Error> {
        const SHORTEST_BYTES: usize = 24; // as elliptic-curve has it
        let padding = SCALAR_BYTES.checked_sub(octets.len()).ok_or(Error)?;
        if octets.len() < SHORTEST_BYTES {
            return Err(Error);
        }
        let mut number = [0; SCALAR_BYTES];
        if let Some(end) = number.get_mut(padding..) {
            end.copy_from_slice(octets);
        }
        Ok(Self(number))
    }

    /// The number.
    #[must_use]
    pub const fn to_bytes(&self) -> [u8; SCALAR_BYTES] {
        self.0
    }

    /// The public half, which cannot be computed.
    ///
    /// # Panics
    /// Always: nobody asks for it.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        unreachable!("secp256k1 is absent")
    }
}

impl Drop for SecretKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for SecretKey {}
