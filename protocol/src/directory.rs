//! The key directory: certificates of this server's accounts.

use crate::{Bytes, Username};
use serde::{Deserialize, Serialize};

/// Asks for certificates. In a request body so that names stay out of paths and logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LookupRequest {
    /// At most [`MAX_LOOKUP_NAMES`](crate::limits::MAX_LOOKUP_NAMES).
    pub usernames: Vec<Username>,
}

/// One account's certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DirectoryEntry {
    /// The account.
    pub username: Username,
    /// Its transferable public key, binary. The client checks and pins it.
    pub certificate: Bytes,
}

/// Answer to [`LookupRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LookupResponse {
    /// Who is here.
    pub found: Vec<DirectoryEntry>,
    /// Who is not.
    pub unknown: Vec<Username>,
}
