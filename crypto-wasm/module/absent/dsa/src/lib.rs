//! DSA (FIPS 186-4) as far as a build without it goes: keys are read and written as they come, no signature fits, and
//! none is made.

use num_bigint::BigUint;
use rand_core::{CryptoRng, RngCore};
use signature::Error;
use signature::hazmat::PrehashVerifier;

/// Lengths of `p` and `q`, in bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeySize(u32, u32);

impl KeySize {
    /// 1024 and 160.
    pub const DSA_1024_160: Self = Self(1_024, 160);
    /// 2048 and 256.
    pub const DSA_2048_256: Self = Self(2_048, 256);
    /// 3072 and 256.
    pub const DSA_3072_256: Self = Self(3_072, 256);
}

/// The numbers that many keys may share.
#[derive(Debug, Clone, PartialEq)]
pub struct Components {
    p: BigUint,
    q: BigUint,
    g: BigUint,
}

impl Components {
    /// Takes the numbers as they are.
    ///
    /// # Errors
    /// None.
    pub const fn from_components(p: BigUint, q: BigUint, g: BigUint) -> Result<Self, Error> {
        Ok(Self { p, q, g })
    }

    /// None can be made.
    ///
    /// # Panics
    /// Always: nobody asks for them.
    #[must_use]
    pub fn generate(_: &mut (impl CryptoRng + RngCore + ?Sized), _: KeySize) -> Self {
        unreachable!("DSA is absent")
    }

    /// The prime.
    #[must_use]
    pub const fn p(&self) -> &BigUint {
        &self.p
    }

    /// The order of the group.
    #[must_use]
    pub const fn q(&self) -> &BigUint {
        &self.q
    }

    /// The generator.
    #[must_use]
    pub const fn g(&self) -> &BigUint {
        &self.g
    }
}

/// A public key.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifyingKey {
    components: Components,
    y: BigUint,
}

impl VerifyingKey {
    /// Takes the numbers as they are.
    ///
    /// # Errors
    /// None.
    pub const fn from_components(components: Components, y: BigUint) -> Result<Self, Error> {
        Ok(Self { components, y })
    }

    /// The numbers that many keys may share.
    #[must_use]
    pub const fn components(&self) -> &Components {
        &self.components
    }

    /// The key's own number.
    #[must_use]
    pub const fn y(&self) -> &BigUint {
        &self.y
    }
}

impl PrehashVerifier<Signature> for VerifyingKey {
    fn verify_prehash(&self, _: &[u8], _: &Signature) -> Result<(), Error> {
        Err(Error::new())
    }
}

/// A secret key.
#[derive(Clone, PartialEq)]
pub struct SigningKey {
    public: VerifyingKey,
    x: BigUint,
}

impl SigningKey {
    /// Takes the number as it is.
    ///
    /// # Errors
    /// None.
    pub const fn from_components(public: VerifyingKey, x: BigUint) -> Result<Self, Error> {
        Ok(Self { public, x })
    }

    /// None can be made.
    ///
    /// # Panics
    /// Always: nobody asks for one.
    #[must_use]
    pub fn generate(_: &mut (impl CryptoRng + RngCore + ?Sized), _: Components) -> Self {
        unreachable!("DSA is absent")
    }

    /// The public half.
    #[must_use]
    pub const fn verifying_key(&self) -> &VerifyingKey {
        &self.public
    }

    /// The secret number.
    #[must_use]
    pub const fn x(&self) -> &BigUint {
        &self.x
    }

    /// Signs nothing.
    ///
    /// # Errors
    /// Always.
    pub fn sign_prehashed_rfc6979<D>(&self, _: &[u8]) -> Result<Signature, Error> {
        Err(Error::new())
    }
}

/// A signature.
#[derive(Debug, Clone, PartialEq)]
pub struct Signature {
    r: BigUint,
    s: BigUint,
}

impl Signature {
    /// Takes the numbers as they are.
    ///
    /// # Errors
    /// None.
    pub const fn from_components(r: BigUint, s: BigUint) -> Result<Self, Error> {
        Ok(Self { r, s })
    }

    /// The first number.
    #[must_use]
    pub const fn r(&self) -> &BigUint {
        &self.r
    }

    /// The second number.
    #[must_use]
    pub const fn s(&self) -> &BigUint {
        &self.s
    }
}
