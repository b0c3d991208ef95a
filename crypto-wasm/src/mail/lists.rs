//! Lists and conversations of an open account.

use super::client::MailClient;
use super::thrown;
use crate::error::Thrown;
use smail_mail_core::views::{ConversationView, ListRange, ListSpec, TakingIn};
use tsify::{Ts, Tsify as _};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
impl MailClient {
    /// Rows `start` to `end` of a list as it is now, and where the message `anchor` is in it.
    ///
    /// # Errors
    /// No answer from the server, or no such folder.
    #[wasm_bindgen(js_name = listRange)]
    pub async fn list_range(
        &self,
        spec: Ts<ListSpec>,
        start: u32,
        end: u32,
        anchor: Option<String>,
    ) -> Result<Ts<ListRange>, Thrown> {
        let spec = spec.to_rust()?;
        let range = self.0.list_range(&spec, start, end, anchor.as_deref());
        Ok(range.await.map_err(thrown)?.into_ts()?)
    }

    /// Takes the inbox's first page in, if that has not been done.
    ///
    /// # Errors
    /// No answer from the server.
    #[wasm_bindgen(js_name = beginInbox)]
    pub async fn begin_inbox(&self) -> Result<(), Thrown> {
        self.0.begin_inbox().await.map_err(thrown)
    }

    /// The conversation that a message is part of, as its folder's reader sees it.
    ///
    /// # Errors
    /// A message that is gone, or no answer from the server.
    pub async fn conversation(&self, item_id: String) -> Result<Ts<ConversationView>, Thrown> {
        let view = self.0.conversation(&item_id).await;
        Ok(view.map_err(thrown)?.into_ts()?)
    }

    /// Takes one more page of summaries in. To be called until it says that it is done.
    ///
    /// # Errors
    /// No answer from the server.
    #[wasm_bindgen(js_name = takeInMore)]
    pub async fn take_in_more(&self) -> Result<Ts<TakingIn>, Thrown> {
        let reached = self.0.take_in_more().await;
        Ok(reached.map_err(thrown)?.into_ts()?)
    }
}
