//! Sending: look up, check pins, build, encrypt, upload, deliver. Whatever fails, the text stays with the caller and
//! nothing has been sent, but for [`SendError::Unconfirmed`], after which sending the same again sends it once.

mod copies;
mod enclosed;
mod error;
mod packed;
mod scheduled;

pub(crate) use enclosed::is_content_id;
pub use error::SendError;
pub use packed::PackedError;
pub use scheduled::ScheduleError;

use crate::api::ApiError;
use crate::client::Client;
use crate::draft::words_of;
use crate::env::Randomness;
use crate::item::{BlobKind, ItemContent, OwnWords};
use crate::list::ThreadIds;
use crate::memory::Known;
use crate::recipients::Ready;
use crate::transport::Transport;
use crate::views::{Draft, FolderRole, RecipientState, SentReceipt, Step};
use copies::{Addressed, Copies};
use smail_protocol::limits::MAX_RECIPIENTS;
use smail_protocol::{
    BlobId, DeliverRequest, DeliverResponse, Delivery, IdempotencyKey, Item, ItemId, ProblemCode,
    ReplacedDraft, SentCopy,
};
use std::collections::BTreeSet;

/// A delivery that the server may or may not have carried out: its answer was lost.
#[derive(Debug, Clone)]
pub(crate) struct PendingDelivery {
    /// The draft it was written as.
    draft_id: Option<String>,
    /// What was to be sent. The same words again are the same delivery.
    words: Draft,
    request: DeliverRequest,
    content: ItemContent,
    /// Addresses and fingerprints to pin once it is through.
    pins: Vec<(String, String)>,
}

/// A delivery, and the ciphertexts that have to be there before it is made.
struct Made {
    delivery: PendingDelivery,
    ciphertexts: Vec<Vec<u8>>,
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Sends a message and files a copy in Sent. The draft that it was is removed.
    ///
    /// # Errors
    /// [`SendError`]; [`SendError::WentOut`] when an earlier try of the same draft turns out to have got through, with other
    /// words than these.
    pub async fn send(
        &self,
        draft: Draft,
        progress: impl Fn(Step),
    ) -> Result<SentReceipt, SendError> {
        let words = words_of(&draft);
        let delivery = match self.take_pending(|pending| pending.words == words) {
            Some(delivery) => delivery,
            None => {
                if self.confirm_sent(&draft).await?.is_some() {
                    return Err(SendError::WentOut);
                }
                self.prepare(&draft, &progress).await?
            }
        };
        progress(Step::Delivering);
        match self.env.deliver(&delivery.request).await {
            Ok(DeliverResponse { sent, .. }) => Ok(self.settle(&delivery, sent, &draft).await),
            Err(error) if error.leaves_doubt() => {
                self.memory.borrow_mut().pending.push(delivery);
                Err(SendError::Unconfirmed(error))
            }
            Err(error) => Err(SendError::of_delivery(error)),
        }
    }

    /// Asks whether a draft went out, when a try to send it had no answer. It then counts as sent; `None`: it did not, or was
    /// never tried.
    ///
    /// # Errors
    /// [`SendError::Draft`] when the server cannot be asked: the question stays open.
    pub async fn confirm_sent(&self, draft: &Draft) -> Result<Option<SentReceipt>, SendError> {
        let is_of_draft =
            |pending: &PendingDelivery| draft.id.is_some() && pending.draft_id == draft.id;
        let Some(delivery) = self.take_pending(is_of_draft) else {
            return Ok(None);
        };
        match self.env.item(delivery.request.sent.item_id).await {
            Ok(sent) => Ok(Some(self.settle(&delivery, sent, draft).await)),
            Err(error) if error.is(ProblemCode::NotFound) => Ok(None),
            Err(error) => {
                self.memory.borrow_mut().pending.push(delivery);
                Err(SendError::Draft(error))
            }
        }
    }

