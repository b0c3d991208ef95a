//! ML-DSA (FIPS 204) as far as a build without it goes: public keys are read and written as they come, no signature fits,
//! and none is made.

use signature::{Error, Signer, Verifier};
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// One of the parameter sets.
pub trait ParameterSet: Clone + PartialEq {
    /// Length of a public key, in octets.
    const PUBLIC_KEY_BYTES: usize;
}

/// ML-DSA-65.
#[derive(Debug, Clone, PartialEq)]
pub struct MlDsa65;

impl ParameterSet for MlDsa65 {
    const PUBLIC_KEY_BYTES: usize = 1_952;
}

/// ML-DSA-87.
#[derive(Debug, Clone, PartialEq)]
pub struct MlDsa87;

impl ParameterSet for MlDsa87 {
    const PUBLIC_KEY_BYTES: usize = 2_592;
}

/// A public key's octets.
#[derive(Debug, Clone, PartialEq)]
pub struct EncodedVerifyingKey<P: ParameterSet>(Vec<u8>, PhantomData<P>);

impl<P: ParameterSet> Default for EncodedVerifyingKey<P> {
    fn default() -> Self {
        Self(vec![0; P::PUBLIC_KEY_BYTES], PhantomData)
    }
}

impl<P: ParameterSet, const N: usize> From<[u8; N]> for EncodedVerifyingKey<P> {
    fn from(octets: [u8; N]) -> Self {
        Self(octets.to_vec(), PhantomData)
    }
}

impl<P: ParameterSet> AsRef<[u8]> for EncodedVerifyingKey<P> {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl<P: ParameterSet> Deref for EncodedVerifyingKey<P> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl<P: ParameterSet> DerefMut for EncodedVerifyingKey<P> {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }
}

/// A public key.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifyingKey<P: ParameterSet>(EncodedVerifyingKey<P>);

impl<P: ParameterSet> VerifyingKey<P> {
    /// Takes the octets as they are.
    #[must_use]
    pub fn decode(octets: &EncodedVerifyingKey<P>) -> Self {
        Self(octets.clone())
    }

    /// The octets.
    #[must_use]
    pub fn encode(&self) -> EncodedVerifyingKey<P> {
        self.0.clone()
    }
}

impl<P: ParameterSet> Verifier<Signature<P>> for VerifyingKey<P> {
    fn verify(&self, _: &[u8], _: &Signature<P>) -> Result<(), Error> {
        Err(Error::new())
    }
}

/// What stands for a key that signs. rPGP keeps the seed, and the public half is in the same packet.
#[derive(Debug, Clone, PartialEq)]
pub struct SigningKey<P: ParameterSet>(PhantomData<P>);

impl<P: ParameterSet> Signer<Signature<P>> for SigningKey<P> {
    fn try_sign(&self, _: &[u8]) -> Result<Signature<P>, Error> {
        Err(Error::new())
    }
}

/// What stands for both halves.
#[derive(Debug)]
pub struct KeyPair<P: ParameterSet> {
    signing: SigningKey<P>,
    verifying: VerifyingKey<P>,
}

impl<P: ParameterSet> KeyPair<P> {
    /// The secret half.
    #[must_use]
    pub const fn signing_key(&self) -> &SigningKey<P> {
        &self.signing
    }

    /// What stands for the public half, which cannot be computed: zeros.
    #[must_use]
    pub const fn verifying_key(&self) -> &VerifyingKey<P> {
        &self.verifying
    }
}

/// Keys from seeds.
pub trait KeyGen: ParameterSet {
    /// What stands for the keys of a seed.
    #[must_use]
    fn key_gen_internal(_: &[u8; 32]) -> KeyPair<Self> {
        KeyPair {
            signing: SigningKey(PhantomData),
            verifying: VerifyingKey(EncodedVerifyingKey::default()),
        }
    }
}

impl<P: ParameterSet> KeyGen for P {}

/// A signature. There is none.
#[derive(Debug, Clone)]
pub struct Signature<P: ParameterSet>(PhantomData<P>);

impl<P: ParameterSet> Signature<P> {
    /// Its octets.
    #[must_use]
    pub const fn encode(&self) -> Vec<u8> {
        Vec::new()
    }
}

impl<P: ParameterSet> TryFrom<&[u8]> for Signature<P> {
    type Error = Error;

    fn try_from(_: &[u8]) -> Result<Self, Error> {
        Err(Error::new())
    }
}
