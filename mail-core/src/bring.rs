//! Messages brought from elsewhere: sealed to the account on this device, and filed with a summary.

use crate::blob::BlobError;
use crate::client::Client;
use crate::env::Randomness;
use crate::error::CodedError;
use crate::item::ItemContent;
use crate::items::ItemError;
use crate::message::{ParseError, parse};
use crate::transport::Transport;
use crate::views::MessageRow;
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::{CertificateError, EncryptError, encrypt};
use smail_protocol::{BlobId, Item, ItemId, MailboxId};

/// A message as it is brought, and how it is filed.
#[derive(Debug, Clone, Copy)]
pub struct Brought<'a> {
    /// The message in the clear (RFC 5322).
    pub message: &'a [u8],
    /// Where it goes.
    pub folder_id: &'a str,
    /// When it came to where it was, in milliseconds since 1970: lists order it by that.
    pub arrived_ms: u64,
    /// Not read yet.
    pub unread: bool,
    /// Marked with a star.
    pub starred: bool,
}

/// Why a message was not brought.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum BringError {
    /// It is no message that can be read.
    #[error(transparent)]
    Message(#[from] ParseError),
    /// The account's own certificate breaks policy.
    #[error("Your own key cannot be used: {0}.")]
    OwnKey(#[source] CertificateError),
    /// It could not be encrypted.
    #[error("This message could not be encrypted on this device.")]
    Encrypt(#[source] EncryptError),
    /// The upload failed.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// It could not be filed.
    #[error(transparent)]
    Item(#[from] ItemError),
}

impl CodedError for BringError {
    fn code(&self) -> &'static str {
        match self {
            Self::Message(error) => error.code(),
            Self::OwnKey(error) => error.code(),
            Self::Encrypt(error) => error.code(),
            Self::Blob(error) => error.code(),
            Self::Item(error) => error.code(),
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Item(error) => error.retry_after_s(),
            Self::Blob(BlobError::Server(error)) => error.retry_after_s(),
            _ => None,
        }
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Encrypts a message to this account alone and files it. Nothing proves who wrote it, and nothing says that it does.
    ///
    /// # Errors
    /// [`BringError`].
    pub async fn bring(&self, brought: &Brought<'_>) -> Result<MessageRow, BringError> {
        let mailbox_id: MailboxId = brought.folder_id.parse().map_err(ItemError::from)?;
        let message = parse(brought.message)?;
        let (_, message) = self.look_inside(brought.message, message);
        let blob_id = self.store_blob(self.seal_to_self(brought.message)?).await?;
        // Nobody has judged who wrote it.
        let mut content = ItemContent::of_message(blob_id, &message, None);
        (content.unread, content.starred) = (brought.unread, brought.starred);
        content.arrived_ms = Some(brought.arrived_ms);
        let item = new_item(
            ItemId::from_bytes(self.env.random_id()),
            mailbox_id,
            blob_id,
        );
        let known = self.write_item(&item, content).await?;
        self.memory.borrow_mut().count(mailbox_id, 1);
        Ok(known.row())
    }

    /// Encrypts a message to this account alone.
    pub(crate) fn seal_to_self(&self, message: &[u8]) -> Result<Vec<u8>, BringError> {
        let now = UnixSeconds::from_ms(self.env.now_ms());
        let own = self.account.keyring().certificate().usable_at(now);
        let readers = [own.map_err(BringError::OwnKey)?];
        self.env
            .with_rng(|rng| encrypt(message, &readers, rng))
            .map_err(BringError::Encrypt)
    }
}

/// An item that is not on the server yet.
pub(crate) const fn new_item(item_id: ItemId, mailbox_id: MailboxId, blob_id: BlobId) -> Item {
    Item {
        item_id,
        mailbox_id,
        blob_id,
        size_bytes: 0,
        arrival_ms: 0,
        version: 0,
        sealed: None,
    }
}
