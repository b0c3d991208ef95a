//! What is to be given out: the messages of a folder, or all, with names for their files.

use super::ExportError;
use crate::client::Client;
use crate::env::Randomness;
use crate::folders::FolderMap;
use crate::item::{BlobKind, to_view};
use crate::items::ItemError;
use crate::list::{Kept, ListError};
use crate::message::safe_file_name;
use crate::transport::Transport;
use crate::views::{ExportItem, ExportPlan, Folder, FolderRole};
use mail_parser::DateTime;
use smail_protocol::MailboxId;
use std::collections::BTreeMap;

/// Longest name of a message's file, without date and end, in characters.
const MAX_NAME_CHARS: usize = 60;

impl<T: Transport, R: Randomness> Client<T, R> {
    /// The messages of a folder and of those inside it, or all there are. Trash and Spam are in "all" as well.
    ///
    /// # Errors
    /// [`ExportError`].
    pub async fn export_plan(&self, folder_id: Option<&str>) -> Result<ExportPlan, ExportError> {
        while !self.memory.borrow().filling.is_done() {
            self.take_in_more().await?;
        }
        let map = self.folder_map().await.map_err(ListError::from)?;
        let wanted = wanted(&map, folder_id).map_err(ListError::from)?;
        let folders = self.folders().await.map_err(ListError::from)?;
        let paths = paths(&folders);
        let memory = self.memory.borrow();
        let mut kept: Vec<&Kept> = memory
            .items
            .iter()
            .map(|(_, kept)| kept)
            .filter(|kept| wanted.contains(&kept.mailbox()))
            .collect();
        let place = |mailbox| wanted.iter().position(|other| *other == mailbox);
        kept.sort_by_key(|kept| (place(kept.mailbox()), kept.order_ms, kept.item_id()));
        let (drafts, messages): (Vec<&Kept>, Vec<&Kept>) =
            kept.into_iter().partition(|kept| kept.is_draft);
        Ok(ExportPlan {
            items: messages
                .into_iter()
                .map(|kept| item(kept, &paths))
                .collect(),
            drafts: u32::try_from(drafts.len()).unwrap_or(u32::MAX),
        })
    }
}

fn wanted(map: &FolderMap, folder_id: Option<&str>) -> Result<Vec<MailboxId>, ItemError> {
    let Some(folder_id) = folder_id else {
        return Ok(map.all());
    };
    let mailbox: MailboxId = folder_id.parse()?;
    if map.contains(mailbox) {
        Ok(map.family(mailbox))
    } else {
        Err(ItemError::FolderGone)
    }
}

/// Each folder's place among the others, as a path.
pub(super) fn paths(folders: &[Folder]) -> BTreeMap<MailboxId, String> {
    let mut paths: BTreeMap<&str, String> = BTreeMap::new();
    for folder in folders {
        let own = match &folder.name {
            Some(name) => safe_file_name(&name.replace(['/', '\\'], " "), "folder").text,
            None => role_name(folder.role).to_owned(),
        };
        // A folder stands behind the one that it is in.
        let parent = folder.parent.as_deref().and_then(|id| paths.get(id));
        let path = parent.map_or(own.clone(), |parent| format!("{parent}/{own}"));
        paths.insert(&folder.id, path);
    }
    paths
        .into_iter()
        .filter_map(|(id, path)| Some((id.parse().ok()?, path)))
        .collect()
}

/// Names that say the same in every language's file system.
const fn role_name(role: FolderRole) -> &'static str {
    match role {
        FolderRole::Inbox => "Inbox",
        FolderRole::Sent => "Sent",
        FolderRole::Drafts => "Drafts",
        FolderRole::Archive => "Archive",
        FolderRole::Spam => "Spam",
        FolderRole::Trash => "Trash",
        FolderRole::Snoozed => "Snoozed",
        FolderRole::Scheduled => "Scheduled",
        FolderRole::Custom => "Folder",
    }
}

fn item(kept: &Kept, paths: &BTreeMap<MailboxId, String>) -> ExportItem {
    let content = kept.content();
    debug_assert!(
        content
            .as_ref()
            .is_none_or(|content| content.kind == BlobKind::Message)
    );
    let subject = content.map_or_else(String::new, |content| content.subject);
    ExportItem {
        id: kept.item_id().to_string(),
        folder: paths.get(&kept.mailbox()).cloned().unwrap_or_default(),
        name: format!("{} {}", day(kept.order_ms), file_words(&subject)),
        subject,
        came_ms: to_view(kept.order_ms),
    }
}

/// `2026-11-28`.
fn day(ms: u64) -> String {
    let date = DateTime::from_timestamp(i64::try_from(ms / 1_000).unwrap_or(0));
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}

/// The letters and digits of a subject.
fn file_words(subject: &str) -> String {
    let spaced: String = subject
        .chars()
        .map(|character| {
            if character.is_alphanumeric() {
                character
            } else {
                ' '
            }
        })
        .collect();
    let words = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    let words: String = words.chars().take(MAX_NAME_CHARS).collect();
    let words = words.trim_end();
    if words.is_empty() {
        "message".to_owned()
    } else {
        words.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_fit_for_any_file_system() {
        for (subject, name) in [
            ("Re: Dinner / tonight?", "Re Dinner tonight"),
            ("../../etc", "etc"),
            ("  ", "message"),
            ("عشاء: غدا", "عشاء غدا"),
        ] {
            assert_eq!(file_words(subject), name);
        }
        assert_eq!(file_words(&"x".repeat(500)).len(), MAX_NAME_CHARS);
        assert_eq!(day(951_827_696_000), "2000-02-29");
    }
}
