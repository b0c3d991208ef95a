//! The log of what was done to messages, each with what it was before: the inverse of every operation.

use crate::folders::FolderMap;
use crate::item::{Filing, ItemContent};
use crate::items::Intended;
use smail_protocol::{ItemId, MailboxId};
use std::collections::{BTreeMap, VecDeque};

/// Most operations that can be undone, latest first.
const MAX_GROUPS: usize = 50;
/// Most messages remembered in all of them; the latest operation is kept whatever its size.
const MAX_TRACES: usize = 50_000;
/// Messages undone in one step.
const STEP: usize = 50;

/// How and where a message was filed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Filed {
    mailbox: MailboxId,
    filing: Filing,
}

impl Filed {
    pub(super) fn of(content: &ItemContent, mailbox: MailboxId) -> Self {
        Self {
            mailbox,
            filing: content.filing(),
        }
    }
}

/// What an operation has done to one message.
#[derive(Debug)]
pub(super) struct Trace {
    pub(super) before: Filed,
    pub(super) after: Filed,
}

impl Trace {
    /// Takes back what the operation has changed and nobody has changed since.
    pub(super) fn take_back(&self, intended: Intended<'_>, map: &FolderMap) {
        let (before, after) = (&self.before.filing, &self.after.filing);
        let mut now = intended.content.filing();
        turn_back(&mut now.unread, &before.unread, &after.unread);
        turn_back(&mut now.starred, &before.starred, &after.starred);
        if *intended.mailbox_id == self.after.mailbox && map.contains(self.before.mailbox) {
            *intended.mailbox_id = self.before.mailbox;
            // These belong to the place.
            turn_back(&mut now.home, &before.home, &after.home);
            turn_back(
                &mut now.snoozed_until_ms,
                &before.snoozed_until_ms,
                &after.snoozed_until_ms,
            );
            turn_back(
                &mut now.returned_ms,
                &before.returned_ms,
                &after.returned_ms,
            );
        }
        now.labels
            .retain(|label| before.labels.contains(label) || !after.labels.contains(label));
        let lost = before
            .labels
            .iter()
            .filter(|label| !after.labels.contains(label));
        for label in lost {
            if !now.labels.contains(label) {
                now.labels.push(label.clone());
            }
        }
        intended.content.file(now);
    }
}

/// Back to what it was, if it is still what it was made.
fn turn_back<V: PartialEq + Clone>(now: &mut V, before: &V, after: &V) {
    if now == after {
        now.clone_from(before);
    }
}

/// What can be undone, oldest first.
#[derive(Debug, Default)]
pub(crate) struct UndoLog {
    last: u32,
    groups: VecDeque<(u32, BTreeMap<ItemId, Trace>)>,
}

impl UndoLog {
    /// Keeps what was done, as part of a group that is there or as a new one; its name, when there is anything to undo.
    pub(super) fn keep(&mut self, group: Option<u32>, traces: Vec<(ItemId, Trace)>) -> Option<u32> {
        let known = |log: &mut Self, name| {
            let mut groups = log.groups.iter_mut();
            groups.any(|(other, _)| *other == name)
        };
        if traces.is_empty() {
            return group.filter(|name| known(self, *name));
        }
        let name = match group.filter(|name| known(self, *name)) {
            Some(name) => name,
            None => self.begin(),
        };
        let group = self.groups.iter_mut().find(|(other, _)| *other == name);
        if let Some((_, kept)) = group {
            kept.extend(traces);
        }
        self.forget_oldest();
        Some(name)
    }

    /// Takes a step's worth of a group out, to undo it.
    pub(super) fn take(&mut self, name: u32) -> Option<BTreeMap<ItemId, Trace>> {
        let at = self.groups.iter().position(|(other, _)| *other == name)?;
        let (_, traces) = self.groups.get_mut(at)?;
        let rest = match traces.keys().nth(STEP).copied() {
            Some(next) => traces.split_off(&next),
            None => BTreeMap::new(),
        };
        Some(std::mem::replace(traces, rest))
    }

    /// Puts back what could not be undone; how many are left in the group.
    pub(super) fn put_back(&mut self, name: u32, traces: BTreeMap<ItemId, Trace>) -> u32 {
        let group = self.groups.iter_mut().find(|(other, _)| *other == name);
        let left = group.map_or(0, |(_, kept)| {
            kept.extend(traces);
            kept.len()
        });
        self.groups.retain(|(_, kept)| !kept.is_empty());
        u32::try_from(left).unwrap_or(u32::MAX)
    }

    fn begin(&mut self) -> u32 {
        self.last = self.last.wrapping_add(1);
        self.groups.push_back((self.last, BTreeMap::new()));
        self.last
    }

    fn forget_oldest(&mut self) {
        let traces = |groups: &VecDeque<(u32, BTreeMap<ItemId, Trace>)>| {
            groups.iter().map(|(_, kept)| kept.len()).sum::<usize>()
        };
        while self.groups.len() > 1
            && (self.groups.len() > MAX_GROUPS || traces(&self.groups) > MAX_TRACES)
        {
            self.groups.pop_front();
        }
    }
}
