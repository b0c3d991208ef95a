//! Passkeys: what the page asks the browser for, and what the browser has given it.

use super::thrown;
use super::{MailClient, MailLogIn};
use crate::error::Thrown;
use smail_mail_core::views::{
    FactorAdded, NewPasskey, PasskeyAnswer, PasskeyCreation, PasskeyQuestion, SecondFactor,
};
use tsify::{Ts, Tsify as _};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
impl MailClient {
    /// Begins to add a passkey.
    ///
    /// # Errors
    /// A log-in too long ago, too many passkeys, or no answer from the server.
    #[wasm_bindgen(js_name = newPasskey)]
    pub async fn new_passkey(&self) -> Result<Ts<PasskeyCreation>, Thrown> {
        Ok(self.0.new_passkey().await.map_err(thrown)?.into_ts()?)
    }

    /// Adds a passkey that the browser has made.
    ///
    /// # Errors
    /// No name, not what was asked for, a log-in too long ago, or no answer from the server.
    #[wasm_bindgen(js_name = addPasskey)]
    pub async fn add_passkey(&self, new: Ts<NewPasskey>) -> Result<Ts<FactorAdded>, Thrown> {
        let new = new.to_rust()?;
        Ok(self.0.add_passkey(&new).await.map_err(thrown)?.into_ts()?)
    }

    /// Calls a passkey something else.
    ///
    /// # Errors
    /// No name, no such passkey, or no answer from the server.
    #[wasm_bindgen(js_name = renamePasskey)]
    pub async fn rename_passkey(
        &self,
        passkey: String,
        name: String,
    ) -> Result<Ts<SecondFactor>, Thrown> {
        let renamed = self.0.rename_passkey(&passkey, &name).await;
        Ok(renamed.map_err(thrown)?.into_ts()?)
    }

    /// Removes a passkey.
    ///
    /// # Errors
    /// No such passkey, a log-in too long ago, or no answer from the server.
    #[wasm_bindgen(js_name = removePasskey)]
    pub async fn remove_passkey(&self, passkey: String) -> Result<Ts<SecondFactor>, Thrown> {
        let left = self.0.remove_passkey(&passkey).await;
        Ok(left.map_err(thrown)?.into_ts()?)
    }
}

#[wasm_bindgen]
impl MailLogIn {
    /// What a passkey is to sign for this log-in.
    ///
    /// # Errors
    /// No passkey of this address, a log-in that is over, or no answer from the server.
    #[wasm_bindgen(js_name = askPasskey)]
    pub async fn ask_passkey(&self) -> Result<Ts<PasskeyQuestion>, Thrown> {
        let pending = self.take_pending()?;
        let asked = pending.ask_passkey().await;
        self.put_back(pending);
        Ok(asked.map_err(thrown)?.into_ts()?)
    }

    /// Proves the second factor by what a passkey has signed, and opens the account.
    ///
    /// # Errors
    /// Not what was asked for, a log-in that is over, or no answer from the server.
    #[wasm_bindgen(js_name = provePasskey)]
    pub async fn prove_passkey(
        &self,
        answer: Ts<PasskeyAnswer>,
        #[wasm_bindgen(unchecked_param_type = "(step: Step) => void")] progress: js_sys::Function,
    ) -> Result<MailClient, Thrown> {
        let answer = answer.to_rust()?;
        let proof = smail_mail_core::Proof::Passkey(&answer);
        self.prove_by(&proof, progress).await
    }
}
