//! Folders made, renamed, moved and deleted by the person.

use super::error::FolderError;
use super::name::read_name;
use super::{FolderMap, STATE_NAME};
use crate::client::Client;
use crate::env::Randomness;
use crate::transport::Transport;
use crate::views::Folder;
use smail_protocol::{MailboxId, ProblemCode};
use std::cell::{Cell, RefCell};

/// Most deletions of folders that can be undone, latest first.
const MAX_DELETED: usize = 50;

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Makes a folder, in `parent` or at the top, as the last one there.
    ///
    /// # Errors
    /// [`FolderError`].
    pub async fn make_folder(
        &self,
        name: &str,
        parent: Option<&str>,
    ) -> Result<Folder, FolderError> {
        let name = read_name(name)?;
        let parent: Option<MailboxId> = parent.map(str::parse).transpose()?;
        let id = MailboxId::from_bytes(self.env.random_id());
        let add = |map: &mut FolderMap| map.custom.add(id, name.clone(), parent);
        // Asked before anything is made: most of what can be refused is refused here.
        add(&mut self.folder_map().await?)?;
        self.env.mailbox_make(id).await?;
        let map = self.name_made(&[id], add).await?;
        map.view(&self.memory.borrow(), id).ok_or(FolderError::Gone)
    }

    /// Gives a folder another name.
    ///
    /// # Errors
    /// [`FolderError`].
    pub async fn rename_folder(&self, folder_id: &str, name: &str) -> Result<(), FolderError> {
        let id = self.own_folder(folder_id).await?;
        let name = read_name(name)?;
        self.change_folders(|map| map.custom.rename(id, name.clone()))
            .await
            .map(drop)
    }

    /// Takes a folder with all inside it into another one (none: to the top), before that one of its folders (none:
    /// behind the last).
    ///
    /// # Errors
    /// [`FolderError`].
    pub async fn move_folder(
        &self,
        folder_id: &str,
        parent: Option<&str>,
        before: Option<&str>,
    ) -> Result<(), FolderError> {
        let id = self.own_folder(folder_id).await?;
        let parent = parent.map(str::parse).transpose()?;
        let before = before.map(str::parse).transpose()?;
        self.change_folders(|map| map.custom.relocate(id, parent, before))
            .await
            .map(drop)
    }

    /// Deletes a folder and those inside it. All of them have to be empty: see [`Client::empty_folder`]. As long as this client
    /// lives, [`Client::restore_folder`] brings them back.
    ///
    /// # Errors
    /// [`FolderError`].
    pub async fn delete_folder(&self, folder_id: &str) -> Result<(), FolderError> {
        let id = self.own_folder(folder_id).await?;
        let family = self.folder_map().await?.custom.family(id);
        for mailbox in family.into_iter().rev() {
            match self.env.mailbox_delete(mailbox).await {
                // Another session, or an earlier try, was there first.
                Err(error) if error.is(ProblemCode::NotFound) => {}
                other => other?,
            }
        }
        let cut = RefCell::new(None);
        self.change_folders(|map| {
            cut.replace(map.custom.remove(id));
            Ok(())
        })
        .await?;
        let cuts = &mut self.memory.borrow_mut().deleted_folders;
        cuts.extend(cut.into_inner());
        let extra = cuts.len().saturating_sub(MAX_DELETED);
        cuts.drain(..extra);
        Ok(())
    }

    /// Brings a folder back that this client has deleted, with those inside it, to where it was; empty.
    ///
    /// # Errors
    /// [`FolderError`]: it is not known any more, or its name is taken.
    pub async fn restore_folder(&self, folder_id: &str) -> Result<(), FolderError> {
        let id: MailboxId = folder_id.parse()?;
        let cut = {
            let memory = self.memory.borrow();
            let mut cuts = memory.deleted_folders.iter();
            cuts.find(|cut| cut.is_of(id)).cloned()
        };
        let cut = cut.ok_or(FolderError::Gone)?;
        self.folder_map().await?.custom.put_back(&cut)?;
        let made: Vec<MailboxId> = cut.ids().collect();
        for mailbox in &made {
            self.env.mailbox_make(*mailbox).await?;
        }
        self.name_made(&made, |map| map.custom.put_back(&cut))
            .await?;
        let cuts = &mut self.memory.borrow_mut().deleted_folders;
        cuts.retain(|cut| !cut.is_of(id));
        Ok(())
    }

    /// The id of a folder that the person has made.
    async fn own_folder(&self, folder_id: &str) -> Result<MailboxId, FolderError> {
        let id: MailboxId = folder_id.parse()?;
        let map = self.folder_map().await?;
        if map.custom.contains(id) {
            Ok(id)
        } else if map.role_of(id).is_some() {
            Err(FolderError::BuiltIn)
        } else {
            Err(FolderError::Gone)
        }
    }

    /// Changes the map so that it names mailboxes that were just made. When that is refused they go again: those that nobody
    /// names would be in the way of nobody.
    async fn name_made(
        &self,
        made: &[MailboxId],
        change: impl Fn(&mut FolderMap) -> Result<(), FolderError>,
    ) -> Result<FolderMap, FolderError> {
        let changed = self.change_folders(change).await;
        if let Err(error) = &changed
            && !leaves_doubt(error)
        {
            for mailbox in made {
                drop(self.env.mailbox_delete(*mailbox).await);
            }
        }
        changed
    }

    /// Changes the map, or says why it cannot be.
    async fn change_folders(
        &self,
        change: impl Fn(&mut FolderMap) -> Result<(), FolderError>,
    ) -> Result<FolderMap, FolderError> {
        let refused = Cell::new(None);
        let map = self
            .change_state(STATE_NAME, |map: &mut FolderMap| {
                let before = map.custom.clone();
                refused.set(change(map).err());
                // What is refused leaves the tree as it was.
                map.custom != before
            })
            .await?;
        match refused.take() {
            Some(error) => Err(error),
            None => Ok(map),
        }
    }
}

/// Whether the change may have been made although it failed.
fn leaves_doubt(error: &FolderError) -> bool {
    match error {
        FolderError::State(crate::StateError::Server(error)) => error.leaves_doubt(),
        _ => false,
    }
}
