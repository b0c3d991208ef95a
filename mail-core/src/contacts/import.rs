//! Contacts out of a file of cards, and into one.

use super::entry::{
    Entry, MAX_ADDRESSES, MAX_NAME_CHARS, MAX_NOTE_CHARS, MAX_PHONE_CHARS, MAX_PHONES,
};
use super::error::ContactError;
use super::shards::{Room, entry_bytes, shard_name};
use super::vcard::{Card, CardFault, MAX_FILE_MIB, read, write};
use crate::address::read_addressee;
use crate::client::Client;
use crate::env::Randomness;
use crate::folders::is_same_name;
use crate::message::{neutral_name, neutral_text};
use crate::state::StateError;
use crate::transport::Transport;
use crate::views::{CardImport, Contact, GroupChange, SkipReason, SkippedCard};
use std::collections::BTreeMap;

/// Most cards that are named among those that were not taken in.
const MAX_NAMED: usize = 100;
/// How programs of others mark categories of their own making.
const FOREIGN_CATEGORY: &str = "* ";

/// What is to be written, while cards are gone through.
struct Plan {
    room: Room,
    /// Contacts by address in lower case; those without one by name.
    known: BTreeMap<String, String>,
    /// What each contact is to say.
    entries: BTreeMap<String, Planned>,
    /// Members by the name of their group.
    groups: BTreeMap<String, Vec<String>>,
    /// Contacts by the UIDs of their cards.
    uids: BTreeMap<String, String>,
    outcome: CardImport,
}

struct Planned {
    entry: Entry,
    is_new: bool,
    line: u32,
    is_changed: bool,
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Takes the cards of a file in. Somebody whose address is known already is completed, not doubled. Done again, after
    /// it was cut short, it takes in what is missing.
    ///
    /// # Errors
    /// [`ContactError`]. That a card could not be taken in is none: the outcome says so.
    pub async fn import_contacts(&self, file: &[u8]) -> Result<CardImport, ContactError> {
        if file.len() > MAX_FILE_MIB * 1024 * 1024 {
            return Err(ContactError::FileTooLarge {
                limit_mib: MAX_FILE_MIB,
            });
        }
        let found = read(file);
        if found.cards.is_empty() {
            return Err(ContactError::NoCards);
        }
        let mut plan = self.import_plan();
        let (groups, people): (Vec<Card>, Vec<Card>) =
            found.cards.into_iter().partition(|card| card.is_group);
        for card in people {
            self.plan_card(&mut plan, &card);
        }
        for card in &groups {
            plan.take_group(card);
        }
        if found.beyond > 0 {
            plan.skip(found.beyond_line, "", SkipReason::TooMany);
            plan.outcome.skipped_count += found.beyond - 1;
        }
        self.write_plan(&mut plan).await?;
        self.write_groups(&plan).await?;
        Ok(plan.outcome)
    }

    /// Contacts as a vCard 4.0 file: these, or all of them.
    #[must_use]
    pub fn export_contacts(&self, ids: Option<&[String]>) -> String {
        let book = self.address_book();
        let contacts = book.contacts.into_iter();
        let wanted = contacts.filter(|contact| ids.is_none_or(|ids| ids.contains(&contact.id)));
        let wanted: Vec<Contact> = wanted.collect();
        write(&wanted, &book.groups)
    }

    fn import_plan(&self) -> Plan {
        let (entries, _) = self.all_entries();
        let mut known = BTreeMap::new();
        for (id, entry) in &entries {
            keys(entry).for_each(|key| drop(known.insert(key, id.clone())));
        }
        let planned = entries.into_iter().map(|(id, entry)| {
            let planned = Planned {
                entry,
                is_new: false,
                line: 0,
                is_changed: false,
            };
            (id, planned)
        });
        Plan {
            room: self.room(),
            known,
            entries: planned.collect(),
            groups: BTreeMap::new(),
            uids: BTreeMap::new(),
            outcome: CardImport::default(),
        }
    }

    fn plan_card(&self, plan: &mut Plan, card: &Card) {
        let fault = match card.fault {
            Some(CardFault::Unended) => Some(SkipReason::Broken),
            Some(CardFault::TooLarge) => Some(SkipReason::TooLarge),
            None => None,
        };
        if let Some(reason) = fault {
            return plan.skip(card.line, &card.name, reason);
        }
        let (entry, bad_addresses) = entry_of(card, &self.account.domain);
        if entry.name.is_empty() && entry.addresses.is_empty() {
            return plan.skip(card.line, &card.name, SkipReason::Empty);
        }
        plan.outcome.bad_addresses += bad_addresses;
        plan.outcome.pictures += card.pictures;
        let same = keys(&entry).find_map(|key| plan.known.get(&key).cloned());
        let id = match same {
            Some(id) => plan.complete(id, &entry, card),
            None => match plan.room.take(entry_bytes(&entry)) {
                Some(shard) => plan.add(self.new_contact_id(shard), entry, card),
                None => return plan.skip(card.line, &card.name, SkipReason::NoRoom),
            },
        };
        plan.join(&id, card);
    }

