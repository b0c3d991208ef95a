//! Delivery: from uploaded blobs to items in every recipient's inbox and the sender's Sent, in one batch.

use super::accounts::owner_of_name;
use super::items::Filing;
use super::layout::Ending;
use super::records::{AccountRecord, IdempotencyRecord};
use super::transaction::Transaction;
use super::{Store, StoreError, layout, random_id};
use sha2::{Digest as _, Sha256};
use smail_protocol::limits::IDEMPOTENCY_S;
use smail_protocol::{
    AccountId, BlobId, DeliverRequest, DeliverResponse, Delivery, Item, ItemId, MailboxId,
    ReplacedDraft, Username,
};
use std::collections::BTreeSet;

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
    /// A part that the sender neither uploaded nor has an item of.
    #[error("no such part")]
    UnknownPart,
    /// The sender has no such mailbox.
    #[error("no such mailbox")]
    NoMailbox,
    /// The sender has an item with the Sent copy's id.
    #[error("the item id is in use")]
    ItemExists,
    /// The sender stores as much as it may.
    #[error("the sender stores as much as it may")]
    OverQuota,
    /// These recipients store as much as they may.
    #[error("a recipient stores as much as it may")]
    RecipientsFull(Vec<Username>),
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
        self.transact(|transaction| transaction.deliver(sender, request, now_ms))
    }
}

fn sha256_of(request: &DeliverRequest) -> Result<[u8; 32], StoreError> {
    let json = serde_json::to_vec(request).map_err(|_| StoreError::Corrupt)?;
    Ok(Sha256::digest(json).into())
}

/// The first answer, rebuilt: the Sent copy as it was filed, whatever became of it since.
fn answer_again(
    request: &DeliverRequest,
    request_sha256: &[u8; 32],
    delivered: &IdempotencyRecord,
) -> Result<DeliverResponse, DeliverError> {
    if delivered.request_sha256 != *request_sha256 {
        return Err(DeliverError::IdempotencyMismatch);
    }
    let sent = Item {
        item_id: request.sent.item_id,
        mailbox_id: request.sent.mailbox_id,
        blob_id: request.sent.blob_id,
        size_bytes: delivered.size_bytes,
        arrival_ms: delivered.delivered_ms,
        version: 1,
        sealed: Some(request.sent.sealed.clone()),
    };
    Ok(DeliverResponse {
        sent,
        seq: delivered.seq,
    })
}

/// A recipient's name and account, and what it gets.
pub(super) type Recipient = (Username, AccountId, BlobId);

