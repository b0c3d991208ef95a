//! The keys of an account: the certificate that others find, and the keyring that its clients open.

use crate::Bytes;
use serde::{Deserialize, Serialize};

/// Replaces an account's certificate and its keyring together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct KeysWriteRequest {
    /// SHA-256 of the sealed keyring that is replaced: of two sessions that replace the same one, one has its way.
    pub replaces: Bytes,
    /// The certificate for the key directory.
    pub certificate: Bytes,
    /// The transferable secret keys in a sealed envelope (kind: keyring). Opaque to the server.
    pub sealed_keyring: Bytes,
}
