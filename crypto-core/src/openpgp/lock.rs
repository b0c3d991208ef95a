//! Secret keys locked with a passphrase (RFC 9580, section 3.7.2.1), to be carried to another program.

use super::secret_key::{ParseSecretKeyError, TransferableSecretKey};
use pgp::composed::SignedSecretSubKey;
use pgp::crypto::aead::AeadAlgorithm;
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::errors::Result as OpenPgpResult;
use pgp::ser::Serialize as _;
use pgp::types::{KeyDetails as _, Password, S2kParams, StringToKey};
use rand::{CryptoRng, RngCore};

/// Argon2id by the second recommendation of RFC 9106, section 4: 3 passes, 4 lanes, 2^16 KiB.
const PASSES: u8 = 3;
const LANES: u8 = 4;
const MEMORY_EXPONENT: u8 = 16;
/// The most that an iterated S2K can hash: 65,011,712 octets.
const MOST_ITERATIONS: u8 = 0xff;

/// Which programs are to read a locked key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Readers {
    /// Those that know RFC 9580: Argon2id, AES-256 with OCB.
    #[default]
    Rfc9580,
    /// Those that know RFC 4880 alone, as GnuPG does: iterated and salted SHA-256, AES-256 with CFB. Costs a guesser
    /// far less.
    Rfc4880,
}

/// Why a key could not be locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// An empty passphrase protects nothing.
    #[error("a passphrase is needed to lock a key")]
    EmptyPassphrase,
    /// rPGP could not lock it.
    #[error("the key could not be locked")]
    Failed,
}

impl LockError {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::EmptyPassphrase => "lock-empty-passphrase",
            Self::Failed => "lock-failed",
        }
    }
}

impl TransferableSecretKey {
    /// The key in binary form, each part of it locked with the passphrase. [`TransferableSecretKey::unlock`] reads it.
    ///
    /// # Errors
    /// [`LockError`].
    pub fn lock<R: RngCore + CryptoRng>(
        &self,
        passphrase: &[u8],
        readers: Readers,
        rng: &mut R,
    ) -> Result<Vec<u8>, LockError> {
        if passphrase.is_empty() {
            return Err(LockError::EmptyPassphrase);
        }
        self.locked(&Password::from(passphrase), readers, rng)
            .map_err(|_| LockError::Failed)
    }

    /// The key without its post-quantum subkeys: GnuPG 2.2 does not know their algorithms, and cannot use the other subkeys of
    /// a secret key that has some. What is encrypted to them alone cannot be read with what is left.
    ///
    /// # Errors
    /// [`ParseSecretKeyError`] for a key that nothing is left of.
    pub fn without_post_quantum(&self) -> Result<Self, ParseSecretKeyError> {
        let mut key = self.parsed().clone();
        let is_known = |subkey: &SignedSecretSubKey| !subkey.key.algorithm().is_pqc();
        key.secret_subkeys.retain(is_known);
        Self::from_parsed(key)
    }

    fn locked<R: RngCore + CryptoRng>(
        &self,
        passphrase: &Password,
        readers: Readers,
        rng: &mut R,
    ) -> OpenPgpResult<Vec<u8>> {
        let mut key = self.parsed().clone();
        let primary = &mut key.primary_key;
        primary.set_password_with_s2k(passphrase, protection(readers, rng))?;
        for subkey in &mut key.secret_subkeys {
            let protection = protection(readers, rng);
            subkey.key.set_password_with_s2k(passphrase, protection)?;
        }
        key.to_bytes()
    }
}

fn protection<R: RngCore + CryptoRng>(readers: Readers, rng: &mut R) -> S2kParams {
    let sym_alg = SymmetricKeyAlgorithm::AES256;
    match readers {
        Readers::Rfc9580 => {
            let aead_mode = AeadAlgorithm::Ocb;
            S2kParams::Aead {
                sym_alg,
                aead_mode,
                s2k: StringToKey::new_argon2(&mut *rng, PASSES, LANES, MEMORY_EXPONENT),
                nonce: random(aead_mode.nonce_size(), rng).into(),
            }
        }
        Readers::Rfc4880 => S2kParams::Cfb {
            sym_alg,
            s2k: StringToKey::new_iterated(&mut *rng, HashAlgorithm::Sha256, MOST_ITERATIONS),
            iv: random(sym_alg.block_size(), rng).into(),
        },
    }
}

fn random<R: RngCore + CryptoRng>(len_bytes: usize, rng: &mut R) -> Vec<u8> {
    let mut bytes = vec![0; len_bytes];
    rng.fill_bytes(&mut bytes);
    bytes
}
