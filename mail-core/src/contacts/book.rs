//! The contacts: made, changed, deleted, found.

use super::entry::Entry;
use super::error::ContactError;
use super::shards::{entry_bytes, shard_name, shard_names};
use crate::client::Client;
use crate::env::Randomness;
use crate::transport::Transport;
use crate::views::{AddressBook, Contact};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

impl<T: Transport, R: Randomness> Client<T, R> {
    /// All contacts and groups. What does not open is counted, and the rest is there.
    #[must_use]
    pub fn address_book(&self) -> AddressBook {
        let (mut entries, mut damaged) = self.all_entries();
        entries.sort_by_cached_key(|(id, entry)| (entry.sort_key(), id.clone()));
        let ids: BTreeSet<&str> = entries.iter().map(|(id, _)| id.as_str()).collect();
        let groups = match self.groups_of(&ids) {
            Ok(groups) => groups,
            Err(_) => {
                damaged += 1;
                Vec::new()
            }
        };
        AddressBook {
            contacts: entries.iter().map(|(id, entry)| entry.view(id)).collect(),
            groups,
            verified: self.verified_addresses(),
            damaged,
        }
    }

    /// Makes a contact, or changes one: `base` is it as it was when the change began, so that what another session has
    /// changed of it meanwhile stays. One that is gone is made anew.
    ///
    /// # Errors
    /// [`ContactError`].
    pub async fn save_contact(
        &self,
        base: Option<&Contact>,
        next: &Contact,
    ) -> Result<Contact, ContactError> {
        let next_entry = Entry::read(next, &self.account.domain)?;
        let id = if shard_name(&next.id).is_some() {
            next.id.clone()
        } else {
            let shard = self.room().take(entry_bytes(&next_entry));
            self.new_contact_id(shard.ok_or(ContactError::Full)?)
        };
        let name = shard_name(&id).ok_or(ContactError::Full)?;
        let base = base.map(Entry::of_view).unwrap_or_default();
        let saved = RefCell::new(next_entry.clone());
        self.change_shard(&name, |contacts| {
            let merged = match contacts.get(&id) {
                Some(current) => current.merged(&base, &next_entry),
                None => next_entry.clone(),
            };
            saved.replace(merged.clone());
            contacts.insert(id.clone(), merged);
        })
        .await?;
        Ok(saved.into_inner().view(&id))
    }

    /// Deletes contacts; answers those that were there, to be saved again if the person thinks better of it. Groups keep
    /// their ids: a contact that comes back is in its groups again.
    ///
    /// # Errors
    /// [`ContactError`].
    pub async fn remove_contacts(&self, ids: &[String]) -> Result<Vec<Contact>, ContactError> {
        let mut by_shard: BTreeMap<String, Vec<&String>> = BTreeMap::new();
        for id in ids {
            if let Some(name) = shard_name(id) {
                by_shard.entry(name).or_default().push(id);
            }
        }
        let mut removed = Vec::new();
        for (name, ids) in by_shard {
            let gone = RefCell::new(Vec::new());
            self.change_shard(&name, |contacts| {
                let taken = ids.iter().filter_map(|id| {
                    let entry = contacts.remove(*id)?;
                    Some(entry.view(id))
                });
                let taken: Vec<Contact> = taken.collect();
                gone.replace(taken);
            })
            .await?;
            removed.extend(gone.into_inner());
        }
        Ok(removed)
    }

    /// Another number whenever the address book, or what is known of anybody's key, may have changed.
    pub(crate) fn contacts_version(&self) -> f64 {
        let names = shard_names()
            .chain(Self::pin_states())
            .chain([super::groups::STATE_NAME.to_owned()]);
        let memory = self.memory.borrow();
        let versions = names.filter_map(|name| {
            let object = memory.states.get(&self.account.object_id(&name))?;
            Some(object.version)
        });
        crate::item::to_view(versions.sum())
    }
}
