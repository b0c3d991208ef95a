//! What is shown of labels, and of what became of many messages at once.

use super::MessageRow;
use serde::{Deserialize, Serialize};

/// A label's colour. How each looks is for whoever draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // the words say it
pub enum LabelColour {
    Red,
    Orange,
    Yellow,
    Green,
    Teal,
    Blue,
    Purple,
    Grey,
}

/// A label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Label {
    /// Names it in rows.
    pub id: String,
    /// As the person has called it.
    pub name: String,
    /// Colour.
    pub colour: LabelColour,
}

/// What to do with messages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "camelCase",
    tag = "kind"
)]
pub enum Operation {
    /// Mark as read.
    Read,
    /// Mark as not read.
    Unread,
    /// Set the star.
    Star,
    /// Take the star away.
    Unstar,
    /// Put away into Archive.
    Archive,
    /// Throw into Trash; where it was is remembered.
    Trash,
    /// Put into Spam; where it was is remembered.
    Spam,
    /// Bring back to where it was before Trash, Spam or Snoozed; to the inbox when that is not known or gone.
    Restore,
    /// Move to a folder.
    Move {
        /// The folder.
        folder_id: String,
    },
    /// Give a label.
    Label {
        /// The label.
        label_id: String,
    },
    /// Take a label away.
    Unlabel {
        /// The label.
        label_id: String,
    },
    /// Put aside until a time.
    Snooze {
        /// When it comes back, in milliseconds since 1970.
        until_ms: f64,
    },
}

/// A message that something could not be done with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ItemFailure {
    /// The item.
    pub id: String,
    /// Stable word for the error.
    pub code: String,
    /// One sentence for a person.
    pub message: String,
}

/// What became of an operation on messages.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Organised {
    /// The rows as they are now.
    pub rows: Vec<MessageRow>,
    /// Items that are gone for good.
    pub removed: Vec<String>,
    /// What it could not be done with.
    pub failed: Vec<ItemFailure>,
    /// Names all that can be undone of it together; none when nothing can.
    pub undo: Option<u32>,
    /// How many are left to do, for what is done in steps.
    pub left: u32,
}

/// What has come back of the messages that were put aside.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Woken {
    /// The rows that have come back.
    pub rows: Vec<MessageRow>,
    /// When the next one is due, in milliseconds since 1970; none when none waits.
    pub next_ms: Option<f64>,
}

/// What to do with the messages in a folder that is emptied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "camelCase",
    tag = "kind"
)]
pub enum Contents {
    /// Into Trash.
    Trash,
    /// To another folder.
    Folder {
        /// The folder.
        folder_id: String,
    },
    /// Away for good.
    Gone,
}
