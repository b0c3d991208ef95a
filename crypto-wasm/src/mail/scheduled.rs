//! Messages that wait to be sent.

use super::MailClient;
use super::progress::reporter;
use super::thrown;
use crate::error::Thrown;
use js_sys::Function;
use smail_mail_core::views::{Draft, MessageRow, SentReceipt};
use tsify::{Ts, Tsify as _};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
impl MailClient {
    /// Sends a message so many milliseconds from now; its row, among what waits.
    ///
    /// # Errors
    /// As sending, or a time that cannot be.
    #[wasm_bindgen(js_name = sendLater)]
    pub async fn send_later(
        &self,
        draft: Ts<Draft>,
        after_ms: f64,
        #[wasm_bindgen(unchecked_param_type = "(step: Step) => void")] progress: Function,
    ) -> Result<Ts<MessageRow>, Thrown> {
        let row = self
            .0
            .send_later(draft.to_rust()?, after_ms, reporter(progress))
            .await;
        Ok(row.map_err(thrown)?.into_ts()?)
    }

    /// Sends at once what waits.
    ///
    /// # Errors
    /// As sending.
    #[wasm_bindgen(js_name = sendScheduled)]
    pub async fn send_scheduled(
        &self,
        item_id: &str,
        #[wasm_bindgen(unchecked_param_type = "(step: Step) => void")] progress: Function,
    ) -> Result<Ts<SentReceipt>, Thrown> {
        let receipt = self.0.send_scheduled(item_id, reporter(progress)).await;
        Ok(receipt.map_err(thrown)?.into_ts()?)
    }

    /// Calls off what waits: it is a draft again.
    ///
    /// # Errors
    /// That it went out meanwhile.
    #[wasm_bindgen(js_name = callOff)]
    pub async fn call_off(&self, item_id: &str) -> Result<Ts<Draft>, Thrown> {
        Ok(self.0.call_off(item_id).await.map_err(thrown)?.into_ts()?)
    }
}
