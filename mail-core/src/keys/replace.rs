//! Replacing the keyring: sealed anew, and put in the place of the old one together with the certificate, or not at all.

use super::{Keyring, KeysError};
use crate::account::keyring_binding;
use crate::api::ApiError;
use crate::client::Client;
use crate::env::Randomness;
use crate::state::MAX_CONFLICTS;
use crate::transport::Transport;
use crate::views::KeyringView;
use sha2::{Digest as _, Sha256};
use smail_crypto_core::envelope;
use smail_protocol::limits::{MAX_CERTIFICATE_BYTES, MAX_SEALED_BYTES};
use smail_protocol::{AccountView, Bytes, KeysWriteRequest, ProblemCode};
use zeroize::Zeroizing;

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Changes the keyring; once more on what another session has made of it, when that was faster.
    pub(super) async fn replace_keyring(
        &self,
        change: impl Fn(&Keyring) -> Result<Zeroizing<Vec<u8>>, KeysError>,
    ) -> Result<KeyringView, KeysError> {
        for _ in 0..MAX_CONFLICTS {
            let octets = change(&self.account.keyring())?;
            let changed = Keyring::from_bytes(&octets).map_err(|_| KeysError::Seal)?;
            let request = self.keys_request(&octets, &changed)?;
            match self.env.keys_write(&request).await {
                Ok(()) => {
                    self.account.set_keyring(changed, &request.sealed_keyring);
                    // Messages that no key fitted may open now.
                    self.memory.borrow_mut().recent.clear();
                    return Ok(self.keyring());
                }
                Err(error) if error.is(ProblemCode::VersionConflict) => {
                    self.refresh_account().await?;
                }
                Err(error) if error.leaves_doubt() => return Err(KeysError::Unconfirmed),
                Err(error) => return Err(error.into()),
            }
        }
        Err(KeysError::Contended)
    }

    /// Takes over what another session has changed about the account. Keys that do not open are not taken.
    pub(crate) async fn refresh_account(&self) -> Result<AccountView, ApiError> {
        let view = self.env.account().await?;
        self.account.has_recovery.set(view.has_recovery);
        if let Ok(keyring) = self.account.open_keyring(&view) {
            self.account.set_keyring(keyring, &view.sealed_keyring);
        }
        Ok(view)
    }

    fn keys_request(
        &self,
        octets: &[u8],
        changed: &Keyring,
    ) -> Result<KeysWriteRequest, KeysError> {
        let (key, binding) = (
            self.account.key.keyring_key(),
            keyring_binding(self.account.id),
        );
        let sealed = self
            .env
            .with_rng(|rng| envelope::seal(&key, &binding, octets, rng))
            .map_err(|_| KeysError::Full)?;
        let certificate = changed.certificate().to_bytes();
        if sealed.len() > MAX_SEALED_BYTES || certificate.len() > MAX_CERTIFICATE_BYTES {
            return Err(KeysError::Full);
        }
        Ok(KeysWriteRequest {
            replaces: Bytes::from(self.account.keyring_digest.get().to_vec()),
            certificate: certificate.into(),
            sealed_keyring: sealed.into(),
        })
    }
}

/// What a keyring is told from others by.
pub(crate) fn digest(sealed_keyring: &Bytes) -> [u8; 32] {
    Sha256::digest(sealed_keyring.as_slice()).into()
}
