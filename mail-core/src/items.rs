//! Items: listed, opened at first sight, changed and removed. A change is an intent that is carried out on whatever the
//! item is when it gets through.

use crate::ApiError;
use crate::client::Client;
use crate::env::Randomness;
use crate::error::CodedError;
use crate::item::ItemContent;
use crate::memory::{Known, open_known};
use crate::open::OpenMessageError;
use crate::state::{MAX_CONFLICTS, StateError};
use crate::transport::Transport;
use crate::views::{MessagePage, MessageRow};
use smail_crypto_core::envelope::SealError;
use smail_protocol::limits::{DEFAULT_PAGE, MAX_PAGE};
use smail_protocol::{Item, ItemId, ItemWriteRequest, MailboxId, MalformedId, ProblemCode};

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
    /// The server's part failed.
    #[error(transparent)]
    Server(ApiError),
    /// Its content could not be sealed.
    #[error("The change could not be protected on this device. Reload the page and try again.")]
    Seal(#[from] SealError),
    /// Other sessions kept changing it.
    #[error("Other sessions keep changing this message. Try again.")]
    Contended,
}

impl CodedError for ItemError {
    fn code(&self) -> &'static str {
        match self {
            Self::Gone => "not-found",
            Self::NoSuchId(_) => "malformed-id",
            Self::Server(error) => error.code(),
            Self::Seal(error) => error.code(),
            Self::Contended => "conflict",
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Server(error) => error.retry_after_s(),
            _ => None,
        }
    }
}

impl From<ApiError> for ItemError {
    fn from(error: ApiError) -> Self {
        if error.is(ProblemCode::NotFound) {
            Self::Gone
        } else {
            Self::Server(error)
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

impl<T: Transport, R: Randomness> Client<T, R> {
    /// One page of a folder, latest arrival first. A message that cannot be opened is a row with a fault.
    ///
    /// # Errors
    /// [`ItemError`].
    pub async fn list(
        &self,
        folder_id: &str,
        before: Option<&str>,
        limit: Option<u32>,
    ) -> Result<MessagePage, ItemError> {
        let mailbox_id: MailboxId = folder_id.parse()?;
        let limit = limit.unwrap_or(DEFAULT_PAGE).clamp(1, MAX_PAGE);
        let page = self.env.mailbox_items(mailbox_id, before, limit).await?;
        self.memory
            .borrow_mut()
            .totals
            .insert(mailbox_id, page.total);
        let mut rows = Vec::with_capacity(page.items.len());
        for item in page.items {
            rows.push(self.take_in(item).await?.row());
        }
        Ok(MessagePage {
            rows,
            next: page.next,
            total: u32::try_from(page.total).unwrap_or(u32::MAX),
        })
    }

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
        let intent = |intended: Intended<'_>| *intended.mailbox_id = mailbox_id;
        Ok(self.change_item(item_id.parse()?, intent).await?.row())
    }

    /// Removes an item for good. That it is gone already is success.
    ///
    /// # Errors
    /// [`ItemError`].
    pub async fn delete(&self, item_id: &str) -> Result<(), ItemError> {
        let item_id: ItemId = item_id.parse()?;
        for _ in 0..MAX_CONFLICTS {
            let version = match self.known(item_id).await {
                Ok(known) => known.item.version,
                Err(ItemError::Gone) => break,
                Err(error) => return Err(error),
            };
            match self.env.item_remove(item_id, version).await {
                Ok(()) => break,
                Err(error) => self.keep_current(error)?,
            }
        }
        self.memory.borrow_mut().forget(item_id);
        Ok(())
    }

    /// Carries an intent out on an item, again on what it has become when another session was faster.
    pub(crate) async fn change_item(
        &self,
        item_id: ItemId,
        intent: impl Fn(Intended<'_>),
    ) -> Result<Known, ItemError> {
        for _ in 0..MAX_CONFLICTS {
            let known = self.known(item_id).await?;
            let before = known.content.clone().unwrap_or_else(|| {
                ItemContent::of_unreadable(
                    known.item.blob_id,
                    known.fault.as_deref().unwrap_or_default(),
                )
            });
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
        let sealed = self
            .account
            .seal_item(&self.env, item.item_id, item.version + 1, &content)?;
        let request = ItemWriteRequest {
            base_version: item.version,
            mailbox_id: item.mailbox_id,
            blob_id: item.blob_id,
            sealed,
        };
        let written = self.env.item_write(item.item_id, &request).await?;
        let known = Known::opened(written, content);
        self.memory.borrow_mut().keep(known.clone());
        Ok(known)
    }

    /// The item as this client knows it, fetched when it does not.
    pub(crate) async fn known(&self, item_id: ItemId) -> Result<Known, ItemError> {
        let known = self.memory.borrow().items.get(&item_id).cloned();
        match known {
            Some(known) => Ok(known),
            None => {
                let item = self.env.item(item_id).await?;
                self.take_in(item).await
            }
        }
    }

    /// Takes an item in that the server told of. Fails only when the session has ended or the connection is lost.
    pub(crate) async fn take_in(&self, item: Item) -> Result<Known, ItemError> {
        let remembered = self.memory.borrow().items.get(&item.item_id).cloned();
        if let Some(known) =
            remembered.filter(|known| known.item.version >= item.version && known.content.is_some())
        {
            return Ok(known);
        }
        let known = match open_known(&self.account, &item) {
            Some(known) => known,
            None => return self.first_sight(item).await,
        };
        self.memory.borrow_mut().keep(known.clone());
        Ok(known)
    }

    /// Opens a message that has no summary yet and leaves one with it.
    async fn first_sight(&self, item: Item) -> Result<Known, ItemError> {
        let opened = match self.open_mail(item.blob_id, &|_| {}).await {
            Ok(opened) => opened,
            Err(error) => return self.unopened(item, &error),
        };
        let content = ItemContent::of_message(item.blob_id, &opened.message);
        match self.write_item(&item, content.clone()).await {
            Ok(known) => Ok(known),
            Err(ItemError::Server(ApiError::Refused(problem)))
                if problem.code == ProblemCode::VersionConflict
                    && problem.current_item.is_some() =>
            {
                self.keep_current(ApiError::Refused(problem))?;
                let faster = self.memory.borrow().items.get(&item.item_id).cloned();
                Ok(faster.unwrap_or_else(|| Known::opened(item, content)))
            }
            // It is shown all the same; the summary is left at the next sight.
            Err(_) => Ok(Known::opened(item, content)),
        }
    }

    /// The row of a message that does not open. One that may open at the next try is not remembered.
    fn unopened(&self, item: Item, error: &OpenMessageError) -> Result<Known, ItemError> {
        match error.server() {
            Some(server) if server.is(ProblemCode::NoSession) => return Err(server.clone().into()),
            Some(ApiError::Offline) => return Err(ApiError::Offline.into()),
            _ => {}
        }
        let known = Known::faulty(item, error.to_string());
        if !error.is_passing() {
            self.memory.borrow_mut().keep(known.clone());
        }
        Ok(known)
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

impl From<ItemError> for StateError {
    fn from(error: ItemError) -> Self {
        match error {
            ItemError::Server(error) => Self::Server(error),
            ItemError::Contended => Self::Contended,
            _ => Self::Malformed,
        }
    }
}
