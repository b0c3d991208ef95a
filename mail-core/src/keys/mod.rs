//! The account's keys, as a person sees them, and what can be done with them: taken along to other programs, renewed, and
//! joined by keys from elsewhere that old mail is encrypted to.

mod error;
mod keyring;
mod replace;

pub use error::KeysError;
pub(crate) use keyring::Keyring;
pub(crate) use replace::digest;

use crate::auth::new_password;
use crate::client::Client;
use crate::env::Randomness;
use crate::transport::Transport;
use crate::views::{KeyView, KeyringView, LockedFor};
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::{
    ArmorKind, Certificate, Limits, ListedKey, LockError, Readers, TransferableSecretKey, armor,
};

/// Most keys that are brought along.
const MAX_BROUGHT: usize = 10;

impl<T: Transport, R: Randomness> Client<T, R> {
    /// The account's keys, and those that were brought along.
    pub fn keyring(&self) -> KeyringView {
        let now = UnixSeconds::from_ms(self.env.now_ms());
        let keyring = self.account.keyring();
        KeyringView {
            own: listed(keyring.certificate(), now),
            brought: keyring
                .brought()
                .iter()
                .map(|key| listed(key.certificate(), now))
                .collect(),
        }
    }

    /// The account's certificate as text, for other programs and people.
    pub fn export_certificate(&self) -> String {
        self.account.keyring().certificate().to_armored()
    }

    /// The account's secret keys as text, locked with a passphrase.
    ///
    /// # Errors
    /// [`KeysError`].
    pub fn export_secret_keys(
        &self,
        passphrase: &str,
        locked_for: LockedFor,
    ) -> Result<String, KeysError> {
        new_password(passphrase, &self.account.username).map_err(KeysError::Passphrase)?;
        let keyring = self.account.keyring();
        let locked = self.env.with_rng(|rng| match locked_for {
            LockedFor::AnyProgram => {
                let own = keyring.own().without_post_quantum();
                let own = own.map_err(|_| LockError::Failed)?;
                own.lock(passphrase.as_bytes(), Readers::Rfc4880, rng)
            }
            LockedFor::NewPrograms => {
                let own = keyring.own();
                own.lock(passphrase.as_bytes(), Readers::Rfc9580, rng)
            }
        });
        let locked = locked.map_err(KeysError::Lock)?;
        Ok(armor(ArmorKind::SecretKey, &locked))
    }

    /// Takes a secret key from another program along, to read what is encrypted to it. Nothing is signed with it and nobody
    /// is told of it.
    ///
    /// # Errors
    /// [`KeysError`].
    pub async fn bring_key(&self, file: &[u8], passphrase: &str) -> Result<KeyringView, KeysError> {
        let key = TransferableSecretKey::unlock(file, passphrase.as_bytes(), &Limits::DEFAULT)?;
        if !key.can_decrypt() {
            return Err(KeysError::CannotDecrypt);
        }
        self.replace_keyring(|keyring| {
            let mut known = keyring.brought().iter().chain([keyring.own()]);
            if known.any(|known| known.fingerprint() == key.fingerprint()) {
                return Err(KeysError::AlreadyThere);
            }
            if keyring.brought().len() >= MAX_BROUGHT {
                return Err(KeysError::Full);
            }
            let all = [keyring.own()].into_iter().chain(keyring.brought());
            keyring::to_bytes(all.chain([&key])).map_err(|_| KeysError::Seal)
        })
        .await
    }

    /// Lets a key go that was brought along. What is encrypted to it alone cannot be read any more.
    ///
    /// # Errors
    /// [`KeysError`].
    pub async fn remove_brought_key(&self, fingerprint: &str) -> Result<KeyringView, KeysError> {
        self.replace_keyring(|keyring| {
            let is_it = |key: &&TransferableSecretKey| key.fingerprint().to_string() == fingerprint;
            if !keyring.brought().iter().any(|key| is_it(&key)) {
                return Err(KeysError::Gone);
            }
            let others = keyring.brought().iter().filter(|key| !is_it(key));
            keyring::to_bytes([keyring.own()].into_iter().chain(others))
                .map_err(|_| KeysError::Seal)
        })
        .await
    }

    /// Makes new keys for others to encrypt to, under the same primary key. What is on its way to the old ones is still read.
    ///
    /// # Errors
    /// [`KeysError`].
    pub async fn renew_keys(&self) -> Result<KeyringView, KeysError> {
        let now = UnixSeconds::from_ms(self.env.now_ms());
        self.replace_keyring(|keyring| {
            let renewed = self
                .env
                .with_rng(|rng| keyring.own().renewed(now, rng))
                .map_err(KeysError::Renew)?;
            keyring::to_bytes([&renewed].into_iter().chain(keyring.brought()))
                .map_err(|_| KeysError::Seal)
        })
        .await
    }
}

fn listed(certificate: &Certificate, now: UnixSeconds) -> KeyView {
    let keys = certificate.keys(now);
    let parts = |serves: fn(&ListedKey) -> bool| {
        let mut names: Vec<String> = keys
            .iter()
            .filter(|key| serves(key))
            .map(|key| key.algorithm.to_owned())
            .collect();
        names.dedup();
        names
    };
    let made_ms = |key: &ListedKey| key.created.get() as f64 * 1_000.0;
    let encrypting = keys.iter().filter(|key| key.encrypts).map(made_ms);
    KeyView {
        fingerprint: certificate.fingerprint().to_string(),
        addresses: certificate.addresses(),
        created_ms: keys.first().map_or(0.0, made_ms),
        encryption_created_ms: encrypting.reduce(f64::max),
        signs_with: parts(|key| key.signs),
        encrypts_with: parts(|key| key.encrypts),
        retired: u32::try_from(
            keys.iter()
                .filter(|key| !key.is_primary && !key.signs && !key.encrypts)
                .count(),
        )
        .unwrap_or(u32::MAX),
        fault: certificate
            .usable_at(now)
            .err()
            .map(|error| error.to_string()),
    }
}
