//! The change feed: what became of an account's items and state objects, in order.

use crate::{Item, ItemId, ObjectId, StateObject};
use serde::{Deserialize, Serialize};

/// What an object is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum ChangedObject {
    /// An item came or was written.
    Item {
        /// As it is now.
        item: Item,
    },
    /// An item is gone.
    ItemRemoved {
        /// The item.
        item_id: ItemId,
    },
    /// A state object came or was written.
    State {
        /// As it is now.
        object: StateObject,
    },
    /// A state object is gone.
    StateRemoved {
        /// The object.
        object_id: ObjectId,
    },
    /// The account's certificate, keyring or credentials were replaced.
    Account,
}

/// One change. An object changed twice since the cursor is told of once, at its newest change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    /// Its place in the account's order; grows, with gaps.
    pub seq: u64,
    /// What changed.
    pub object: ChangedObject,
}

/// Changes after a cursor, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangePage {
    /// The changes.
    pub changes: Vec<Change>,
    /// The cursor to ask with next: the last change's place, or the one asked with when there are none.
    pub seq: u64,
    /// Whether there are more at once.
    pub more: bool,
}
