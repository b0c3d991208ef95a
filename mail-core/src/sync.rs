//! Keeping up: what has changed since the cursor, whoever changed it.

use crate::client::Client;
use crate::env::Randomness;
use crate::state::StateError;
use crate::transport::Transport;
use crate::views::{MessageRow, SyncOutcome};
use smail_protocol::limits::MAX_PAGE;
use smail_protocol::{ChangedObject, Item, ItemId};
use std::collections::BTreeMap;

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Takes in what has changed. What this client did itself is not reported again. The cursor moves only past what was
    /// taken in: after an error the next call goes on where this one stopped.
    ///
    /// # Errors
    /// [`StateError`].
    pub async fn sync(&self) -> Result<SyncOutcome, StateError> {
        let mut news = News::default();
        loop {
            let since = self.memory.borrow().cursor;
            let page = self.env.changes(since, MAX_PAGE).await?;
            for change in page.changes {
                self.take_change(change.object, &mut news).await?;
                let mut memory = self.memory.borrow_mut();
                memory.cursor = memory.cursor.max(change.seq);
            }
            let mut memory = self.memory.borrow_mut();
            memory.cursor = memory.cursor.max(page.seq);
            if !page.more {
                break;
            }
        }
        Ok(SyncOutcome {
            folders: self.folders().await?,
            changed: news.changed.into_values().collect(),
            removed: news.removed,
            account_changed: news.account_changed,
        })
    }

    async fn take_change(&self, object: ChangedObject, news: &mut News) -> Result<(), StateError> {
        match object {
            ChangedObject::Item { item } => self.take_item(item, news).await?,
            ChangedObject::ItemRemoved { item_id } => self.take_removal(item_id, news),
            ChangedObject::State { object } => self.keep_state(object),
            ChangedObject::StateRemoved { object_id } => {
                self.memory.borrow_mut().states.remove(&object_id);
            }
            ChangedObject::Account => news.account_changed = true,
        }
        Ok(())
    }

    async fn take_item(&self, item: Item, news: &mut News) -> Result<(), StateError> {
        let known_version = self
            .memory
            .borrow()
            .items
            .get(&item.item_id)
            .map(|known| known.item.version);
        if known_version.is_some_and(|version| version >= item.version) {
            return Ok(());
        }
        if known_version.is_none() {
            // Where it was before, if anywhere, is not known: the counts are asked for anew.
            self.memory.borrow_mut().totals.clear();
        }
        let known = self.take_in(item).await?;
        news.changed.insert(known.item.item_id, known.row());
        Ok(())
    }

    fn take_removal(&self, item_id: ItemId, news: &mut News) {
        let mut memory = self.memory.borrow_mut();
        if !memory.forget(item_id) {
            memory.totals.clear();
        }
        news.changed.remove(&item_id);
        news.removed.push(item_id.to_string());
    }
}

/// What a synchronisation has brought so far.
#[derive(Default)]
struct News {
    changed: BTreeMap<ItemId, MessageRow>,
    removed: Vec<String>,
    account_changed: bool,
}
