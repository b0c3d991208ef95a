//! Items: changed and removed. A change is an intent that is carried out on whatever the item is when it gets through.

use crate::ApiError;
use crate::attachment::TransferError;
use crate::client::Client;
use crate::env::Randomness;
use crate::error::CodedError;
use crate::folders::FolderMap;
use crate::item::ItemContent;
use crate::memory::{Fault, Known, open_known};
use crate::state::{MAX_CONFLICTS, StateError};
use crate::transport::Transport;
use crate::views::{FolderRole, MessageRow};
use smail_crypto_core::envelope::SealError;
use smail_protocol::{BlobId, Item, ItemId, ItemWriteRequest, MailboxId, MalformedId, ProblemCode};

/// Why something could not be done with an item or a folder.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ItemError {
    /// The item is gone.
    #[error("This message is no longer there: another session has removed it.")]
    Gone,
    /// Not the id of an item or folder.
    #[error("There is no such message or folder.")]
    NoSuchId(#[from] MalformedId),
    /// An attachment that it names is not on the server.
    #[error(transparent)]
    Attachment(TransferError),
    /// The server's part failed.
    #[error(transparent)]
    Server(ApiError),
    /// Its content could not be sealed.
    #[error("The change could not be protected on this device. Reload the page and try again.")]
    Seal(#[from] SealError),
    /// The message could not be fetched just now, so that nothing can be filed with it.
    #[error("This message could not be fetched just now. Try again in a moment.")]
    NotNow,
    /// Other sessions kept changing it.
    #[error("Other sessions keep changing this message. Try again.")]
    Contended,
    /// The folder to move it to is gone.
    #[error("This folder is no longer there: another session has deleted it.")]
    FolderGone,
    /// The label is gone.
    #[error("This label is no longer there: another session has deleted it.")]
    LabelGone,
    /// Not a time to put a message aside until.
    #[error("Choose a time that is still to come.")]
    TimePassed,
    /// What can be undone is gone: too long ago, or of another session.
    #[error("This can no longer be undone.")]
    NothingToUndo,
    /// The folders or labels could not be read.
    #[error(transparent)]
    Folders(#[from] StateError),
}

impl CodedError for ItemError {
    fn code(&self) -> &'static str {
        match self {
            Self::Gone => "not-found",
            Self::NoSuchId(_) => "malformed-id",
            Self::Attachment(error) => error.code(),
            Self::Server(error) => error.code(),
            Self::Seal(error) => error.code(),
            Self::NotNow => "unavailable",
            Self::Contended => "conflict",
            Self::FolderGone => "folder-gone",
            Self::LabelGone => "label-gone",
            Self::TimePassed => "time-passed",
            Self::NothingToUndo => "nothing-to-undo",
            Self::Folders(error) => error.code(),
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Server(error) => error.retry_after_s(),
            Self::Folders(error) => error.retry_after_s(),
            _ => None,
        }
    }
}

impl From<ApiError> for ItemError {
    fn from(error: ApiError) -> Self {
        match &error {
            _ if error.is_of_a_part() => Self::Attachment(TransferError::GivenUp),
            ApiError::Refused(problem) if problem.code == ProblemCode::NotFound => {
                if problem.field.as_deref() == Some("mailbox_id") {
                    Self::FolderGone
                } else {
                    Self::Gone
                }
            }
            _ => Self::Server(error),
        }
    }
}

/// Which flags to set; what is `None` stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct FlagChange {
    /// Not read yet.
    pub unread: Option<bool>,
    /// Marked with a star.
    pub starred: Option<bool>,
}

/// What an item is to be: its content and its mailbox.
pub(crate) struct Intended<'a> {
    pub(crate) content: &'a mut ItemContent,
    pub(crate) mailbox_id: &'a mut MailboxId,
}

impl Intended<'_> {
    /// Moves it there. What goes out of the way remembers where it was, until it is filed somewhere else.
    pub(crate) fn move_to(self, target: MailboxId, map: &FolderMap) {
        let is_aside = |mailbox| map.role_of(mailbox).is_some_and(is_aside);
        if *self.mailbox_id == target {
            return;
        }
        // What waits to be sent waits no longer once it is moved, and goes back among the drafts.
        let waits = map.role_of(*self.mailbox_id) == Some(FolderRole::Scheduled);
        self.content.home = match (is_aside(target), is_aside(*self.mailbox_id)) {
            (true, false) if waits => None,
            (true, false) => Some(*self.mailbox_id),
            (true, true) => self.content.home,
            (false, _) => None,
        };
        self.content.snoozed_until_ms = None;
        *self.mailbox_id = target;
    }
}

