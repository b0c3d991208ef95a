//! An open account, as a handle.

use super::progress::reporter;
use super::records::{FlagChange, RecoveryKit};
use super::thrown;
use super::transport::WorkerTransport;
use crate::error::Thrown;
use js_sys::Function;
use rand::rngs::OsRng;
use serde::Serialize;
use smail_mail_core::Client;
use smail_mail_core::views::{
    AccountInfo, Draft, Folder, MessagePage, MessageRow, RecipientStatus, SentReceipt, SyncOutcome,
};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

/// An open account. It holds the account's keys: `free()` wipes them.
#[wasm_bindgen]
#[derive(Debug)]
pub struct MailClient(pub(super) Client<WorkerTransport, OsRng>);

#[wasm_bindgen]
impl MailClient {
    /// The account that is open.
    ///
    /// # Errors
    /// None that is expected.
    pub fn account(&self) -> Result<Ts<AccountInfo>, Thrown> {
        Ok(self.0.account().into_ts()?)
    }

    /// Makes and sets a recovery code; an older one ends.
    ///
    /// # Errors
    /// The log-in is too long ago, or no answer from the server.
    #[wasm_bindgen(js_name = makeRecoveryKit)]
    pub async fn make_recovery_kit(
        &self,
        #[wasm_bindgen(unchecked_param_type = "(step: Step) => void")] progress: Function,
    ) -> Result<Ts<RecoveryKit>, Thrown> {
        let kit = self
            .0
            .make_recovery_kit(reporter(progress))
            .await
            .map_err(thrown)?;
        Ok(RecoveryKit {
            code: kit.code.as_str().to_owned(),
        }
        .into_ts()?)
    }

    /// Logs in again, as changes of credentials want.
    ///
    /// # Errors
    /// A wrong password, or no answer from the server.
    #[wasm_bindgen(js_name = confirmPassword)]
    pub async fn confirm_password(
        &self,
        current: String,
        #[wasm_bindgen(unchecked_param_type = "(step: Step) => void")] progress: Function,
    ) -> Result<(), Thrown> {
        let current = Zeroizing::new(current);
        self.0
            .confirm_password(&current, reporter(progress))
            .await
            .map_err(thrown)
    }

    /// Changes the password; all other sessions end.
    ///
    /// # Errors
    /// A wrong current password, a new one that cannot be, or no answer from the server.
    #[wasm_bindgen(js_name = changePassword)]
    pub async fn change_password(
        &self,
        current: String,
        new: String,
        #[wasm_bindgen(unchecked_param_type = "(step: Step) => void")] progress: Function,
    ) -> Result<(), Thrown> {
        let (current, new) = (Zeroizing::new(current), Zeroizing::new(new));
        self.0
            .change_password(&current, &new, reporter(progress))
            .await
            .map_err(thrown)
    }

    /// The account's folders.
    ///
    /// # Errors
    /// No answer from the server, or state that does not open.
    pub async fn folders(&self) -> Result<Vec<Ts<Folder>>, Thrown> {
        records(self.0.folders().await.map_err(thrown)?)
    }

    /// One page of a folder, latest arrival first.
    ///
    /// # Errors
    /// No answer from the server, or no such folder.
    pub async fn list(
        &self,
        folder_id: String,
        before: Option<String>,
        limit: Option<u32>,
    ) -> Result<Ts<MessagePage>, Thrown> {
        Ok(self
            .0
            .list(&folder_id, before.as_deref(), limit)
            .await
            .map_err(thrown)?
            .into_ts()?)
    }

    /// Keeps these messages from being opened by a list: an earlier client was ended by one of them.
    #[wasm_bindgen(js_name = setAside)]
    pub fn set_aside(&self, item_ids: Vec<String>) {
        self.0.set_aside(&item_ids);
    }

    /// Sets flags of an item.
    ///
    /// # Errors
    /// An item that is gone, or no answer from the server.
    #[wasm_bindgen(js_name = setFlags)]
    pub async fn set_flags(
        &self,
        item_id: String,
        change: Ts<FlagChange>,
    ) -> Result<Ts<MessageRow>, Thrown> {
        let FlagChange { unread, starred } = change.to_rust()?;
        let change = smail_mail_core::FlagChange { unread, starred };
        Ok(self
            .0
            .set_flags(&item_id, change)
            .await
            .map_err(thrown)?
            .into_ts()?)
    }

