//! Sealed state: what a client keeps about the account, each object with a version.

use crate::{Bytes, ObjectId};
use serde::{Deserialize, Serialize};

/// One sealed object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StateObject {
    /// The object. Its id is derived from the account key: it tells the server nothing.
    pub object_id: ObjectId,
    /// 1 at first, one more with each write.
    pub version: u64,
    /// The sealed envelope (object: this object; version: this version).
    pub sealed: Bytes,
}

/// Makes (base version 0) or replaces a state object. 409 with the current one when the base version is not current.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StateWriteRequest {
    /// The version this replaces; 0 for an object that is not there yet.
    pub base_version: u64,
    /// The sealed envelope, its version one above the base version.
    pub sealed: Bytes,
}

/// Every state object of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatePage {
    /// The objects.
    pub objects: Vec<StateObject>,
    /// The account's newest change when they were read.
    pub seq: u64,
}
