//! SLH-DSA (FIPS 205) as far as a build without it goes: keys are read and written as they come, no signature fits, and
//! none is made.

use rand_core::{CryptoRng, RngCore};
use signature::{Error, Signer, Verifier};
use std::marker::PhantomData;

/// One of the parameter sets.
pub trait ParameterSet: Clone + PartialEq {
    /// Length of a public key, in octets. A secret key ends with the public one, and is twice as long.
    const PUBLIC_KEY_BYTES: usize;
    /// A secret key.
    type SecretKey: Clone + PartialEq + AsRef<[u8]> + for<'a> TryFrom<&'a [u8]>;
}

macro_rules! parameter_set {
    ($name:ident, $public_key_bytes:literal, $doc:literal) => {
        #[doc = $doc]
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name;

        impl ParameterSet for $name {
            const PUBLIC_KEY_BYTES: usize = $public_key_bytes;
            type SecretKey = [u8; 2 * $public_key_bytes];
        }
    };
}

parameter_set!(Shake128s, 32, "SLH-DSA-SHAKE-128s.");
parameter_set!(Shake128f, 32, "SLH-DSA-SHAKE-128f.");
parameter_set!(Shake256s, 64, "SLH-DSA-SHAKE-256s.");

/// A public key's octets.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifyingKey<P: ParameterSet>(Vec<u8>, PhantomData<P>);

impl<P: ParameterSet> VerifyingKey<P> {
    /// The octets.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.clone()
    }
}

impl<P: ParameterSet> TryFrom<&[u8]> for VerifyingKey<P> {
    type Error = Error;

    fn try_from(octets: &[u8]) -> Result<Self, Error> {
        if octets.len() != P::PUBLIC_KEY_BYTES {
            return Err(Error::new());
        }
        Ok(Self(octets.to_vec(), PhantomData))
    }
}

impl<P: ParameterSet> Verifier<Signature<P>> for VerifyingKey<P> {
    fn verify(&self, _: &[u8], _: &Signature<P>) -> Result<(), Error> {
        Err(Error::new())
    }
}

/// A secret key's octets.
#[derive(Clone, PartialEq)]
pub struct SigningKey<P: ParameterSet> {
    octets: P::SecretKey,
    public: VerifyingKey<P>,
}

impl<P: ParameterSet> SigningKey<P> {
    /// None can be made.
    ///
    /// # Panics
    /// Always: nobody asks for one.
    #[must_use]
    pub fn new(_: &mut (impl CryptoRng + RngCore + ?Sized)) -> Self {
        unreachable!("SLH-DSA is absent")
    }

    /// The octets.
    #[must_use]
    pub fn to_bytes(&self) -> P::SecretKey {
        self.octets.clone()
    }
}

impl<P: ParameterSet> TryFrom<&[u8]> for SigningKey<P> {
    type Error = Error;

    fn try_from(octets: &[u8]) -> Result<Self, Error> {
        let public = octets.get(P::PUBLIC_KEY_BYTES..).unwrap_or_default();
        Ok(Self {
            public: VerifyingKey::try_from(public)?,
            octets: P::SecretKey::try_from(octets).map_err(|_| Error::new())?,
        })
    }
}

impl<P: ParameterSet> AsRef<VerifyingKey<P>> for SigningKey<P> {
    fn as_ref(&self) -> &VerifyingKey<P> {
        &self.public
    }
}

impl<P: ParameterSet> Signer<Signature<P>> for SigningKey<P> {
    fn try_sign(&self, _: &[u8]) -> Result<Signature<P>, Error> {
        Err(Error::new())
    }
}

/// A signature. There is none.
#[derive(Debug, Clone)]
pub struct Signature<P: ParameterSet>(PhantomData<P>);

impl<P: ParameterSet> Signature<P> {
    /// Its octets.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        Vec::new()
    }
}

impl<P: ParameterSet> TryFrom<&[u8]> for Signature<P> {
    type Error = Error;

    fn try_from(_: &[u8]) -> Result<Self, Error> {
        Err(Error::new())
    }
}
