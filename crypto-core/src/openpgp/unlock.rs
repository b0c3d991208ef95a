//! Secret keys that come locked with a password, from another program.

use super::limits::{Limit, LimitExceeded, Limits};
use super::secret_key::{self, ParseSecretKeyError, TransferableSecretKey};
use pgp::composed::SignedSecretKey;
use pgp::types::{Password, S2kParams, SecretParams, StringToKey};

/// Why a locked key could not be unlocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnlockError {
    /// Not a secret key.
    #[error(transparent)]
    Parse(ParseSecretKeyError),
    /// The password function (S2K) asks for more than the limits allow.
    #[error(transparent)]
    LimitExceeded(LimitExceeded),
    /// The password is wrong.
    #[error("the password of this key is wrong")]
    WrongPassword,
}

impl UnlockError {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Parse(error) => error.code(),
            Self::LimitExceeded(error) => error.code(),
            Self::WrongPassword => "unlock-wrong-password",
        }
    }
}

impl TransferableSecretKey {
    /// Reads one transferable secret key and takes its password off. The cost of each password function (S2K) is
    /// checked before anything is spent.
    ///
    /// # Errors
    /// [`UnlockError`].
    pub fn unlock(input: &[u8], password: &[u8], limits: &Limits) -> Result<Self, UnlockError> {
        let mut parsed = secret_key::parse(input).map_err(UnlockError::Parse)?;
        check_all_s2k(&parsed, limits).map_err(UnlockError::LimitExceeded)?;
        remove_password(&mut parsed, &Password::from(password))
            .map_err(|_| UnlockError::WrongPassword)?;
        Self::from_parsed(parsed).map_err(UnlockError::Parse)
    }
}

fn remove_password(key: &mut SignedSecretKey, password: &Password) -> pgp::errors::Result<()> {
    if is_locked(key.primary_key.secret_params()) {
        key.primary_key.remove_password(password)?;
    }
    for subkey in &mut key.secret_subkeys {
        if is_locked(subkey.key.secret_params()) {
            subkey.key.remove_password(password)?;
        }
    }
    Ok(())
}

const fn is_locked(params: &SecretParams) -> bool {
    matches!(params, SecretParams::Encrypted(_))
}

fn check_all_s2k(key: &SignedSecretKey, limits: &Limits) -> Result<(), LimitExceeded> {
    check_params(key.primary_key.secret_params(), limits)?;
    key.secret_subkeys
        .iter()
        .try_for_each(|subkey| check_params(subkey.key.secret_params(), limits))
}

fn check_params(params: &SecretParams, limits: &Limits) -> Result<(), LimitExceeded> {
    let SecretParams::Encrypted(encrypted) = params else {
        return Ok(());
    };
    match encrypted.string_to_key_params() {
        S2kParams::Aead { s2k, .. }
        | S2kParams::Cfb { s2k, .. }
        | S2kParams::MalleableCfb { s2k, .. } => check_s2k(s2k, limits),
        S2kParams::Unprotected | S2kParams::LegacyCfb { .. } => Ok(()),
    }
}

/// Refuses an Argon2 (RFC 9580, section 3.7.1.4) that costs too much. The other functions cannot ask for more than
/// 65 MB of hashing and no memory.
pub(super) fn check_s2k(s2k: &StringToKey, limits: &Limits) -> Result<(), LimitExceeded> {
    let StringToKey::Argon2 { t, m_enc, .. } = s2k else {
        return Ok(());
    };
    let memory_kib = 1_u64.checked_shl(u32::from(*m_enc)).unwrap_or(u64::MAX);
    if memory_kib > u64::from(limits.s2k_memory_kib) {
        return Err(LimitExceeded {
            limit: Limit::S2kMemoryKib,
            allowed: u64::from(limits.s2k_memory_kib),
        });
    }
    if u32::from(*t) > limits.s2k_passes {
        return Err(LimitExceeded {
            limit: Limit::S2kPasses,
            allowed: u64::from(limits.s2k_passes),
        });
    }
    Ok(())
}
