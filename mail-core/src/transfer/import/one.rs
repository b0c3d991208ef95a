//! One message on its way in: read, compared, encrypted, brought up, filed.

use super::super::fields::Fields;
use super::error::{Stop, is_of_one_message};
use super::watch::{ImportWatch, Report};
use crate::api::ApiError;
use crate::blob::BlobError;
use crate::bring::{BringError, new_item};
use crate::client::Client;
use crate::env::Randomness;
use crate::error::CodedError;
use crate::item::ItemContent;
use crate::items::ItemError;
use crate::memory::Known;
use crate::message::{ParsedMessage, is_plausible};
use crate::transport::Transport;
use smail_protocol::{BlobId, Item, ItemId, MailboxId, ProblemCode};

/// A message that is to be brought.
pub(super) struct Candidate {
    /// The how-manieth of its file.
    pub(super) number: u32,
    /// Its file.
    pub(super) file: u32,
    /// Where its file is done once it is in.
    pub(super) end: u64,
    pub(super) octets: Vec<u8>,
    pub(super) message: ParsedMessage,
    pub(super) mailbox: MailboxId,
    /// How it is to be filed, but for its blob.
    pub(super) content: ItemContent,
}

/// Why one message does not come in.
pub(super) enum Failure {
    /// It is its own fault.
    Aside { code: &'static str, reason: String },
    /// No other would come in either.
    Stop(Stop),
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl Failure {
    pub(super) fn aside(error: &impl CodedError) -> Self {
        Self::Aside {
            code: error.code(),
            reason: error.to_string(),
        }
    }

    fn by_server(error: &ApiError) -> Self {
        if is_of_one_message(error) {
            Self::aside(error)
        } else {
            Self::Stop(Stop::by(error))
        }
    }
}

/// When a message came to where it is brought from: as its last Received says, its author, or else the file.
pub(super) fn arrived_ms(
    fields: &Fields,
    message: &ParsedMessage,
    came_ms: Option<u64>,
    now_ms: u64,
) -> u64 {
    let told = [
        fields.date("received"),
        message.date_s,
        came_ms.map(|ms| ms / 1_000),
    ];
    told.into_iter()
        .flatten()
        .find(|date_s| is_plausible(*date_s, now_ms / 1_000))
        .map_or(now_ms, |date_s| date_s.saturating_mul(1_000))
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Encrypts a message, brings it up and files it, however often the server has to be asked.
    pub(super) async fn bring_one<W: ImportWatch>(
        &self,
        candidate: &Candidate,
        report: &Report<'_, W>,
    ) -> Result<(), Failure> {
        report.go_on()?;
        let sealed = match self.seal_to_self(&candidate.octets) {
            Ok(sealed) => sealed,
            Err(error @ BringError::OwnKey(_)) => return Err(Stop::by(&error).into()),
            Err(error) => return Err(Failure::aside(&error)),
        };
        let blob_id = self.upload_brought(sealed, report).await?;
        let known = self.file_brought(candidate, blob_id, report).await?;
        self.index_message(&known.item, &candidate.message);
        Ok(())
    }

    async fn upload_brought<W: ImportWatch>(
        &self,
        sealed: Vec<u8>,
        report: &Report<'_, W>,
    ) -> Result<BlobId, Failure> {
        loop {
            match self.store_blob(sealed.clone()).await {
                Ok(blob_id) => return Ok(blob_id),
                Err(BlobError::Server(error)) if error.is_passing() => {
                    report.wait(&error, self.env.transport()).await;
                }
                Err(BlobError::Server(error)) => return Err(Failure::by_server(&error)),
                Err(BlobError::Altered) => {
                    // The server has something else than was sent: cut short on its way.
                    report.wait(&ApiError::Offline, self.env.transport()).await;
                }
                Err(error @ BlobError::TooLarge { .. }) => {
                    return Err(Failure::Aside {
                        code: error.code(),
                        reason: error.to_string(),
                    });
                }
            }
            report.go_on()?;
        }
    }

    async fn file_brought<W: ImportWatch>(
        &self,
        candidate: &Candidate,
        blob_id: BlobId,
        report: &Report<'_, W>,
    ) -> Result<Known, Failure> {
        let item_id = ItemId::from_bytes(self.env.random_id());
        let item = new_item(item_id, candidate.mailbox, blob_id);
        let mut content = candidate.content.clone();
        content.blob_id = blob_id;
        loop {
            let error = match self.write_item(&item, content.clone()).await {
                Ok(known) => {
                    self.memory.borrow_mut().count(candidate.mailbox, 1);
                    return Ok(known);
                }
                Err(ItemError::Server(error)) => error,
                Err(error @ ItemError::Seal(_)) => return Err(Failure::aside(&error)),
                Err(error) => return Err(Stop::by(&error).into()),
            };
            if let Some(written) = written(&error, item_id) {
                let known = Known::opened(written, content);
                self.memory.borrow_mut().keep_made(known.clone());
                return Ok(known);
            }
            if !error.is_passing() {
                return Err(Failure::by_server(&error));
            }
            report.wait(&error, self.env.transport()).await;
            report.go_on()?;
        }
    }
}

/// The item as an earlier try has written it, whose answer was lost.
fn written(error: &ApiError, item_id: ItemId) -> Option<Item> {
    let ApiError::Refused(problem) = error else {
        return None;
    };
    let current = problem.current_item.as_deref();
    current
        .filter(|item| problem.code == ProblemCode::VersionConflict && item.item_id == item_id)
        .cloned()
}
