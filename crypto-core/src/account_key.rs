//! The account key and the hierarchy under it. Every key is HKDF-SHA-512 (RFC 5869, without salt) of the one above,
//! under a label of its own.

use crate::envelope::{self, Binding, Kind, OpenError, SealError};
use crate::hkdf;
use crate::identity::{Object, Owner};
use crate::recovery_code::RecoveryCode;
use crate::secret::{AccountKeyBytes, EnvelopeKey, ExportKey, ResumeSecret};
use rand::{CryptoRng, RngCore};
use std::fmt;

const WRAP_PASSWORD: &str = "s-mail/v1/wrap/password";
const WRAP_RECOVERY: &str = "s-mail/v1/wrap/recovery";
const WRAP_RESUME: &str = "s-mail/v1/wrap/resume";
const KEYRING: &str = "s-mail/v1/keyring";
const STATE: &str = "s-mail/v1/state";
const INDEX: &str = "s-mail/v1/index";
const DEVICE: &str = "s-mail/v1/device";
const OBJECT_ID: &str = "s-mail/v1/object-id/";

/// The root of what an account keeps: 32 random bytes that never leave the client unwrapped.
pub struct AccountKey(AccountKeyBytes);

impl AccountKey {
    /// Makes the key of a new account.
    #[must_use]
    pub fn generate<R: RngCore + CryptoRng>(rng: &mut R) -> Self {
        Self(AccountKeyBytes::random(rng))
    }

    /// Wraps the account key for the server to keep beside the password's credential.
    ///
    /// # Errors
    /// [`SealError`], which cannot happen for a key's length.
    pub fn wrap_under_export_key<R: RngCore + CryptoRng>(
        &self,
        export_key: &ExportKey,
        owner: Owner,
        rng: &mut R,
    ) -> Result<Vec<u8>, SealError> {
        self.wrap(
            &password_wrap_key(export_key),
            Kind::WrappedAccountKey,
            owner,
            rng,
        )
    }

    /// Unwraps what [`AccountKey::wrap_under_export_key`] made.
    ///
    /// # Errors
    /// [`OpenError::Tampered`] also when the export key is another credential's.
    pub fn unwrap_with_export_key(
        export_key: &ExportKey,
        owner: Owner,
        wrapped: &[u8],
    ) -> Result<Self, OpenError> {
        Self::unwrap(
            &password_wrap_key(export_key),
            Kind::WrappedAccountKey,
            owner,
            wrapped,
        )
    }

    /// Wraps the account key for the server to keep beside the recovery code's credential.
    ///
    /// # Errors
    /// [`SealError`], which cannot happen for a key's length.
    pub fn wrap_under_recovery_code<R: RngCore + CryptoRng>(
        &self,
        code: &RecoveryCode,
        owner: Owner,
        rng: &mut R,
    ) -> Result<Vec<u8>, SealError> {
        self.wrap(
            &recovery_wrap_key(code),
            Kind::WrappedAccountKey,
            owner,
            rng,
        )
    }

    /// Unwraps what [`AccountKey::wrap_under_recovery_code`] made.
    ///
    /// # Errors
    /// [`OpenError::Tampered`] also when the recovery code is another.
    pub fn unwrap_with_recovery_code(
        code: &RecoveryCode,
        owner: Owner,
        wrapped: &[u8],
    ) -> Result<Self, OpenError> {
        Self::unwrap(
            &recovery_wrap_key(code),
            Kind::WrappedAccountKey,
            owner,
            wrapped,
        )
    }

    /// Wraps the account key for one browser to resume from after a page load.
    ///
    /// # Errors
    /// [`SealError`], which cannot happen for a key's length.
    pub fn wrap_under_resume_secret<R: RngCore + CryptoRng>(
        &self,
        secret: &ResumeSecret,
        owner: Owner,
        rng: &mut R,
    ) -> Result<Vec<u8>, SealError> {
        self.wrap(&resume_wrap_key(secret), Kind::Resume, owner, rng)
    }

    /// Unwraps what [`AccountKey::wrap_under_resume_secret`] made.
    ///
    /// # Errors
    /// [`OpenError::Tampered`] also when the resume secret is another browser's.
    pub fn unwrap_with_resume_secret(
        secret: &ResumeSecret,
        owner: Owner,
        wrapped: &[u8],
    ) -> Result<Self, OpenError> {
        Self::unwrap(&resume_wrap_key(secret), Kind::Resume, owner, wrapped)
    }

    /// Seals the transferable secret keys.
    #[must_use]
    pub fn keyring_key(&self) -> EnvelopeKey {
        self.derived(KEYRING)
    }

    /// Seals summaries, flags, folder names, contacts, settings and drafts.
    #[must_use]
    pub fn state_key(&self) -> EnvelopeKey {
        self.derived(STATE)
    }

    /// Seals the search index.
    #[must_use]
    pub fn index_key(&self) -> EnvelopeKey {
        self.derived(INDEX)
    }

