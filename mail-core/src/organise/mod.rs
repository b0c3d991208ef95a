//! Putting messages where they belong: one or many at once, with a log from which each operation can be undone.

mod bulk;
mod empty;
mod plan;
mod snooze;
mod undo;

pub(crate) use undo::UndoLog;

use crate::client::Client;
use crate::env::Randomness;
use crate::items::{Intended, ItemError};
use crate::memory::Known;
use crate::transport::Transport;
use crate::views::{Operation, Organised};
use bulk::{Done, each, read_ids};
use plan::Plan;
use smail_protocol::ItemId;
use std::cell::RefCell;
use undo::{Filed, Trace};

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Does this with each of these messages. What it could not be done with is named, and the rest is done all the same.
    /// With `group`, as an earlier part of the same operation has named it in [`Organised::undo`], all parts are undone
    /// together.
    ///
    /// # Errors
    /// [`ItemError`], when it can be done with none of them.
    pub async fn organise(
        &self,
        item_ids: &[String],
        operation: &Operation,
        group: Option<u32>,
    ) -> Result<Organised, ItemError> {
        let ids = read_ids(item_ids)?;
        let plan = self.plan(operation).await?;
        let done = each(&ids, |id| self.carry_out(id, &plan)).await;
        Ok(self.organised(done, group))
    }

    /// Removes each of these messages for good. That cannot be undone.
    ///
    /// # Errors
    /// [`ItemError`], when none of the ids is one.
    pub async fn delete_all(&self, item_ids: &[String]) -> Result<Organised, ItemError> {
        let ids = read_ids(item_ids)?;
        let done = each(&ids, |id| async move {
            self.delete(&id.to_string()).await.map(|()| id)
        })
        .await;
        let (gone, failed) = done.parts();
        Ok(Organised {
            removed: gone.into_iter().map(|id| id.to_string()).collect(),
            failed,
            ..Organised::default()
        })
    }

    /// Undoes an operation, as far as nobody has changed the same thing since: each message gets back the flags, labels
    /// and place that the operation took from it. Done in steps: call it again while [`Organised::undo`] names a group.
    ///
    /// # Errors
    /// [`ItemError::NothingToUndo`] when it is not known (any more).
    pub async fn undo(&self, group: u32) -> Result<Organised, ItemError> {
        let map = self.folder_map().await?;
        let traces = self
            .memory
            .borrow_mut()
            .undo
            .take(group)
            .ok_or(ItemError::NothingToUndo)?;
        let (ids, map): (Vec<ItemId>, _) = (traces.keys().copied().collect(), &map);
        let done = each(&ids, |id| {
            let trace = traces.get(&id);
            self.change_item(id, move |intended| {
                if let Some(trace) = trace {
                    trace.take_back(intended, map);
                }
            })
        })
        .await;
        // What failed can be tried again.
        let failed = done.failed_ids();
        let left = traces.into_iter().filter(|(id, _)| failed.contains(id));
        let undo = &mut self.memory.borrow_mut().undo;
        let left_over = undo.put_back(group, left.collect());
        let (known, failed) = done.parts();
        Ok(Organised {
            rows: known.iter().map(Known::row).collect(),
            failed,
            undo: (left_over > 0).then_some(group),
            left: left_over,
            ..Organised::default()
        })
    }

    /// Carries the plan out on one message, and keeps what it was before.
    async fn carry_out(&self, id: ItemId, plan: &Plan) -> Result<(Known, Trace), ItemError> {
        let before = RefCell::new(None);
        let intent = |intended: Intended<'_>| {
            before.replace(Some(Filed::of(intended.content, *intended.mailbox_id)));
            plan.carry_out(intended);
        };
        let known = self.change_item(id, intent).await?;
        let before = before.into_inner().ok_or(ItemError::NotNow)?;
        let after = match &known.content {
            Some(content) => Filed::of(content, known.item.mailbox_id),
            None => before.clone(),
        };
        Ok((known, Trace { before, after }))
    }

    fn organised(&self, done: Done<(Known, Trace)>, group: Option<u32>) -> Organised {
        let (done, failed) = done.parts();
        let mut rows = Vec::with_capacity(done.len());
        let mut traces = Vec::with_capacity(done.len());
        for (known, trace) in done {
            rows.push(known.row());
            if trace.before != trace.after {
                traces.push((known.item.item_id, trace));
            }
        }
        let undo = self.memory.borrow_mut().undo.keep(group, traces);
        Organised {
            rows,
            failed,
            undo,
            ..Organised::default()
        }
    }
}
