//! How the account is guarded, and how it ends.

use super::MailClient;
use super::progress::reporter;
use super::thrown;
use crate::error::Thrown;
use js_sys::Function;
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
}