/// Each recipient with what they get.
fn recipients(
    transaction: &mut Transaction<'_>,
    deliveries: &[Delivery],
) -> Result<Vec<Recipient>, DeliverError> {
    let (mut found, mut unknown, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for delivery in deliveries {
        for username in &delivery.recipients {
            if !seen.insert(username) {
                return Err(DeliverError::RepeatedRecipient);
            }
            match transaction.account_named(username)? {
                Some(account) => found.push((username.clone(), account, delivery.blob_id)),
                None => unknown.push(username.clone()),
            }
        }
    }
    if unknown.is_empty() {
        Ok(found)
    } else {
        Err(DeliverError::UnknownRecipients(unknown))
    }
}

impl Transaction<'_> {
    /// Delivers, or gives the first answer again.
    pub(super) fn deliver(
        &mut self,
        sender: AccountId,
        request: &DeliverRequest,
        now_ms: u64,
    ) -> Result<DeliverResponse, DeliverError> {
        let request_sha256 = sha256_of(request)?;
        let key = layout::idempotency(sender, request.idempotency_key);
        if let Some(delivered) = self.get::<IdempotencyRecord>(&key)? {
            return answer_again(request, &request_sha256, &delivered);
        }
        let recipients = self.may_deliver(sender, request)?;
        for (_, recipient, blob) in &recipients {
            self.file_in_inbox(*recipient, *blob, &request.parts, now_ms)?;
        }
        let sent = self.file_sent(sender, request, now_ms)?;
        if let Some(draft) = &request.draft {
            self.remove_draft(sender, draft)?;
        }
        for delivery in &request.deliveries {
            self.unclaim_blob(sender, delivery.blob_id, u64::MAX)?;
        }
        self.all_have_room(sender, &recipients)?;
        let seq = self.seq(sender)?;
        let record = IdempotencyRecord {
            request_sha256,
            size_bytes: sent.size_bytes,
            delivered_ms: now_ms,
            seq,
        };
        self.put(key, &record)?;
        let ending = Ending::Idempotency(sender, request.idempotency_key);
        self.mark(layout::ending(
            now_ms.saturating_add(IDEMPOTENCY_S * 1_000),
            ending,
        ));
        Ok(DeliverResponse { sent, seq })
    }

    /// The recipients, when all are here and the sender may name all that they get.
    pub(super) fn may_deliver(
        &mut self,
        sender: AccountId,
        request: &DeliverRequest,
    ) -> Result<Vec<Recipient>, DeliverError> {
        let recipients = recipients(self, &request.deliveries)?;
        if !self.may_name_all(sender, request)? {
            return Err(DeliverError::UnknownBlob);
        }
        if !self.may_name_parts(sender, &request.parts)? {
            return Err(DeliverError::UnknownPart);
        }
        Ok(recipients)
    }

    fn account_named(&mut self, username: &Username) -> Result<Option<AccountId>, StoreError> {
        owner_of_name(self.get_bytes(&layout::username(username))?)
    }

    /// Whether the sender may name every blob of the request.
    fn may_name_all(
        &mut self,
        sender: AccountId,
        request: &DeliverRequest,
    ) -> Result<bool, StoreError> {
        let blobs = request.deliveries.iter().map(|delivery| delivery.blob_id);
        for blob in blobs.chain([request.sent.blob_id]) {
            if !self.may_name(sender, blob)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn file_in_inbox(
        &mut self,
        recipient: AccountId,
        blob: BlobId,
        parts: &[BlobId],
        now_ms: u64,
    ) -> Result<(), StoreError> {
        let account = self
            .get::<AccountRecord>(&layout::account(recipient))?
            .ok_or(StoreError::Corrupt)?;
        let mailbox = MailboxId::from_bytes(account.inbox);
        let filing = Filing {
            mailbox,
            blob,
            arrival_ms: now_ms,
            sealed: None,
            parts: Some(parts),
        };
        self.file_item(recipient, ItemId::from_bytes(random_id()?), filing, None)?;
        Ok(())
    }

    /// Refuses when the delivery, as it was filed, is more than somebody may store.
    fn all_have_room(
        &mut self,
        sender: AccountId,
        recipients: &[Recipient],
    ) -> Result<(), DeliverError> {
        if !self.is_within_quota(sender)? {
            return Err(DeliverError::OverQuota);
        }
        let mut full = Vec::new();
        for (username, recipient, _) in recipients {
            if !self.is_within_quota(*recipient)? {
                full.push(username.clone());
            }
        }
        if full.is_empty() {
            Ok(())
        } else {
            Err(DeliverError::RecipientsFull(full))
        }
    }

    fn file_sent(
        &mut self,
        sender: AccountId,
        request: &DeliverRequest,
        now_ms: u64,
    ) -> Result<Item, DeliverError> {
        let sent = &request.sent;
        if self.item(sender, sent.item_id)?.is_some() {
            return Err(DeliverError::ItemExists);
        }
        if !self.has_mailbox(sender, sent.mailbox_id)? {
            return Err(DeliverError::NoMailbox);
        }
        let (mailbox, blob, sealed) = (sent.mailbox_id, sent.blob_id, Some(sent.sealed.clone()));
        let filing = Filing {
            mailbox,
            blob,
            arrival_ms: now_ms,
            sealed,
            parts: Some(&request.parts),
        };
        Ok(self.file_item(sender, sent.item_id, filing, None)?)
    }

    /// Removes the draft, unless it was changed meanwhile.
    fn remove_draft(&mut self, sender: AccountId, draft: &ReplacedDraft) -> Result<(), StoreError> {
        let record = self
            .item(sender, draft.item_id)?
            .filter(|record| record.version == draft.version);
        record.map_or(Ok(()), |record| {
            self.remove_item(sender, draft.item_id, &record)
        })
    }
}
