//! What an answer is begun with.

use serde::{Deserialize, Serialize};

/// What stands above the message that is answered or passed on, in the language and the time zone of whoever answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct QuoteWords {
    /// The line above what is answered: who wrote it, and when.
    pub wrote: String,
    /// What is said of a message that is passed on; it is put between dashes.
    pub forwarded: String,
    /// When it was written.
    pub date: String,
    /// What its header's lines are called.
    pub fields: FieldNames,
}

/// Names of header fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FieldNames {
    /// From.
    pub from: String,
    /// Date.
    pub date: String,
    /// Subject.
    pub subject: String,
    /// To.
    pub to: String,
    /// Cc.
    pub cc: String,
}
