//! The segment that messages are added to, until it is written down.

use super::write::Writer;
use super::{Doc, Words};
use crate::search::bits::Bits;
use crate::search::field::{FIELDS, FieldSet, MessageFields};
use crate::search::words::each_token;
use smail_protocol::ItemId;
use std::collections::BTreeMap;

/// Most of a field that is indexed, in octets: a book.
const MAX_FIELD_BYTES: usize = 1024 * 1024;
/// Most different words of one message.
const MAX_MESSAGE_WORDS: usize = 20_000;

/// Messages and their words, in memory.
#[derive(Debug, Default)]
pub(crate) struct Growing {
    docs: Vec<Doc>,
    words: BTreeMap<String, Vec<(u32, FieldSet)>>,
}

impl Growing {
    /// Adds a message; its number.
    pub(crate) fn add(&mut self, doc: Doc, fields: &MessageFields) -> usize {
        let number = self.docs.len();
        self.docs.push(doc);
        let message = u32::try_from(number).unwrap_or(u32::MAX);
        for (word, fields) in words_of(fields) {
            self.words.entry(word).or_default().push((message, fields));
        }
        number
    }

    /// Writes a segment of these messages.
    pub(crate) fn written(&self, kept: &Bits, gone: &[ItemId]) -> Vec<u8> {
        let mut numbers = vec![None; self.docs.len()];
        let mut docs = Vec::new();
        for (number, doc) in self.docs.iter().enumerate().filter(|(at, _)| kept.has(*at)) {
            if let Some(new) = numbers.get_mut(number) {
                *new = u32::try_from(docs.len()).ok();
            }
            docs.push(*doc);
        }
        let renumbered = |(message, fields): &(u32, FieldSet)| {
            let new = numbers.get(*message as usize).copied().flatten()?;
            Some((new, *fields))
        };
        let mut writer = Writer::new(docs.len());
        let mut kept = Vec::new();
        for (word, messages) in &self.words {
            kept.clear();
            kept.extend(messages.iter().filter_map(renumbered));
            writer.word(word.as_bytes(), &kept);
        }
        writer.finish(&docs, gone)
    }
}

impl Words for Growing {
    fn docs(&self) -> &[Doc] {
        &self.docs
    }

    fn find(&self, fields: FieldSet, token: &str, prefix: bool, found: &mut Bits) {
        for (word, messages) in self.words.range(token.to_owned()..) {
            if word != token && !(prefix && word.starts_with(token)) {
                break;
            }
            let meeting = messages.iter().filter(|(_, at)| at.meets(fields));
            meeting.for_each(|(message, _)| found.set(*message as usize, true));
            if !prefix {
                break;
            }
        }
    }
}

/// The words of a message with the fields they are in.
fn words_of(fields: &MessageFields) -> BTreeMap<String, FieldSet> {
    let mut words: BTreeMap<String, FieldSet> = BTreeMap::new();
    for field in FIELDS {
        let set = FieldSet::of(field);
        each_token(start_of(fields.text(field)), &mut |token| {
            if let Some(known) = words.get_mut(token.folded) {
                *known = known.with(set);
            } else if words.len() < MAX_MESSAGE_WORDS {
                words.insert(token.folded.to_owned(), set);
            }
        });
    }
    words
}

fn start_of(text: &str) -> &str {
    let end = text.floor_char_boundary(MAX_FIELD_BYTES);
    text.get(..end).unwrap_or_default()
}
