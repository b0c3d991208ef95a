//! Sending later: the message is made and encrypted now, and waits on the server with the draft that it was, in a folder of
//! its own. The server learns when it is to go out, and nothing else. Until then it can be called off, and is a draft again.

use super::{Made, SendError};
use crate::api::ApiError;
use crate::attachment::parts_of;
use crate::client::Client;
use crate::draft::DraftError;
use crate::env::Randomness;
use crate::error::CodedError;
use crate::item::{ItemContent, from_view};
use crate::items::ItemError;
use crate::memory::Known;
use crate::transport::Transport;
use crate::views::{Draft, FolderRole, MessageRow, SentReceipt, Step};
use smail_protocol::limits::MAX_SCHEDULE_MS;
use smail_protocol::{
    DeliverResponse, Item, ItemId, ItemWriteRequest, MailboxId, Problem, ProblemCode,
    ScheduleRequest,
};

/// Tries on a draft that another session writes at the same time.
const MAX_CONFLICTS: u32 = 5;

/// Why a message does not wait to be sent, or could not be called off.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ScheduleError {
    /// It cannot be sent at all.
    #[error(transparent)]
    Send(#[from] SendError),
    /// Its draft cannot be kept, or opened again.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// The time has passed, or is more than a year away.
    #[error("Choose a time that is still to come, within a year.")]
    Time,
    /// It went out before it could be called off.
    #[error("This message has gone out already: it is in Sent.")]
    WentOut,
}

