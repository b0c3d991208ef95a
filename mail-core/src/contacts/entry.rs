//! A contact as it is sealed: what may stand in it, and how two sessions' changes come together.

use super::error::ContactError;
use crate::address::{MAX_ADDRESS_BYTES, read_addressee};
use crate::error::Typed;
use crate::message::{is_hidden, neutral_text};
use crate::views::Contact;
use serde::{Deserialize, Serialize};

/// Longest name and organisation, in characters.
pub(super) const MAX_NAME_CHARS: usize = 120;
/// Most addresses of one contact.
pub(super) const MAX_ADDRESSES: usize = 10;
/// Most telephone numbers of one contact.
pub(super) const MAX_PHONES: usize = 10;
/// Longest telephone number, in characters.
pub(super) const MAX_PHONE_CHARS: usize = 40;
/// Longest note, in characters.
pub(super) const MAX_NOTE_CHARS: usize = 2_000;

/// A contact, as sealed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Entry {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) addresses: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) phones: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) organisation: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) note: String,
}

impl Entry {
    /// Reads what a form gives: white space is made even, addresses are read as recipients are, empty lines go.
    pub(super) fn read(contact: &Contact, domain: &str) -> Result<Self, ContactError> {
        let entry = Self {
            name: line(&contact.name, "name")?,
            addresses: addresses(&contact.addresses, domain)?,
            phones: phones(&contact.phones)?,
            organisation: line(&contact.organisation, "organisation")?,
            note: note(&contact.note)?,
        };
        if entry.name.is_empty() && entry.addresses.is_empty() {
            return Err(ContactError::Empty);
        }
        Ok(entry)
    }

    pub(super) fn view(&self, id: &str) -> Contact {
        Contact {
            id: id.to_owned(),
            name: self.name.clone(),
            addresses: self.addresses.clone(),
            phones: self.phones.clone(),
            organisation: self.organisation.clone(),
            note: self.note.clone(),
        }
    }

    /// What was sealed, without a look at it: the base of a change is as it was.
    pub(super) fn of_view(contact: &Contact) -> Self {
        Self {
            name: contact.name.clone(),
            addresses: contact.addresses.clone(),
            phones: contact.phones.clone(),
            organisation: contact.organisation.clone(),
            note: contact.note.clone(),
        }
    }

    /// This entry with what `next` changes of `base`: what another session has changed elsewhere in it stays.
    pub(super) fn merged(&self, base: &Self, next: &Self) -> Self {
        Self {
            name: merged_text(&self.name, &base.name, &next.name),
            addresses: merged_list(
                &self.addresses,
                &base.addresses,
                &next.addresses,
                MAX_ADDRESSES,
            ),
            phones: merged_list(&self.phones, &base.phones, &next.phones, MAX_PHONES),
            organisation: merged_text(&self.organisation, &base.organisation, &next.organisation),
            note: merged_text(&self.note, &base.note, &next.note),
        }
    }

    /// Takes in what another card of the same person says and this entry does not. Another name or organisation has its place in
    /// the note.
    pub(super) fn completed(&self, other: &Self) -> Self {
        let or =
            |mine: &String, theirs: &String| if mine.is_empty() { theirs } else { mine }.clone();
        let none = Vec::new();
        let (name, organisation) = (
            or(&self.name, &other.name),
            or(&self.organisation, &other.organisation),
        );
        let differing = [(&name, &other.name), (&organisation, &other.organisation)]
            .into_iter()
            .filter(|(kept, theirs)| !theirs.is_empty() && kept != theirs)
            .map(|(_, theirs)| theirs);
        let note = differing.chain([&other.note]).fold(self.note.clone(), with);
        Self {
            addresses: merged_list(&self.addresses, &none, &other.addresses, MAX_ADDRESSES),
            phones: merged_list(&self.phones, &none, &other.phones, MAX_PHONES),
            name,
            organisation,
            note,
        }
    }

    /// What to list it by.
    pub(super) fn sort_key(&self) -> String {
        let shown = if self.name.is_empty() {
            self.addresses.first().unwrap_or(&self.name)
        } else {
            &self.name
        };
        shown.to_lowercase()
    }
}

/// A note with more text below it, unless either says what the other does or there is no room.
fn with(note: String, more: &String) -> String {
    if note.contains(more.as_str()) {
        return note;
    }
    if more.contains(note.as_str()) {
        return more.clone();
    }
    let both = format!("{note}\n{more}");
    if both.chars().count() > MAX_NOTE_CHARS {
        return note;
    }
    both
}

fn merged_text(current: &String, base: &String, next: &String) -> String {
    if next == base { current } else { next }.clone()
}

/// What `next` adds to `base` is added, what it takes away is taken away; with nothing changed in between, its order counts.
fn merged_list(current: &[String], base: &[String], next: &[String], limit: usize) -> Vec<String> {
    if current == base {
        return next.to_vec();
    }
    let has = |list: &[String], value: &str| list.iter().any(|it| it.eq_ignore_ascii_case(value));
    let gone = |value: &String| has(base, value) && !has(next, value);
    let mut merged: Vec<String> = current.iter().filter(|it| !gone(it)).cloned().collect();
    for value in next {
        if !has(base, value) && !has(&merged, value) {
            merged.push(value.clone());
        }
    }
    merged.truncate(limit);
    merged
}

fn line(text: &str, field: &'static str) -> Result<String, ContactError> {
    let text = neutral_text(text);
    within(text, field, MAX_NAME_CHARS)
}

