//! What rows are sorted by.

use super::items::Kept;
use super::subject::base_subject;
use super::view::{RowFacts, Spec};
use crate::views::{Person, SortOrder};

/// A row's place in its order: lowest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    text: Box<str>,
    number: u64,
}

/// The key of a row with these facts; `lead` is the message that it shows.
pub(super) fn key(spec: &Spec, facts: &RowFacts, lead: &Kept) -> Key {
    let newest_first = u64::MAX - facts.order_ms;
    match spec.sort {
        SortOrder::Newest => number(newest_first),
        SortOrder::Oldest => number(facts.order_ms),
        SortOrder::Size => number(u64::MAX - facts.size_bytes),
        SortOrder::Sender => Key {
            text: sender(spec, lead),
            number: newest_first,
        },
        SortOrder::Subject => Key {
            text: subject(lead),
            number: newest_first,
        },
    }
}

fn number(number: u64) -> Key {
    Key {
        text: Box::default(),
        number,
    }
}

/// Whom a row is listed under: its author, or the first reader of one's own.
fn sender(spec: &Spec, lead: &Kept) -> Box<str> {
    let Some(content) = lead.known().content else {
        return Box::default();
    };
    let is_own = content.from.address == spec.own_address;
    let listed = content.to.first().filter(|_| is_own);
    label(listed.unwrap_or(&content.from)).into()
}

fn label(person: &Person) -> String {
    let name = person.name.trim();
    if name.is_empty() {
        person.address.to_lowercase()
    } else {
        name.to_lowercase()
    }
}

fn subject(lead: &Kept) -> Box<str> {
    let content = lead.known().content;
    content
        .map(|content| base_subject(&content.subject).text.into())
        .unwrap_or_default()
}
