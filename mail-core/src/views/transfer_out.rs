//! What is shown of mail that is given out into files.

use serde::{Deserialize, Serialize};

/// A message that is to be given out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ExportItem {
    /// The item.
    pub id: String,
    /// The folder it is in, fit for a path: `Family/Trips`.
    pub folder: String,
    /// A name for its file, without an end; several may have the same.
    pub name: String,
    /// Its subject, as the summary has it.
    pub subject: String,
    /// When it came, in milliseconds since 1970.
    pub came_ms: f64,
}

/// All that is to be given out, oldest first in each folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ExportPlan {
    /// The messages.
    pub items: Vec<ExportItem>,
    /// Drafts, which are no messages yet and are left out.
    pub drafts: u32,
}

/// The form of what is given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum ExportForm {
    /// The message alone (RFC 5322).
    Message,
    /// As an mbox has it: under its line, quoted, with fields that say how it was filed.
    Mbox,
}
