//! What is in a message besides its text, taken out: attachments one by one, and the message as it was decrypted.

use crate::attachment::TransferError;
use crate::client::Client;
use crate::env::Randomness;
use crate::error::CodedError;
use crate::items::ItemError;
use crate::message::{Held, ParseError, held};
use crate::open::{OpenMessageError, OpenedMail};
use crate::read::ReadError;
use crate::transport::Transport;
use crate::views::Step;

/// Why an attachment could not be taken out.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum AttachmentError {
    /// The message does not open.
    #[error(transparent)]
    Message(#[from] ReadError),
    /// It is beside the message, and did not come.
    #[error(transparent)]
    Transfer(#[from] TransferError),
    /// The message has no such attachment.
    #[error("This message has no such attachment.")]
    NotThere,
}

impl CodedError for AttachmentError {
    fn code(&self) -> &'static str {
        match self {
            Self::Message(error) => error.code(),
            Self::Transfer(error) => error.code(),
            Self::NotThere => "no-such-attachment",
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Message(error) => error.retry_after_s(),
            Self::Transfer(error) => error.retry_after_s(),
            Self::NotThere => None,
        }
    }
}

impl From<ParseError> for AttachmentError {
    fn from(error: ParseError) -> Self {
        Self::Message(ReadError::Message(OpenMessageError::Message(error)))
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// The octets of one attachment, by its place in the message's view.
    ///
    /// # Errors
    /// [`AttachmentError`].
    pub async fn attachment(
        &self,
        item_id: &str,
        index: u32,
        progress: impl Fn(Step),
    ) -> Result<Vec<u8>, AttachmentError> {
        let item_id = item_id
            .parse()
            .map_err(|error| ReadError::Item(ItemError::from(error)))?;
        let (_, mail) = self.open_item_mail(item_id, &progress).await?;
        let cut_off = match self.watched(item_id, || place(&mail, index))? {
            Held::Here(octets) => return Ok(octets),
            Held::Beside(cut_off) => cut_off,
        };
        let mut octets = Vec::new();
        let take = |opened: &[u8]| octets.extend_from_slice(opened);
        self.fetch_cut_off(&cut_off, &(), take).await?;
        Ok(octets)
    }

    /// The message as it was decrypted: header and body, readable.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn source(&self, item_id: &str) -> Result<Vec<u8>, ReadError> {
        let item_id = item_id.parse().map_err(ItemError::from)?;
        let (_, mail) = self.open_item_mail(item_id, &|_| {}).await?;
        Ok(mail.opened.plaintext().to_vec())
    }
}

/// Where an attachment's octets are.
fn place(mail: &OpenedMail, index: u32) -> Result<Held, AttachmentError> {
    let index = usize::try_from(index).map_err(|_| AttachmentError::NotThere)?;
    held(mail.innermost().plaintext(), index)?.ok_or(AttachmentError::NotThere)
}
