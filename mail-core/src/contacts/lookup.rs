//! The address book made ready to be looked through while somebody types: folded words, in memory, made anew when the book
//! changes.

use crate::client::Client;
use crate::env::Randomness;
use crate::search::each_token;
use crate::transport::Transport;
use crate::views::{AddressBook, Contact};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Stands before each word of a folded text.
const WORD: char = '\n';

/// The book, made ready.
#[derive(Debug, Default)]
pub(crate) struct Lookup {
    version: Option<f64>,
    /// One for each address of each contact, by name.
    pub(super) people: Vec<Candidate>,
    pub(super) groups: Vec<GroupCandidate>,
    /// Addresses in the book, in lower case.
    pub(super) addresses: BTreeSet<String>,
    /// Addresses whose keys have been compared with their owners.
    pub(super) verified: BTreeSet<String>,
    /// All that is written of each contact, by name.
    contacts: Vec<(String, Words)>,
}

/// An address that may be meant.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) name: String,
    pub(super) address: String,
    pub(super) words: Words,
}

/// A group that may be meant.
#[derive(Debug)]
pub(super) struct GroupCandidate {
    pub(super) name: String,
    pub(super) addresses: Vec<String>,
    pub(super) words: Words,
}

/// The words of some texts, folded, to be found by their beginnings.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    folded: String,
}

impl Words {
    pub(super) fn of(texts: &[&str]) -> Self {
        let mut folded = String::new();
        for text in texts {
            each_token(text, &mut |token| {
                folded.push(WORD);
                folded.push_str(token.folded);
            });
        }
        Self { folded }
    }

    /// Whether there is a word for each of these that begins so.
    pub(super) fn begin_with(&self, tokens: &[String]) -> bool {
        tokens.iter().all(|token| self.folded.contains(token))
    }

    /// Whether the very first word begins so.
    pub(super) fn start_with(&self, token: &str) -> bool {
        self.folded.starts_with(token)
    }
}

/// The beginnings of words that something typed asks for, each as [`Words`] are searched for it.
pub(super) fn beginnings(typed: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    each_token(typed, &mut |token| {
        tokens.push(format!("{WORD}{}", token.folded));
    });
    tokens
}

impl Lookup {
    fn of(book: &AddressBook, version: f64) -> Self {
        let by_id: BTreeMap<&str, &Contact> = book
            .contacts
            .iter()
            .map(|contact| (contact.id.as_str(), contact))
            .collect();
        let groups = book.groups.iter().map(|group| {
            let members = group.members.iter();
            let contacts = members.filter_map(|id| by_id.get(id.as_str()));
            GroupCandidate {
                name: group.name.clone(),
                addresses: contacts
                    .filter_map(|contact| contact.addresses.first().cloned())
                    .collect(),
                words: Words::of(&[&group.name]),
            }
        });
        let addresses = book.contacts.iter().flat_map(|contact| &contact.addresses);
        Self {
            version: Some(version),
            people: book.contacts.iter().flat_map(candidates).collect(),
            groups: groups.collect(),
            addresses: addresses.map(|address| address.to_lowercase()).collect(),
            verified: book.verified.iter().cloned().collect(),
            contacts: book
                .contacts
                .iter()
                .map(|contact| (contact.id.clone(), all_words(contact)))
                .collect(),
        }
    }
}

fn candidates(contact: &Contact) -> impl Iterator<Item = Candidate> {
    contact.addresses.iter().map(|address| Candidate {
        name: contact.name.clone(),
        address: address.clone(),
        words: Words::of(&[&contact.name, address, &contact.organisation]),
    })
}

fn all_words(contact: &Contact) -> Words {
    let mut texts = vec![
        contact.name.as_str(),
        contact.organisation.as_str(),
        contact.note.as_str(),
    ];
    texts.extend(contact.addresses.iter().map(String::as_str));
    texts.extend(contact.phones.iter().map(String::as_str));
    Words::of(&texts)
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// The ids of the contacts that say something which begins as each of the typed words does, by name; all of them when
    /// no word is typed.
    #[must_use]
    pub fn find_contacts(&self, typed: &str) -> Vec<String> {
        let tokens = beginnings(typed);
        let lookup = self.lookup();
        let found = lookup
            .contacts
            .iter()
            .filter(|(_, words)| words.begin_with(&tokens));
        found.map(|(id, _)| id.clone()).collect()
    }

    /// The book, made ready. What does not open is not in it.
    pub(super) fn lookup(&self) -> Rc<Lookup> {
        let version = self.contacts_version();
        let known = Rc::clone(&self.memory.borrow().lookup);
        if known.version == Some(version) {
            return known;
        }
        let fresh = Rc::new(Lookup::of(&self.address_book(), version));
        self.memory.borrow_mut().lookup = Rc::clone(&fresh);
        fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_their_beginnings_in_any_order() {
        let words = Words::of(&["Łukasz Żółć", "lz@example.org"]);
        for typed in ["luk", "ŻO", "exam", "lz@ex", "zol luk", ""] {
            assert!(words.begin_with(&beginnings(typed)), "{typed}");
        }
        for typed in ["ukasz", "lukas bob"] {
            assert!(!words.begin_with(&beginnings(typed)), "{typed}");
        }
        assert!(Words::of(&["東京 花子"]).begin_with(&beginnings("東")));
    }
}
