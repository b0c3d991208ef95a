//! Labels of Google's archives: places and states among them are told from those that the person has made.

use crate::client::Client;
use crate::env::Randomness;
use crate::folders::{FolderError, is_same_name};
use crate::transport::Transport;
use crate::views::{FolderRole, LabelColour};
use std::collections::HashMap;

/// Names that say a state, or a place that is none here.
const NO_LABELS: [&str; 11] = [
    "inbox",
    "unread",
    "opened",
    "starred",
    "important",
    "archived",
    "archive",
    "snoozed",
    "scheduled",
    "chat",
    "drafts",
];

/// What one name is.
enum Meaning<'a> {
    Nothing,
    Folder(FolderRole),
    Label(&'a str),
}

/// Where a message goes by its labels, if anywhere else than where all go.
pub(super) fn role(labels: &[String]) -> Option<FolderRole> {
    labels.iter().find_map(|label| match meaning(label) {
        Meaning::Folder(role) => Some(role),
        _ => None,
    })
}

/// Labels by the names they had, as far as they have been met.
#[derive(Default)]
pub(super) struct LabelIds(HashMap<String, Option<String>>);

impl LabelIds {
    /// Ids of the labels of these names; made when there are none of the name.
    pub(super) async fn of<T: Transport, R: Randomness>(
        &mut self,
        client: &Client<T, R>,
        names: &[String],
    ) -> Result<Vec<String>, FolderError> {
        let mut ids = Vec::new();
        for name in names {
            let Meaning::Label(name) = meaning(name) else {
                continue;
            };
            let id = match self.0.get(name) {
                Some(id) => id.clone(),
                None => label(client, name).await?,
            };
            ids.extend(id.clone().filter(|id| !ids.contains(id)));
            self.0.insert(name.to_owned(), id);
        }
        Ok(ids)
    }
}

/// The label of this name; none when no label can have it, or there is no room for one more.
async fn label<T: Transport, R: Randomness>(
    client: &Client<T, R>,
    name: &str,
) -> Result<Option<String>, FolderError> {
    let labels = client.labels().map_err(FolderError::State)?;
    if let Some(known) = labels
        .into_iter()
        .find(|label| is_same_name(&label.name, name))
    {
        return Ok(Some(known.id));
    }
    match client.make_label(name, LabelColour::Grey).await {
        Ok(label) => Ok(Some(label.id)),
        Err(
            FolderError::Name(_)
            | FolderError::NameTaken
            | FolderError::TooManyLabels
            | FolderError::Full,
        ) => Ok(None),
        Err(error) => Err(error),
    }
}

fn meaning(name: &str) -> Meaning<'_> {
    let lower = name.to_lowercase();
    match lower.as_str() {
        "sent" => Meaning::Folder(FolderRole::Sent),
        "spam" => Meaning::Folder(FolderRole::Spam),
        "trash" => Meaning::Folder(FolderRole::Trash),
        state if NO_LABELS.contains(&state) || state.starts_with("category ") => Meaning::Nothing,
        _ => Meaning::Label(name),
    }
}
