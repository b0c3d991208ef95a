//! Reading a message that was clicked.

use crate::attachment::TransferError;
use crate::client::Client;
use crate::env::Randomness;
use crate::error::CodedError;
use crate::item::{BlobKind, ItemContent, to_view};
use crate::items::{Intended, ItemError};
use crate::list::ThreadIds;
use crate::memory::Known;
use crate::open::{OpenMessageError, OpenedMail};
use crate::transport::Transport;
use crate::views::{MessageView, Step};
use smail_protocol::ItemId;

/// Why a message could not be read.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The item is not there.
    #[error(transparent)]
    Item(#[from] ItemError),
    /// The message does not open.
    #[error(transparent)]
    Message(#[from] OpenMessageError),
    /// What the server keeps beside it was altered, or is another message's.
    #[error("{0}")]
    Altered(String),
    /// What is attached cannot be passed on.
    #[error(transparent)]
    Attachment(#[from] TransferError),
    /// It is a draft: to be edited, not read.
    #[error("This is a draft. Open it to go on writing.")]
    IsDraft,
}

impl CodedError for ReadError {
    fn code(&self) -> &'static str {
        match self {
            Self::Item(error) => error.code(),
            Self::Message(error) => error.code(),
            Self::Altered(_) => "item-altered",
            Self::Attachment(error) => error.code(),
            Self::IsDraft => "is-draft",
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Item(error) => error.retry_after_s(),
            Self::Message(error) => error.server().and_then(crate::ApiError::retry_after_s),
            Self::Attachment(error) => error.retry_after_s(),
            Self::Altered(_) | Self::IsDraft => None,
        }
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Opens a message and marks it as read.
    ///
    /// # Errors
    /// [`ReadError`]. That it could not be marked as read is none.
    pub async fn read(
        &self,
        item_id: &str,
        progress: impl Fn(Step),
    ) -> Result<MessageView, ReadError> {
        let item_id: ItemId = item_id.parse().map_err(ItemError::from)?;
        let (known, mail) = self.open_item_mail(item_id, &progress).await?;
        let thread = ThreadIds::of_message(&mail.message);
        // The message is shown whether or not the mark got through; the next reading marks again.
        drop(
            self.change_item(item_id, |intended: Intended<'_>| {
                intended.content.unread = false;
                // It was filed before there were conversations.
                if intended.content.thread.is_empty() {
                    intended.content.thread.clone_from(&thread);
                }
            })
            .await,
        );
        Ok(view(&known, mail))
    }

    /// Opens the message of an item.
    pub(crate) async fn open_item_mail(
        &self,
        item_id: ItemId,
        progress: &dyn Fn(Step),
    ) -> Result<(Known, OpenedMail), ReadError> {
        let known = self.known(item_id).await?;
        if matches!(
            known.content.as_ref().map(|content| content.kind),
            Some(BlobKind::Draft { .. })
        ) {
            return Err(ReadError::IsDraft);
        }
        // A summary that does not open is no accident: what stands in its place is not to be trusted either.
        if let (Some(_), Some(fault)) = (&known.item.sealed, &known.fault) {
            return Err(ReadError::Altered(fault.sentence.clone()));
        }
        let mail = self.open_mail(&known.item, progress).await?;
        self.mend(&known, &mail).await;
        Ok((known, mail))
    }

    /// Gives a message that was filed as unreadable its summary, now that it opens.
    async fn mend(&self, known: &Known, mail: &OpenedMail) {
        let is_filed = |content: &ItemContent| content.fault.is_some();
        if !known.content.as_ref().is_some_and(is_filed) {
            return;
        }
        let summary = ItemContent::of_message(known.item.blob_id, mail);
        let intent = |intended: Intended<'_>| {
            if intended.content.fault.is_some() {
                let filing = intended.content.filing();
                intended.content.clone_from(&summary);
                intended.content.file(filing);
            }
        };
        // What is not mended now is mended at the next reading.
        drop(self.change_item(known.item.item_id, intent).await);
    }
}

fn view(known: &Known, mail: OpenedMail) -> MessageView {
    let OpenedMail { message, security } = mail;
    let reply_to = if message.reply_to.is_empty() {
        vec![message.from.clone()]
    } else {
        message.reply_to
    };
    let date_ms = message.date_s.map_or(known.item.arrival_ms, |seconds| {
        seconds.saturating_mul(1_000)
    });
    MessageView {
        id: known.item.item_id.to_string(),
        folder_id: known.item.mailbox_id.to_string(),
        from: message.from,
        to: message.to,
        cc: message.cc,
        bcc: message.bcc,
        reply_to,
        subject: message.subject,
        date_ms: to_view(date_ms),
        text: message.text,
        message_id: message.message_id,
        references: threading_ids(message.references, message.in_reply_to),
        notes: message
            .notes
            .into_iter()
            .map(|note| note.sentence().to_owned())
            .collect(),
        security,
    }
}

/// References' ids and then In-Reply-To's, each once.
fn threading_ids(mut references: Vec<String>, in_reply_to: Option<String>) -> Vec<String> {
    if let Some(id) = in_reply_to.filter(|id| !references.contains(id)) {
        references.push(id);
    }
    references
}