    /// The Sent item that a draft has if a try to send it got through that had no answer.
    pub(crate) fn tried_as(&self, draft: &Draft) -> Option<ItemId> {
        let memory = self.memory.borrow();
        let mut pending = memory.pending.iter();
        let of_draft = pending.find(|it| draft.id.is_some() && it.draft_id == draft.id)?;
        Some(of_draft.request.sent.item_id)
    }

    fn take_pending(&self, is_it: impl Fn(&PendingDelivery) -> bool) -> Option<PendingDelivery> {
        let pending = &mut self.memory.borrow_mut().pending;
        let place = pending.iter().position(is_it)?;
        Some(pending.swap_remove(place))
    }

    /// Everything up to the delivery.
    async fn prepare(
        &self,
        draft: &Draft,
        progress: &dyn Fn(Step),
    ) -> Result<PendingDelivery, SendError> {
        let replaced = self.saved_draft(draft).await.map_err(SendError::Draft)?;
        let made = self.make(draft, replaced, progress).await?;
        progress(Step::Uploading);
        for ciphertext in made.ciphertexts {
            self.store_blob(ciphertext).await?;
        }
        Ok(made.delivery)
    }

    /// Makes a delivery and the ciphertexts that it names. Nothing is uploaded.
    async fn make(
        &self,
        draft: &Draft,
        replaced: Option<ReplacedDraft>,
        progress: &dyn Fn(Step),
    ) -> Result<Made, SendError> {
        progress(Step::LookingUp);
        let addressed = self.addressed(draft).await?;
        let sent_mailbox = self.mailbox_of(FolderRole::Sent).await?;
        let (enclosed, parts) = self.enclosed(draft)?;
        progress(Step::Encrypting);
        let now_ms = self.env.now_ms();
        let copies = self.encrypt_copies(draft, &enclosed, &addressed, now_ms)?;
        let message_id = copies.message_id.clone();
        let (deliveries, sent_blob, ciphertexts) = self.named_copies(copies).await?;
        let to: Vec<_> = addressed
            .to
            .iter()
            .map(|ready| ready.person.clone())
            .collect();
        let words = OwnWords {
            to: &to,
            subject: &draft.subject,
            text: &draft.text,
            date_ms: now_ms,
            attachments: draft.file_count(),
        };
        let in_reply_to = draft.in_reply_to.as_deref();
        let content = ItemContent::of_own(sent_blob, BlobKind::Message, &self.own_name(), words)
            .in_thread(ThreadIds::new(&message_id, &draft.references, in_reply_to));
        let item_id = ItemId::from_bytes(self.env.random_id());
        let sealed = self
            .account
            .seal_item(&self.env, item_id, 1, &content)
            .map_err(SendError::Seal)?;
        let request = DeliverRequest {
            idempotency_key: IdempotencyKey::from_bytes(self.env.random_id()),
            deliveries,
            sent: SentCopy {
                item_id,
                mailbox_id: sent_mailbox,
                blob_id: sent_blob,
                sealed,
            },
            draft: replaced,
            parts,
        };
        let delivery = PendingDelivery {
            draft_id: draft.id.clone(),
            words: words_of(draft),
            request,
            content,
            pins: addressed.pins(),
        };
        Ok(Made {
            delivery,
            ciphertexts,
        })
    }

    /// Looks the recipients up; each is named once, in the first field that names it.
    async fn addressed(&self, draft: &Draft) -> Result<Addressed, SendError> {
        let mut seen = BTreeSet::new();
        let mut addressed = Addressed {
            to: self.field_recipients("to", &draft.to, &mut seen).await?,
            cc: self.field_recipients("cc", &draft.cc, &mut seen).await?,
            bcc: self.field_recipients("bcc", &draft.bcc, &mut seen).await?,
        };
        match seen.len() {
            0 => Err(SendError::NoRecipients),
            count if count > MAX_RECIPIENTS => Err(SendError::TooManyRecipients {
                limit: MAX_RECIPIENTS,
            }),
            _ => {
                addressed.sort_bcc();
                Ok(addressed)
            }
        }
    }

