//! Keeping up: what has changed since the cursor, whoever changed it.

use crate::ApiError;
use crate::client::Client;
use crate::env::Randomness;
use crate::error::CodedError;
use crate::items::ItemError;
use crate::state::StateError;
use crate::transport::Transport;
use crate::views::{MessageRow, SyncOutcome};
use smail_protocol::limits::MAX_PAGE;
use smail_protocol::{ChangedObject, Item, ItemId, StateObject};
use std::collections::BTreeMap;

/// Why a synchronisation stopped. The next one goes on from there, and tells of what this one took in.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum SyncError {
    /// The server's part failed.
    #[error(transparent)]
    Server(#[from] ApiError),
    /// An item could not be taken in.
    #[error(transparent)]
    Item(#[from] ItemError),
    /// The folders could not be read.
    #[error(transparent)]
    Folders(#[from] StateError),
}

impl CodedError for SyncError {
    fn code(&self) -> &'static str {
        match self {
            Self::Server(error) => error.code(),
            Self::Item(error) => error.code(),
            Self::Folders(error) => error.code(),
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Server(error) => error.retry_after_s(),
            Self::Item(error) => error.retry_after_s(),
            Self::Folders(error) => error.retry_after_s(),
        }
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Takes in what has changed. What this client did itself is not reported again.
    ///
    /// # Errors
    /// [`SyncError`].
    pub async fn sync(&self) -> Result<SyncOutcome, SyncError> {
        while self.take_page().await? {}
        let folders = self.folders().await?;
        let account_changed = self.memory.borrow().news.account_changed;
        let second_factor = self.second_factor_news(account_changed).await?;
        let news = std::mem::take(&mut self.memory.borrow_mut().news);
        Ok(SyncOutcome {
            changed: news.changed.into_values().collect(),
            removed: news.removed,
            folders,
            labels: self.labels()?,
            contacts_version: self.contacts_version(),
            account_changed: news.account_changed,
            second_factor,
            // Settings that do not open are told by whoever looks at them: mail goes on.
            settings: news
                .settings_changed
                .then(|| self.settings().ok())
                .flatten(),
        })
    }

    /// Whether a second factor is asked for by now, if another session has changed that.
    async fn second_factor_news(&self, account_changed: bool) -> Result<Option<bool>, ApiError> {
        if !account_changed {
            return Ok(None);
        }
        let now = self.refresh_account().await?.has_second_factor;
        let before = self.account.has_second_factor.replace(now);
        Ok((now != before).then_some(now))
    }

    /// Takes one page of changes in; whether there are more. The cursor moves only past what was taken in.
    async fn take_page(&self) -> Result<bool, SyncError> {
        let since = self.memory.borrow().cursor;
        let page = self.env.changes(since, MAX_PAGE).await?;
        for change in page.changes {
            self.take_change(change.object).await?;
            self.move_cursor(change.seq);
        }
        self.move_cursor(page.seq);
        Ok(page.more && page.seq > since)
    }

    fn move_cursor(&self, seq: u64) {
        let cursor = &mut self.memory.borrow_mut().cursor;
        *cursor = seq.max(*cursor);
    }

    async fn take_change(&self, object: ChangedObject) -> Result<(), SyncError> {
        match object {
            ChangedObject::Item { item } => self.take_item(item).await?,
            ChangedObject::ItemRemoved { item_id } => self.take_removal(item_id),
            ChangedObject::State { object } => self.take_state(object),
            // No client removes state: a server that says so would have pins forgotten.
            ChangedObject::StateRemoved { .. } => {}
            ChangedObject::Account => self.memory.borrow_mut().news.account_changed = true,
        }
        Ok(())
    }

    fn take_state(&self, object: StateObject) {
        let is_of_settings = self.is_of_settings(object.object_id);
        if self.keep_state(object) && is_of_settings {
            self.memory.borrow_mut().news.settings_changed = true;
        }
    }

    async fn take_item(&self, item: Item) -> Result<(), SyncError> {
        if self.index_hears_of(&item) {
            return Ok(());
        }
        let known_version = self
            .memory
            .borrow()
            .items
            .place(&item.item_id)
            .map(|(version, _)| version);
        if known_version.is_some_and(|version| version >= item.version) {
            return Ok(());
        }
        if known_version.is_none() {
            self.memory.borrow_mut().count_unheard_of(&item);
        }
        let known = self.take_in(item).await?;
        self.memory
            .borrow_mut()
            .news
            .changed
            .insert(known.item.item_id, known.row());
        Ok(())
    }

    fn take_removal(&self, item_id: ItemId) {
        if self.index_hears_of_removal(item_id) {
            return;
        }
        let mut memory = self.memory.borrow_mut();
        if !memory.forget(item_id) && !memory.filling.is_done() {
            memory.totals.clear();
        }
        memory.news.changed.remove(&item_id);
        memory.news.removed.push(item_id.to_string());
    }
}

/// What was taken in and not told of yet.
#[derive(Debug, Default)]
pub(crate) struct News {
    changed: BTreeMap<ItemId, MessageRow>,
    removed: Vec<String>,
    account_changed: bool,
    settings_changed: bool,
}
