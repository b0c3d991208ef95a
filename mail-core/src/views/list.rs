//! Lists of mail, as whoever draws asks for them and gets them.

use super::{MessageRow, Person};
use serde::{Deserialize, Serialize};

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum SortOrder {
    /// Latest arrival first.
    #[default]
    Newest,
    /// First arrival first.
    Oldest,
    /// By author, or by the first reader of what the account wrote itself.
    Sender,
    /// By subject, without what answering adds to it.
    Subject,
    /// Largest first.
    Size,
}

/// Which rows of a folder are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum ListFilter {
    /// All of them.
    #[default]
    All,
    /// With something unread.
    Unread,
    /// With a star.
    Starred,
    /// With attachments.
    Attachments,
}

/// What a list is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum ListPlace {
    /// A folder.
    Folder {
        /// Its id.
        id: String,
    },
    /// All messages with a label, wherever they are.
    Label {
        /// Its id.
        id: String,
    },
}

/// Which rows are asked for, in which order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListSpec {
    /// What it is a list of.
    pub place: ListPlace,
    /// The order.
    #[serde(default)]
    pub sort: SortOrder,
    /// Which rows.
    #[serde(default)]
    pub filter: ListFilter,
    /// Every message in a row of its own. Drafts, Spam and Trash are always listed so.
    #[serde(default)]
    pub single: bool,
}

/// A range of a list's rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ListRange {
    /// Grows when any row has changed, come or gone.
    pub version: f64,
    /// Rows in all. While the folder is being taken in, each message that is still to come counts as one.
    pub count: u32,
    /// Messages in the folder, or with the label.
    pub messages: u32,
    /// Index of the first of these rows.
    pub start: u32,
    /// The rows; fewer than were asked for where the list ends or is still to come.
    pub rows: Vec<MessageRow>,
    /// Where the message is that was asked for with them.
    #[cfg_attr(feature = "typescript", tsify(optional, type = "number | undefined"))]
    pub anchor: Option<u32>,
    /// Everything that may belong to it has been taken in.
    pub whole: bool,
}

/// What a row of several messages says besides its newest one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ConversationInfo {
    /// Its messages in this folder, or with this label, newest first: what an action on the row is done to.
    pub ids: Vec<String>,
    /// Its messages in all folders.
    pub count: u32,
    /// Those of them that are not read yet.
    pub unread: u32,
    /// Who wrote them, each once, who wrote first first.
    pub people: Vec<Person>,
}

/// A conversation, for a reader.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ConversationView {
    /// The row that a list of the folder has for it.
    pub row: MessageRow,
    /// Its messages, oldest first.
    pub messages: Vec<MessageRow>,
}

/// How far all summaries have been taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TakingIn {
    /// Messages taken in.
    pub taken: u32,
    /// Messages in all.
    pub total: u32,
    /// There are no more.
    pub done: bool,
}
