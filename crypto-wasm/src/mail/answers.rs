//! Answering and passing on.

use super::MailClient;
use super::thrown;
use crate::error::Thrown;
use smail_mail_core::views::{Draft, QuoteWords};
use tsify::{Ts, Tsify as _};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
impl MailClient {
    /// A draft that answers a message.
    ///
    /// # Errors
    /// A message that is gone or does not open, or no answer from the server.
    #[wasm_bindgen(js_name = replyDraft)]
    pub async fn reply_draft(
        &self,
        item_id: String,
        words: Ts<QuoteWords>,
    ) -> Result<Ts<Draft>, Thrown> {
        let draft = self.0.reply_draft(&item_id, &words.to_rust()?).await;
        let draft = draft.map_err(thrown)?;
        Ok(draft.into_ts()?)
    }

    /// A draft that answers a message to everybody who is seen to have it.
    ///
    /// # Errors
    /// A message that is gone or does not open, or no answer from the server.
    #[wasm_bindgen(js_name = replyAllDraft)]
    pub async fn reply_all_draft(
        &self,
        item_id: String,
        words: Ts<QuoteWords>,
    ) -> Result<Ts<Draft>, Thrown> {
        let draft = self.0.reply_all_draft(&item_id, &words.to_rust()?).await;
        let draft = draft.map_err(thrown)?;
        Ok(draft.into_ts()?)
    }

    /// A draft that passes a message on.
    ///
    /// # Errors
    /// A message that is gone or does not open, or no answer from the server.
    #[wasm_bindgen(js_name = forwardDraft)]
    pub async fn forward_draft(
        &self,
        item_id: String,
        words: Ts<QuoteWords>,
    ) -> Result<Ts<Draft>, Thrown> {
        let draft = self.0.forward_draft(&item_id, &words.to_rust()?).await;
        let draft = draft.map_err(thrown)?;
        Ok(draft.into_ts()?)
    }

    /// The first word of what was written that says something is attached.
    #[wasm_bindgen(js_name = saysAttached)]
    #[must_use]
    pub fn says_attached(&self, subject: &str, text: &str) -> Option<String> {
        smail_mail_core::says_attached(subject, text)
    }
}
