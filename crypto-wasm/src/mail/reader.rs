//! Reading a message, and what can be taken out of it.

use super::client::MailClient;
use super::progress::reporter;
use super::thrown;
use crate::error::Thrown;
use js_sys::Function;
use smail_mail_core::views::MessageView;
use tsify::{Ts, Tsify as _};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
impl MailClient {
    /// Fetches, decrypts and verifies a message.
    ///
    /// # Errors
    /// A message that is gone or does not open, or no answer from the server.
    pub async fn read(
        &self,
        item_id: String,
        #[wasm_bindgen(unchecked_param_type = "(step: Step) => void")] progress: Function,
    ) -> Result<Ts<MessageView>, Thrown> {
        let view = self.0.view(&item_id, reporter(progress)).await;
        Ok(view.map_err(thrown)?.into_ts()?)
    }

    /// Marks a message as read, if the server can be reached.
    #[wasm_bindgen(js_name = markRead)]
    pub async fn mark_read(&self, item_id: String) {
        self.0.mark_read(&item_id).await;
    }

    /// Opens a message ahead, so that reading it waits for nothing.
    pub async fn prefetch(&self, item_id: String) {
        self.0.prefetch(&item_id).await;
    }

    /// The octets of one attachment, by its place.
    ///
    /// # Errors
    /// No such attachment, a message that does not open, or no answer from the server.
    pub async fn attachment(
        &self,
        item_id: String,
        index: u32,
        #[wasm_bindgen(unchecked_param_type = "(step: Step) => void")] progress: Function,
    ) -> Result<Vec<u8>, Thrown> {
        let octets = self.0.attachment(&item_id, index, reporter(progress)).await;
        octets.map_err(thrown)
    }

    /// The message as it was decrypted.
    ///
    /// # Errors
    /// A message that is gone or does not open, or no answer from the server.
    pub async fn source(&self, item_id: String) -> Result<Vec<u8>, Thrown> {
        self.0.source(&item_id).await.map_err(thrown)
    }

    /// Keeps or takes back that remote content is always shown for a sender.
    ///
    /// # Errors
    /// No room for more, or no answer from the server.
    #[wasm_bindgen(js_name = showRemoteContent)]
    pub async fn show_remote_content(&self, address: String, always: bool) -> Result<(), Thrown> {
        let kept = self.0.show_remote_content(&address, always).await;
        kept.map_err(thrown)
    }

    /// The senders that remote content is always shown for.
    ///
    /// # Errors
    /// State that does not open.
    #[wasm_bindgen(js_name = remoteContentSenders)]
    pub fn remote_content_senders(&self) -> Result<Vec<String>, Thrown> {
        self.0.remote_content_senders().map_err(thrown)
    }
}
