//! Taking in every summary of every folder, page by page, while the client is used. What is not sealed yet is opened
//! between pages, a few at a time.

use super::calls::ListError;
use crate::api::ApiError;
use crate::client::Client;
use crate::env::Randomness;
use crate::items::ItemError;
use crate::transport::Transport;
use crate::views::TakingIn;
use futures_util::lock::Mutex;
use smail_protocol::limits::MAX_PAGE;
use smail_protocol::{Item, ItemId, ItemPage, MailboxId};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

/// Items asked for at a time in the background.
const PAGE: u32 = MAX_PAGE;
/// Items of a folder's first page, which somebody waits for: in conversations they are half as many rows or so.
const FIRST_PAGE: u32 = 100;
/// So many of those without a summary, the newest, are opened at once; the others in the background.
const OPENED_FIRST: usize = 50;
/// Messages without a summary that are opened between two pages.
const OPENED_BETWEEN: usize = 4;

/// How far the folders have been taken in.
#[derive(Debug, Default)]
pub(crate) struct Filling {
    folders: BTreeMap<MailboxId, Reached>,
    /// Messages that have no summary yet.
    unopened: VecDeque<Item>,
    /// Messages that could not be fetched just now: tried again when the next is asked for after the end.
    postponed: Vec<Item>,
    /// Items that were removed meanwhile: a page that was read before may still hold them.
    gone: BTreeSet<ItemId>,
    is_done: bool,
    /// One page at a time.
    gate: Rc<Mutex<()>>,
    /// Of each folder, its first page once.
    begun: BTreeMap<MailboxId, Rc<Mutex<()>>>,
    /// The page after the last that was taken in, fetched meanwhile.
    ahead: Option<Ahead>,
}

/// A page that nobody has asked for yet.
#[derive(Debug)]
struct Ahead {
    mailbox: MailboxId,
    before: Option<String>,
    /// The newest change that was known when it was asked for: after another it may not be true any more.
    cursor: u64,
    page: ItemPage,
}

/// How far one folder has been taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Reached {
    /// Its next page is before this cursor.
    Cursor(String),
    End,
}

impl Filling {
    /// Whether the folder has been taken in to its end.
    pub(crate) fn has_whole(&self, mailbox: MailboxId) -> bool {
        self.folders.get(&mailbox) == Some(&Reached::End)
            && self.unopened.iter().all(|item| item.mailbox_id != mailbox)
    }

    /// Whether all there is has been taken in, so that an item never heard of is new.
    pub(crate) const fn is_done(&self) -> bool {
        self.is_done
    }

    /// An item was removed.
    pub(crate) fn removed(&mut self, item_id: ItemId) {
        if !self.is_done {
            self.gone.insert(item_id);
        }
        self.unopened.retain(|item| item.item_id != item_id);
        self.postponed.retain(|item| item.item_id != item_id);
    }

    /// An item was made, if need be once more under the id of one that was removed.
    pub(crate) fn made(&mut self, item_id: ItemId) {
        self.gone.remove(&item_id);
    }

    /// A message could not be fetched just now.
    pub(crate) fn postpone(&mut self, item: Item) {
        let is_same = |other: &Item| other.item_id == item.item_id;
        if !self.postponed.iter().any(is_same) {
            self.postponed.push(item);
        }
    }

    fn reached(&mut self, mailbox: MailboxId, next: Option<String>) {
        let reached = next.map_or(Reached::End, Reached::Cursor);
        self.folders.insert(mailbox, reached);
    }

