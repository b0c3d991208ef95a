//! What a device keeps for the server while that cannot be reached: messages, made and encrypted but not delivered, and drafts.
//! Each is one sealed record under an id of its own. A message's delivery is fixed when it is packed, its idempotency key too:
//! however often it is tried, after whatever crash, it is one delivery.

use super::{PendingDelivery, SendError};
use crate::client::Client;
use crate::draft::{DraftError, words_of};
use crate::env::Randomness;
use crate::error::CodedError;
use crate::item::ItemContent;
use crate::items::ItemError;
use crate::transport::Transport;
use crate::views::{Draft, MessageRow, PackedView, RecipientState, SentReceipt, Step};
use serde::{Deserialize, Serialize};
use smail_crypto_core::envelope::{Kind, OpenError};
use smail_protocol::{Bytes, DeliverRequest, DeliverResponse, ItemId, ProblemCode};

/// The layout's version.
const VERSION: u32 = 1;
/// Packed records have no versions: another one is another record. No draft on the server has version 0.
const RECORD_VERSION: u64 = 0;

/// Why a packed record is of no use.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum PackedError {
    /// The envelope does not open: damaged, or another account's.
    #[error("What was kept on this device was damaged there.")]
    Damaged(#[source] OpenError),
    /// What is inside is not what should be.
    #[error(
        "What was kept on this device is damaged or from a newer version of S-Mail. Reload the page."
    )]
    Malformed,
    /// Its id is none.
    #[error(transparent)]
    Id(ItemError),
    /// It could not be sealed.
    #[error("This could not be protected on this device. Reload the page and try again.")]
    Seal,
    /// It could not be sent.
    #[error(transparent)]
    Send(#[from] SendError),
    /// It could not be saved as a draft.
    #[error(transparent)]
    Draft(#[from] DraftError),
}

impl CodedError for PackedError {
    fn code(&self) -> &'static str {
        match self {
            Self::Damaged(_) | Self::Malformed => "outbox-damaged",
            Self::Id(error) => error.code(),
            Self::Seal => "device-too-weak",
            Self::Send(error) => error.code(),
            Self::Draft(error) => error.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Send(error) => error.field(),
            _ => None,
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Send(error) => error.retry_after_s(),
            Self::Draft(error) => error.retry_after_s(),
            _ => None,
        }
    }
}

/// The content of a packed record.
#[derive(Serialize, Deserialize)]
struct Packed {
    version: u32,
    /// When it was packed, in milliseconds since 1970.
    kept_ms: u64,
    draft: Draft,
    /// There when it is to be sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<PackedMessage>,
}

#[derive(Serialize, Deserialize)]
struct PackedMessage {
    request: DeliverRequest,
    content: ItemContent,
    /// Addresses and fingerprints that it is encrypted to.
    pins: Vec<(String, String)>,
    ciphertexts: Vec<Bytes>,
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Makes and encrypts a message without delivering it. The recipients' certificates have to be at hand, from the transport if
    /// need be; nothing else is asked of the server.
    ///
    /// # Errors
    /// [`PackedError`]; with the code `offline` when a certificate is not at hand.
    pub async fn pack_message(
        &self,
        id: &str,
        draft: Draft,
        progress: impl Fn(Step),
    ) -> Result<Vec<u8>, PackedError> {
        // The draft on the server goes after the delivery: its version then is not known now.
        let made = self.make(&draft, None, &progress).await?;
        let PendingDelivery {
            request,
            content,
            pins,
            ..
        } = made.delivery;
        let message = PackedMessage {
            request,
            content,
            pins,
            ciphertexts: made.ciphertexts.into_iter().map(Bytes::from).collect(),
        };
        self.seal_packed(id, draft, Some(message))
    }

    /// Seals a draft for this device to keep.
    ///
    /// # Errors
    /// [`PackedError`].
    pub fn pack_draft(&self, id: &str, draft: Draft) -> Result<Vec<u8>, PackedError> {
        self.seal_packed(id, draft, None)
    }

    /// Opens a packed record.
    ///
    /// # Errors
    /// [`PackedError`].
    pub fn unpack(&self, id: &str, sealed: &[u8]) -> Result<PackedView, PackedError> {
        let packed = self.open_packed(id, sealed)?;
        Ok(PackedView {
            id: id.to_owned(),
            is_message: packed.message.is_some(),
            kept_ms: crate::item::to_view(packed.kept_ms),
            draft: packed.draft,
        })
    }

