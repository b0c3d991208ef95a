//! Building the index, a step at a time, so that other work comes between.

use super::FLUSH_MESSAGES;
use super::error::SearchError;
use super::field::MessageFields;
use super::message_fields::{
    doc_of_message, doc_of_summary, draft_version, of_draft, of_message, of_summary,
};
use super::segment::Doc;
use super::work::Work;
use crate::api::ApiError;
use crate::blob::BlobError;
use crate::client::Client;
use crate::env::Randomness;
use crate::item::{BlobKind, ItemContent};
use crate::items::ItemError;
use crate::message::ParsedMessage;
use crate::open::OpenMessageError;
use crate::transport::Transport;
use crate::views::{Draft, IndexProgress};
use serde::Deserialize;
use smail_crypto_core::envelope::Kind;
use smail_protocol::{Item, ProblemCode};

/// Messages that are opened in one step.
const STEP_MESSAGES: usize = 8;
/// Octets of messages that are opened in one step.
const STEP_BYTES: u64 = 4 * 1024 * 1024;
/// How often a message that cannot be fetched is tried before its summary has to do.
const MAX_FAILURES: u32 = 3;
/// Time between two parts that are written because nothing else is to be done.
const IDLE_WRITE_MS: u64 = 60_000;
/// Removals that are worth a part of their own.
const UNTOLD: usize = 100;

/// A draft as it is sealed, as far as the index wants it.
#[derive(Deserialize)]
struct StoredDraft {
    draft: Draft,
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// A message was opened: its words go into the index.
    pub(crate) fn index_message(&self, item: &Item, message: &ParsedMessage) {
        if self.memory.borrow().search.index.has(item.item_id, 0) {
            return;
        }
        let doc = doc_of_message(item, self.summary_of(item).as_ref(), message);
        let index = &mut self.memory.borrow_mut().search.index;
        index.add(doc, &of_message(message));
    }

    /// Does a little of what there is to do for the index: fetches its parts, looks for messages that are not in it,
    /// opens some of them, writes them down. Call it again until it says that it is done, and after each
    /// synchronisation; not calling it is pausing.
    ///
    /// # Errors
    /// [`SearchError`]. The next call goes on from there.
    pub async fn index_step(&self) -> Result<IndexProgress, SearchError> {
        let gate = self.memory.borrow().search.gate.clone();
        let _one_at_a_time = gate.lock().await;
        let folders = self.folders().await?;
        let total: u32 = folders.iter().map(|folder| folder.total).sum();
        self.load_parts().await?;
        self.fetch_wanted().await?;
        let has_more = self.walk_on().await? || self.open_queued().await?;
        if !has_more {
            self.tidy_up().await?;
        } else if self.memory.borrow().search.index.unwritten() >= FLUSH_MESSAGES {
            self.write_down().await?;
        }
        let work = &self.memory.borrow().search;
        Ok(progress(work, !has_more && work.is_done(), total))
    }

    /// Opens the next messages of the queue. Whether there were any.
    async fn open_queued(&self) -> Result<bool, SearchError> {
        let batch = {
            let work = &mut self.memory.borrow_mut().search;
            work.take_from_queue(STEP_MESSAGES, STEP_BYTES)
        };
        let opened =
            futures_util::future::join_all(batch.iter().map(|item| self.look_into(item))).await;
        let mut failed = None;
        for (item, opened) in batch.iter().zip(opened) {
            let work = &mut self.memory.borrow_mut().search;
            match opened {
                Ok((doc, fields)) => work.index.add(doc, &fields),
                Err(error) if !error.is(ProblemCode::NotFound) => {
                    work.want(item.clone(), 0);
                    failed = Some(error);
                }
                // It was removed meanwhile.
                Err(_) => {}
            }
        }
        match failed {
            Some(error) => Err(error.into()),
            None => Ok(!batch.is_empty()),
        }
    }

    /// Opens a message or a draft. What does not open is indexed by its summary: only a failure that is none of the
    /// message's own is one here.
    async fn look_into(&self, item: &Item) -> Result<(Doc, MessageFields), ApiError> {
        let content = self.summary_of(item);
        let is_set_aside = self.memory.borrow().set_aside.contains(&item.item_id);
        let opened = match &content {
            _ if is_set_aside => None,
            Some(content) if matches!(content.kind, BlobKind::Draft { .. }) => {
                self.look_into_draft(item, content).await?
            }
            content => self.look_into_message(item, content.as_ref()).await?,
        };
        let by_summary = || {
            let content = content.as_ref();
            let fields = content.map(of_summary).unwrap_or_default();
            (doc_of_summary(item, content), fields)
        };
        Ok(opened.unwrap_or_else(by_summary))
    }

