//! Reading a decrypted entity: its fields, its text, and whether its header is the protected one.

use super::display::{is_hidden, neutral_address, neutral_name};
use super::header::is_message_id;
use super::html::html_to_text;
use super::limits;
use super::nested;
use super::parsed::{HeaderProtection, Note, ParseError, ParsedMessage};
use super::snippet::ellipsis;
use super::text::canonical_text;
use crate::address::MAX_ADDRESS_BYTES;
use crate::attachment::cut_off_parts;
use crate::views::Person;
use mail_parser::{
    Address, ContentType, HeaderName, HeaderValue, Message, MessageParser, MimeHeaders, PartType,
};

/// Most people read out of one field.
const MAX_PEOPLE: usize = 500;
/// Most ids read out of References.
const MAX_IDS: usize = 100;
/// Longest subject shown, in characters.
const MAX_SUBJECT_CHARS: usize = 2_000;

/// Reads a message.
///
/// # Errors
/// [`ParseError`]: a limit is passed, or there is no header in it at all.
pub fn parse(message: &[u8]) -> Result<ParsedMessage, ParseError> {
    limits::check(message)?;
    let message = nested::closed(message)?;
    let parsed = MessageParser::default()
        .parse(&message)
        .ok_or(ParseError::NotAMessage)?;
    if parsed.headers().is_empty() {
        return Err(ParseError::NotAMessage);
    }
    if parsed.parts.len() > limits::MAX_PARTS {
        return Err(ParseError::TooManyParts {
            limit: limits::MAX_PARTS,
        });
    }
    Ok(read(&parsed))
}

fn read(message: &Message<'_>) -> ParsedMessage {
    let mut notes = Vec::new();
    let protection = protection(message.content_type());
    let text = read_text(message, &mut notes);
    note_repeated_fields(message, &mut notes);
    ParsedMessage {
        from: read_author(message, &mut notes),
        to: people(message.to(), &mut notes),
        cc: people(message.cc(), &mut notes),
        bcc: people(message.bcc(), &mut notes),
        reply_to: people(message.reply_to(), &mut notes),
        subject: subject(message),
        date_s: message
            .date()
            .and_then(|date| u64::try_from(date.to_timestamp()).ok()),
        text,
        message_id: message
            .message_id()
            .filter(|id| is_message_id(id))
            .unwrap_or_default()
            .to_owned(),
        in_reply_to: ids(message.in_reply_to()).into_iter().next(),
        references: ids(message.references()),
        attachments: attachments(message),
        cut_off: cut_off_parts(message),
        protection,
        notes,
    }
}

fn protection(content_type: Option<&ContentType<'_>>) -> HeaderProtection {
    match content_type.and_then(|content_type| content_type.attribute("hp")) {
        Some(value) if value.eq_ignore_ascii_case("cipher") => HeaderProtection::Cipher,
        Some(value) if value.eq_ignore_ascii_case("clear") => HeaderProtection::Clear,
        _ => HeaderProtection::None,
    }
}

fn read_author(message: &Message<'_>, notes: &mut Vec<Note>) -> Person {
    let mut authors = people(message.from(), notes).into_iter();
    let Some(author) = authors.next() else {
        notes.push(Note::NoAuthor);
        return Person {
            name: String::new(),
            address: String::new(),
        };
    };
    if authors.next().is_some() {
        notes.push(Note::SeveralAuthors);
    }
    author
}

/// The people of a field. An address that could be taken for another keeps its name and loses itself.
fn people(field: Option<&Address<'_>>, notes: &mut Vec<Note>) -> Vec<Person> {
    let Some(field) = field else {
        return Vec::new();
    };
    let mut people = Vec::new();
    for mailbox in field.iter().take(MAX_PEOPLE) {
        let written = mailbox.address.as_deref().unwrap_or_default().trim();
        let mut address = neutral_address(written);
        if address.is_empty() {
            continue;
        }
        if is_odd(written) {
            address.clear();
            if !notes.contains(&Note::OddAddress) {
                notes.push(Note::OddAddress);
            }
        }
        let name = neutral_name(mailbox.name.as_deref().unwrap_or_default(), &address);
        people.push(Person { name, address });
    }
    people
}

