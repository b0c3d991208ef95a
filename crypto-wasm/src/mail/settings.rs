//! What a person has chosen.

use super::client::MailClient;
use super::thrown;
use crate::error::Thrown;
use smail_mail_core::views::{Settings, SettingsChange, Signature};
use tsify::{Ts, Tsify as _};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
impl MailClient {
    /// All settings.
    ///
    /// # Errors
    /// State that does not open.
    pub fn settings(&self) -> Result<Ts<Settings>, Thrown> {
        Ok(self.0.settings().map_err(thrown)?.into_ts()?)
    }

    /// Changes the settings that are named; all of them, afterwards.
    ///
    /// # Errors
    /// A value that cannot be chosen, or no answer from the server.
    #[wasm_bindgen(js_name = changeSettings)]
    pub async fn change_settings(
        &self,
        change: Ts<SettingsChange>,
    ) -> Result<Ts<Settings>, Thrown> {
        let settings = self.0.change_settings(change.to_rust()?).await;
        Ok(settings.map_err(thrown)?.into_ts()?)
    }

    /// Keeps a signature, a new one when its id is empty; all settings, afterwards.
    ///
    /// # Errors
    /// No name, too long, too many, or no answer from the server.
    #[wasm_bindgen(js_name = keepSignature)]
    pub async fn keep_signature(&self, signature: Ts<Signature>) -> Result<Ts<Settings>, Thrown> {
        let settings = self.0.keep_signature(signature.to_rust()?).await;
        Ok(settings.map_err(thrown)?.into_ts()?)
    }

    /// Removes a signature; all settings, afterwards.
    ///
    /// # Errors
    /// No answer from the server.
    #[wasm_bindgen(js_name = removeSignature)]
    pub async fn remove_signature(&self, id: String) -> Result<Ts<Settings>, Thrown> {
        let settings = self.0.remove_signature(&id).await;
        Ok(settings.map_err(thrown)?.into_ts()?)
    }
}
