//! Delivery: from uploaded blobs to items in every recipient's inbox and the sender's Sent, in one batch.

use super::{Store, StoreError};
use smail_protocol::{AccountId, DeliverRequest, DeliverResponse, Username};

/// Why nothing was delivered to anybody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeliverError {
    /// These recipients are not here.
    #[error("a recipient has no account here")]
    UnknownRecipients(Vec<Username>),
    /// A recipient is named more than once.
    #[error("a recipient is named more than once")]
    RepeatedRecipient,
    /// A blob that the sender neither uploaded nor has an item of.
    #[error("no such blob")]
    UnknownBlob,
    /// The sender has no such mailbox.
    #[error("no such mailbox")]
    NoMailbox,
    /// The sender has an item with the Sent copy's id.
    #[error("the item id is in use")]
    ItemExists,
    /// The idempotency key was used for a different request.
    #[error("the idempotency key was used for a different request")]
    IdempotencyMismatch,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Delivers to all recipients and files the sender's copy, or does nothing. The same request under the same
    /// idempotency key, within [`IDEMPOTENCY_S`](smail_protocol::limits::IDEMPOTENCY_S), gives the first answer again.
    ///
    /// # Errors
    /// See [`DeliverError`].
    pub fn deliver(
        &self,
        sender: AccountId,
        request: &DeliverRequest,
        now_ms: u64,
    ) -> Result<DeliverResponse, DeliverError> {
        let _ = (sender, request, now_ms);
        unimplemented!()
    }
}
