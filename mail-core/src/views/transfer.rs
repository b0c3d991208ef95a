//! What is shown of mail that is taken in from files, or given out into them.

use serde::{Deserialize, Serialize};

/// How mail is to be taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportOptions {
    /// The folder it goes into.
    pub folder_id: String,
    /// Whether labels of Google's archives become labels here, and what was in Sent, Spam and Trash there goes there.
    pub gmail_labels: bool,
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum ImportPhase {
    /// What is here already is looked through, so that nothing comes twice.
    #[default]
    Comparing,
    /// Messages are read, encrypted and brought up.
    Bringing,
}

/// How far taking in has come.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ImportProgress {
    /// What is being done.
    pub phase: ImportPhase,
    /// Messages that are in now.
    pub imported: u32,
    /// Messages that were here already, or come twice in the files.
    pub duplicates: u32,
    /// Messages that were thrown away before, and only not yet gone from the files.
    pub deleted: u32,
    /// Messages that could not be taken in.
    pub set_aside: u32,
    /// Octets of the files that are done.
    pub done_bytes: f64,
    /// Octets of the files.
    pub total_bytes: f64,
    /// The server cannot be reached just now, or asks to wait; it goes on by itself.
    pub waiting: bool,
}

/// A message that could not be taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ImportProblem {
    /// The file, by its place among those given.
    pub file: u32,
    /// The how-manieth message of the file it is, from 1; 0 for the file itself.
    pub number: u32,
    /// Its subject, as far as it can be read.
    pub subject: String,
    /// Stable word for why.
    pub code: String,
    /// Why.
    pub reason: String,
}

/// Why taking in ended before the files did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ImportStop {
    /// Stable word: `cancelled`, `quota-exceeded` and others.
    pub code: String,
    /// For a person.
    pub message: String,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ImportOutcome {
    /// How far it came.
    pub reached: ImportProgress,
    /// The first of the messages that could not be taken in.
    pub problems: Vec<ImportProblem>,
    /// Why it ended early. The same files, given again, go on from there.
    #[cfg_attr(feature = "typescript", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<ImportStop>,
}
