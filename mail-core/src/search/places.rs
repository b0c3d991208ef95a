//! The folders and labels that a search names.

use super::error::SearchError;
use super::query::{Condition, Query};
use super::words::each_token;
use crate::client::Client;
use crate::env::Randomness;
use crate::memory::Known;
use crate::transport::Transport;
use crate::views::{Folder, FolderRole};
use smail_protocol::MailboxId;
use std::collections::{BTreeMap, BTreeSet};

/// What the names in a query stand for.
#[derive(Debug, Default)]
pub(super) struct Places {
    folders: BTreeMap<String, BTreeSet<MailboxId>>,
    /// Folders whose messages are found only when they are asked for.
    apart: BTreeSet<MailboxId>,
}

impl Places {
    /// Whether a message in this folder is not looked for.
    pub(super) fn is_apart(&self, mailbox: MailboxId) -> bool {
        self.apart.contains(&mailbox)
    }

    pub(super) fn is_in(&self, name: &str, mailbox: MailboxId) -> bool {
        self.folders
            .get(name)
            .is_some_and(|folders| folders.contains(&mailbox))
    }

    pub(super) fn has_label(&self, _name: &str, _known: &Known) -> bool {
        false
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Looks up what a query names.
    pub(super) async fn places(&self, query: &Query) -> Result<Places, SearchError> {
        let folders = self.folders().await?;
        let mut places = Places::default();
        query.each_leaf(true, &mut |leaf, _| {
            if let Query::Now(Condition::In(name)) = leaf {
                let meant = folders.iter().filter(|folder| is_called(folder, name));
                let ids = meant.filter_map(|folder| folder.id.parse().ok()).collect();
                places.folders.insert(name.clone(), ids);
            }
        });
        if !query.names_place() {
            let apart = folders.iter().filter(|folder| is_apart(folder));
            places.apart = apart.filter_map(|folder| folder.id.parse().ok()).collect();
        }
        Ok(places)
    }
}

const fn is_apart(folder: &Folder) -> bool {
    matches!(folder.role, FolderRole::Trash)
}

/// Whether the folder goes by this name. Case, accents and what stands between words make no difference.
fn is_called(folder: &Folder, name: &str) -> bool {
    folded(role_name(folder.role)) == folded(name)
}

const fn role_name(role: FolderRole) -> &'static str {
    match role {
        FolderRole::Inbox => "inbox",
        FolderRole::Sent => "sent",
        FolderRole::Drafts => "drafts",
        FolderRole::Archive => "archive",
        FolderRole::Trash => "trash",
    }
}

fn folded(name: &str) -> String {
    let mut folded = String::new();
    each_token(name, &mut |token| {
        folded.push_str(token.folded);
        folded.push(' ');
    });
    folded
}
