//! What a client answers about its lists.

use super::rows;
use super::view::{Place, Spec};
use crate::client::Client;
use crate::env::Randomness;
use crate::error::CodedError;
use crate::folders::FolderMap;
use crate::items::ItemError;
use crate::memory::Memory;
use crate::state::StateError;
use crate::transport::Transport;
use crate::views::{
    ConversationView, FolderRole, ListFilter, ListPlace, ListRange, ListSpec, SortOrder,
};
use smail_protocol::{ItemId, MailboxId};
use std::collections::BTreeSet;

/// Most rows given at once.
const MAX_ROWS: usize = 500;

/// Why a list or a conversation cannot be given.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ListError {
    /// An item could not be taken in.
    #[error(transparent)]
    Item(#[from] ItemError),
    /// The folders could not be read.
    #[error(transparent)]
    Folders(#[from] StateError),
}

impl CodedError for ListError {
    fn code(&self) -> &'static str {
        match self {
            Self::Item(error) => error.code(),
            Self::Folders(error) => error.code(),
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Item(error) => error.retry_after_s(),
            Self::Folders(error) => error.retry_after_s(),
        }
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Rows `start` to `end` of a list as it is now, and where the message `anchor` is in it. Only the first call for a
    /// folder asks the server, if that has not been done ahead; what else there is comes by [`Client::take_in_more`].
    ///
    /// # Errors
    /// [`ListError`].
    pub async fn list_range(
        &self,
        spec: &ListSpec,
        start: u32,
        end: u32,
        anchor: Option<&str>,
    ) -> Result<ListRange, ListError> {
        let place = match &spec.place {
            ListPlace::Folder { id } => Place::Mailbox(id.parse().map_err(ItemError::from)?),
            ListPlace::Label { id } => Place::Label(id.clone()),
        };
        let map = self.folder_map().await?;
        if let Place::Mailbox(mailbox) = place {
            self.begin(mailbox).await?;
        }
        let spec = self.spec(place, (spec.sort, spec.filter, spec.single), &map);
        let anchor = anchor.and_then(|id| id.parse::<ItemId>().ok());
        let mut memory = self.memory.borrow_mut();
        Ok(range(&mut memory, &spec, &apart(&map), start, end, anchor))
    }

    /// Takes the inbox's first page in, if that has not been done: what is looked at first is there before it is asked for.
    ///
    /// # Errors
    /// [`ItemError`].
    pub async fn begin_inbox(&self) -> Result<(), ItemError> {
        self.begin(self.account.inbox).await
    }

    /// The conversation that a message is part of, as its folder's reader sees it, as far as it has been taken in.
    ///
    /// # Errors
    /// [`ListError`].
    pub async fn conversation(&self, item_id: &str) -> Result<ConversationView, ListError> {
        let item_id: ItemId = item_id.parse().map_err(ItemError::from)?;
        let known = self.known(item_id).await?;
        let map = self.folder_map().await?;
        let how = (SortOrder::default(), ListFilter::default(), false);
        let spec = self.spec(Place::Mailbox(known.item.mailbox_id), how, &map);
        let memory = self.memory.borrow();
        let slot = memory.items.slot(&item_id);
        let view =
            slot.and_then(|slot| rows::conversation(&spec, &memory.items, &apart(&map), slot));
        // An item that may open at the next try is not remembered.
        Ok(view.unwrap_or_else(|| ConversationView {
            row: known.row(),
            messages: vec![known.row()],
        }))
    }

    fn spec(
        &self,
        place: Place,
        (sort, filter, single): (SortOrder, ListFilter, bool),
        map: &FolderMap,
    ) -> Spec {
        let is_apart = matches!(&place, Place::Mailbox(mailbox) if apart(map).contains(mailbox));
        Spec {
            place,
            sort,
            filter,
            single: single || is_apart,
            own_address: self.account.address(),
        }
    }
}

/// Folders whose messages are part of no conversation.
fn apart(map: &FolderMap) -> BTreeSet<MailboxId> {
    let roles = [
        FolderRole::Drafts,
        FolderRole::Scheduled,
        FolderRole::Spam,
        FolderRole::Trash,
    ];
    roles.iter().filter_map(|role| map.mailbox(*role)).collect()
}

fn range(
    memory: &mut Memory,
    spec: &Spec,
    apart: &BTreeSet<MailboxId>,
    start: u32,
    end: u32,
    anchor: Option<ItemId>,
) -> ListRange {
    let (messages, taken, whole) = match &spec.place {
        Place::Mailbox(mailbox) => (
            memory.total(*mailbox),
            memory.items.counts(*mailbox).total,
            memory.filling.has_whole(*mailbox),
        ),
        Place::Label(label_id) => {
            let there = memory.items.iter();
            let count = number(there.filter(|(_, kept)| kept.has_label(label_id)).count());
            (count, count, memory.filling.is_done())
        }
    };
    let in_order = (spec.sort, spec.filter) == (SortOrder::Newest, ListFilter::All);
    let to_come = if in_order && !whole {
        messages.saturating_sub(taken)
    } else {
        0
    };
    memory.views.read(spec, &mut memory.items, |view, items| {
        let (first, last) = (start as usize, end as usize);
        let places = view.places(first, last.min(first.saturating_add(MAX_ROWS)));
        let rows = places.filter_map(|place| rows::row(view.spec(), items, apart, place));
        let anchor = anchor.and_then(|item_id| view.index_of(&item_id, items));
        ListRange {
            version: view.version() as f64,
            count: number(view.len()).saturating_add(to_come),
            messages: if whole { taken } else { messages },
            start,
            rows: rows.collect(),
            anchor: anchor.map(number),
            whole,
        }
    })
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