fn within(text: String, field: &'static str, limit: usize) -> Result<String, ContactError> {
    if text.chars().count() > limit {
        return Err(ContactError::TooLong { field, limit });
    }
    Ok(text)
}

fn note(text: &str) -> Result<String, ContactError> {
    let kept: String = text
        .replace("\r\n", "\n")
        .chars()
        .filter(|character| !is_hidden(*character))
        .collect();
    within(kept.trim().to_owned(), "note", MAX_NOTE_CHARS)
}

fn addresses(typed: &[String], domain: &str) -> Result<Vec<String>, ContactError> {
    let mut read: Vec<String> = Vec::new();
    for text in typed.iter().filter(|text| !text.trim().is_empty()) {
        let malformed = || ContactError::MalformedAddress(Typed::new(text));
        if text.len() > 2 * MAX_ADDRESS_BYTES {
            return Err(malformed());
        }
        let address = read_addressee(text, domain).map_err(|_| malformed())?;
        let address = address.person.address;
        if !read
            .iter()
            .any(|other| other.eq_ignore_ascii_case(&address))
        {
            read.push(address);
        }
    }
    few(read, "addresses", MAX_ADDRESSES)
}

fn phones(typed: &[String]) -> Result<Vec<String>, ContactError> {
    let mut read: Vec<String> = Vec::new();
    for text in typed.iter().map(|text| neutral_text(text)) {
        let phone = within(text, "phones", MAX_PHONE_CHARS)?;
        if !phone.is_empty() && !read.contains(&phone) {
            read.push(phone);
        }
    }
    few(read, "phones", MAX_PHONES)
}

fn few(
    values: Vec<String>,
    field: &'static str,
    limit: usize,
) -> Result<Vec<String>, ContactError> {
    if values.len() > limit {
        return Err(ContactError::TooLong { field, limit });
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::CodedError as _;

    fn contact(name: &str, addresses: &[&str]) -> Contact {
        Contact {
            name: name.to_owned(),
            addresses: addresses.iter().map(|&it| it.to_owned()).collect(),
            ..Contact::default()
        }
    }

    fn entry(name: &str, addresses: &[&str]) -> Entry {
        Entry::read(&contact(name, addresses), "localhost").unwrap()
    }

    #[test]
    fn a_form_is_read() {
        let read = entry(
            " Bob \u{202e} B ",
            &["Bob", "", "BOB@localhost", "b@Example.org"],
        );
        assert_eq!(read.name, "Bob B");
        assert_eq!(read.addresses, ["bob@localhost", "b@example.org"]);
    }

    #[test]
    fn what_cannot_be_kept_is_named() {
        let error = |contact: &Contact| {
            let error = Entry::read(contact, "localhost").unwrap_err();
            (error.code(), error.field())
        };
        assert_eq!(
            error(&contact(" ", &[" "])),
            ("contact-empty", Some("name"))
        );
        assert_eq!(
            error(&contact("x", &["no address"])),
            ("malformed-address", Some("addresses"))
        );
        assert_eq!(
            error(&contact(&"x".repeat(121), &[])),
            ("contact-too-long", Some("name"))
        );
        let many: Vec<String> = (0..11).map(|at| format!("a{at}@example.org")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(error(&contact("x", &many)).1, Some("addresses"));
        let long = Contact {
            note: "n".repeat(2_001),
            ..contact("x", &[])
        };
        assert_eq!(error(&long).1, Some("note"));
    }

    #[test]
    fn changes_of_two_sessions_come_together() {
        let base = entry("Bob", &["bob@localhost", "b@old.example"]);
        let current = Entry {
            name: "Robert".to_owned(),
            ..entry("Bob", &["bob@localhost", "b@old.example", "b@new.example"])
        };
        let next = Entry {
            note: "met in May".to_owned(),
            ..entry("Bob", &["bob@localhost", "b@third.example"])
        };
        let merged = current.merged(&base, &next);
        assert_eq!(merged.name, "Robert");
        assert_eq!(merged.note, "met in May");
        assert_eq!(
            merged.addresses,
            ["bob@localhost", "b@new.example", "b@third.example"]
        );
        // With nothing changed in between, what was typed is what is kept, in its order.
        assert_eq!(base.merged(&base, &next), next);
    }

    #[test]
    fn what_another_card_says_differently_is_in_the_note() {
        let mine = Entry {
            note: "met in May".to_owned(),
            ..entry("Bob", &["bob@localhost"])
        };
        let theirs = Entry {
            organisation: "ACME".to_owned(),
            note: "likes tea".to_owned(),
            ..entry("Robert B", &["BOB@localhost"])
        };
        let completed = mine.completed(&theirs);
        assert_eq!(
            (completed.name.as_str(), completed.organisation.as_str()),
            ("Bob", "ACME")
        );
        assert_eq!(completed.note, "met in May\nRobert B\nlikes tea");
        // Taken in once more, and on top of what was written meanwhile, it is the same.
        assert_eq!(completed.completed(&theirs), completed);
        assert_eq!(mine.completed(&completed), completed);
        let full = Entry {
            note: "n".repeat(MAX_NOTE_CHARS),
            ..mine
        };
        assert_eq!(full.completed(&theirs).note, full.note);
    }

    /// Frozen: what version 1 wrote must open for ever.
    #[test]
    fn the_first_version_reads() {
        let json = r#"{"name":"Bob","addresses":["bob@localhost"],"phones":["+1 555"],"organisation":"ACME","note":"n"}"#;
        let read: Entry = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
        let least: Entry = serde_json::from_str("{}").unwrap();
        assert_eq!(serde_json::to_string(&least).unwrap(), "{}");
    }
}
