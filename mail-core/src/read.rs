//! Reading a message that was clicked.

use crate::attachment::TransferError;
use crate::client::Client;
use crate::env::Randomness;
use crate::error::CodedError;
use crate::item::{BlobKind, ItemContent, came_ms, to_view};
use crate::items::{Intended, ItemError};
use crate::list::ThreadIds;
use crate::memory::Known;
use crate::message::{Attachment, Body};
use crate::open::{OpenMessageError, OpenedMail};
use crate::transport::Transport;
use crate::views::{
    AddressWarning, AttachmentView, BodyView, MessageView, RemoteContent, SignatureState, Step,
};
use smail_protocol::ItemId;
use std::rc::Rc;

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
        let view = self.view(item_id, progress).await?;
        self.mark_read(item_id).await;
        Ok(view)
    }

    /// Opens a message.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn view(
        &self,
        item_id: &str,
        progress: impl Fn(Step),
    ) -> Result<MessageView, ReadError> {
        let item_id: ItemId = item_id.parse().map_err(ItemError::from)?;
        let (known, mail) = self.open_to_show(item_id, &progress).await?;
        self.mend(&known, &mail).await;
        let remote_content = self.remote_content(&mail.message.from.address, &mail.security);
        let warnings = self.address_warnings(&mail.message);
        Ok(MessageView {
            prefer_plain: self.settings().unwrap_or_default().prefer_plain_text,
            ..view(&known, &mail, remote_content, warnings)
        })
    }

    /// Marks a message as read. One that cannot be marked now is marked when it is read again.
    pub async fn mark_read(&self, item_id: &str) {
        let Ok(item_id) = item_id.parse::<ItemId>() else {
            return;
        };
        let mail = self.memory.borrow().recent.find_any(item_id);
        let thread = mail
            .as_ref()
            .map(|mail| ThreadIds::of_message(&mail.message));
        let intent = |intended: Intended<'_>| {
            intended.content.unread = false;
            // It was filed before there were conversations.
            if let (true, Some(thread)) = (intended.content.thread.is_empty(), &thread) {
                intended.content.thread.clone_from(thread);
            }
        };
        drop(self.change_item(item_id, intent).await);
        if let Some(mail) = mail {
            self.see_author(&mail).await;
        }
    }

    /// Notes when the author's key was seen last. Nobody waits for it.
    async fn see_author(&self, mail: &OpenedMail) {
        let security = &mail.security;
        if let (SignatureState::Verified, Some(fingerprint)) =
            (security.signature, &security.signer_fingerprint)
        {
            self.pin_seen(&mail.message.from.address, fingerprint).await;
        }
    }

    /// Opens a message ahead, so that reading it waits for nothing. Marks and tells nothing; whether it came to anything
    /// shows when the message is read.
    pub async fn prefetch(&self, item_id: &str) {
        if let Ok(item_id) = item_id.parse::<ItemId>() {
            let is_harmful = self.memory.borrow().set_aside.contains(&item_id);
            if !is_harmful {
                drop(self.open_item_mail(item_id, &|_| {}).await);
            }
        }
    }

    /// Opens the message of an item, or takes it from those opened lately: whoever shows its verdict asks for
    /// [`Client::open_to_show`].
    pub(crate) async fn open_item_mail(
        &self,
        item_id: ItemId,
        progress: &dyn Fn(Step),
    ) -> Result<(Known, Rc<OpenedMail>), ReadError> {
        let known = self.readable(item_id).await?;
        let recent = self
            .memory
            .borrow()
            .recent
            .find(item_id, known.item.blob_id);
        match recent {
            Some(mail) => Ok((known, mail)),
            None => self.open_anew(known, false, progress).await,
        }
    }

    /// Opens the message of an item and judges who wrote it, unless that was done ahead just now.
    async fn open_to_show(
        &self,
        item_id: ItemId,
        progress: &dyn Fn(Step),
    ) -> Result<(Known, Rc<OpenedMail>), ReadError> {
        let known = self.readable(item_id).await?;
        let (blob_id, now_ms) = (known.item.blob_id, self.env.now_ms());
        let ahead = {
            let recent = &mut self.memory.borrow_mut().recent;
            recent.find_to_show(item_id, blob_id, now_ms)
        };
        match ahead {
            Some(mail) => Ok((known, mail)),
            None => self.open_anew(known, true, progress).await,
        }
    }

    async fn open_anew(
        &self,
        known: Known,
        shown: bool,
        progress: &dyn Fn(Step),
    ) -> Result<(Known, Rc<OpenedMail>), ReadError> {
        let mut mail = self.open_mail(&known.item, progress).await?;
        if known.content.as_ref().is_some_and(ItemContent::was_brought) {
            mail.security = mail.security.of_brought();
        }
        let mail = Rc::new(mail);
        let ids = (known.item.item_id, known.item.blob_id);
        let recent = &mut self.memory.borrow_mut().recent;
        recent.keep(ids, self.env.now_ms(), shown, &mail);
        Ok((known, mail))
    }

    /// The item, when it holds a message that may be opened.
    async fn readable(&self, item_id: ItemId) -> Result<Known, ReadError> {
        let known = self.known(item_id).await?;
        if matches!(
            known.content.as_ref().map(|content| content.kind),
            Some(BlobKind::Draft { .. })
        ) {
            return Err(ReadError::IsDraft);
        }
        // A summary that does not open is no accident: what stands in its place is not to be trusted either.
        match (&known.item.sealed, &known.fault) {
            (Some(_), Some(fault)) => Err(ReadError::Altered(fault.sentence.clone())),
            _ => Ok(known),
        }
    }

    /// Gives a message that was filed as unreadable its summary, now that it opens.
    async fn mend(&self, known: &Known, mail: &OpenedMail) {
        let is_filed = |content: &ItemContent| content.fault.is_some();
        if !known.content.as_ref().is_some_and(is_filed) {
            return;
        }
        let summary = ItemContent::of_message(
            known.item.blob_id,
            &mail.message,
            Some(mail.security.signature),
        );
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

fn view(
    known: &Known,
    mail: &OpenedMail,
    remote_content: RemoteContent,
    warnings: Vec<AddressWarning>,
) -> MessageView {
    let OpenedMail {
        message, security, ..
    } = mail;
    let message = message.clone();
    let reply_to = if message.reply_to.is_empty() {
        vec![message.from.clone()]
    } else {
        message.reply_to
    };
    let came_ms = came_ms(&known.item, known.content.as_ref());
    let date_ms = message
        .date_s
        .map_or(came_ms, |seconds| seconds.saturating_mul(1_000));
    let notes = message.notes.iter().map(|note| note.sentence().to_owned());
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
        formatted: message.formatted.into_iter().map(body_view).collect(),
        prefer_plain: false,
        attachments: message
            .attachments
            .into_iter()
            .zip(0..)
            .map(attachment_view)
            .collect(),
        remote_content,
        message_id: message.message_id,
        references: threading_ids(message.references, message.in_reply_to),
        notes: notes.collect(),
        warnings,
        security: security.clone(),
    }
}

pub(crate) fn body_view(body: Body) -> BodyView {
    match body {
        Body::Text(text) => BodyView::Text { text },
        Body::Html(html) => BodyView::Html { html },
    }
}

fn attachment_view((attachment, index): (Attachment, u32)) -> AttachmentView {
    AttachmentView {
        index,
        name: attachment.name.text,
        name_changed: attachment.name.changed,
        media_type: attachment.media_type,
        size_bytes: to_view(attachment.size_bytes),
        content_id: attachment.content_id,
        inline: attachment.is_inline,
        may_run: attachment.may_run,
    }
}

/// References' ids and then In-Reply-To's, each once.
fn threading_ids(mut references: Vec<String>, in_reply_to: Option<String>) -> Vec<String> {
    if let Some(id) = in_reply_to.filter(|id| !references.contains(id)) {
        references.push(id);
    }
    references
}