    /// The next page to ask for: of the folder that is looked at first.
    fn next(&self, folders: &[MailboxId]) -> Option<(MailboxId, Option<String>)> {
        folders
            .iter()
            .find_map(|mailbox| match self.folders.get(mailbox) {
                Some(Reached::End) => None,
                Some(Reached::Cursor(cursor)) => Some((*mailbox, Some(cursor.clone()))),
                None => Some((*mailbox, None)),
            })
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Takes one more page of summaries in, and opens a few messages that have none. Call it again until it says that it
    /// is done; between two calls there is time for others.
    ///
    /// # Errors
    /// [`ListError`]. The next call goes on from there.
    pub async fn take_in_more(&self) -> Result<TakingIn, ListError> {
        let gate = self.memory.borrow().filling.gate.clone();
        let _one_at_a_time = gate.lock().await;
        let mut folders = self.folder_map().await?.all();
        {
            let filling = &mut self.memory.borrow_mut().filling;
            if filling.is_done {
                filling.unopened = std::mem::take(&mut filling.postponed).into();
            }
        }
        let (next, looked_at) = {
            let memory = self.memory.borrow();
            let looked_at = memory.views.looked_at();
            folders.sort_by_key(|mailbox| Some(*mailbox) != looked_at);
            (memory.filling.next(&folders), looked_at)
        };
        if let Some((mailbox, before)) = next {
            match self.page(mailbox, before).await.map_err(ItemError::from) {
                Ok(page) => {
                    // While these are opened, the next ones are on their way.
                    let ahead = self.fetch_ahead(mailbox, page.next.clone());
                    let taken = self.take_in_page(mailbox, page);
                    let (ahead, taken) = futures_util::future::join(ahead, taken).await;
                    self.memory.borrow_mut().filling.ahead = ahead;
                    taken?;
                }
                // Deleted by another session, whose folders have not come yet.
                Err(ItemError::Gone | ItemError::FolderGone) => {
                    self.memory.borrow_mut().filling.reached(mailbox, None);
                }
                Err(error) => return Err(error.into()),
            }
        }
        self.open_some(looked_at).await?;
        let mut memory = self.memory.borrow_mut();
        let is_done = memory.filling.next(&folders).is_none() && memory.filling.unopened.is_empty();
        if is_done {
            memory.filling.is_done = true;
            memory.filling.gone.clear();
        }
        Ok(TakingIn {
            taken: folders
                .iter()
                .map(|mailbox| memory.items.counts(*mailbox).total)
                .sum(),
            total: folders.iter().map(|mailbox| memory.total(*mailbox)).sum(),
            done: is_done,
        })
    }

    /// A page: the one that was fetched ahead, if it is that.
    async fn page(&self, mailbox: MailboxId, before: Option<String>) -> Result<ItemPage, ApiError> {
        let (ahead, cursor) = {
            let memory = &mut self.memory.borrow_mut();
            (memory.filling.ahead.take(), memory.cursor)
        };
        let is_it = |ahead: &Ahead| {
            (ahead.mailbox, &ahead.before, ahead.cursor) == (mailbox, &before, cursor)
        };
        match ahead.filter(is_it) {
            Some(ahead) => Ok(ahead.page),
            None => {
                self.env
                    .mailbox_items(mailbox, before.as_deref(), PAGE)
                    .await
            }
        }
    }

    /// The page before this cursor; none where that is the end, or if it does not come: then it is asked for once more.
    async fn fetch_ahead(&self, mailbox: MailboxId, before: Option<String>) -> Option<Ahead> {
        let cursor = self.memory.borrow().cursor;
        let page = self
            .env
            .mailbox_items(mailbox, Some(before.as_deref()?), PAGE);
        let page = page.await.ok()?;
        Some(Ahead {
            mailbox,
            before,
            cursor,
            page,
        })
    }

    /// Makes sure that a folder's first page has been taken in.
    pub(super) async fn begin(&self, mailbox: MailboxId) -> Result<(), ItemError> {
        let gate = {
            let filling = &mut self.memory.borrow_mut().filling;
            Rc::clone(filling.begun.entry(mailbox).or_default())
        };
        let _once = gate.lock().await;
        if self.memory.borrow().filling.folders.contains_key(&mailbox) {
            return Ok(());
        }
        let page = self.env.mailbox_items(mailbox, None, FIRST_PAGE).await?;
        let (next, items) = self.noted(mailbox, page);
        let mut opened = 0;
        let (first, later): (Vec<Item>, Vec<Item>) = items.into_iter().partition(|item| {
            opened += usize::from(item.sealed.is_none());
            item.sealed.is_some() || opened <= OPENED_FIRST
        });
        for item in first {
            // To open one takes a while, in which others may be removed.
            let is_gone = self.memory.borrow().filling.gone.contains(&item.item_id);
            if !is_gone {
                self.take_in(item).await?;
            }
        }
        let filling = &mut self.memory.borrow_mut().filling;
        // Only now: a try that failed is made once more, with all of them.
        let gone = &filling.gone;
        let later = later
            .into_iter()
            .filter(|item| !gone.contains(&item.item_id));
        filling.unopened.extend(later);
        if !filling.folders.contains_key(&mailbox) {
            filling.reached(mailbox, next);
        }
        Ok(())
    }

    async fn take_in_page(&self, mailbox: MailboxId, page: ItemPage) -> Result<(), ItemError> {
        let (next, items) = self.noted(mailbox, page);
        for item in items {
            if item.sealed.is_some() {
                self.take_in(item).await?;
            } else {
                self.memory.borrow_mut().filling.unopened.push_back(item);
            }
        }
        self.memory.borrow_mut().filling.reached(mailbox, next);
        Ok(())
    }

    /// Keeps a page's total; the rest of it without what was removed since it was read.
    fn noted(&self, mailbox: MailboxId, page: ItemPage) -> (Option<String>, Vec<Item>) {
        let mut memory = self.memory.borrow_mut();
        memory.totals.insert(mailbox, page.total);
        let gone = &memory.filling.gone;
        let items = page.items.into_iter();
        let items = items.filter(|item| !gone.contains(&item.item_id)).collect();
        (page.next, items)
    }

    async fn open_some(&self, looked_at: Option<MailboxId>) -> Result<(), ItemError> {
        for _ in 0..OPENED_BETWEEN {
            let Some(item) = self.next_unopened(looked_at) else {
                break;
            };
            if let Err(error) = self.take_in(item.clone()).await {
                self.memory.borrow_mut().filling.unopened.push_front(item);
                return Err(error);
            }
        }
        Ok(())
    }

    fn next_unopened(&self, looked_at: Option<MailboxId>) -> Option<Item> {
        let unopened = &mut self.memory.borrow_mut().filling.unopened;
        let place = unopened
            .iter()
            .position(|item| Some(item.mailbox_id) == looked_at)
            .unwrap_or(0);
        unopened.remove(place)
    }
}
