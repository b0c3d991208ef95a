//! New encryption keys under the same primary key. The primary key vouches for them, and with it stays the fingerprint that
//! others know the certificate by: nobody has to compare anything anew. The keys before them are revoked as superseded
//! (RFC 9580, section 5.2.3.31), so that no program encrypts to them any more, and stay to read what was.

use super::generate::{GenerateError, Material, encryption_subkey, self_signature};
use super::secret_key::TransferableSecretKey;
use crate::time::UnixSeconds;
use pgp::composed::SignedSecretSubKey;
use pgp::errors::Result as OpenPgpResult;
use pgp::packet::{RevocationCode, SecretKey, Signature, SignatureType, Subpacket, SubpacketData};
use pgp::types::{KeyDetails as _, Password, Timestamp};
use rand::{CryptoRng, RngCore};

/// Most subkeys: a certificate with more would not fit where certificates are kept.
const MAX_SUBKEYS: usize = 40;

/// Why no new keys could be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RenewError {
    /// There are as many subkeys as can be.
    #[error("these keys were renewed too often: there is no room for more")]
    TooManySubkeys,
    /// The keys could not be made.
    #[error(transparent)]
    Generate(GenerateError),
}

impl RenewError {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooManySubkeys => "renew-too-many-subkeys",
            Self::Generate(error) => error.code(),
        }
    }
}

impl TransferableSecretKey {
    /// These keys with two new subkeys to encrypt to, and the others of that kind revoked.
    ///
    /// # Errors
    /// [`RenewError`].
    pub fn renewed<R: RngCore + CryptoRng>(
        &self,
        now: UnixSeconds,
        rng: &mut R,
    ) -> Result<Self, RenewError> {
        if self.parsed().secret_subkeys.len() + 2 > MAX_SUBKEYS {
            return Err(RenewError::TooManySubkeys);
        }
        let failed = |_| RenewError::Generate(GenerateError::Failed);
        let mut parsed = self.parsed().clone();
        let primary = &parsed.primary_key;
        let now = now.to_openpgp();
        for subkey in &mut parsed.secret_subkeys {
            if is_in_use(subkey) {
                subkey
                    .signatures
                    .push(revocation(primary, subkey, now).map_err(failed)?);
            }
        }
        for make in [Material::ecdh, Material::ml_kem] {
            let subkey = encryption_subkey(primary, make, now, rng).map_err(failed)?;
            parsed.secret_subkeys.push(subkey);
        }
        Self::from_parsed(parsed).map_err(|error| RenewError::Generate(GenerateError::from(error)))
    }
}

/// Whether a subkey is one to encrypt to that was not revoked.
fn is_in_use(subkey: &SignedSecretSubKey) -> bool {
    let is_revoked =
        |signature: &Signature| signature.typ() == Some(SignatureType::SubkeyRevocation);
    subkey.key.algorithm().can_encrypt() && !subkey.signatures.iter().any(is_revoked)
}

fn revocation(
    primary: &SecretKey,
    subkey: &SignedSecretSubKey,
    now: Timestamp,
) -> OpenPgpResult<Signature> {
    let mut config = self_signature(primary, SignatureType::SubkeyRevocation, now)?;
    let reason = SubpacketData::RevocationReason(RevocationCode::KeySuperseded, Vec::new().into());
    config.hashed_subpackets.push(Subpacket::regular(reason)?);
    // What is hashed is the same as for a binding (RFC 9580, section 5.2.4).
    config.sign_subkey_binding(
        primary,
        primary.public_key(),
        &Password::empty(),
        subkey.key.public_key(),
    )
}
