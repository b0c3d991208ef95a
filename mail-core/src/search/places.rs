//! The folders and labels that a search names.

use super::error::SearchError;
use super::query::{Condition, Query};
use super::words::each_token;
use crate::client::Client;
use crate::env::Randomness;
use crate::folders::role_word;
use crate::list::Kept;
use crate::transport::Transport;
use crate::views::{Folder, FolderRole};
use smail_protocol::MailboxId;
use std::collections::{BTreeMap, BTreeSet};

/// What the names in a query stand for.
#[derive(Debug, Default)]
pub(super) struct Places {
    folders: BTreeMap<String, BTreeSet<MailboxId>>,
    labels: BTreeMap<String, BTreeSet<String>>,
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

    pub(super) fn has_label(&self, name: &str, kept: &Kept) -> bool {
        let ids = self.labels.get(name);
        ids.is_some_and(|ids| ids.iter().any(|id| kept.has_label(id)))
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Looks up what a query names.
    pub(super) async fn places(&self, query: &Query) -> Result<Places, SearchError> {
        let (folders, labels) = (self.folders().await?, self.labels()?);
        let mut places = Places::default();
        query.each_leaf(true, &mut |leaf, _| match leaf {
            Query::Now(Condition::In(name)) => {
                let meant = folders.iter().filter(|folder| is_called(folder, name));
                let ids = meant.filter_map(|folder| folder.id.parse().ok()).collect();
                places.folders.insert(name.clone(), ids);
            }
            Query::Now(Condition::Label(name)) => {
                let meant = labels.iter().filter(|label| is_same(&label.name, name));
                let ids = meant.map(|label| label.id.clone()).collect();
                places.labels.insert(name.clone(), ids);
            }
            _ => {}
        });
        if !query.names_place() {
            let apart = folders.iter().filter(|folder| is_apart(folder));
            places.apart = apart.filter_map(|folder| folder.id.parse().ok()).collect();
        }
        Ok(places)
    }
}

const fn is_apart(folder: &Folder) -> bool {
    matches!(folder.role, FolderRole::Trash | FolderRole::Spam)
}

fn is_called(folder: &Folder, name: &str) -> bool {
    let own = folder.name.as_deref().or_else(|| role_name(folder.role));
    own.is_some_and(|own| is_same(own, name))
}

/// Case, accents and what stands between words make no difference.
fn is_same(one: &str, other: &str) -> bool {
    folded(one) == folded(other)
}

fn role_name(role: FolderRole) -> Option<&'static str> {
    (role != FolderRole::Custom).then(|| role_word(role))
}

fn folded(name: &str) -> String {
    let mut folded = String::new();
    each_token(name, &mut |token| {
        folded.push_str(token.folded);
        folded.push(' ');
    });
    folded
}
