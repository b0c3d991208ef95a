//! What is kept on the device while the server cannot be reached.

use super::client::MailClient;
use super::progress::reporter;
use super::thrown;
use crate::error::Thrown;
use js_sys::Function;
use smail_mail_core::views::{Draft, MessageRow, PackedView, SentReceipt};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
impl MailClient {
    /// 32 bytes that keys for what is kept on this device are derived from. Secret; the caller wipes them.
    #[wasm_bindgen(js_name = deviceKey)]
    pub fn device_key(&self) -> Vec<u8> {
        self.0.device_key().to_vec()
    }

    /// Makes and encrypts a message without delivering it; a sealed record for the device to keep under this id.
    ///
    /// # Errors
    /// Whatever stands in the way of sending; `offline` when a recipient's certificate is not at hand.
    #[wasm_bindgen(js_name = packMessage)]
    pub async fn pack_message(
        &self,
        id: String,
        draft: Ts<Draft>,
        #[wasm_bindgen(unchecked_param_type = "(step: Step) => void")] progress: Function,
    ) -> Result<Vec<u8>, Thrown> {
        let packed = self
            .0
            .pack_message(&id, draft.to_rust()?, reporter(progress));
        packed.await.map_err(thrown)
    }

    /// Seals a draft for the device to keep under this id.
    ///
    /// # Errors
    /// An id that is none.
    #[wasm_bindgen(js_name = packDraft)]
    pub fn pack_draft(&self, id: &str, draft: Ts<Draft>) -> Result<Vec<u8>, Thrown> {
        self.0.pack_draft(id, draft.to_rust()?).map_err(thrown)
    }

    /// Opens a sealed record.
    ///
    /// # Errors
    /// A record that was damaged.
    pub fn unpack(&self, id: &str, sealed: &[u8]) -> Result<Ts<PackedView>, Thrown> {
        Ok(self.0.unpack(id, sealed).map_err(thrown)?.into_ts()?)
    }

    /// Delivers the message of a sealed record, once however often it is tried.
    ///
    /// # Errors
    /// Whatever stands in the way of sending.
    #[wasm_bindgen(js_name = deliverPacked)]
    pub async fn deliver_packed(
        &self,
        id: String,
        sealed: Vec<u8>,
    ) -> Result<Ts<SentReceipt>, Thrown> {
        let receipt = self.0.deliver_packed(&id, &sealed).await.map_err(thrown)?;
        Ok(receipt.into_ts()?)
    }

    /// Whether the message of a sealed record has got through in an earlier try.
    ///
    /// # Errors
    /// A record that was damaged, or no answer from the server.
    #[wasm_bindgen(js_name = packedIsSent)]
    pub async fn packed_is_sent(&self, id: String, sealed: Vec<u8>) -> Result<bool, Thrown> {
        self.0.packed_is_sent(&id, &sealed).await.map_err(thrown)
    }

    /// Saves the draft of a sealed record on the server.
    ///
    /// # Errors
    /// A record that was damaged, or no answer from the server.
    #[wasm_bindgen(js_name = savePacked)]
    pub async fn save_packed(&self, id: String, sealed: Vec<u8>) -> Result<Ts<MessageRow>, Thrown> {
        Ok(self
            .0
            .save_packed(&id, &sealed)
            .await
            .map_err(thrown)?
            .into_ts()?)
    }
}
