//! What a device keeps while the server cannot be reached.

use super::Draft;
use serde::{Deserialize, Serialize};

/// A message that waits to be sent, or a draft that waits to be saved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct PackedView {
    /// Its id on this device: 32 lower-case hexadecimal digits.
    pub id: String,
    /// Whether it is to be sent; else it is a draft.
    pub is_message: bool,
    /// When it was put there, in milliseconds since 1970.
    pub kept_ms: f64,
    /// What it says.
    pub draft: Draft,
}