    async fn field_recipients(
        &self,
        field: &'static str,
        typed: &[String],
        seen: &mut BTreeSet<String>,
    ) -> Result<Vec<Ready>, SendError> {
        let typed: Vec<String> = typed
            .iter()
            .filter(|text| !text.trim().is_empty())
            .cloned()
            .collect();
        if typed.len() > MAX_RECIPIENTS {
            return Err(SendError::TooManyRecipients {
                limit: MAX_RECIPIENTS,
            });
        }
        if typed.is_empty() {
            return Ok(Vec::new());
        }
        let mut recipients = Vec::with_capacity(typed.len());
        for checked in self.check_recipients(&typed).await? {
            match checked.ready {
                Some(ready) if checked.status.state == RecipientState::Ready => {
                    if seen.insert(ready.person.address.clone()) {
                        recipients.push(ready);
                    }
                }
                _ => return Err(SendError::recipient(field, &checked.status)),
            }
        }
        Ok(recipients)
    }

    /// After a delivery: keeps the Sent copy, forgets the draft, pins who was seen for the first time.
    async fn settle(&self, delivery: &PendingDelivery, sent: Item, draft: &Draft) -> SentReceipt {
        let known = Known::opened(sent, delivery.content.clone());
        let row = known.row();
        {
            let mut memory = self.memory.borrow_mut();
            memory.keep_made(known);
            if let Some(draft) = &delivery.request.draft {
                memory.forget(draft.item_id);
                memory.unanswered.remove(&draft.item_id);
            }
        }
        for (address, fingerprint) in &delivery.pins {
            // The message is out; a pin that is not kept now is kept at the next one.
            drop(self.pin_first(address, fingerprint).await);
        }
        self.remove_later_draft(delivery, draft).await;
        SentReceipt { row }
    }

    /// Removes the draft when it was saved anew after the delivery that has now been answered was made. It is left when
    /// another session has changed it, or when that fails: the message is out.
    async fn remove_later_draft(&self, delivery: &PendingDelivery, draft: &Draft) {
        let Ok(Some(saved)) = self.saved_draft(draft).await else {
            return;
        };
        if delivery.request.draft.as_ref() == Some(&saved) {
            return;
        }
        let removed = self.env.item_remove(saved.item_id, saved.version).await;
        if removed.is_ok() {
            self.memory.borrow_mut().forget(saved.item_id);
        }
    }

    /// The draft on the server that holds this text.
    async fn saved_draft(&self, draft: &Draft) -> Result<Option<ReplacedDraft>, ApiError> {
        let saved = self.goes_back_to(draft).await?;
        Ok(saved
            .filter(|(_, version)| *version > 0)
            .map(|(item_id, version)| ReplacedDraft { item_id, version }))
    }

    /// What a delivery says of the ciphertexts: who gets which, and which is the sender's; each is named by its content.
    async fn named_copies(&self, copies: Copies) -> Result<Named, SendError> {
        let mut ciphertexts = Vec::with_capacity(copies.deliveries.len() + 1);
        let mut deliveries = Vec::with_capacity(copies.deliveries.len());
        for (recipients, ciphertext) in copies.deliveries {
            let blob_id = self.blob_id(&ciphertext).await;
            ciphertexts.push(ciphertext);
            deliveries.push(Delivery {
                blob_id,
                recipients,
            });
        }
        let sent_blob = match (copies.own, deliveries.first()) {
            (Some(own), _) => {
                let id = self.blob_id(&own).await;
                ciphertexts.push(own);
                id
            }
            (None, Some(delivery)) => delivery.blob_id,
            (None, None) => return Err(SendError::NoRecipients),
        };
        Ok((deliveries, sent_blob, ciphertexts))
    }
}

/// Who gets which ciphertext, which is the sender's, and the ciphertexts.
type Named = (Vec<Delivery>, BlobId, Vec<Vec<u8>>);
