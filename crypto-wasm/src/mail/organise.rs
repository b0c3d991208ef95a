//! Folders, labels, and what is done with many messages at once.

use super::client::{MailClient, records};
use super::thrown;
use crate::error::Thrown;
use smail_mail_core::views::{
    Contents, Folder, Label, LabelColour, MessageRow, Operation, Organised, Woken,
};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
impl MailClient {
    /// Makes a folder, in another one or at the top.
    ///
    /// # Errors
    /// A name that cannot be, no room for more, or no answer from the server.
    #[wasm_bindgen(js_name = makeFolder)]
    pub async fn make_folder(
        &self,
        name: String,
        parent: Option<String>,
    ) -> Result<Ts<Folder>, Thrown> {
        let made = self.0.make_folder(&name, parent.as_deref()).await;
        Ok(made.map_err(thrown)?.into_ts()?)
    }

    /// Gives a folder another name.
    ///
    /// # Errors
    /// A name that cannot be, or no answer from the server.
    #[wasm_bindgen(js_name = renameFolder)]
    pub async fn rename_folder(&self, folder_id: String, name: String) -> Result<(), Thrown> {
        let renamed = self.0.rename_folder(&folder_id, &name).await;
        renamed.map_err(thrown)
    }

    /// Takes a folder into another one or to the top, before one of those there or behind the last.
    ///
    /// # Errors
    /// A place where it cannot be, or no answer from the server.
    #[wasm_bindgen(js_name = moveFolder)]
    pub async fn move_folder(
        &self,
        folder_id: String,
        parent: Option<String>,
        before: Option<String>,
    ) -> Result<(), Thrown> {
        self.0
            .move_folder(&folder_id, parent.as_deref(), before.as_deref())
            .await
            .map_err(thrown)
    }

    /// Deletes an empty folder and those inside it.
    ///
    /// # Errors
    /// Messages that are still there, or no answer from the server.
    #[wasm_bindgen(js_name = deleteFolder)]
    pub async fn delete_folder(&self, folder_id: String) -> Result<(), Thrown> {
        self.0.delete_folder(&folder_id).await.map_err(thrown)
    }

    /// Brings a deleted folder back, with those inside it.
    ///
    /// # Errors
    /// Not known any more, a name that is taken, or no answer from the server.
    #[wasm_bindgen(js_name = restoreFolder)]
    pub async fn restore_folder(&self, folder_id: String) -> Result<(), Thrown> {
        self.0.restore_folder(&folder_id).await.map_err(thrown)
    }

    /// Takes one step's worth of messages out of a folder and those inside it. With a group, all steps are undone together.
    ///
    /// # Errors
    /// No such folder, or no answer from the server.
    #[wasm_bindgen(js_name = emptyFolder)]
    pub async fn empty_folder(
        &self,
        folder_id: String,
        contents: Ts<Contents>,
        group: Option<u32>,
    ) -> Result<Ts<Organised>, Thrown> {
        let contents = contents.to_rust()?;
        let emptied = self.0.empty_folder(&folder_id, &contents, group).await;
        Ok(emptied.map_err(thrown)?.into_ts()?)
    }

    /// The ids of every message in a folder.
    ///
    /// # Errors
    /// No such folder, or no answer from the server.
    #[wasm_bindgen(js_name = itemIds)]
    pub async fn item_ids(&self, folder_id: String) -> Result<Vec<String>, Thrown> {
        self.0.item_ids(&folder_id).await.map_err(thrown)
    }

    /// The account's labels.
    ///
    /// # Errors
    /// State that does not open.
    pub fn labels(&self) -> Result<Vec<Ts<Label>>, Thrown> {
        records(self.0.labels().map_err(thrown)?)
    }

    /// Makes a label.
    ///
    /// # Errors
    /// A name that cannot be, no room for more, or no answer from the server.
    #[wasm_bindgen(js_name = makeLabel)]
    pub async fn make_label(
        &self,
        name: String,
        colour: Ts<LabelColour>,
    ) -> Result<Ts<Label>, Thrown> {
        let made = self.0.make_label(&name, colour.to_rust()?).await;
        Ok(made.map_err(thrown)?.into_ts()?)
    }

    /// Gives a label another name and colour.
    ///
    /// # Errors
    /// A name that cannot be, a label that is gone, or no answer from the server.
    #[wasm_bindgen(js_name = changeLabel)]
    pub async fn change_label(
        &self,
        label_id: String,
        name: String,
        colour: Ts<LabelColour>,
    ) -> Result<Ts<Label>, Thrown> {
        let changed = self
            .0
            .change_label(&label_id, &name, colour.to_rust()?)
            .await;
        Ok(changed.map_err(thrown)?.into_ts()?)
    }

    /// Deletes a label.
    ///
    /// # Errors
    /// No answer from the server.
    #[wasm_bindgen(js_name = deleteLabel)]
    pub async fn delete_label(&self, label_id: String) -> Result<(), Thrown> {
        self.0.delete_label(&label_id).await.map_err(thrown)
    }

    /// Brings a deleted label back, to this place among the others.
    ///
    /// # Errors
    /// A name that is taken, no room for more, or no answer from the server.
    #[wasm_bindgen(js_name = restoreLabel)]
    pub async fn restore_label(&self, label: Ts<Label>, place: u32) -> Result<(), Thrown> {
        let (label, place) = (
            label.to_rust()?,
            usize::try_from(place).unwrap_or(usize::MAX),
        );
        self.0.restore_label(&label, place).await.map_err(thrown)
    }

    /// Every message with this label among those that are known here.
    ///
    /// # Errors
    /// None that is expected.
    pub fn labelled(&self, label_id: String) -> Result<Vec<Ts<MessageRow>>, Thrown> {
        records(self.0.labelled(&label_id))
    }

    /// Does something with each of these messages.
    ///
    /// # Errors
    /// What the operation names is gone.
    pub async fn organise(
        &self,
        item_ids: Vec<String>,
        operation: Ts<Operation>,
        group: Option<u32>,
    ) -> Result<Ts<Organised>, Thrown> {
        let operation = operation.to_rust()?;
        let organised = self.0.organise(&item_ids, &operation, group).await;
        Ok(organised.map_err(thrown)?.into_ts()?)
    }

    /// Undoes one step's worth of an operation.
    ///
    /// # Errors
    /// It can no longer be undone.
    pub async fn undo(&self, group: u32) -> Result<Ts<Organised>, Thrown> {
        Ok(self.0.undo(group).await.map_err(thrown)?.into_ts()?)
    }

    /// Removes each of these messages for good.
    ///
    /// # Errors
    /// None of the ids is one.
    #[wasm_bindgen(js_name = deleteAll)]
    pub async fn delete_all(&self, item_ids: Vec<String>) -> Result<Ts<Organised>, Thrown> {
        let deleted = self.0.delete_all(&item_ids).await;
        Ok(deleted.map_err(thrown)?.into_ts()?)
    }

    /// Brings back what was put aside until now or earlier.
    ///
    /// # Errors
    /// No answer from the server.
    pub async fn wake(&self, now_ms: f64) -> Result<Ts<Woken>, Thrown> {
        Ok(self.0.wake(now_ms).await.map_err(thrown)?.into_ts()?)
    }
}
