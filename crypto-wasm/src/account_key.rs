//! The account key: the root of what an account keeps, itself kept wrapped.

use crate::envelope::{EnvelopeKey, sixteen};
use crate::error::Thrown;
use crate::held::Held;
use crate::opaque::ExportKey;
use rand::rngs::OsRng;
use smail_crypto_core::Owner;
use wasm_bindgen::prelude::wasm_bindgen;

/// The root of an account's keys. Secret: it leaves only wrapped.
#[wasm_bindgen]
#[derive(Debug)]
pub struct AccountKey(Held<smail_crypto_core::AccountKey>);

#[wasm_bindgen]
impl AccountKey {
    /// Makes a random account key.
    #[must_use]
    pub fn generate() -> Self {
        Self(Held::new(smail_crypto_core::AccountKey::generate(
            &mut OsRng,
        )))
    }

    /// Wraps the key so that only the password opens it. `owner` is the account's id, 16 bytes.
    ///
    /// # Errors
    /// An owner of another length.
    pub fn wrap(&self, export_key: &ExportKey, owner: &[u8]) -> Result<Vec<u8>, Thrown> {
        let owner = Owner(sixteen(owner)?);
        let (key, export_key) = (self.0.get()?, export_key.0.get()?);
        Ok(key.wrap_under_export_key(&export_key, owner, &mut OsRng)?)
    }

    /// Opens what [`AccountKey::wrap`] made.
    ///
    /// # Errors
    /// Another export key, another owner, changed bytes.
    pub fn unwrap(export_key: &ExportKey, owner: &[u8], wrapped: &[u8]) -> Result<Self, Thrown> {
        let owner = Owner(sixteen(owner)?);
        let export_key = export_key.0.get()?;
        let key =
            smail_crypto_core::AccountKey::unwrap_with_export_key(&export_key, owner, wrapped)?;
        Ok(Self(Held::new(key)))
    }

    /// The key that seals secret keys.
    ///
    /// # Errors
    /// After [`clear`](crate::clear).
    #[wasm_bindgen(js_name = keyringKey)]
    pub fn keyring_key(&self) -> Result<EnvelopeKey, Thrown> {
        Ok(EnvelopeKey(Held::new(self.0.get()?.keyring_key())))
    }

    /// The key that seals everything else an account keeps.
    ///
    /// # Errors
    /// After [`clear`](crate::clear).
    #[wasm_bindgen(js_name = stateKey)]
    pub fn state_key(&self) -> Result<EnvelopeKey, Thrown> {
        Ok(EnvelopeKey(Held::new(self.0.get()?.state_key())))
    }

    /// The id of a state object of this name: 16 bytes that tell the server nothing.
    ///
    /// # Errors
    /// After [`clear`](crate::clear).
    #[wasm_bindgen(js_name = objectId)]
    pub fn object_id(&self, name: &str) -> Result<Vec<u8>, Thrown> {
        Ok(self.0.get()?.object_id(name).0.to_vec())
    }
}
