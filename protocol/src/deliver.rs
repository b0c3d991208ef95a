//! Delivery: one atomic step from uploaded blobs to items in every recipient's inbox and the sender's Sent.

use crate::{BlobId, Bytes, IdempotencyKey, Item, ItemId, ItemWriteRequest, MailboxId, Username};
use serde::{Deserialize, Serialize};

/// One ciphertext and who gets it. A Bcc recipient's delivery is one of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// The encrypted message, uploaded before.
    pub blob_id: BlobId,
    /// Accounts of this server, each once in the whole request.
    pub recipients: Vec<Username>,
}

/// The sender's own copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SentCopy {
    /// Made by the client: the envelope names it.
    pub item_id: ItemId,
    /// The mailbox it goes to.
    pub mailbox_id: MailboxId,
    /// The ciphertext the sender can read.
    pub blob_id: BlobId,
    /// The sealed envelope (kind: item, version 1).
    pub sealed: Bytes,
}

/// The draft this message was, removed in the same step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReplacedDraft {
    /// The draft's item.
    pub item_id: ItemId,
    /// Its version. When another session has changed it since, it stays, and the message is delivered all the same.
    pub version: u64,
}

/// Delivers to all, or, when one recipient does not exist, to none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DeliverRequest {
    /// The same key again gives the first answer again and delivers nothing.
    pub idempotency_key: IdempotencyKey,
    /// Ciphertexts and their recipients; may be empty only in a note to oneself, which is then the Sent copy alone.
    pub deliveries: Vec<Delivery>,
    /// The sender's copy.
    pub sent: SentCopy,
    /// Parts that every copy has: blobs uploaded before, or named by an item of the sender. Each account that gets the
    /// message, and the sender, may read them while it has the item.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<BlobId>,
    /// The draft to remove.
    pub draft: Option<ReplacedDraft>,
}

/// What a delivery made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliverResponse {
    /// The sender's copy.
    pub sent: Item,
    /// The sender's newest change.
    pub seq: u64,
}

/// Writes an item, a draft as a rule, and lets a delivery wait with it. While it waits the item holds all that the delivery
/// names; when its time has come the delivery is made and the item removed, in one step. Moving the item, changing what it
/// names or removing it calls the delivery off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ScheduleRequest {
    /// How long it waits, in milliseconds: at most a year.
    pub after_ms: u64,
    /// The item, as it is to be.
    pub write: ItemWriteRequest,
    /// What is to be delivered. It names no draft: the item is the one that goes.
    pub delivery: DeliverRequest,
}