/// Whether messages in such a folder are out of the way of where they belong.
const fn is_aside(role: FolderRole) -> bool {
    matches!(
        role,
        FolderRole::Trash | FolderRole::Spam | FolderRole::Snoozed
    )
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Sets flags.
    ///
    /// # Errors
    /// [`ItemError`].
    pub async fn set_flags(
        &self,
        item_id: &str,
        change: FlagChange,
    ) -> Result<MessageRow, ItemError> {
        let intent = |intended: Intended<'_>| {
            intended.content.unread = change.unread.unwrap_or(intended.content.unread);
            intended.content.starred = change.starred.unwrap_or(intended.content.starred);
        };
        Ok(self.change_item(item_id.parse()?, intent).await?.row())
    }

    /// Moves an item to another folder.
    ///
    /// # Errors
    /// [`ItemError`].
    pub async fn move_to(&self, item_id: &str, folder_id: &str) -> Result<MessageRow, ItemError> {
        let mailbox_id: MailboxId = folder_id.parse()?;
        let map = self.folder_map().await?;
        let intent = |intended: Intended<'_>| intended.move_to(mailbox_id, &map);
        Ok(self.change_item(item_id.parse()?, intent).await?.row())
    }

    /// Removes an item for good. That it is gone already is success.
    ///
    /// # Errors
    /// [`ItemError`].
    pub async fn delete(&self, item_id: &str) -> Result<(), ItemError> {
        let item_id: ItemId = item_id.parse()?;
        for _ in 0..MAX_CONFLICTS {
            let removed = match self.version_of(item_id).await {
                Ok(version) => self.env.item_remove(item_id, version).await,
                Err(ItemError::Gone) => Ok(()),
                Err(error) => return Err(error),
            };
            match removed {
                Ok(()) => {
                    self.memory.borrow_mut().forget(item_id);
                    return Ok(());
                }
                Err(error) => self.keep_current(error)?,
            }
        }
        Err(ItemError::Contended)
    }

    /// The item's version as far as this client knows; asked for when it does not know the item.
    async fn version_of(&self, item_id: ItemId) -> Result<u64, ItemError> {
        let known = self.memory.borrow().items.place(&item_id);
        match known {
            Some((version, _)) => Ok(version),
            None => Ok(self.env.item(item_id).await?.version),
        }
    }

    /// Carries an intent out on an item, again on what it has become when another session was faster.
    pub(crate) async fn change_item(
        &self,
        item_id: ItemId,
        intent: impl Fn(Intended<'_>),
    ) -> Result<Known, ItemError> {
        for _ in 0..MAX_CONFLICTS {
            let known = self.known(item_id).await?;
            let before = content_to_file(&known)?;
            let (mut content, mut mailbox_id) = (before.clone(), known.item.mailbox_id);
            intent(Intended {
                content: &mut content,
                mailbox_id: &mut mailbox_id,
            });
            if content == before && mailbox_id == known.item.mailbox_id {
                return Ok(known);
            }
            match self
                .write_item(
                    &Item {
                        mailbox_id,
                        ..known.item
                    },
                    content,
                )
                .await
            {
                Ok(written) => return Ok(written),
                Err(ItemError::Server(error)) => self.keep_current(error)?,
                Err(error) => return Err(error),
            }
        }
        Err(ItemError::Contended)
    }

    /// Writes an item's next version with this content, and keeps what the server made of it.
    pub(crate) async fn write_item(
        &self,
        item: &Item,
        content: ItemContent,
    ) -> Result<Known, ItemError> {
        self.write_item_with(item, content, None).await
    }

    /// As [`Client::write_item`], with these parts; without them it keeps those that it has.
    pub(crate) async fn write_item_with(
        &self,
        item: &Item,
        content: ItemContent,
        parts: Option<Vec<BlobId>>,
    ) -> Result<Known, ItemError> {
        let sealed = self
            .account
            .seal_item(&self.env, item.item_id, item.version + 1, &content)?;
        let request = ItemWriteRequest {
            base_version: item.version,
            mailbox_id: item.mailbox_id,
            blob_id: item.blob_id,
            sealed,
            parts,
        };
        let written = self.env.item_write(item.item_id, &request).await?;
        let known = Known::opened(written, content);
        self.memory.borrow_mut().keep(known.clone());
        Ok(known)
    }

    /// The item as this client knows it, fetched when it does not.
    pub(crate) async fn known(&self, item_id: ItemId) -> Result<Known, ItemError> {
        let known = self.memory.borrow().items.get(&item_id);
        match known.filter(Known::is_settled) {
            Some(known) => Ok(known),
            None => {
                let item = self.env.item(item_id).await?;
                self.take_in(item).await
            }
        }
    }

    /// After a refused write: takes the current item in when the refusal was a conflict, and passes on any other.
    pub(crate) fn keep_current(&self, error: ApiError) -> Result<(), ItemError> {
        let ApiError::Refused(problem) = error else {
            return Err(error.into());
        };
        if problem.code != ProblemCode::VersionConflict {
            return Err(ApiError::Refused(problem).into());
        }
        let Some(current) = problem.current_item else {
            return Err(ItemError::Contended);
        };
        let mut memory = self.memory.borrow_mut();
        match open_known(&self.account, &current) {
            Some(known) => memory.keep(known),
            // Not sealed by anyone yet: to be looked at anew.
            None => {
                memory.items.remove(&current.item_id);
            }
        }
        Ok(())
    }
}

/// What is sealed beside an item from now on. A message that does not open is filed with the reason.
fn content_to_file(known: &Known) -> Result<ItemContent, ItemError> {
    match (&known.content, &known.fault) {
        (Some(content), _) => Ok(content.clone()),
        (
            None,
            Some(Fault {
                sentence,
                passing: false,
            }),
        ) => Ok(ItemContent::of_unreadable(known.item.blob_id, sentence)),
        _ => Err(ItemError::NotNow),
    }
}