impl CodedError for ScheduleError {
    fn code(&self) -> &'static str {
        match self {
            Self::Send(error) => error.code(),
            Self::Draft(error) => error.code(),
            Self::Time => "time-passed",
            Self::WentOut => "send-went-out",
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

impl From<ItemError> for ScheduleError {
    fn from(error: ItemError) -> Self {
        match error {
            ItemError::Gone => Self::WentOut,
            error => Self::Draft(error.into()),
        }
    }
}

impl From<ApiError> for ScheduleError {
    fn from(error: ApiError) -> Self {
        Self::Send(SendError::of_delivery(error))
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Sends a message so many milliseconds from now. Its row, in the folder of what waits, names it until then.
    ///
    /// # Errors
    /// [`ScheduleError`]. After [`SendError::Unconfirmed`], doing the same again lets it wait once.
    pub async fn send_later(
        &self,
        draft: Draft,
        after_ms: f64,
        progress: impl Fn(Step),
    ) -> Result<MessageRow, ScheduleError> {
        let after_ms = from_view(after_ms.round())
            .filter(|after_ms| *after_ms <= MAX_SCHEDULE_MS)
            .ok_or(ScheduleError::Time)?;
        if self.confirm_sent(&draft).await?.is_some() {
            return Err(SendError::WentOut.into());
        }
        let made = self.make(&draft, None, &progress).await?;
        progress(Step::Uploading);
        for ciphertext in &made.ciphertexts {
            self.store_blob(ciphertext.clone())
                .await
                .map_err(SendError::Upload)?;
        }
        progress(Step::Delivering);
        let mailbox_id = self
            .mailbox_of(FolderRole::Scheduled)
            .await
            .map_err(SendError::LookUp)?;
        let goes_back_to = self.goes_back_to(&draft).await.map_err(SendError::Draft)?;
        if let Some((item_id, base_version)) = goes_back_to {
            let place = (item_id, base_version, mailbox_id);
            if let Some(row) = self.wait_as(place, &draft, &made, after_ms).await? {
                return Ok(row);
            }
        }
        // Another session has changed the draft: this one is another.
        let place = (ItemId::from_bytes(self.env.random_id()), 0, mailbox_id);
        let waiting = self.wait_as(place, &draft, &made, after_ms).await?;
        waiting.ok_or_else(|| DraftError::Item(ItemError::Contended).into())
    }

    /// Sends at once what waits.
    ///
    /// # Errors
    /// [`ScheduleError`].
    pub async fn send_scheduled(
        &self,
        item_id: &str,
        progress: impl Fn(Step),
    ) -> Result<SentReceipt, ScheduleError> {
        let parsed: ItemId = item_id.parse().map_err(ItemError::from)?;
        match self.env.send_scheduled(parsed).await {
            Ok(DeliverResponse { sent, .. }) => {
                self.memory.borrow_mut().forget(parsed);
                let known = self.take_in(sent).await?;
                Ok(SentReceipt { row: known.row() })
            }
            // The server has given it up: it is made anew.
            Err(error) if error.is(ProblemCode::NotFound) => {
                let draft = self.call_off(item_id).await?;
                Ok(self.send(draft, progress).await?)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Calls off what waits: it is a draft again.
    ///
    /// # Errors
    /// [`ScheduleError::WentOut`] when it was sent meanwhile.
    pub async fn call_off(&self, item_id: &str) -> Result<Draft, ScheduleError> {
        let parsed: ItemId = item_id.parse().map_err(ItemError::from)?;
        let drafts = self
            .mailbox_of(FolderRole::Drafts)
            .await
            .map_err(SendError::LookUp)?;
        let draft = match self.open_draft(item_id).await {
            Err(DraftError::Item(ItemError::Gone) | DraftError::WentOut) => {
                return Err(ScheduleError::WentOut);
            }
            opened => opened?,
        };
        let files = self.attachments_of(&draft.attachments);
        let parts = files
            .and_then(|files| parts_of(&files))
            .map_err(SendError::Attachment)?;
        for _ in 0..MAX_CONFLICTS {
            let known = self.known(parsed).await?;
            let mut content = known.content.clone().ok_or(DraftError::NotADraft)?;
            content.snoozed_until_ms = None;
            let item = Item {
                mailbox_id: drafts,
                ..known.item
            };
            match self
                .write_item_with(&item, content, Some(parts.clone()))
                .await
            {
                Ok(known) => {
                    return Ok(Draft {
                        version: Some(known.row().version),
                        ..draft
                    });
                }
                Err(ItemError::Server(error)) => self.keep_current(error)?,
                Err(error) => return Err(error.into()),
            }
        }
        Err(DraftError::Item(ItemError::Contended).into())
    }

    /// Lets it wait as this item; `None` when another session has written that meanwhile.
    async fn wait_as(
        &self,
        (item_id, base_version, mailbox_id): (ItemId, u64, MailboxId),
        draft: &Draft,
        made: &Made,
        after_ms: u64,
    ) -> Result<Option<MessageRow>, ScheduleError> {
        let (blob_id, parts) = self.store_draft(item_id, base_version + 1, draft).await?;
        let mut content = self.draft_summary(blob_id, base_version + 1, draft);
        content.snoozed_until_ms = Some(self.env.now_ms().saturating_add(after_ms));
        let sealed = self
            .account
            .seal_item(&self.env, item_id, base_version + 1, &content)
            .map_err(SendError::Seal)?;
        let request = ScheduleRequest {
            after_ms,
            write: ItemWriteRequest {
                base_version,
                mailbox_id,
                blob_id,
                sealed,
                parts: Some(parts),
            },
            delivery: made.delivery.request.clone(),
        };
        match self.env.schedule(item_id, &request).await {
            Ok(item) => Ok(Some(self.waits(item, content, made).await)),
            Err(error) if error.leaves_doubt() => {
                let mut memory = self.memory.borrow_mut();
                // The next try finds out whether this one got through, and takes its place.
                let unanswered = memory.unanswered.entry(item_id).or_default();
                unanswered.insert(blob_id);
                memory.pending.push(made.delivery.clone());
                Err(SendError::Unconfirmed(error).into())
            }
            Err(ApiError::Refused(problem)) if is_of_the_item(&problem) => {
                // An earlier try of this very call may have got through, its answer lost.
                match problem.current_item {
                    Some(item) if item.blob_id == blob_id => {
                        Ok(Some(self.waits(*item, content, made).await))
                    }
                    _ => self.unless_sent(made).await.map(|()| None),
                }
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps what waits now, and pins who was seen for the first time.
    async fn waits(&self, item: Item, content: ItemContent, made: &Made) -> MessageRow {
        let known = Known::opened(item, content);
        let row = known.row();
        {
            let mut memory = self.memory.borrow_mut();
            memory.unanswered.remove(&known.item.item_id);
            if known.item.version == 1 {
                memory.count(known.item.mailbox_id, 1);
            }
            memory.keep(known);
        }
        for (address, fingerprint) in &made.delivery.pins {
            // It will go out; a pin that is not kept now is kept at the next one.
            drop(self.pin_first(address, fingerprint).await);
        }
        row
    }

    async fn unless_sent(&self, made: &Made) -> Result<(), ScheduleError> {
        match self.env.item(made.delivery.request.sent.item_id).await {
            Ok(_) => Err(ScheduleError::WentOut),
            Err(error) if error.is(ProblemCode::NotFound) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Whether the draft is not what this client thinks it is.
fn is_of_the_item(problem: &Problem) -> bool {
    let is_gone = problem.code == ProblemCode::NotFound && problem.field.is_none();
    is_gone || problem.code == ProblemCode::VersionConflict
}
