//! How the account is guarded, and how it ends.

use super::MailClient;
use super::progress::reporter;
use super::thrown;
use crate::error::Thrown;
use js_sys::Function;
use smail_mail_core::views::{FactorAdded, SecondFactor, TotpSetup};
use tsify::{Ts, Tsify as _};
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

#[wasm_bindgen]
impl MailClient {
    /// Deletes the account and all its mail, for good. Call `free()` afterwards.
    ///
    /// # Errors
    /// A wrong password, or no answer from the server.
    #[wasm_bindgen(js_name = deleteAccount)]
    pub async fn delete_account(
        &self,
        password: String,
        #[wasm_bindgen(unchecked_param_type = "(step: Step) => void")] progress: Function,
    ) -> Result<(), Thrown> {
        let password = Zeroizing::new(password);
        self.0
            .delete_account(&password, reporter(progress))
            .await
            .map_err(thrown)
    }

    /// The account's second factor.
    ///
    /// # Errors
    /// No answer from the server.
    #[wasm_bindgen(js_name = secondFactor)]
    pub async fn second_factor(&self) -> Result<Ts<SecondFactor>, Thrown> {
        Ok(self.0.second_factor().await.map_err(thrown)?.into_ts()?)
    }

    /// Makes the secret of a new authenticator app, to show it to the app once.
    ///
    /// # Errors
    /// None that is expected.
    #[wasm_bindgen(js_name = newTotp)]
    pub fn new_totp(&self) -> Result<Ts<TotpSetup>, Thrown> {
        Ok(self.0.new_totp().into_ts()?)
    }

    /// Sets the authenticator app up by a code that it shows.
    ///
    /// # Errors
    /// A wrong code, a log-in too long ago, or no answer from the server.
    #[wasm_bindgen(js_name = confirmTotp)]
    pub async fn confirm_totp(&self, code: String) -> Result<Ts<FactorAdded>, Thrown> {
        let code = Zeroizing::new(code);
        Ok(self
            .0
            .confirm_totp(&code)
            .await
            .map_err(thrown)?
            .into_ts()?)
    }

    /// Removes the authenticator app.
    ///
    /// # Errors
    /// A log-in too long ago, or no answer from the server.
    #[wasm_bindgen(js_name = removeTotp)]
    pub async fn remove_totp(&self) -> Result<Ts<SecondFactor>, Thrown> {
        Ok(self.0.remove_totp().await.map_err(thrown)?.into_ts()?)
    }

    /// Makes new recovery codes; those that there were are void.
    ///
    /// # Errors
    /// A log-in too long ago, or no answer from the server.
    #[wasm_bindgen(js_name = renewRecoveryCodes)]
    pub async fn renew_recovery_codes(&self) -> Result<Ts<FactorAdded>, Thrown> {
        Ok(self
            .0
            .renew_recovery_codes()
            .await
            .map_err(thrown)?
            .into_ts()?)
    }
}
