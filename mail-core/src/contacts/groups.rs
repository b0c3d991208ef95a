//! Groups of contacts: a name for several people at once. One state object holds them all.

use super::error::ContactError;
use super::shards::{MAX_SHARD_BYTES, shard_name};
use crate::client::Client;
use crate::env::Randomness;
use crate::folders::{is_same_name, read_name};
use crate::state::StateError;
use crate::transport::Transport;
use crate::views::{ContactGroup, GroupChange};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// The state object's name.
pub(super) const STATE_NAME: &str = "contact-groups";
/// Most groups.
pub(super) const MAX_GROUPS: usize = 100;
/// Length of a group's id, in bytes.
const ID_BYTES: usize = 6;

/// The groups, as sealed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Groups {
    version: u32,
    pub(super) groups: Vec<ContactGroup>,
}

impl Groups {
    /// Makes the change; the group afterwards.
    fn make(&mut self, change: &Change) -> Result<ContactGroup, ContactError> {
        let taken = |group: &ContactGroup| {
            group.id != change.id
                && change
                    .name
                    .as_ref()
                    .is_some_and(|name| is_same_name(&group.name, name))
        };
        if self.groups.iter().any(taken) {
            return Err(ContactError::NameTaken);
        }
        if !self.groups.iter().any(|group| group.id == change.id) {
            if self.groups.len() >= MAX_GROUPS {
                return Err(ContactError::TooManyGroups);
            }
            let name = change.name.clone().unwrap_or_default();
            self.groups.push(ContactGroup {
                id: change.id.clone(),
                name: read_name(&name)?,
                members: Vec::new(),
            });
        }
        let mut groups = self.groups.iter_mut();
        let group = groups
            .find(|group| group.id == change.id)
            .ok_or(ContactError::TooManyGroups)?;
        if let Some(name) = &change.name {
            group.name.clone_from(name);
        }
        group.members.retain(|id| !change.remove.contains(id));
        for id in &change.add {
            if !group.members.contains(id) {
                group.members.push(id.clone());
            }
        }
        Ok(group.clone())
    }

    fn is_too_large(&self) -> bool {
        serde_json::to_vec(self).is_ok_and(|json| json.len() > MAX_SHARD_BYTES)
    }
}

/// A change that has been read.
struct Change {
    id: String,
    name: Option<String>,
    add: Vec<String>,
    remove: Vec<String>,
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Makes a group, or changes its name and members.
    ///
    /// # Errors
    /// [`ContactError`].
    pub async fn save_group(&self, change: GroupChange) -> Result<ContactGroup, ContactError> {
        let change = Change {
            id: change.id.unwrap_or_else(|| self.new_group_id()),
            name: change.name.as_deref().map(read_name).transpose()?,
            add: change
                .add
                .into_iter()
                .filter(|id| shard_name(id).is_some())
                .collect(),
            remove: change.remove,
        };
        let outcome = RefCell::new(Err(ContactError::Full));
        self.change_state(STATE_NAME, |groups: &mut Groups| {
            let before = groups.clone();
            groups.version = 1;
            let made = groups.make(&change);
            let fits = !groups.is_too_large();
            let is_made = made.is_ok();
            *outcome.borrow_mut() = if fits { made } else { Err(ContactError::Full) };
            is_made && fits && *groups != before
        })
        .await?;
        outcome.into_inner()
    }

    /// Deletes a group, and none of its contacts; answers it, if it was there.
    ///
    /// # Errors
    /// [`ContactError`].
    pub async fn remove_group(&self, id: &str) -> Result<Option<ContactGroup>, ContactError> {
        let removed = RefCell::new(None);
        self.change_state(STATE_NAME, |groups: &mut Groups| {
            let at = groups.groups.iter().position(|group| group.id == id);
            removed.replace(at.map(|at| groups.groups.remove(at)));
            at.is_some()
        })
        .await?;
        Ok(removed.into_inner())
    }

    /// The groups by name, with those members alone that are among these contacts.
    pub(super) fn groups_of(&self, ids: &BTreeSet<&str>) -> Result<Vec<ContactGroup>, StateError> {
        let groups: Groups = self.state(STATE_NAME)?.unwrap_or_default();
        let mut groups = groups.groups;
        for group in &mut groups {
            group.members.retain(|id| ids.contains(id.as_str()));
        }
        groups.sort_by_cached_key(|group| group.name.to_lowercase());
        Ok(groups)
    }

    fn new_group_id(&self) -> String {
        let random = self.env.random_id();
        let id = random.iter().take(ID_BYTES);
        id.map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frozen: what version 1 wrote must open for ever.
    #[test]
    fn the_first_version_reads() {
        let json = r#"{"version":1,"groups":[{"id":"0a0b0c0d0e0f","name":"Choir","members":["a0123456789f"]}]}"#;
        let groups: Groups = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&groups).unwrap(), json);
    }
}
