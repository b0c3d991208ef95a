//! Folders emptied, step by step: before one is deleted, and Trash and Spam when the person says so.

use super::bulk::each;
use super::plan::Plan;
use super::undo::Trace;
use crate::client::Client;
use crate::env::Randomness;
use crate::folders::{FolderError, FolderMap};
use crate::items::ItemError;
use crate::memory::Known;
use crate::transport::Transport;
use crate::views::{Contents, FolderRole, Organised};
use smail_protocol::limits::MAX_PAGE;
use smail_protocol::{Item, ItemId, MailboxId, ProblemCode};
use std::collections::BTreeMap;

/// Messages in one step.
const STEP: u32 = 50;

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Takes one step's worth of messages out of a folder and those inside it. Call it again while
    /// [`Organised::left`] is not 0 and something was moved or removed. With `group`, as in [`Client::organise`].
    ///
    /// # Errors
    /// [`FolderError`].
    pub async fn empty_folder(
        &self,
        folder_id: &str,
        contents: &Contents,
        group: Option<u32>,
    ) -> Result<Organised, FolderError> {
        let folder: MailboxId = folder_id.parse()?;
        let map = self.folder_map().await?;
        let family = map.family(folder);
        let plan = target(contents, &map, &family)?.map(|target| Plan::to(target, map.clone()));
        let mut outcome = Organised::default();
        for mailbox in family {
            let (items, total) = self.some_of(mailbox).await?;
            if items.is_empty() || !outcome.rows.is_empty() || !outcome.removed.is_empty() {
                outcome.left = outcome.left.saturating_add(total);
                continue;
            }
            let step = self.step(items, plan.as_ref(), group).await;
            let gone = step.rows.len() + step.removed.len();
            let left = total.saturating_sub(u32::try_from(gone).unwrap_or(u32::MAX));
            outcome = Organised {
                left: outcome.left.saturating_add(left),
                failed: [outcome.failed, step.failed].concat(),
                ..step
            };
        }
        Ok(outcome)
    }

    /// The ids of every message in a folder, latest first, whether or not it has been looked at.
    ///
    /// # Errors
    /// [`ItemError`].
    pub async fn item_ids(&self, folder_id: &str) -> Result<Vec<String>, ItemError> {
        let mailbox: MailboxId = folder_id.parse()?;
        let (mut ids, mut before) = (Vec::new(), None);
        loop {
            let page = self
                .env
                .mailbox_items(mailbox, before.as_deref(), MAX_PAGE)
                .await?;
            ids.extend(page.items.iter().map(|item| item.item_id.to_string()));
            before = page.next;
            if before.is_none() {
                return Ok(ids);
            }
        }
    }

    /// The latest messages of a mailbox, and how many it holds.
    async fn some_of(&self, mailbox: MailboxId) -> Result<(Vec<Item>, u32), FolderError> {
        match self.env.mailbox_items(mailbox, None, STEP).await {
            Ok(page) => {
                self.memory.borrow_mut().totals.insert(mailbox, page.total);
                Ok((page.items, u32::try_from(page.total).unwrap_or(u32::MAX)))
            }
            // An earlier try to delete it got that far.
            Err(error) if error.is(ProblemCode::NotFound) => Ok((Vec::new(), 0)),
            Err(error) => Err(error.into()),
        }
    }

    async fn step(&self, items: Vec<Item>, plan: Option<&Plan>, group: Option<u32>) -> Organised {
        let ids: Vec<ItemId> = items.iter().map(|item| item.item_id).collect();
        let items: BTreeMap<ItemId, Item> =
            items.into_iter().map(|item| (item.item_id, item)).collect();
        match plan {
            Some(plan) => {
                let moved = each(&ids, |id| {
                    self.move_listed(items.get(&id).cloned(), id, plan)
                })
                .await;
                self.organised(moved, group)
            }
            None => {
                let removed =
                    each(&ids, |id| self.remove_listed(items.get(&id).cloned(), id)).await;
                let (gone, failed) = removed.parts();
                Organised {
                    removed: gone.into_iter().map(|id| id.to_string()).collect(),
                    failed,
                    ..Organised::default()
                }
            }
        }
    }

    /// Moves an item that a list has just told of.
    async fn move_listed(
        &self,
        item: Option<Item>,
        id: ItemId,
        plan: &Plan,
    ) -> Result<(Known, Trace), ItemError> {
        if let Some(item) = item {
            self.take_in(item).await?;
        }
        self.carry_out(id, plan).await
    }

    /// Removes an item that a list has just told of; it need not be opened for that.
    async fn remove_listed(&self, item: Option<Item>, id: ItemId) -> Result<ItemId, ItemError> {
        if let Some(item) = item
            && self.env.item_remove(id, item.version).await.is_ok()
        {
            let mut memory = self.memory.borrow_mut();
            if !memory.forget(id) {
                memory.count(item.mailbox_id, -1);
            }
            return Ok(id);
        }
        self.delete(&id.to_string()).await.map(|()| id)
    }
}

/// Where the messages go; `None`: away for good.
fn target(
    contents: &Contents,
    map: &FolderMap,
    family: &[MailboxId],
) -> Result<Option<MailboxId>, FolderError> {
    let target = match contents {
        Contents::Gone => return Ok(None),
        Contents::Trash => map.mailbox(FolderRole::Trash).ok_or(FolderError::Gone)?,
        Contents::Folder { folder_id } => folder_id.parse()?,
    };
    if family.contains(&target) {
        Err(FolderError::IntoItself)
    } else if map.contains(target) {
        Ok(Some(target))
    } else {
        Err(FolderError::Gone)
    }
}
