//! Messages that were put aside until a time. They wait in a mailbox of their own, so that a client finds them all
//! without knowing every message; it brings them back when its clock says so, also when it was closed meanwhile.

use super::bulk::each;
use super::plan::go_home;
use crate::client::Client;
use crate::env::Randomness;
use crate::item::{from_view, to_view};
use crate::items::{Intended, ItemError};
use crate::memory::Known;
use crate::transport::Transport;
use crate::views::{FolderRole, Woken};
use smail_protocol::limits::MAX_PAGE;
use smail_protocol::{ItemId, MailboxId};

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Brings back, unread and on top, what was put aside until now or earlier, and says when the next one is due.
    ///
    /// # Errors
    /// [`ItemError`], when what is put aside could not be listed. A message that could not be brought back is due at
    /// once, and comes with the next call.
    pub async fn wake(&self, now_ms: f64) -> Result<Woken, ItemError> {
        let now_ms = from_view(now_ms.round()).unwrap_or_else(|| self.env.now_ms());
        let map = self.folder_map().await?;
        let aside = map
            .mailbox(FolderRole::Snoozed)
            .ok_or(ItemError::FolderGone)?;
        self.know_snoozed(aside).await?;
        let due = self.snoozed(aside, |until_ms| until_ms <= now_ms);
        let ids: Vec<ItemId> = due.into_iter().map(|(id, _)| id).collect();
        let intent = |intended: Intended<'_>| come_back(intended, now_ms, &map);
        let done = each(&ids, |id| self.change_item(id, intent)).await;
        let (known, _) = done.parts();
        let next_ms = self.snoozed(aside, |_| true).into_iter().map(|(_, ms)| ms);
        Ok(Woken {
            rows: known.iter().map(Known::row).collect(),
            next_ms: next_ms.min().map(to_view),
        })
    }

    /// Takes in all that is put aside, once.
    async fn know_snoozed(&self, aside: MailboxId) -> Result<(), ItemError> {
        if self.memory.borrow().knows_snoozed {
            return Ok(());
        }
        let mut before = None;
        loop {
            let page = self
                .list(&aside.to_string(), before.as_deref(), Some(MAX_PAGE))
                .await?;
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        self.memory.borrow_mut().knows_snoozed = true;
        Ok(())
    }

    /// What is put aside, with its times, as far as those fit.
    fn snoozed(&self, aside: MailboxId, fits: impl Fn(u64) -> bool) -> Vec<(ItemId, u64)> {
        let memory = self.memory.borrow();
        let there = memory.items.known_in(aside);
        there
            .filter_map(|known| {
                let until_ms = known.content.as_ref()?.snoozed_until_ms.unwrap_or(0);
                fits(until_ms).then_some((known.item.item_id, until_ms))
            })
            .collect()
    }
}

/// Unless another session has brought it back, or put it off, meanwhile.
fn come_back(intended: Intended<'_>, now_ms: u64, map: &crate::folders::FolderMap) {
    let until_ms = intended.content.snoozed_until_ms.unwrap_or(0);
    let is_aside = map.role_of(*intended.mailbox_id) == Some(FolderRole::Snoozed);
    if !is_aside || until_ms > now_ms {
        return;
    }
    let Intended {
        content,
        mailbox_id,
    } = intended;
    content.unread = true;
    content.returned_ms = Some(until_ms);
    go_home(
        Intended {
            content,
            mailbox_id,
        },
        map,
    );
}