/// Whether this holds what no address does that mail is exchanged with: quotes, brackets, separators, white space.
fn is_odd(address: &str) -> bool {
    address.len() > MAX_ADDRESS_BYTES
        || address.chars().any(|character| {
            character.is_whitespace() || matches!(character, '<' | '>' | '"' | ',' | ':')
        })
}

fn subject(message: &Message<'_>) -> String {
    let shown: String = message
        .subject()
        .unwrap_or_default()
        .chars()
        .filter(|character| !is_hidden(*character))
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect();
    ellipsis(&shown, MAX_SUBJECT_CHARS)
}

fn ids(field: &HeaderValue<'_>) -> Vec<String> {
    let listed: Vec<&str> = match field {
        HeaderValue::Text(id) => vec![id.as_ref()],
        HeaderValue::TextList(ids) => ids.iter().map(AsRef::as_ref).collect(),
        _ => Vec::new(),
    };
    listed
        .into_iter()
        .filter(|id| is_message_id(id))
        .take(MAX_IDS)
        .map(str::to_owned)
        .collect()
}

/// The text to read: each part of the body in its turn, plain text where there is a choice.
fn read_text(message: &Message<'_>, notes: &mut Vec<Note>) -> String {
    let mut texts = Vec::new();
    for part in message.text_bodies() {
        if part.is_encoding_problem && !notes.contains(&Note::BrokenEncoding) {
            notes.push(Note::BrokenEncoding);
        }
        match &part.body {
            PartType::Text(text) => texts.push(without_legacy_display(
                canonical_text(text),
                part.content_type(),
            )),
            PartType::Html(html) => {
                if !notes.contains(&Note::HtmlAsText) {
                    notes.push(Note::HtmlAsText);
                }
                texts.push(canonical_text(&html_to_text(html)));
            }
            _ => {}
        }
    }
    if texts.iter().all(|text| text.trim().is_empty()) {
        notes.push(Note::NoText);
    }
    texts.join("\n")
}

/// Leaves out the fields repeated in the text for readers that know no header protection (RFC 9788, section 4.5.3.2):
/// everything up to the first empty line.
fn without_legacy_display(text: String, content_type: Option<&ContentType<'_>>) -> String {
    let marked = content_type.and_then(|content_type| content_type.attribute("hp-legacy-display"))
        == Some("1");
    match text.split_once("\n\n") {
        Some((_, rest)) if marked => rest.to_owned(),
        _ => text,
    }
}

fn attachments(message: &Message<'_>) -> u32 {
    let count = message
        .attachments()
        .filter(|part| !part.is_multipart())
        .count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn note_repeated_fields(message: &Message<'_>, notes: &mut Vec<Note>) {
    let once = [
        HeaderName::From,
        HeaderName::To,
        HeaderName::Cc,
        HeaderName::Subject,
        HeaderName::Date,
    ];
    let repeated = |name: &HeaderName<'_>| {
        message
            .headers()
            .iter()
            .filter(|field| field.name == *name)
            .count()
            > 1
    };
    if once.iter().any(repeated) {
        notes.push(Note::RepeatedField);
    }
}

/// For a message whose fields stand outside the encryption as well: what to show when the inside has none.
pub(crate) fn with_outer_fields(inner: ParsedMessage, outer: ParsedMessage) -> ParsedMessage {
    if inner.protection != HeaderProtection::None || !inner.notes.contains(&Note::NoAuthor) {
        return inner;
    }
    let mut notes: Vec<Note> = inner
        .notes
        .into_iter()
        .filter(|note| *note != Note::NoAuthor)
        .collect();
    notes.extend(
        outer
            .notes
            .iter()
            .filter(|note| matches!(note, Note::NoAuthor | Note::SeveralAuthors)),
    );
    notes.push(Note::UnprotectedHeader);
    ParsedMessage {
        text: inner.text,
        attachments: inner.attachments,
        cut_off: inner.cut_off,
        protection: HeaderProtection::None,
        notes,
        ..outer
    }
}