    async fn look_into_message(
        &self,
        item: &Item,
        content: Option<&ItemContent>,
    ) -> Result<Option<(Doc, MessageFields)>, ApiError> {
        if item.sealed.is_none() {
            // Nobody has seen it yet: its summary is left with it at the same time.
            match self.take_in(item.clone()).await {
                Err(ItemError::Server(error)) => return Err(error),
                _ if self.memory.borrow().search.index.has(item.item_id, 0) => return Ok(None),
                _ => {}
            }
        }
        match self.look_at_message(item).await {
            Ok(message) => {
                let doc = doc_of_message(item, content, &message);
                Ok(Some((doc, of_message(&message))))
            }
            Err(error) => self.count_failure(item, error).map(|()| None),
        }
    }

    async fn look_into_draft(
        &self,
        item: &Item,
        content: &ItemContent,
    ) -> Result<Option<(Doc, MessageFields)>, ApiError> {
        match self.draft_text(item).await {
            Ok(draft) => Ok(draft.map(|draft| {
                let fields = of_draft(&draft, &self.account.address());
                (doc_of_summary(item, Some(content)), fields)
            })),
            Err(error) => self
                .count_failure(item, BlobError::Server(error).into())
                .map(|()| None),
        }
    }

    /// The text of a draft; none when it does not open.
    pub(super) async fn draft_text(&self, item: &Item) -> Result<Option<Draft>, ApiError> {
        let version = match self.account.open_item(item) {
            Ok(Some(content)) => draft_version(&content),
            _ => return Ok(None),
        };
        let sealed = match self.fetch_blob(item.blob_id).await {
            Ok(sealed) => sealed,
            Err(BlobError::Server(error)) => return Err(error),
            Err(_) => return Ok(None),
        };
        let json = self
            .account
            .unseal(Kind::Draft, *item.item_id.as_bytes(), version, &sealed);
        let stored = json
            .ok()
            .and_then(|json| serde_json::from_slice(&json).ok());
        Ok(stored.map(|StoredDraft { draft }| draft))
    }

    /// Whether to try again what could not be fetched: an error, or not.
    fn count_failure(&self, item: &Item, error: OpenMessageError) -> Result<(), ApiError> {
        let failures = {
            let failures = &mut self.memory.borrow_mut().search.failures;
            let failures = failures.entry(item.item_id).or_default();
            *failures += 1;
            *failures
        };
        match error {
            OpenMessageError::Blob(BlobError::Server(error)) => {
                let is_the_connection = matches!(error, ApiError::Offline)
                    || error.is(ProblemCode::NoSession)
                    || failures < MAX_FAILURES;
                if is_the_connection {
                    Err(error)
                } else {
                    Ok(())
                }
            }
            // Cut short on its way, perhaps.
            OpenMessageError::Blob(BlobError::Altered) if failures < MAX_FAILURES => {
                Err(ApiError::Garbled { status: 200 })
            }
            _ => Ok(()),
        }
    }

    /// Nothing is left to be opened: writes down what there is now and then, and keeps the parts few.
    async fn tidy_up(&self) -> Result<(), SearchError> {
        let now_ms = self.env.now_ms();
        let is_due = {
            let work = &self.memory.borrow().search;
            let rested = work
                .written_ms
                .is_none_or(|written_ms| now_ms >= written_ms + IDLE_WRITE_MS);
            (rested && work.index.unwritten() > 0) || work.index.untold() >= UNTOLD
        };
        if is_due {
            self.write_down().await?;
        }
        while self.merge_some().await? {}
        Ok(())
    }
}

fn progress(work: &Work, done: bool, total: u32) -> IndexProgress {
    let whole = u32::try_from(work.index.whole()).unwrap_or(u32::MAX);
    IndexProgress {
        indexed: if done { total } else { whole.min(total) },
        total,
        done,
        damaged: work.damaged,
        unsaved: work
            .unsaved
            .as_ref()
            .map(|unsaved| unsaved.sentence.clone()),
    }
}