    /// Delivers a packed message. Doing so again after any failure, or after it got through, is harmless.
    ///
    /// # Errors
    /// [`PackedError`]: also when a recipient's certificate is another by now than the one it is encrypted to.
    pub async fn deliver_packed(
        &self,
        id: &str,
        sealed: &[u8],
    ) -> Result<SentReceipt, PackedError> {
        let packed = self.open_packed(id, sealed)?;
        let message = packed.message.ok_or(PackedError::Malformed)?;
        let delivery = PendingDelivery {
            draft_id: packed.draft.id.clone(),
            words: words_of(&packed.draft),
            request: message.request,
            content: message.content,
            pins: message.pins,
        };
        if let Some(receipt) = self.found_sent(&delivery, &packed.draft).await? {
            return Ok(receipt);
        }
        self.check_pins(&delivery.pins).await?;
        for ciphertext in message.ciphertexts {
            let stored = self.store_blob(ciphertext.into_vec()).await;
            stored.map_err(SendError::Upload)?;
        }
        match self.env.deliver(&delivery.request).await {
            Ok(DeliverResponse { sent, .. }) => {
                Ok(self.settle(&delivery, sent, &packed.draft).await)
            }
            Err(error) if error.leaves_doubt() => Err(SendError::Unconfirmed(error).into()),
            Err(error) => Err(SendError::of_delivery(error).into()),
        }
    }

    /// Whether a packed message has got through: an earlier try of it may have, without an answer.
    ///
    /// # Errors
    /// [`PackedError`].
    pub async fn packed_is_sent(&self, id: &str, sealed: &[u8]) -> Result<bool, PackedError> {
        let packed = self.open_packed(id, sealed)?;
        let message = packed.message.ok_or(PackedError::Malformed)?;
        match self.env.item(message.request.sent.item_id).await {
            Ok(_) => Ok(true),
            Err(error) if error.is(ProblemCode::NotFound) => Ok(false),
            Err(error) => Err(SendError::Draft(error).into()),
        }
    }

    /// Saves a packed draft on the server, as the next version of what it goes back to. A window that still has it open goes on
    /// from there, although it does not know of the save.
    ///
    /// # Errors
    /// [`PackedError`].
    pub async fn save_packed(&self, id: &str, sealed: &[u8]) -> Result<MessageRow, PackedError> {
        let packed = self.open_packed(id, sealed)?;
        let row = self.save_draft(packed.draft).await?;
        let saved = row.id.parse::<ItemId>().ok();
        let mut memory = self.memory.borrow_mut();
        let known = saved.and_then(|item_id| memory.items.get(&item_id));
        if let Some(known) = known {
            let (item_id, blob_id) = (known.item.item_id, known.item.blob_id);
            memory
                .unanswered
                .entry(item_id)
                .or_default()
                .insert(blob_id);
        }
        drop(memory);
        Ok(row)
    }

    /// The receipt of a delivery that an earlier try has made, whose answer was lost.
    async fn found_sent(
        &self,
        delivery: &PendingDelivery,
        draft: &Draft,
    ) -> Result<Option<SentReceipt>, SendError> {
        match self.env.item(delivery.request.sent.item_id).await {
            Ok(sent) => Ok(Some(self.settle(delivery, sent, draft).await)),
            Err(error) if error.is(ProblemCode::NotFound) => Ok(None),
            Err(error) => Err(SendError::Draft(error)),
        }
    }

    /// Whether the recipients' certificates are still those that the message is encrypted to.
    async fn check_pins(&self, pins: &[(String, String)]) -> Result<(), SendError> {
        let addresses: Vec<String> = pins.iter().map(|(address, _)| address.clone()).collect();
        let checked = self.check_recipients(&addresses).await?;
        for (mut now, (_, fingerprint)) in checked.into_iter().zip(pins) {
            if now.status.state != RecipientState::Ready {
                return Err(SendError::recipient("to", &now.status));
            }
            if now.status.fingerprint.as_ref() != Some(fingerprint) {
                now.status.state = RecipientState::ChangedKey;
                return Err(SendError::recipient("to", &now.status));
            }
        }
        Ok(())
    }

    fn seal_packed(
        &self,
        id: &str,
        draft: Draft,
        message: Option<PackedMessage>,
    ) -> Result<Vec<u8>, PackedError> {
        let packed = Packed {
            version: VERSION,
            kept_ms: self.env.now_ms(),
            draft,
            message,
        };
        let json =
            zeroize::Zeroizing::new(serde_json::to_vec(&packed).map_err(|_| PackedError::Seal)?);
        let sealed = self.account.seal(
            &self.env,
            Kind::Draft,
            record_id(id)?,
            RECORD_VERSION,
            &json,
        );
        sealed.map(Bytes::into_vec).map_err(|_| PackedError::Seal)
    }

    fn open_packed(&self, id: &str, sealed: &[u8]) -> Result<Packed, PackedError> {
        let json = self
            .account
            .unseal(Kind::Draft, record_id(id)?, RECORD_VERSION, sealed)
            .map_err(PackedError::Damaged)?;
        let packed: Packed = serde_json::from_slice(&json).map_err(|_| PackedError::Malformed)?;
        if packed.version > VERSION {
            return Err(PackedError::Malformed);
        }
        Ok(packed)
    }
}

fn record_id(id: &str) -> Result<[u8; 16], PackedError> {
    let id: ItemId = id
        .parse()
        .map_err(|error| PackedError::Id(ItemError::from(error)))?;
    Ok(*id.as_bytes())
}
