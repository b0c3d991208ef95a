//! What of a message the index takes, from wherever the message is at hand.

use super::field::MessageFields;
use super::segment::Doc;
use crate::item::{BlobKind, ItemContent};
use crate::message::ParsedMessage;
use crate::views::{Draft, Person};
use smail_protocol::Item;

/// A date may be this far ahead of the arrival: clocks differ. What is later is no date to sort by.
const MAX_AHEAD_S: u64 = 24 * 3600;

/// A message that was opened.
pub(crate) fn of_message(message: &ParsedMessage) -> MessageFields {
    MessageFields {
        from: people([std::slice::from_ref(&message.from), &message.reply_to]),
        to: people([message.to.as_slice(), &message.cc, &message.bcc]),
        subject: message.subject.clone(),
        body: message.text.clone(),
        files: file_names(message),
    }
}

/// A message of which the summary is known.
pub(crate) fn of_summary(content: &ItemContent) -> MessageFields {
    MessageFields {
        from: people([std::slice::from_ref(&content.from)]),
        to: people([content.to.as_slice()]),
        subject: content.subject.clone(),
        body: content.snippet.clone(),
        files: String::new(),
    }
}

/// A draft.
pub(crate) fn of_draft(draft: &Draft, own_address: &str) -> MessageFields {
    let to = [&draft.to, &draft.cc, &draft.bcc];
    MessageFields {
        from: own_address.to_owned(),
        to: to.map(|typed| typed.join("\n")).join("\n"),
        subject: draft.subject.clone(),
        body: draft.text.clone(),
        files: draft_file_names(draft),
    }
}

/// What stands of a message beside its words.
pub(crate) fn doc(item: &Item, date_ms: Option<u64>, attachment: bool, draft_version: u64) -> Doc {
    let arrival_s = item.arrival_ms / 1_000;
    let date_s = date_ms
        .map(|ms| ms / 1_000)
        .filter(|date_s| *date_s <= arrival_s.saturating_add(MAX_AHEAD_S));
    Doc {
        item: item.item_id,
        date_s: date_s.unwrap_or(arrival_s),
        attachment,
        draft_version,
    }
}

/// The same, from the summary.
pub(crate) fn doc_of_summary(item: &Item, content: &ItemContent) -> Doc {
    let draft_version = draft_version(content);
    doc(
        item,
        content.date_ms,
        content.attachments > 0,
        draft_version,
    )
}

/// The version of a draft; 0 for a message.
pub(crate) const fn draft_version(content: &ItemContent) -> u64 {
    match content.kind {
        BlobKind::Message => 0,
        BlobKind::Draft { version } => version,
    }
}

fn people<const N: usize>(lists: [&[Person]; N]) -> String {
    let mut text = String::new();
    for person in lists.into_iter().flatten() {
        text.push_str(&person.name);
        text.push(' ');
        text.push_str(&person.address);
        text.push('\n');
    }
    text
}

/// The names of attached files, a line each.
fn file_names(message: &ParsedMessage) -> String {
    let names = message
        .attachments
        .iter()
        .map(|file| file.name.text.as_str());
    names.collect::<Vec<_>>().join("\n")
}

fn draft_file_names(draft: &Draft) -> String {
    let names = draft.attachments.iter().map(|file| file.name.as_str());
    names.collect::<Vec<_>>().join("\n")
}
