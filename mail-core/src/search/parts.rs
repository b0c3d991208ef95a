//! Parts: segments in sealed envelopes, kept as blobs, each named by an item of a mailbox that no folder shows. Its id
//! follows from the account key, so that every session of the account finds it and nobody else knows what it is for.
//!
//! Every session writes parts of its own. A merge writes over one of the parts it takes in, naming the version that it
//! read, and then removes the others: whoever was faster keeps what is there, and what stands in two parts counts once.

use super::error::SearchError;
use super::segment::{MalformedSegment, Segment};
use crate::api::ApiError;
use crate::blob::BlobError;
use crate::client::Client;
use crate::env::Randomness;
use crate::transport::Transport;
use serde::{Deserialize, Serialize};
use smail_crypto_core::Object;
use smail_crypto_core::envelope::{self, Binding, Kind, SealError};
use smail_protocol::limits::MAX_PAGE;
use smail_protocol::{Bytes, Item, ItemId, ItemWriteRequest, MailboxId, ProblemCode};

/// Name of the mailbox, for the derivation of its id.
const MAILBOX_NAME: &str = "mailbox/search-index";
/// Version of what is sealed beside a part's item.
const LABEL_VERSION: u32 = 1;

/// What is sealed beside a part's item.
#[derive(Debug, Serialize, Deserialize)]
struct Label {
    version: u32,
    /// Messages in the part.
    messages: usize,
}

/// What came of fetching a part.
pub(super) enum Fetched {
    Part(Segment),
    /// It does not open, or is no part.
    Damaged,
    /// Written by a later version of this program: left alone.
    Newer,
    /// Removed or replaced meanwhile.
    Gone,
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// The mailbox of the parts.
    pub(crate) fn index_mailbox(&self) -> MailboxId {
        MailboxId::from_bytes(self.account.key.object_id(MAILBOX_NAME).0)
    }

    /// The items of all parts.
    pub(super) async fn list_parts(&self) -> Result<Vec<Item>, SearchError> {
        match self.env.mailbox_make(self.index_mailbox()).await {
            // There is no room for it: then there are no parts either.
            Err(error) if is_full(&error) => return Ok(Vec::new()),
            made => made?,
        }
        let mut items = Vec::new();
        let mut before: Option<String> = None;
        loop {
            let page = self
                .env
                .mailbox_items(self.index_mailbox(), before.as_deref(), MAX_PAGE)
                .await?;
            items.extend(page.items);
            match page.next {
                Some(next) => before = Some(next),
                None => return Ok(items),
            }
        }
    }

    /// Downloads and opens a part.
    pub(super) async fn fetch_part(&self, item: &Item) -> Result<Fetched, SearchError> {
        let sealed = match self.fetch_blob(item.blob_id).await {
            Ok(sealed) => sealed,
            Err(BlobError::Altered | BlobError::TooLarge { .. }) => return Ok(Fetched::Damaged),
            Err(BlobError::Server(error)) if error.is(ProblemCode::NotFound) => {
                return Ok(Fetched::Gone);
            }
            Err(BlobError::Server(error)) => return Err(error.into()),
        };
        let key = self.account.key.index_key();
        let binding = self.part_binding(item.item_id, item.version);
        let Ok(octets) = envelope::open(&key, &binding, &sealed) else {
            return Ok(Fetched::Damaged);
        };
        Ok(match Segment::from_octets(octets.to_vec()) {
            Ok(segment) => Fetched::Part(segment),
            Err(MalformedSegment::Newer) => Fetched::Newer,
            Err(MalformedSegment::Damaged) => Fetched::Damaged,
        })
    }

    /// Writes a part as the version after this one of the item, 0 for a new one. `None`: another session was faster.
    pub(super) async fn store_part(
        &self,
        item_id: ItemId,
        base_version: u64,
        octets: &[u8],
        messages: usize,
    ) -> Result<Option<Item>, SearchError> {
        let version = base_version + 1;
        let sealed = self.seal_for_part(item_id, version, octets)?;
        let blob_id = self
            .store_blob(sealed.into_vec())
            .await
            .map_err(server_error)?;
        let label = Label {
            version: LABEL_VERSION,
            messages,
        };
        let label = serde_json::to_vec(&label).unwrap_or_default();
        let request = ItemWriteRequest {
            base_version,
            mailbox_id: self.index_mailbox(),
            blob_id,
            parts: None,
            sealed: self.seal_for_part(item_id, version, &label)?,
        };
        let written = self.env.item_write(item_id, &request).await;
        match written {
            Ok(item) => Ok(Some(item)),
            Err(error) if is_lost_race(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a part of this version. One that another session has replaced or removed is left.
    pub(super) async fn remove_part(
        &self,
        item_id: ItemId,
        version: u64,
    ) -> Result<(), SearchError> {
        match self.env.item_remove(item_id, version).await {
            Err(error) if !is_lost_race(&error) => Err(error.into()),
            _ => Ok(()),
        }
    }

    fn seal_for_part(
        &self,
        item_id: ItemId,
        version: u64,
        content: &[u8],
    ) -> Result<Bytes, SealError> {
        let key = self.account.key.index_key();
        let binding = self.part_binding(item_id, version);
        self.env
            .with_rng(|rng| envelope::seal(&key, &binding, content, rng))
            .map(Bytes::from)
    }

    const fn part_binding(&self, item_id: ItemId, version: u64) -> Binding {
        Binding {
            kind: Kind::Index,
            owner: self.account.owner(),
            object: Object(*item_id.as_bytes()),
            version,
        }
    }
}

/// The account or the server has no room for more.
pub(super) fn is_full(error: &ApiError) -> bool {
    error.is(ProblemCode::QuotaExceeded) || error.is(ProblemCode::StorageFull)
}

/// Another session has replaced or removed what was to be written over.
fn is_lost_race(error: &ApiError) -> bool {
    error.is(ProblemCode::VersionConflict) || error.is(ProblemCode::NotFound)
}

fn server_error(error: BlobError) -> SearchError {
    match error {
        BlobError::Server(error) => error.into(),
        // The server has something else than what was sent, or says so.
        BlobError::Altered | BlobError::TooLarge { .. } => ApiError::Garbled { status: 200 }.into(),
    }
}