    /// What a program keeps on its device is sealed under keys that it derives from this one, by a cipher of its platform's.
    #[must_use]
    pub fn device_key(&self) -> EnvelopeKey {
        self.derived(DEVICE)
    }

    /// The id of the state object with this name: says nothing to who does not hold the account key.
    #[must_use]
    pub fn object_id(&self, name: &str) -> Object {
        let mut id = [0; 16];
        // EXPOSE: ids are derived from it.
        hkdf::expand(
            self.0.expose(),
            &[OBJECT_ID.as_bytes(), name.as_bytes()],
            &mut id,
        );
        Object(id)
    }

    fn derived(&self, label: &str) -> EnvelopeKey {
        // EXPOSE: keys are derived from it.
        hkdf::envelope_key(self.0.expose(), label)
    }

    fn wrap<R: RngCore + CryptoRng>(
        &self,
        key: &EnvelopeKey,
        kind: Kind,
        owner: Owner,
        rng: &mut R,
    ) -> Result<Vec<u8>, SealError> {
        // EXPOSE: sealed at once.
        envelope::seal(key, &binding(kind, owner), self.0.expose(), rng)
    }

    fn unwrap(
        key: &EnvelopeKey,
        kind: Kind,
        owner: Owner,
        wrapped: &[u8],
    ) -> Result<Self, OpenError> {
        let bytes = envelope::open(key, &binding(kind, owner), wrapped)?;
        AccountKeyBytes::from_slice(&bytes)
            .map(Self)
            .map_err(|_| OpenError::Malformed {
                field: "account key",
            })
    }
}

impl fmt::Debug for AccountKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountKey(..)")
    }
}

/// An account has one key, which never changes; what wraps it does.
const fn binding(kind: Kind, owner: Owner) -> Binding {
    Binding {
        kind,
        owner,
        object: Object::ONLY,
        version: 0,
    }
}

fn password_wrap_key(export_key: &ExportKey) -> EnvelopeKey {
    // EXPOSE: the wrapping key is derived from it.
    hkdf::envelope_key(export_key.expose(), WRAP_PASSWORD)
}

fn recovery_wrap_key(code: &RecoveryCode) -> EnvelopeKey {
    // EXPOSE: the wrapping key is derived from it.
    hkdf::envelope_key(code.expose(), WRAP_RECOVERY)
}

fn resume_wrap_key(secret: &ResumeSecret) -> EnvelopeKey {
    // EXPOSE: the wrapping key is derived from it.
    hkdf::envelope_key(secret.expose(), WRAP_RESUME)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng as _;
    use rand_chacha::ChaCha20Rng;

    const ALICE: Owner = Owner([1; 16]);
    const MALLORY: Owner = Owner([2; 16]);

    fn same(one: &AccountKey, other: &AccountKey) -> bool {
        one.0.ct_eq(&other.0).into()
    }

    #[test]
    fn debug_shows_nothing() {
        let key = AccountKey::generate(&mut ChaCha20Rng::seed_from_u64(1));
        insta::assert_snapshot!(format!("{key:?}"), @"AccountKey(..)");
    }

    #[test]
    fn each_wrapping_opens_with_its_own_secret_only() {
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        let key = AccountKey::generate(&mut rng);
        let export_key = ExportKey::from_slice(&[3; 64]).unwrap();
        let code = RecoveryCode::generate(&mut rng);
        let resume = ResumeSecret::from_slice(&[4; 32]).unwrap();

        let by_password = key
            .wrap_under_export_key(&export_key, ALICE, &mut rng)
            .unwrap();
        let by_code = key
            .wrap_under_recovery_code(&code, ALICE, &mut rng)
            .unwrap();
        let by_browser = key
            .wrap_under_resume_secret(&resume, ALICE, &mut rng)
            .unwrap();

        assert!(same(
            &key,
            &AccountKey::unwrap_with_export_key(&export_key, ALICE, &by_password).unwrap()
        ));
        assert!(same(
            &key,
            &AccountKey::unwrap_with_recovery_code(&code, ALICE, &by_code).unwrap()
        ));
        assert!(same(
            &key,
            &AccountKey::unwrap_with_resume_secret(&resume, ALICE, &by_browser).unwrap()
        ));

        for refused in [
            AccountKey::unwrap_with_export_key(&export_key, MALLORY, &by_password),
            AccountKey::unwrap_with_export_key(&export_key, ALICE, &by_code),
            AccountKey::unwrap_with_recovery_code(&code, ALICE, &by_password),
            AccountKey::unwrap_with_resume_secret(&resume, ALICE, &by_code),
        ] {
            assert_eq!(refused.unwrap_err(), OpenError::Tampered);
        }
    }

    #[test]
    fn derived_keys_differ() {
        let key = AccountKey::generate(&mut ChaCha20Rng::seed_from_u64(5));
        let (keyring, state, index) = (key.keyring_key(), key.state_key(), key.index_key());
        assert!(!bool::from(keyring.ct_eq(&state)));
        assert!(!bool::from(state.ct_eq(&index)));
        assert_ne!(key.object_id("folders"), key.object_id("pins"));
    }
}