    async fn write_plan(&self, plan: &mut Plan) -> Result<(), ContactError> {
        let mut by_shard: BTreeMap<String, Vec<(String, Entry)>> = BTreeMap::new();
        for (id, planned) in plan.entries.iter().filter(|(_, it)| it.is_changed) {
            if let Some(name) = shard_name(id) {
                let entries = by_shard.entry(name).or_default();
                entries.push((id.clone(), planned.entry.clone()));
            }
        }
        for (name, entries) in by_shard {
            let written = self
                .change_shard(&name, |contacts| {
                    for (id, entry) in &entries {
                        // What another session has just written stays.
                        let merged = contacts
                            .get(id)
                            .map_or_else(|| entry.clone(), |known| known.completed(entry));
                        contacts.insert(id.clone(), merged);
                    }
                })
                .await;
            match written {
                Ok(()) => entries.iter().for_each(|(id, _)| plan.is_written(id)),
                Err(StateError::Full) => entries.iter().for_each(|(id, _)| plan.found_no_room(id)),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    async fn write_groups(&self, plan: &Plan) -> Result<(), ContactError> {
        let book = self.address_book();
        for (name, members) in &plan.groups {
            let mut groups = book.groups.iter();
            let known = groups.find(|group| is_same_name(&group.name, name));
            let change = GroupChange {
                id: known.map(|group| group.id.clone()),
                name: known.is_none().then(|| name.clone()),
                add: members.clone(),
                remove: Vec::new(),
            };
            // A category that makes no group is no loss of a person.
            if let Err(ContactError::State(error)) = self.save_group(change).await {
                return Err(error.into());
            }
        }
        Ok(())
    }
}

impl Plan {
    fn add(&mut self, id: String, entry: Entry, card: &Card) -> String {
        keys(&entry).for_each(|key| drop(self.known.insert(key, id.clone())));
        let planned = Planned {
            entry,
            is_new: true,
            line: card.line,
            is_changed: true,
        };
        self.entries.insert(id.clone(), planned);
        id
    }

    fn complete(&mut self, id: String, entry: &Entry, card: &Card) -> String {
        let Some(planned) = self.entries.get_mut(&id) else {
            return id;
        };
        let completed = planned.entry.completed(entry);
        if completed == planned.entry {
            self.skip(card.line, &card.name, SkipReason::AlreadyThere);
            return id;
        }
        keys(&completed).for_each(|key| drop(self.known.insert(key, id.clone())));
        planned.entry = completed;
        planned.is_changed = true;
        id
    }

    fn join(&mut self, id: &str, card: &Card) {
        if !card.uid.is_empty() {
            self.uids.insert(card.uid.clone(), id.to_owned());
        }
        for category in &card.categories {
            if !category.starts_with(FOREIGN_CATEGORY) {
                let members = self.groups.entry(neutral_text(category)).or_default();
                members.push(id.to_owned());
            }
        }
    }

    fn take_group(&mut self, card: &Card) {
        if card.name.is_empty() {
            return self.skip(card.line, "", SkipReason::Empty);
        }
        let members = card.members.iter();
        let members: Vec<String> = members
            .filter_map(|uid| self.uids.get(uid).cloned())
            .collect();
        let group = self.groups.entry(card.name.clone()).or_default();
        group.extend(members);
    }

    fn skip(&mut self, line: u32, name: &str, reason: SkipReason) {
        self.outcome.skipped_count += 1;
        if self.outcome.skipped.len() < MAX_NAMED {
            self.outcome.skipped.push(SkippedCard {
                line,
                name: clipped(name, MAX_NAME_CHARS),
                reason,
            });
        }
    }

    fn is_written(&mut self, id: &str) {
        match self.entries.get(id) {
            Some(planned) if planned.is_new => self.outcome.added.push(id.to_owned()),
            Some(_) => self.outcome.completed += 1,
            None => {}
        }
    }

    fn found_no_room(&mut self, id: &str) {
        if let Some(planned) = self.entries.remove(id) {
            self.skip(planned.line, &planned.entry.name, SkipReason::NoRoom);
        }
    }
}

/// What tells one person from another: the addresses, or else the name.
fn keys(entry: &Entry) -> impl Iterator<Item = String> {
    let name = entry
        .addresses
        .is_empty()
        .then(|| format!("name {}", entry.name.to_lowercase()));
    let addresses = entry.addresses.iter().map(|address| address.to_lowercase());
    addresses.chain(name)
}

/// What of a card is kept, and how many of its addresses are none.
fn entry_of(card: &Card, domain: &str) -> (Entry, u32) {
    let mut addresses: Vec<String> = Vec::new();
    let mut bad = 0;
    for typed in &card.addresses {
        match read_addressee(typed, domain) {
            // A bare name means somebody of this server where a person types it, not where a file says it.
            Ok(read) if typed.contains('@') => {
                let address = read.person.address;
                let is_new = !addresses.iter().any(|it| it.eq_ignore_ascii_case(&address));
                if is_new && addresses.len() < MAX_ADDRESSES {
                    addresses.push(address);
                }
            }
            _ => bad += 1,
        }
    }
    let first = addresses.first().map(String::as_str).unwrap_or_default();
    let phones = card.phones.iter();
    let phones = phones.map(|it| clipped(&neutral_text(it), MAX_PHONE_CHARS));
    let entry = Entry {
        name: clipped(&neutral_name(&card.name, first), MAX_NAME_CHARS),
        phones: phones.take(MAX_PHONES).collect(),
        organisation: clipped(&neutral_text(&card.organisation), MAX_NAME_CHARS),
        note: clipped(&note(&card.note), MAX_NOTE_CHARS),
        addresses,
    };
    (entry, bad)
}

fn note(text: &str) -> String {
    let lines = text.lines().map(neutral_text);
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn clipped(text: &str, limit: usize) -> String {
    text.chars().take(limit).collect()
}
