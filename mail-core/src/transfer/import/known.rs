//! What is here already, so that nothing comes twice: by the digest of what was brought before, by Message-ID, author and
//! date of what came otherwise. It is read out of the sealed summaries. What lies in Trash does not count.

use super::super::Digest;
use super::error::Stop;
use super::watch::{ImportWatch, Report};
use crate::ApiError;
use crate::client::Client;
use crate::env::Randomness;
use crate::item::{BlobKind, ItemContent};
use crate::items::ItemError;
use crate::list::{ListError, ShortId};
use crate::message::ParsedMessage;
use crate::state::StateError;
use crate::transport::Transport;
use crate::views::FolderRole;
use std::collections::HashSet;

/// The messages that are here.
#[derive(Default)]
pub(super) struct KnownMessages {
    brought: HashSet<Digest>,
    others: HashSet<(ShortId, String, Option<u64>)>,
}

impl KnownMessages {
    /// Whether this one is here. It is from now on.
    pub(super) fn meet(&mut self, message: &ParsedMessage, digest: Digest) -> bool {
        let id = ShortId::of(&message.message_id);
        let author = message.from.address.to_lowercase();
        let is_other =
            !message.message_id.is_empty() && self.others.contains(&(id, author, message.date_s));
        is_other || !self.brought.insert(digest)
    }

    fn add(&mut self, content: &ItemContent) {
        match (content.digest, content.thread.message_id, &content.kind) {
            (Some(digest), ..) => {
                self.brought.insert(digest);
            }
            (None, Some(id), BlobKind::Message) => {
                let author = content.from.address.to_lowercase();
                let date_s = content.date_ms.map(|date_ms| date_ms / 1_000);
                self.others.insert((id, author, date_s));
            }
            _ => {}
        }
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Takes every summary in, and gives what is known by them.
    pub(super) async fn known_messages<W: ImportWatch>(
        &self,
        report: &Report<'_, W>,
    ) -> Result<KnownMessages, Stop> {
        while !self.memory.borrow().filling.is_done() {
            report.go_on()?;
            match self.take_in_more().await {
                Ok(_) => report.tell(|_| {}),
                Err(error) => match server_part(&error).filter(|error| error.is_passing()) {
                    Some(passing) => report.wait(passing, self.env.transport()).await,
                    None => return Err(Stop::by(&error)),
                },
            }
        }
        let map = self.folder_map().await.map_err(|error| Stop::by(&error))?;
        let trash = map.mailbox(FolderRole::Trash);
        let mut known = KnownMessages::default();
        let memory = self.memory.borrow();
        let counted = memory.items.iter().map(|(_, kept)| kept);
        for kept in counted.filter(|kept| Some(kept.mailbox()) != trash) {
            kept.content().iter().for_each(|content| known.add(content));
        }
        Ok(known)
    }
}

fn server_part(error: &ListError) -> Option<&ApiError> {
    match error {
        ListError::Item(
            ItemError::Server(error) | ItemError::Folders(StateError::Server(error)),
        )
        | ListError::Folders(StateError::Server(error)) => Some(error),
        _ => None,
    }
}
