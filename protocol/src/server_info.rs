//! What a server tells anyone.

use crate::KsfParameters;
use serde::{Deserialize, Serialize};

/// The server's name and the limits it keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServerInfo {
    /// What follows the `@` in its accounts' addresses.
    pub domain: String,
    /// The server's version.
    pub version: String,
    /// Parameters for new credentials.
    pub ksf: KsfParameters,
    /// Largest blob, in bytes.
    pub max_blob_bytes: u64,
    /// Largest attachment that clients are to send, in bytes.
    #[serde(default = "default_max_attachment_bytes")]
    pub max_attachment_bytes: u64,
    /// Most recipients of one message.
    pub max_recipients: u32,
}

/// What a server means that does not say.
const fn default_max_attachment_bytes() -> u64 {
    crate::limits::DEFAULT_MAX_ATTACHMENT_BYTES
}
