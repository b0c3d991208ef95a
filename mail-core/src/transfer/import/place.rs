//! How far files have been taken in, so that one that is given again after a reload, or on another device, goes on from
//! there. Sealed state: what it says of a file is a digest.

use super::super::Digest;
use crate::attachment::FileSource;
use crate::client::Client;
use crate::env::Randomness;
use crate::state::StateError;
use crate::transport::Transport;
use crate::views::ImportProgress;
use serde::{Deserialize, Serialize};
use smail_protocol::MailboxId;

/// The state object's name.
const STATE_NAME: &str = "imports";
/// Files whose places are kept; the oldest is forgotten first.
const MAX_FILES: usize = 16;
/// Octets at a file's beginning and end by which it is known again.
const LOOKED_AT: usize = 64 * 1024;

/// As sealed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Places {
    version: u32,
    files: Vec<Place>,
}

/// How far one file has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    file: Digest,
    /// Octets that are done.
    pub(super) at: u64,
    /// Its messages so far.
    pub(super) numbers: Numbers,
}

/// Messages of a file, by what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Numbers {
    pub(super) imported: u32,
    pub(super) duplicates: u32,
    pub(super) deleted: u32,
    pub(super) set_aside: u32,
}

impl Numbers {
    pub(super) const fn of(progress: &ImportProgress) -> Self {
        Self {
            imported: progress.imported,
            duplicates: progress.duplicates,
            deleted: progress.deleted,
            set_aside: progress.set_aside,
        }
    }

    /// All of them.
    pub(super) const fn sum(self) -> u32 {
        self.imported + self.duplicates + self.deleted + self.set_aside
    }

    /// What came since.
    pub(super) const fn since(self, before: Self) -> Self {
        Self {
            imported: self.imported.saturating_sub(before.imported),
            duplicates: self.duplicates.saturating_sub(before.duplicates),
            deleted: self.deleted.saturating_sub(before.deleted),
            set_aside: self.set_aside.saturating_sub(before.set_aside),
        }
    }

    pub(super) const fn add_to(self, progress: &mut ImportProgress) {
        progress.imported += self.imported;
        progress.duplicates += self.duplicates;
        progress.deleted += self.deleted;
        progress.set_aside += self.set_aside;
    }
}

/// What a file, on its way into this folder, is known again by; `None` when it cannot be read.
pub(super) async fn file_digest<F: FileSource>(file: &F, target: MailboxId) -> Option<Digest> {
    let size = file.size_bytes();
    let looked_at = usize::try_from(size).unwrap_or(LOOKED_AT).min(LOOKED_AT);
    let first = file.read(0, looked_at).await.ok()?;
    let last = file.read(size - looked_at as u64, looked_at).await.ok()?;
    Some(Digest::of_octets([
        &size.to_be_bytes()[..],
        &first,
        &last,
        target.as_bytes(),
    ]))
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// How far this file has come before.
    pub(super) fn import_place(&self, file: Digest) -> Option<Place> {
        // What cannot be read costs time: its messages are here already, and are seen to be.
        let places: Places = self.state(STATE_NAME).ok().flatten()?;
        places.files.into_iter().find(|place| place.file == file)
    }

    /// Keeps how far this file has come; `None`: to its end.
    pub(super) async fn keep_import_place(
        &self,
        file: Digest,
        reached: Option<(u64, Numbers)>,
    ) -> Result<(), StateError> {
        let place = reached.map(|(at, numbers)| Place { file, at, numbers });
        self.change_state(STATE_NAME, |places: &mut Places| {
            let before = places.clone();
            places.version = 1;
            places.files.retain(|place| place.file != file);
            places.files.extend(place);
            let surplus = places.files.len().saturating_sub(MAX_FILES);
            places.files.drain(..surplus);
            places.files != before.files
        })
        .await
        .map(drop)
    }
}
