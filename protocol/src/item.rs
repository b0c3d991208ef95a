//! Items: what a mailbox lists.

use crate::{BlobId, Bytes, ItemId, MailboxId};
use serde::{Deserialize, Serialize};

/// One message or draft in one mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Item {
    /// The item.
    pub item_id: ItemId,
    /// Where it is.
    pub mailbox_id: MailboxId,
    /// Its octets.
    pub blob_id: BlobId,
    /// Their number.
    pub size_bytes: u64,
    /// When it came to this account, in milliseconds since 1970 by the server's clock.
    pub arrival_ms: u64,
    /// 1 at first, one more with each write.
    pub version: u64,
    /// The client's sealed envelope (kind: item; object: the item; version: this version): summary and flags. None
    /// until the recipient's client has first seen the item.
    pub sealed: Option<Bytes>,
}

/// Makes (base version 0) or replaces an item. 409 with the current item when the base version is not the current one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ItemWriteRequest {
    /// The version this replaces; 0 for an item that is not there yet.
    pub base_version: u64,
    /// Where it is to be.
    pub mailbox_id: MailboxId,
    /// What it is to name. A blob uploaded by, or already named by an item of, this account.
    pub blob_id: BlobId,
    /// The sealed envelope, its version one above the base version.
    pub sealed: Bytes,
    /// Its parts: blobs beside its own, as [`ItemWriteRequest::blob_id`]. Without them it keeps those that it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<Vec<BlobId>>,
}

/// One page of a mailbox, latest arrival first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemPage {
    /// The items.
    pub items: Vec<Item>,
    /// Pass as `before` for the next page; none on the last.
    pub next: Option<String>,
    /// How many items the mailbox holds in all.
    pub total: u64,
    /// The account's newest change when the page was read.
    pub seq: u64,
}

/// How many items a mailbox holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailboxTotal {
    /// Which mailbox.
    pub mailbox_id: MailboxId,
    /// Its items in all.
    pub total: u64,
}

/// All mailboxes of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailboxList {
    /// Each with its total, in the order of their ids.
    pub mailboxes: Vec<MailboxTotal>,
}
