//! Labels: names with colours that a message can have several of. Names are sealed state; a message's summary holds the
//! ids of its labels.

use crate::client::Client;
use crate::env::Randomness;
use crate::folders::{FolderError, is_same_name, read_name};
use crate::state::StateError;
use crate::transport::Transport;
use crate::views::{Label, LabelColour, MessageRow};
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::collections::BTreeSet;

/// The state object's name.
const STATE_NAME: &str = "labels";
/// Most labels of an account. Each has room in a summary, should one message have them all.
pub(crate) const MAX_LABELS: usize = 200;
/// Length of a label's id, in bytes: among two hundred, chance does not meet itself.
const ID_BYTES: usize = 6;

/// The labels in the order in which they are shown, as sealed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct LabelList {
    version: u32,
    labels: Vec<Label>,
}

impl LabelList {
    fn need_free_name(&self, name: &str, own: Option<&str>) -> Result<(), FolderError> {
        let is_taken =
            |label: &Label| Some(label.id.as_str()) != own && is_same_name(&label.name, name);
        if self.labels.iter().any(is_taken) {
            return Err(FolderError::NameTaken);
        }
        Ok(())
    }

    fn add(&mut self, label: &Label) -> Result<(), FolderError> {
        self.need_free_name(&label.name, None)?;
        if self.labels.len() >= MAX_LABELS {
            return Err(FolderError::TooManyLabels);
        }
        self.labels.push(label.clone());
        Ok(())
    }

    /// Puts a label back that was taken away, to this place in the order.
    fn put_back(&mut self, label: &Label, place: usize) -> Result<(), FolderError> {
        if self.labels.iter().any(|known| known.id == label.id) {
            return Ok(()); // another try was first
        }
        self.add(label)?;
        let last = self.labels.len() - 1;
        if let Some(after) = self.labels.get_mut(place.min(last)..) {
            after.rotate_right(1);
        }
        Ok(())
    }

    fn replace(&mut self, label: &Label) -> Result<(), FolderError> {
        self.need_free_name(&label.name, Some(&label.id))?;
        let known = self.labels.iter_mut().find(|known| known.id == label.id);
        label.clone_into(known.ok_or(FolderError::Gone)?);
        Ok(())
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// The account's labels, in the order in which they were made.
    ///
    /// # Errors
    /// [`StateError`].
    pub fn labels(&self) -> Result<Vec<Label>, StateError> {
        Ok(self
            .state::<LabelList>(STATE_NAME)?
            .unwrap_or_default()
            .labels)
    }

    /// Makes a label.
    ///
    /// # Errors
    /// [`FolderError`].
    pub async fn make_label(&self, name: &str, colour: LabelColour) -> Result<Label, FolderError> {
        let random = self.env.random_id();
        let id = random.iter().take(ID_BYTES);
        let label = Label {
            id: id.map(|byte| format!("{byte:02x}")).collect(),
            name: read_name(name)?,
            colour,
        };
        self.change_labels(|list| list.add(&label)).await?;
        Ok(label)
    }

    /// Gives a label another name and colour.
    ///
    /// # Errors
    /// [`FolderError`].
    pub async fn change_label(
        &self,
        label_id: &str,
        name: &str,
        colour: LabelColour,
    ) -> Result<Label, FolderError> {
        let label = Label {
            id: label_id.to_owned(),
            name: read_name(name)?,
            colour,
        };
        self.change_labels(|list| list.replace(&label)).await?;
        Ok(label)
    }

    /// Deletes a label. No message is touched: an id that names no label is shown nowhere, and goes with the next change
    /// of the message's labels.
    ///
    /// # Errors
    /// [`FolderError`]. That it is gone already is none.
    pub async fn delete_label(&self, label_id: &str) -> Result<(), FolderError> {
        self.change_labels(|list| {
            list.labels.retain(|label| label.id != label_id);
            Ok(())
        })
        .await
    }

    /// Brings a deleted label back, to this place among the others. Messages that had it have it again.
    ///
    /// # Errors
    /// [`FolderError`]: its name is taken, or there are too many.
    pub async fn restore_label(&self, label: &Label, place: usize) -> Result<(), FolderError> {
        let label = Label {
            name: read_name(&label.name)?,
            ..label.clone()
        };
        self.change_labels(|list| list.put_back(&label, place))
            .await
    }

    /// Every message with this label among those that this client knows, latest first.
    pub fn labelled(&self, label_id: &str) -> Vec<MessageRow> {
        let memory = self.memory.borrow();
        let known = memory.items.labelled(label_id);
        let mut rows: Vec<MessageRow> = known.map(|known| known.row()).collect();
        rows.sort_by(|one, other| {
            let latest_first = other.arrival_ms.total_cmp(&one.arrival_ms);
            latest_first.then_with(|| one.id.cmp(&other.id))
        });
        rows
    }

    /// The ids that name a label.
    pub(crate) fn label_ids(&self) -> Result<BTreeSet<String>, StateError> {
        Ok(self.labels()?.into_iter().map(|label| label.id).collect())
    }

    async fn change_labels(
        &self,
        change: impl Fn(&mut LabelList) -> Result<(), FolderError>,
    ) -> Result<(), FolderError> {
        let refused = Cell::new(None);
        self.change_state(STATE_NAME, |list: &mut LabelList| {
            let before = list.labels.clone();
            list.version = 1;
            refused.set(change(list).err());
            list.labels != before
        })
        .await?;
        refused.take().map_or(Ok(()), Err)
    }
}
