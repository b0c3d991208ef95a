//! What of a message the index takes, from wherever the message is at hand.

use super::field::MessageFields;
use super::segment::Doc;
use crate::item::{BlobKind, ItemContent, came_ms};
use crate::message::ParsedMessage;
use crate::views::{Draft, Person};
use smail_protocol::Item;

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

/// What stands of a message beside its words, from its summary; without one, of what the server knows.
pub(crate) fn doc_of_summary(item: &Item, content: Option<&ItemContent>) -> Doc {
    let date_ms = content.and_then(|content| content.date_ms);
    Doc {
        item: item.item_id,
        date_s: date_ms.unwrap_or(came_ms(item, content)) / 1_000,
        attachment: content.is_some_and(|content| content.attachments > 0),
        draft_version: content.map_or(0, draft_version),
    }
}

/// The same of a message that was opened: its date is what the reader shows.
pub(crate) fn doc_of_message(
    item: &Item,
    content: Option<&ItemContent>,
    message: &ParsedMessage,
) -> Doc {
    Doc {
        item: item.item_id,
        date_s: message.date_s.unwrap_or(came_ms(item, content) / 1_000),
        attachment: message.attachment_count() > 0,
        draft_version: 0,
    }
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
