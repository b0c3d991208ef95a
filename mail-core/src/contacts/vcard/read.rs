//! Reading cards.

use super::lines::{Line, lines};
use super::value::{octets_of, split, unescape};
use super::{MAX_CARD_LINES, MAX_CARDS, MAX_VALUES};
use crate::message::neutral_text;

/// A card as it stands in a file: nothing of it has been judged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::contacts) struct Card {
    /// The line of the file that it begins on, counted from 1.
    pub(in crate::contacts) line: u32,
    /// FN, or else what N and NICKNAME make of a name.
    pub(in crate::contacts) name: String,
    /// EMAIL, the preferred one first.
    pub(in crate::contacts) addresses: Vec<String>,
    /// TEL, the preferred one first.
    pub(in crate::contacts) phones: Vec<String>,
    pub(in crate::contacts) organisation: String,
    pub(in crate::contacts) note: String,
    /// CATEGORIES.
    pub(in crate::contacts) categories: Vec<String>,
    pub(in crate::contacts) uid: String,
    /// Whether it is of a group, and the UIDs of its members.
    pub(in crate::contacts) is_group: bool,
    pub(in crate::contacts) members: Vec<String>,
    pub(in crate::contacts) pictures: u32,
    pub(in crate::contacts) fault: Option<CardFault>,
    /// What N says, until the card ends.
    structured_name: String,
    nickname: String,
    line_count: usize,
}

/// What is wrong with a card as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::contacts) enum CardFault {
    /// It does not end.
    Unended,
    /// It goes on for longer than any person's.
    TooLarge,
}

/// The cards of a file.
#[derive(Debug, Default)]
pub(in crate::contacts) struct Cards {
    pub(in crate::contacts) cards: Vec<Card>,
    /// Cards beyond those that are read at once, and the line of the first of them.
    pub(in crate::contacts) beyond: u32,
    pub(in crate::contacts) beyond_line: u32,
}

/// Reads the cards of a file. Whatever stands between them is passed over.
pub(in crate::contacts) fn read(file: &[u8]) -> Cards {
    let octets = octets_of(file);
    let mut reader = Reader::default();
    for line in lines(&octets) {
        reader.take(line);
    }
    reader.end(Some(CardFault::Unended));
    reader.cards
}

#[derive(Default)]
struct Reader {
    cards: Cards,
    open: Option<Card>,
    /// Cards inside this one, as vCard 2.1 has them for an agent.
    depth: usize,
    /// The line before said that a card of an agent follows.
    is_agent_next: bool,
}

impl Reader {
    fn take(&mut self, line: Line) {
        let is_card = line.value.trim().eq_ignore_ascii_case("VCARD");
        let is_agent_next = std::mem::take(&mut self.is_agent_next);
        match line.name.as_str() {
            "BEGIN" if is_card && self.open.is_some() && (is_agent_next || self.depth > 0) => {
                self.depth += 1;
            }
            "BEGIN" if is_card => {
                self.end(Some(CardFault::Unended));
                self.open = Some(Card {
                    line: line.number,
                    ..Card::default()
                });
            }
            "END" if is_card && self.depth > 0 => self.depth -= 1,
            "END" if is_card => self.end(None),
            _ if self.depth > 0 => {}
            name => {
                self.is_agent_next = name == "AGENT" && line.value.trim().is_empty();
                if let Some(card) = &mut self.open {
                    card.take(&line);
                }
            }
        }
    }

    fn end(&mut self, fault: Option<CardFault>) {
        self.depth = 0;
        let Some(card) = self.open.take() else {
            return;
        };
        if self.cards.cards.len() < MAX_CARDS {
            self.cards.cards.push(card.ended(fault));
        } else {
            if self.cards.beyond == 0 {
                self.cards.beyond_line = card.line;
            }
            self.cards.beyond += 1;
        }
    }
}

impl Card {
    fn take(&mut self, line: &Line) {
        self.line_count += 1;
        if self.line_count > MAX_CARD_LINES {
            self.fault = Some(CardFault::TooLarge);
            return;
        }
        match line.name.as_str() {
            "FN" => keep_first(&mut self.name, || unescape(&line.value)),
            "N" => keep_first(&mut self.structured_name, || full_name(&line.value)),
            "NICKNAME" => keep_first(&mut self.nickname, || unescape(&line.value)),
            "EMAIL" => {
                let address = unescape(&line.value);
                let address = without_scheme(&address, "mailto:");
                add(&mut self.addresses, address, line.is_preferred());
            }
            "TEL" => {
                let phone = unescape(&line.value);
                let phone = without_scheme(&phone, "tel:");
                add(&mut self.phones, phone, line.is_preferred());
            }
            "ORG" => keep_first(&mut self.organisation, || organisation(&line.value)),
            "NOTE" => keep_first(&mut self.note, || unescape(&line.value)),
            "CATEGORIES" => {
                for category in split(&line.value, ',', MAX_VALUES) {
                    add(&mut self.categories, &category, false);
                }
            }
            "UID" => keep_first(&mut self.uid, || bare_uid(&line.value)),
            "KIND" | "X-ADDRESSBOOKSERVER-KIND" => {
                self.is_group |= line.value.trim().eq_ignore_ascii_case("group");
            }
            "MEMBER" | "X-ADDRESSBOOKSERVER-MEMBER" => self.members.push(bare_uid(&line.value)),
            "PHOTO" | "LOGO" => self.pictures += 1,
            _ => {}
        }
    }

    fn ended(mut self, fault: Option<CardFault>) -> Self {
        let names = [&self.name, &self.structured_name, &self.nickname].map(|it| neutral_text(it));
        let name = names.into_iter().find(|name| !name.is_empty());
        self.name = name.unwrap_or_default();
        self.fault = self.fault.or(fault);
        self
    }
}

fn keep_first(kept: &mut String, value: impl FnOnce() -> String) {
    if kept.trim().is_empty() {
        *kept = value();
    }
}

fn add(values: &mut Vec<String>, value: &str, is_preferred: bool) {
    let value = value.trim();
    if value.is_empty() || values.len() >= MAX_VALUES {
        return;
    }
    let at = if is_preferred { 0 } else { values.len() };
    values.insert(at, value.to_owned());
}

/// Given name first, as a person is spoken of: N has family, given, additional names, prefixes, suffixes.
fn full_name(value: &str) -> String {
    let parts = split(value, ';', 5);
    let order = [3, 1, 2, 0, 4];
    let named = order.iter().filter_map(|at| parts.get(*at));
    let words: Vec<&str> = named
        .map(|part| part.trim())
        .filter(|part| !part.is_empty())
        .collect();
    words.join(" ")
}

fn organisation(value: &str) -> String {
    let parts = split(value, ';', MAX_VALUES);
    let units: Vec<&str> = parts
        .iter()
        .map(|part| part.trim())
        .filter(|part| !part.is_empty())
        .collect();
    units.join(", ")
}

fn without_scheme<'a>(value: &'a str, scheme: &str) -> &'a str {
    let value = value.trim();
    match value.get(..scheme.len()) {
        Some(start) if start.eq_ignore_ascii_case(scheme) => {
            value.get(scheme.len()..).unwrap_or_default()
        }
        _ => value,
    }
}

fn bare_uid(value: &str) -> String {
    let value = unescape(value);
    without_scheme(&value, "urn:uuid:").to_ascii_lowercase()
}
