//! Folders: which mailbox is which. The server knows mailboxes by random-looking ids alone; this map, with the names
//! that a person has given, is sealed state.

mod change;
mod error;
mod name;
mod tree;

pub use error::FolderError;
pub use name::NameError;

pub(crate) use name::{is_same_name, read_name};

use crate::account::Account;
use crate::client::Client;
use crate::env::Randomness;
use crate::memory::Memory;
use crate::state::StateError;
use crate::transport::Transport;
use crate::views::{Folder, FolderRole};
use serde::{Deserialize, Serialize};
use smail_protocol::MailboxId;
use std::collections::BTreeMap;
pub(crate) use tree::Cut;
use tree::FolderTree;

/// The state object's name.
const STATE_NAME: &str = "folders";
/// How often the totals are asked for in a row while mail keeps coming.
const COUNTED_AT_MOST: usize = 3;

/// Every role of which an account has one mailbox.
pub(crate) const ROLES: [FolderRole; 8] = [
    FolderRole::Inbox,
    FolderRole::Sent,
    FolderRole::Drafts,
    FolderRole::Archive,
    FolderRole::Spam,
    FolderRole::Trash,
    FolderRole::Snoozed,
    FolderRole::Scheduled,
];

/// Role to mailbox, and the folders that the person has made, as sealed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct FolderMap {
    version: u32,
    mailboxes: BTreeMap<String, MailboxId>,
    #[serde(default, skip_serializing_if = "FolderTree::is_empty")]
    custom: FolderTree,
}

impl FolderMap {
    pub(crate) fn mailbox(&self, role: FolderRole) -> Option<MailboxId> {
        self.mailboxes.get(role_word(role)).copied()
    }

    /// What every account has this mailbox for; `None` for a folder that the person has made.
    pub(crate) fn role_of(&self, mailbox: MailboxId) -> Option<FolderRole> {
        ROLES
            .into_iter()
            .find(|role| self.mailbox(*role) == Some(mailbox))
    }

    /// Whether there is such a folder.
    pub(crate) fn contains(&self, mailbox: MailboxId) -> bool {
        self.role_of(mailbox).is_some() || self.custom.contains(mailbox)
    }

    /// A folder and all inside it; of one that every account has, itself.
    pub(crate) fn family(&self, mailbox: MailboxId) -> Vec<MailboxId> {
        match self.role_of(mailbox) {
            Some(_) => vec![mailbox],
            None => self.custom.family(mailbox),
        }
    }

    /// Every mailbox, in the order in which folders are shown.
    pub(crate) fn all(&self) -> Vec<MailboxId> {
        let built_in = ROLES.iter().filter_map(|role| self.mailbox(*role));
        let custom = self.custom.nodes().iter().map(|node| node.id);
        built_in.chain(custom).collect()
    }

    fn fill(&mut self, account: &Account) -> bool {
        self.version = 1;
        let before = self.mailboxes.len();
        for role in ROLES {
            self.mailboxes
                .entry(role_word(role).to_owned())
                .or_insert_with(|| first_mailbox(account, role));
        }
        self.mailboxes.len() > before
    }

    /// One folder with its counts.
    fn view(&self, memory: &Memory, mailbox: MailboxId) -> Option<Folder> {
        self.counted(memory)
            .into_iter()
            .find(|folder| folder.id == mailbox.to_string())
    }

    /// Every folder with its counts: those of every account, and then the person's in their order.
    fn counted(&self, memory: &Memory) -> Vec<Folder> {
        let folder = |mailbox: MailboxId, role| Folder {
            id: mailbox.to_string(),
            role,
            name: None,
            parent: None,
            unread: memory.unread(mailbox),
            total: u32::try_from(memory.totals.get(&mailbox).copied().unwrap_or(0))
                .unwrap_or(u32::MAX),
        };
        let built_in = ROLES
            .into_iter()
            .filter_map(|role| self.mailbox(role).map(|mailbox| folder(mailbox, role)));
        let custom = self.custom.nodes().iter().map(|node| Folder {
            name: Some(node.name.clone()),
            parent: self.custom.parent(node.id).map(|parent| parent.to_string()),
            ..folder(node.id, FolderRole::Custom)
        });
        built_in.chain(custom).collect()
    }
}

