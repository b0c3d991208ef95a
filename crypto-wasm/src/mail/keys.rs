//! The account's keys: looked at, taken along, renewed, and joined by others.

use super::client::MailClient;
use super::records::SecretText;
use super::thrown;
use crate::error::Thrown;
use smail_mail_core::views::{KeyringView, LockedFor};
use tsify::{Ts, Tsify as _};
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

#[wasm_bindgen]
impl MailClient {
    /// The account's keys, and those that were brought along.
    ///
    /// # Errors
    /// None but of the conversion.
    pub fn keyring(&self) -> Result<Ts<KeyringView>, Thrown> {
        Ok(self.0.keyring().into_ts()?)
    }

    /// The account's certificate as text.
    #[wasm_bindgen(js_name = exportCertificate)]
    #[must_use]
    pub fn export_certificate(&self) -> String {
        self.0.export_certificate()
    }

    /// The account's secret keys as text, locked with a passphrase.
    ///
    /// # Errors
    /// A passphrase that is too easy.
    #[wasm_bindgen(js_name = exportSecretKeys)]
    pub fn export_secret_keys(
        &self,
        passphrase: String,
        #[wasm_bindgen(js_name = lockedFor)] locked_for: Ts<LockedFor>,
    ) -> Result<String, Thrown> {
        let passphrase = SecretText::from(passphrase);
        let locked_for = locked_for.to_rust()?;
        // EXPOSE: locks the keys.
        let exported = self.0.export_secret_keys(passphrase.expose(), locked_for);
        exported.map_err(thrown)
    }

    /// Takes a secret key from another program along, to read with.
    ///
    /// # Errors
    /// No secret key, a wrong passphrase, no room, a log-in of long ago, or no answer from the server.
    #[wasm_bindgen(js_name = bringKey)]
    pub async fn bring_key(
        &self,
        file: Vec<u8>,
        passphrase: String,
    ) -> Result<Ts<KeyringView>, Thrown> {
        let (file, passphrase) = (Zeroizing::new(file), SecretText::from(passphrase));
        // EXPOSE: unlocks the key.
        let keyring = self.0.bring_key(&file, passphrase.expose()).await;
        Ok(keyring.map_err(thrown)?.into_ts()?)
    }

    /// Lets a key go that was brought along.
    ///
    /// # Errors
    /// No such key, a log-in of long ago, or no answer from the server.
    #[wasm_bindgen(js_name = removeBroughtKey)]
    pub async fn remove_brought_key(&self, fingerprint: String) -> Result<Ts<KeyringView>, Thrown> {
        let keyring = self.0.remove_brought_key(&fingerprint).await;
        Ok(keyring.map_err(thrown)?.into_ts()?)
    }

    /// Makes new keys for others to encrypt to.
    ///
    /// # Errors
    /// No room, a log-in of long ago, or no answer from the server.
    #[wasm_bindgen(js_name = renewKeys)]
    pub async fn renew_keys(&self) -> Result<Ts<KeyringView>, Thrown> {
        Ok(self.0.renew_keys().await.map_err(thrown)?.into_ts()?)
    }
}
