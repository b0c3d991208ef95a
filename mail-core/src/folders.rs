//! Folders: which mailbox is which. The server knows mailboxes by random-looking ids alone; this map is sealed state.

use crate::account::Account;
use crate::client::Client;
use crate::env::Randomness;
use crate::state::StateError;
use crate::transport::Transport;
use crate::views::{Folder, FolderRole};
use serde::{Deserialize, Serialize};
use smail_protocol::MailboxId;
use std::collections::BTreeMap;

/// The state object's name.
const STATE_NAME: &str = "folders";

/// Every role, in the order in which folders are shown.
pub(crate) const ROLES: [FolderRole; 5] = [
    FolderRole::Inbox,
    FolderRole::Sent,
    FolderRole::Drafts,
    FolderRole::Archive,
    FolderRole::Trash,
];

/// Role to mailbox, as sealed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct FolderMap {
    version: u32,
    mailboxes: BTreeMap<String, MailboxId>,
}

impl FolderMap {
    pub(crate) fn mailbox(&self, role: FolderRole) -> Option<MailboxId> {
        self.mailboxes.get(role_word(role)).copied()
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
}

const fn role_word(role: FolderRole) -> &'static str {
    match role {
        FolderRole::Inbox => "inbox",
        FolderRole::Sent => "sent",
        FolderRole::Drafts => "drafts",
        FolderRole::Archive => "archive",
        FolderRole::Trash => "trash",
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
    /// The folders with their counts.
    ///
    /// # Errors
    /// [`StateError`].
    pub async fn folders(&self) -> Result<Vec<Folder>, StateError> {
        let map = self.folder_map().await?;
        self.count_unknown(&map).await?;
        Ok(self.counted(&map))
    }

    /// Role to mailbox; made when there is none yet.
    pub(crate) async fn folder_map(&self) -> Result<FolderMap, StateError> {
        if let Some(map) = self.state::<FolderMap>(STATE_NAME)?
            && ROLES.iter().all(|role| map.mailbox(*role).is_some())
        {
            return Ok(map);
        }
        for role in ROLES {
            self.env
                .mailbox_make(first_mailbox(&self.account, role))
                .await?;
        }
        self.change_state(STATE_NAME, |map: &mut FolderMap| map.fill(&self.account))
            .await
    }

    /// The mailbox of this role.
    pub(crate) async fn mailbox_of(&self, role: FolderRole) -> Result<MailboxId, StateError> {
        self.folder_map()
            .await?
            .mailbox(role)
            .ok_or(StateError::Malformed)
    }

    /// Asks for the totals of folders whose total is not known.
    async fn count_unknown(&self, map: &FolderMap) -> Result<(), StateError> {
        for mailbox in ROLES.iter().filter_map(|role| map.mailbox(*role)) {
            let known = self.memory.borrow().totals.contains_key(&mailbox);
            if !known {
                let page = self.env.mailbox_items(mailbox, None, 1).await?;
                self.memory.borrow_mut().totals.insert(mailbox, page.total);
            }
        }
        Ok(())
    }

    fn counted(&self, map: &FolderMap) -> Vec<Folder> {
        let memory = self.memory.borrow();
        let mailboxes = ROLES
            .iter()
            .filter_map(|role| map.mailbox(*role).map(|mailbox| (*role, mailbox)));
        mailboxes
            .map(|(role, mailbox)| Folder {
                id: mailbox.to_string(),
                role,
                unread: memory.unread(mailbox),
                total: u32::try_from(memory.totals.get(&mailbox).copied().unwrap_or(0))
                    .unwrap_or(u32::MAX),
            })
            .collect()
    }
}