/// The role's stable word, in sealed state and in queries.
pub(crate) const fn role_word(role: FolderRole) -> &'static str {
    match role {
        FolderRole::Inbox => "inbox",
        FolderRole::Sent => "sent",
        FolderRole::Drafts => "drafts",
        FolderRole::Archive => "archive",
        FolderRole::Spam => "spam",
        FolderRole::Trash => "trash",
        FolderRole::Snoozed => "snoozed",
        FolderRole::Scheduled => "scheduled",
        FolderRole::Custom => "custom",
    }
}

/// The mailbox that a new account has for this role. Follows from the account key, so that a sign-up that was cut short
/// can be made good by the next login.
pub(crate) fn first_mailbox_id(key: &smail_crypto_core::AccountKey, role: FolderRole) -> MailboxId {
    MailboxId::from_bytes(key.object_id(&format!("mailbox/{}", role_word(role))).0)
}

fn first_mailbox(account: &Account, role: FolderRole) -> MailboxId {
    if role == FolderRole::Inbox {
        account.inbox
    } else {
        first_mailbox_id(&account.key, role)
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// The folders with their counts: those that every account has, then those that the person has made, in the order
    /// in which they are shown, each behind the one that it is in.
    ///
    /// # Errors
    /// [`StateError`].
    pub async fn folders(&self) -> Result<Vec<Folder>, StateError> {
        let map = self.folder_map().await?;
        self.count_unknown(&map).await?;
        Ok(map.counted(&self.memory.borrow()))
    }

    /// Role to mailbox; made when there is none yet.
    pub(crate) async fn folder_map(&self) -> Result<FolderMap, StateError> {
        let known = self.state::<FolderMap>(STATE_NAME)?;
        let missing: Vec<FolderRole> = ROLES
            .into_iter()
            .filter(|role| {
                known
                    .as_ref()
                    .is_none_or(|map| map.mailbox(*role).is_none())
            })
            .collect();
        if let (Some(map), true) = (known, missing.is_empty()) {
            return Ok(map.mended());
        }
        for role in missing {
            self.env
                .mailbox_make(first_mailbox(&self.account, role))
                .await?;
        }
        self.change_state(STATE_NAME, |map: &mut FolderMap| map.fill(&self.account))
            .await
            .map(FolderMap::mended)
    }

    /// The mailbox of this role.
    pub(crate) async fn mailbox_of(&self, role: FolderRole) -> Result<MailboxId, StateError> {
        self.folder_map()
            .await?
            .mailbox(role)
            .ok_or(StateError::Malformed)
    }

    /// Asks for the totals of all mailboxes when that of a folder is not known: once more when something changed
    /// meanwhile, for the answer may or may not count it.
    async fn count_unknown(&self, map: &FolderMap) -> Result<(), StateError> {
        for attempt in 1..=COUNTED_AT_MOST {
            let (unknown, doubts) = {
                let memory = self.memory.borrow();
                let is_unknown = |mailbox: &MailboxId| !memory.totals.contains_key(mailbox);
                let unknown: Vec<MailboxId> = map.all().into_iter().filter(is_unknown).collect();
                (unknown, memory.doubts)
            };
            if unknown.is_empty() {
                return Ok(());
            }
            let list = self.env.mailboxes().await?.mailboxes;
            let memory = &mut self.memory.borrow_mut();
            if memory.doubts != doubts && attempt < COUNTED_AT_MOST {
                continue;
            }
            for mailbox in unknown {
                let held = list.iter().find(|held| held.mailbox_id == mailbox);
                // One that is not there was deleted by another session, whose map has not come yet.
                memory
                    .totals
                    .insert(mailbox, held.map_or(0, |held| held.total));
            }
            return Ok(());
        }
        Ok(())
    }
}

impl FolderMap {
    fn mended(self) -> Self {
        Self {
            custom: self.custom.mended(),
            ..self
        }
    }
}
