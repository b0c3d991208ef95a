//! Drafts: items whose blob is a sealed envelope. Saving never overwrites what another session wrote: on a conflict the
//! text becomes a draft of its own.

use crate::api::ApiError;
use crate::attachment::{TransferError, parts_of};
use crate::blob::BlobError;
use crate::client::Client;
use crate::env::Randomness;
use crate::error::CodedError;
use crate::item::{BlobKind, ItemContent, OwnWords, from_view, to_view};
use crate::items::ItemError;
use crate::state::StateError;
use crate::transport::Transport;
use crate::views::{Draft, FolderRole, MessageRow, Person};
use serde::{Deserialize, Serialize};
use smail_crypto_core::envelope::{Kind, OpenError, SealError};
use smail_protocol::{BlobId, Item, ItemId, MailboxId, ProblemCode};

/// Version of the format written now.
const DRAFT_VERSION: u32 = 1;

/// A draft as it is sealed.
#[derive(Serialize, Deserialize)]
struct StoredDraft {
    version: u32,
    draft: Draft,
    /// The Sent item of a try to send it that had no answer: when it is there, the draft has gone out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tried_as: Option<ItemId>,
}

/// Why a draft could not be saved or opened. The text stays with the caller.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum DraftError {
    /// The item's part failed.
    #[error(transparent)]
    Item(#[from] ItemError),
    /// The folders could not be read.
    #[error(transparent)]
    Folders(#[from] StateError),
    /// The draft's octets could not be brought up or down.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// What is attached cannot be kept.
    #[error(transparent)]
    Attachment(#[from] TransferError),
    /// It could not be sealed.
    #[error("The draft could not be protected on this device. Reload the page and try again.")]
    Seal(#[from] SealError),
    /// Its envelope does not open.
    #[error("This draft was altered or damaged on the server and cannot be opened.")]
    Altered(#[source] OpenError),
    /// What is in the envelope is no draft of a version known here.
    #[error("This draft is damaged or was written by a newer version of S-Mail. Reload the page.")]
    Malformed,
    /// The item is a message, not a draft.
    #[error("This is a message, not a draft.")]
    NotADraft,
    /// A try to send it got through although it had no answer. The draft is removed.
    #[error("This message has gone out already: it is in Sent.")]
    WentOut,
}

impl CodedError for DraftError {
    fn code(&self) -> &'static str {
        match self {
            Self::Item(error) => error.code(),
            Self::Folders(error) => error.code(),
            Self::Blob(error) => error.code(),
            Self::Attachment(error) => error.code(),
            Self::Seal(error) => error.code(),
            Self::Altered(error) => error.code(),
            Self::Malformed => "draft-malformed",
            Self::NotADraft => "not-a-draft",
            Self::WentOut => "send-went-out",
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Item(error) => error.retry_after_s(),
            Self::Folders(error) => error.retry_after_s(),
            Self::Blob(BlobError::Server(error)) => error.retry_after_s(),
            _ => None,
        }
    }
}

/// What a draft says, wherever it is saved.
pub(crate) fn words_of(draft: &Draft) -> Draft {
    Draft {
        id: None,
        version: None,
        quote: None,
        ..draft.clone()
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Saves a draft: a new one, or the next version of the one it names. The row's id and version name it from now on;
    /// the id is another one when the draft was changed or removed by another session meanwhile. A draft that names an
    /// id and no version is new under that id: when the answer to its first save is lost, the next one finds it again.
    ///
    /// # Errors
    /// [`DraftError`].
    pub async fn save_draft(&self, draft: Draft) -> Result<MessageRow, DraftError> {
        let mailbox_id = self.mailbox_of(FolderRole::Drafts).await?;
        if let Some((item_id, base_version)) =
            self.goes_back_to(&draft).await.map_err(ItemError::from)?
            && let Some(row) = self
                .replace_draft(item_id, base_version, mailbox_id, &draft)
                .await?
        {
            return Ok(row);
        }
        let item_id = ItemId::from_bytes(self.env.random_id());
        self.replace_draft(item_id, 0, mailbox_id, &draft)
            .await?
            .ok_or(DraftError::Item(ItemError::Contended))
    }

    /// Opens a draft to go on writing.
    ///
    /// # Errors
    /// [`DraftError`].
    pub async fn open_draft(&self, item_id: &str) -> Result<Draft, DraftError> {
        let item_id: ItemId = item_id.parse().map_err(ItemError::from)?;
        let known = self.known(item_id).await?;
        let Some(BlobKind::Draft { version }) = known.content.map(|content| content.kind) else {
            return Err(DraftError::NotADraft);
        };
        let sealed = self.fetch_blob(known.item.blob_id).await?;
        let json = self
            .account
            .unseal(Kind::Draft, *item_id.as_bytes(), version, &sealed)
            .map_err(DraftError::Altered)?;
        let stored: StoredDraft =
            serde_json::from_slice(&json).map_err(|_| DraftError::Malformed)?;
        if stored.version > DRAFT_VERSION {
            return Err(DraftError::Malformed);
        }
        if let Some(tried_as) = stored.tried_as
            && self.is_there(tried_as).await?
        {
            self.delete(&item_id.to_string()).await?;
            return Err(DraftError::WentOut);
        }
        Ok(Draft {
            id: Some(item_id.to_string()),
            version: Some(to_view(known.item.version)),
            ..stored.draft
        })
    }

    async fn is_there(&self, item_id: ItemId) -> Result<bool, ItemError> {
        match self.env.item(item_id).await.map_err(ItemError::from) {
            Ok(_) => Ok(true),
            Err(ItemError::Gone) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Removes a draft.
    ///
    /// # Errors
    /// [`ItemError`].
    pub async fn discard_draft(&self, item_id: &str) -> Result<(), ItemError> {
        self.delete(item_id).await
    }

    /// The item that a draft is saved as, and the version that its text goes back to, 0 when there is none yet. After a
    /// save whose answer was lost, the server is asked whether it got through.
    ///
    /// # Errors
    /// [`ApiError`].
    pub(crate) async fn goes_back_to(
        &self,
        draft: &Draft,
    ) -> Result<Option<(ItemId, u64)>, ApiError> {
        let Some(item_id) = draft.id.as_deref().and_then(|id| id.parse().ok()) else {
            return Ok(None);
        };
        let named = (item_id, draft.version.and_then(from_view).unwrap_or(0));
        let unanswered = self.memory.borrow().unanswered.get(&item_id).cloned();
        let Some(unanswered) = unanswered else {
            return Ok(Some(named));
        };
        match self.env.item(item_id).await {
            Ok(item) if unanswered.contains(&item.blob_id) => Ok(Some((item_id, item.version))),
            Err(error) if !error.is(ProblemCode::NotFound) => Err(error),
            _ => Ok(Some(named)),
        }
    }

    /// Writes the draft as the version after this one; `None` when another session was there first.
    async fn replace_draft(
        &self,
        item_id: ItemId,
        base_version: u64,
        mailbox_id: MailboxId,
        draft: &Draft,
    ) -> Result<Option<MessageRow>, DraftError> {
        let version = base_version + 1;
        let (blob_id, parts) = self.store_draft(item_id, version, draft).await?;
        let content = self.draft_summary(blob_id, version, draft);
        // The server fills in size and arrival.
        let item = Item {
            item_id,
            mailbox_id,
            blob_id,
            size_bytes: 0,
            arrival_ms: 0,
            version: base_version,
            sealed: None,
        };
        let is_new = base_version == 0;
        match self.write_item_with(&item, content, Some(parts)).await {
            Ok(known) => {
                let mut memory = self.memory.borrow_mut();
                memory.unanswered.remove(&item_id);
                if is_new {
                    memory.count(mailbox_id, 1);
                }
                Ok(Some(known.row()))
            }
            Err(ItemError::Gone) => Ok(None),
            Err(ItemError::Server(error)) if error.leaves_doubt() => {
                let mut memory = self.memory.borrow_mut();
                memory
                    .unanswered
                    .entry(item_id)
                    .or_default()
                    .insert(blob_id);
                Err(ItemError::Server(error).into())
            }
            Err(ItemError::Server(error)) => self.settle_conflict(error, item_id, blob_id),
            Err(error) => Err(error.into()),
        }
    }

    /// Seals a draft as this version of an item and brings it up; its blob, and those of what is attached.
    pub(crate) async fn store_draft(
        &self,
        item_id: ItemId,
        version: u64,
        draft: &Draft,
    ) -> Result<(BlobId, Vec<BlobId>), DraftError> {
        let parts = parts_of(&self.attachments_of(&draft.attachments)?)?;
        let stored = StoredDraft {
            version: DRAFT_VERSION,
            draft: words_of(draft),
            tried_as: self.tried_as(draft),
        };
        let json = zeroize::Zeroizing::new(
            serde_json::to_vec(&stored).map_err(|_| DraftError::Malformed)?,
        );
        let sealed =
            self.account
                .seal(&self.env, Kind::Draft, *item_id.as_bytes(), version, &json)?;
        Ok((self.store_blob(sealed.into_vec()).await?, parts))
    }

    /// After a refused write: when what is there is this very text, an earlier try got through. `None`: it is not.
    fn settle_conflict(
        &self,
        error: ApiError,
        item_id: ItemId,
        blob_id: BlobId,
    ) -> Result<Option<MessageRow>, DraftError> {
        self.keep_current(error)?;
        let memory = self.memory.borrow();
        let known = memory.items.get(&item_id);
        Ok(known
            .filter(|known| known.item.blob_id == blob_id)
            .map(|known| known.row()))
    }

    /// What is sealed beside the item.
    pub(crate) fn draft_summary(
        &self,
        blob_id: BlobId,
        version: u64,
        draft: &Draft,
    ) -> ItemContent {
        let to: Vec<Person> = draft
            .to
            .iter()
            .map(|typed| Person {
                name: String::new(),
                address: typed.clone(),
            })
            .collect();
        let words = OwnWords {
            to: &to,
            subject: &draft.subject,
            text: &draft.text,
            date_ms: self.env.now_ms(),
            attachments: draft.file_count(),
        };
        ItemContent::of_own(
            blob_id,
            BlobKind::Draft { version },
            &self.own_name(),
            words,
        )
    }
}
