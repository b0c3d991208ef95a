//! Handles: what a page holds of an attachment. The session key is in it, sealed for this account, so that it never is
//! with the page, and so that no program has to remember it between two calls.

use super::TransferError;
use super::cut_off::CutOff;
use crate::client::Client;
use crate::env::Randomness;
use crate::transport::Transport;
use crate::views::DraftAttachment;
use smail_crypto_core::Object;
use smail_crypto_core::envelope::Kind;
use smail_protocol::Bytes;

/// Part of a draft, and of no version of one: a draft's own begin with 1.
const KIND: Kind = Kind::Draft;
const OBJECT: [u8; 16] = Object::ONLY.0;
const VERSION: u64 = 0;

impl<T: Transport, R: Randomness> Client<T, R> {
    /// What a page may show and hold.
    pub(crate) fn attachment_view(
        &self,
        cut_off: &CutOff,
    ) -> Result<DraftAttachment, TransferError> {
        let json = cut_off.to_json();
        let sealed = self.account.seal(&self.env, KIND, OBJECT, VERSION, &json)?;
        Ok(cut_off.view(sealed.to_string()))
    }

    /// What a handle is of.
    pub(crate) fn attachment_of(&self, view: &DraftAttachment) -> Result<CutOff, TransferError> {
        let opened = Bytes::parse(&view.handle).ok().and_then(|sealed| {
            self.account
                .unseal(KIND, OBJECT, VERSION, sealed.as_slice())
                .ok()
        });
        opened
            .and_then(|json| CutOff::from_json(&json))
            .ok_or(TransferError::UnknownHandle)
    }

    /// What several handles are of.
    pub(crate) fn attachments_of(
        &self,
        views: &[DraftAttachment],
    ) -> Result<Vec<CutOff>, TransferError> {
        views.iter().map(|view| self.attachment_of(view)).collect()
    }
}
