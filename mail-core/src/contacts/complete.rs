//! What may be meant by what is being typed as a recipient: contacts, groups, and whom there was mail with.

use super::lookup::{Lookup, Words, beginnings};
use crate::client::Client;
use crate::env::Randomness;
use crate::search::{Mark, each_token, marked};
use crate::transport::Transport;
use crate::views::{FolderRole, Person, Piece, Suggestion, SuggestionKind};
use smail_protocol::MailboxId;
use std::cmp::Ordering;

/// Most suggestions at once.
const MAX_SUGGESTIONS: usize = 8;
/// Longest text that is completed, in bytes: nobody types a longer name.
const MAX_TYPED_BYTES: usize = 200;

/// Something that fits, before it is shown.
struct Fit<'a> {
    kind: SuggestionKind,
    name: &'a str,
    address: &'a str,
    addresses: Vec<String>,
    verified: bool,
    /// The name or the address begins as what was typed does.
    at_start: bool,
    /// How often and how lately there was mail.
    score: f64,
}

/// What was typed.
struct Typed {
    tokens: Vec<String>,
    marks: Vec<Mark>,
}

impl Typed {
    fn read(text: &str) -> Self {
        let mut marks = Vec::new();
        each_token(text, &mut |token| {
            marks.push(Mark {
                token: token.folded.to_owned(),
                prefix: true,
            });
        });
        Self {
            tokens: beginnings(text),
            marks,
        }
    }

    fn fits(&self, words: &Words) -> bool {
        words.begin_with(&self.tokens)
    }

    fn starts(&self, words: &Words, address: &str) -> bool {
        let Some(first) = self.tokens.first() else {
            return false;
        };
        words.start_with(first) || Words::of(&[address]).start_with(first)
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Who may be meant by what is being typed, likeliest first; nobody whose address is among those taken.
    pub async fn suggest(&self, typed: &str, taken: &[String]) -> Vec<Suggestion> {
        let typed = Typed::read(typed.get(..MAX_TYPED_BYTES).unwrap_or(typed));
        if typed.tokens.is_empty() {
            return Vec::new();
        }
        let unwanted = self.unwanted().await;
        let lookup = self.lookup();
        let own = self.account.address();
        let is_free = |address: &str| !taken.iter().any(|it| it.eq_ignore_ascii_case(address));
        let memory = self.memory.borrow();
        let correspondents = &memory.correspondents;
        let is_verified = |address: &str| lookup.verified.contains(&address.to_ascii_lowercase());
        let mut fits = groups(&lookup, &typed, is_free);
        for person in lookup.people.iter().filter(|it| typed.fits(&it.words)) {
            fits.push(Fit {
                kind: SuggestionKind::Contact,
                name: &person.name,
                address: &person.address,
                addresses: vec![person.address.clone()],
                verified: is_verified(&person.address),
                at_start: typed.starts(&person.words, &person.address),
                score: correspondents.score(&person.address),
            });
        }
        for known in correspondents.people(&unwanted) {
            let Person { name, address } = &known.person;
            let is_new = *address != own && !lookup.addresses.contains(&address.to_lowercase());
            if is_new && typed.fits(&known.words) {
                fits.push(Fit {
                    kind: SuggestionKind::Correspondent,
                    name,
                    address,
                    addresses: vec![address.clone()],
                    verified: is_verified(address),
                    at_start: typed.starts(&known.words, address),
                    score: known.score,
                });
            }
        }
        fits.retain(|fit| fit.address.is_empty() || is_free(fit.address));
        fits.sort_by(likeliest_first);
        let first = fits.into_iter().take(MAX_SUGGESTIONS);
        first.map(|fit| show(fit, &typed.marks)).collect()
    }

    /// Folders that nobody is suggested from.
    async fn unwanted(&self) -> Vec<MailboxId> {
        let mut unwanted = Vec::new();
        for role in [FolderRole::Spam, FolderRole::Trash] {
            unwanted.extend(self.mailbox_of(role).await.ok());
        }
        unwanted
    }
}

fn groups<'a>(lookup: &'a Lookup, typed: &Typed, is_free: impl Fn(&str) -> bool) -> Vec<Fit<'a>> {
    let fitting = lookup.groups.iter().filter(|it| typed.fits(&it.words));
    let fits = fitting.map(|group| Fit {
        kind: SuggestionKind::Group,
        name: &group.name,
        address: "",
        addresses: group
            .addresses
            .iter()
            .filter(|address| is_free(address))
            .cloned()
            .collect(),
        verified: false,
        at_start: typed.starts(&group.words, ""),
        score: 0.0,
    });
    fits.filter(|fit| !fit.addresses.is_empty()).collect()
}

fn likeliest_first(one: &Fit<'_>, other: &Fit<'_>) -> Ordering {
    other
        .at_start
        .cmp(&one.at_start)
        .then_with(|| other.score.total_cmp(&one.score))
        .then_with(|| one.name.cmp(other.name))
        .then_with(|| one.address.cmp(other.address))
}

fn show(fit: Fit<'_>, marks: &[Mark]) -> Suggestion {
    let pieces = |text: &str| -> Vec<Piece> { marked(text, marks) };
    Suggestion {
        kind: fit.kind,
        name: pieces(fit.name),
        address: pieces(fit.address),
        addresses: fit.addresses,
        verified: fit.verified,
    }
}