    /// Moves an item to another folder.
    ///
    /// # Errors
    /// An item or folder that is gone, or no answer from the server.
    #[wasm_bindgen(js_name = moveTo)]
    pub async fn move_to(
        &self,
        item_id: String,
        folder_id: String,
    ) -> Result<Ts<MessageRow>, Thrown> {
        Ok(self
            .0
            .move_to(&item_id, &folder_id)
            .await
            .map_err(thrown)?
            .into_ts()?)
    }

    /// Removes an item for good.
    ///
    /// # Errors
    /// No answer from the server.
    pub async fn delete(&self, item_id: String) -> Result<(), Thrown> {
        self.0.delete(&item_id).await.map_err(thrown)
    }

    /// Says of each address typed whether mail can be encrypted to it.
    ///
    /// # Errors
    /// No answer from the server.
    #[wasm_bindgen(js_name = lookUp)]
    pub async fn look_up(
        &self,
        addresses: Vec<String>,
    ) -> Result<Vec<Ts<RecipientStatus>>, Thrown> {
        records(self.0.look_up(&addresses).await.map_err(thrown)?)
    }

    /// Accepts the key that an address has now, by its fingerprint, in place of the one seen first.
    ///
    /// # Errors
    /// Another key by now, or no answer from the server.
    #[wasm_bindgen(js_name = acceptChangedKey)]
    pub async fn accept_changed_key(
        &self,
        address: String,
        fingerprint: String,
    ) -> Result<(), Thrown> {
        self.0
            .accept_changed_key(&address, &fingerprint)
            .await
            .map_err(thrown)
    }

    /// Encrypts, signs and delivers a message.
    ///
    /// # Errors
    /// Recipients that cannot be written to, a message that is too large, or no answer from the server.
    pub async fn send(
        &self,
        draft: Ts<Draft>,
        #[wasm_bindgen(unchecked_param_type = "(step: Step) => void")] progress: Function,
    ) -> Result<Ts<SentReceipt>, Thrown> {
        Ok(self
            .0
            .send(draft.to_rust()?, reporter(progress))
            .await
            .map_err(thrown)?
            .into_ts()?)
    }

    /// Asks whether a draft went out, when a try to send it had no answer. It then counts as sent.
    ///
    /// # Errors
    /// No answer from the server.
    #[wasm_bindgen(js_name = confirmSent)]
    pub async fn confirm_sent(&self, draft: Ts<Draft>) -> Result<Option<Ts<SentReceipt>>, Thrown> {
        let receipt = self.0.confirm_sent(&draft.to_rust()?).await;
        Ok(match receipt.map_err(thrown)? {
            Some(receipt) => Some(receipt.into_ts()?),
            None => None,
        })
    }

    /// Keeps a message that is being written, sealed.
    ///
    /// # Errors
    /// No answer from the server.
    #[wasm_bindgen(js_name = saveDraft)]
    pub async fn save_draft(&self, draft: Ts<Draft>) -> Result<Ts<MessageRow>, Thrown> {
        Ok(self
            .0
            .save_draft(draft.to_rust()?)
            .await
            .map_err(thrown)?
            .into_ts()?)
    }

    /// Opens a draft.
    ///
    /// # Errors
    /// A draft that is gone or does not open, or no answer from the server.
    #[wasm_bindgen(js_name = openDraft)]
    pub async fn open_draft(&self, item_id: String) -> Result<Ts<Draft>, Thrown> {
        Ok(self
            .0
            .open_draft(&item_id)
            .await
            .map_err(thrown)?
            .into_ts()?)
    }

    /// Removes a draft for good.
    ///
    /// # Errors
    /// No answer from the server.
    #[wasm_bindgen(js_name = discardDraft)]
    pub async fn discard_draft(&self, item_id: String) -> Result<(), Thrown> {
        self.0.discard_draft(&item_id).await.map_err(thrown)
    }

    /// Fetches what has changed since the last time.
    ///
    /// # Errors
    /// No answer from the server, or the session has ended.
    pub async fn sync(&self) -> Result<Ts<SyncOutcome>, Thrown> {
        Ok(self.0.sync().await.map_err(thrown)?.into_ts()?)
    }

    /// Ends the session at the server. Call `free()` afterwards, whatever comes of it.
    ///
    /// # Errors
    /// No answer from the server.
    #[wasm_bindgen(js_name = logOut)]
    pub async fn log_out(&self) -> Result<(), Thrown> {
        self.0.log_out().await.map_err(thrown)
    }
}

pub(super) fn records<V: Tsify + Serialize>(views: Vec<V>) -> Result<Vec<Ts<V>>, Thrown> {
    views.iter().map(|view| Ok(view.into_ts()?)).collect()
}
