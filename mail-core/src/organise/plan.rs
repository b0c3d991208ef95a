//! An operation, made ready: what it names is looked up once, and carried out on each message.

use crate::client::Client;
use crate::env::Randomness;
use crate::folders::FolderMap;
use crate::item::{BlobKind, ItemContent, from_view};
use crate::items::{Intended, ItemError};
use crate::transport::Transport;
use crate::views::{FolderRole, Operation};
use smail_protocol::MailboxId;
use std::collections::BTreeSet;

/// Longest time that a message can be put aside, in milliseconds: ten years, or the wrong year was typed.
const MAX_SNOOZE_MS: u64 = 10 * 366 * 24 * 3_600 * 1_000;

/// What to do with each message.
pub(super) struct Plan {
    deed: Deed,
    map: FolderMap,
    /// Ids that name a label.
    labels: BTreeSet<String>,
}

enum Deed {
    Unread(bool),
    Star(bool),
    To(MailboxId),
    Home,
    Label { id: String, on: bool },
    Snooze { mailbox: MailboxId, until_ms: u64 },
}

impl Plan {
    /// To move messages there.
    pub(super) const fn to(mailbox: MailboxId, map: FolderMap) -> Self {
        Self {
            deed: Deed::To(mailbox),
            map,
            labels: BTreeSet::new(),
        }
    }

    /// Does it.
    pub(super) fn carry_out(&self, intended: Intended<'_>) {
        match &self.deed {
            Deed::Unread(unread) => intended.content.unread = *unread,
            Deed::Star(starred) => intended.content.starred = *starred,
            Deed::To(mailbox) => intended.move_to(*mailbox, &self.map),
            Deed::Home => go_home(intended, &self.map),
            Deed::Label { id, on } => self.label(&mut intended.content.labels, id, *on),
            Deed::Snooze { mailbox, until_ms } => {
                put_aside(intended, *mailbox, *until_ms, &self.map)
            }
        }
    }

    fn label(&self, labels: &mut Vec<String>, id: &String, on: bool) {
        labels.retain(|label| label != id && self.labels.contains(label));
        if on {
            labels.push(id.clone());
        }
    }
}

fn put_aside(intended: Intended<'_>, mailbox: MailboxId, until_ms: u64, map: &FolderMap) {
    let Intended {
        content,
        mailbox_id,
    } = intended;
    Intended {
        content: &mut *content,
        mailbox_id,
    }
    .move_to(mailbox, map);
    content.snoozed_until_ms = Some(until_ms);
}

/// Brings a message that is out of the way back to where it was.
pub(super) fn go_home(intended: Intended<'_>, map: &FolderMap) {
    let is_aside = |mailbox| {
        matches!(
            map.role_of(mailbox),
            Some(FolderRole::Trash | FolderRole::Spam | FolderRole::Snoozed)
        )
    };
    if !is_aside(*intended.mailbox_id) {
        return;
    }
    let home = intended.content.home;
    let home = home.filter(|home| map.contains(*home) && !is_aside(*home));
    if let Some(home) = home.or_else(|| map.mailbox(likely_home(intended.content))) {
        intended.move_to(home, map);
    }
}

/// Where a message belongs of which nothing else is known.
const fn likely_home(content: &ItemContent) -> FolderRole {
    match content.kind {
        BlobKind::Draft { .. } => FolderRole::Drafts,
        // What the account wrote itself is the one thing that is not judged.
        BlobKind::Message if content.signature.is_none() && content.fault.is_none() => {
            FolderRole::Sent
        }
        BlobKind::Message => FolderRole::Inbox,
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Looks up what the operation names.
    pub(super) async fn plan(&self, operation: &Operation) -> Result<Plan, ItemError> {
        let map = self.folder_map().await?;
        let labels = self.label_ids()?;
        let role = |role| map.mailbox(role).ok_or(ItemError::FolderGone);
        let label = |id: &String, on| match labels.contains(id) {
            false if on => Err(ItemError::LabelGone),
            _ => Ok(Deed::Label { id: id.clone(), on }),
        };
        let deed = match operation {
            Operation::Read => Deed::Unread(false),
            Operation::Unread => Deed::Unread(true),
            Operation::Star => Deed::Star(true),
            Operation::Unstar => Deed::Star(false),
            Operation::Archive => Deed::To(role(FolderRole::Archive)?),
            Operation::Trash => Deed::To(role(FolderRole::Trash)?),
            Operation::Spam => Deed::To(role(FolderRole::Spam)?),
            Operation::Restore => Deed::Home,
            Operation::Move { folder_id } => {
                let mailbox: MailboxId = folder_id.parse()?;
                if !map.contains(mailbox) {
                    return Err(ItemError::FolderGone);
                }
                Deed::To(mailbox)
            }
            Operation::Label { label_id } => label(label_id, true)?,
            Operation::Unlabel { label_id } => label(label_id, false)?,
            Operation::Snooze { until_ms } => Deed::Snooze {
                mailbox: role(FolderRole::Snoozed)?,
                until_ms: self.time_to_come(*until_ms)?,
            },
        };
        Ok(Plan { deed, map, labels })
    }

    fn time_to_come(&self, until_ms: f64) -> Result<u64, ItemError> {
        let now_ms = self.env.now_ms();
        from_view(until_ms.round())
            .filter(|until_ms| (now_ms + 1..=now_ms + MAX_SNOOZE_MS).contains(until_ms))
            .ok_or(ItemError::TimePassed)
    }
}
