//! Reading a decrypted entity: its fields, its text, and whether its header is the protected one.

use super::attachment::attachments;
use super::bodies;
use super::charset::read_again;
use super::display::{is_hidden, neutral_address, neutral_name};
use super::header::is_message_id;
use super::limits;
use super::lookalike::is_deceptive;
use super::nested;
use super::parsed::{HeaderProtection, Note, ParseError, ParsedMessage, add_note};
use super::snippet::ellipsis;
use crate::address::MAX_ADDRESS_BYTES;
use crate::views::Person;
use mail_parser::{
    Address, ContentType, HeaderName, HeaderValue, Message, MessageParser, MimeHeaders,
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
    let text = bodies::text(message, &mut notes);
    let formatted = bodies::formatted(message, &mut notes);
    let attachments = attachments(message);
    if message.parts.iter().any(|part| part.is_encoding_problem) {
        notes.push(Note::BrokenEncoding);
    }
    if text.trim().is_empty() && formatted.is_empty() && attachments.is_empty() {
        notes.push(Note::NoText);
    }
    note_repeated_fields(message, &mut notes);
    note_missing_end(message, &mut notes);
    let [author, title] =
        [HeaderName::From, HeaderName::Subject].map(|name| read_again(message, &name));
    ParsedMessage {
        from: read_author(author.as_ref().unwrap_or(message), &mut notes),
        to: people(message.to(), &mut notes),
        cc: people(message.cc(), &mut notes),
        bcc: people(message.bcc(), &mut notes),
        reply_to: people(message.reply_to(), &mut notes),
        subject: subject(title.as_ref().unwrap_or(message), &mut notes),
        date_s: date(message, &mut notes),
        text,
        formatted,
        message_id: message_id(message, &mut notes),
        in_reply_to: ids(message.in_reply_to()).into_iter().next(),
        references: ids(message.references()),
        attachments,
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
    if field.iter().nth(MAX_PEOPLE).is_some() {
        add_note(notes, Note::ManyPeople);
    }
    for mailbox in field.iter().take(MAX_PEOPLE) {
        let written = mailbox.address.as_deref().unwrap_or_default().trim();
        let mut address = neutral_address(written);
        if address.is_empty() {
            continue;
        }
        if is_odd(written) {
            address.clear();
            add_note(notes, Note::OddAddress);
        } else if is_deceptive(&address) {
            add_note(notes, Note::DeceptiveAddress);
        }
        let name = mailbox.name.as_deref().unwrap_or_default();
        if name.contains(is_hidden) || written.contains(is_hidden) {
            add_note(notes, Note::HiddenCharacters);
        }
        let name = neutral_name(name, &address);
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

fn subject(message: &Message<'_>, notes: &mut Vec<Note>) -> String {
    let written = message.subject().unwrap_or_default();
    if written.contains(is_hidden) {
        add_note(notes, Note::HiddenCharacters);
    }
    let shown: String = written
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
    let cut = ellipsis(&shown, MAX_SUBJECT_CHARS);
    if cut != shown {
        add_note(notes, Note::LongSubject);
    }
    cut
}

/// When it was written. Whether that can be is for those to say who know when it came.
fn date(message: &Message<'_>, notes: &mut Vec<Note>) -> Option<u64> {
    let date = message.date().filter(|date| date.is_valid());
    let date_s = date.and_then(|date| u64::try_from(date.to_timestamp()).ok());
    if date_s.is_none() {
        let is_there = message.header(HeaderName::Date).is_some();
        add_note(
            notes,
            if is_there {
                Note::OddDate
            } else {
                Note::NoDate
            },
        );
    }
    date_s
}

fn message_id(message: &Message<'_>, notes: &mut Vec<Note>) -> String {
    let mut fields = message.header_values(HeaderName::MessageId);
    let first = fields.next();
    let ids = first.map(ids).unwrap_or_default();
    if (first.is_some() && ids.len() != 1) || fields.next().is_some() {
        add_note(notes, Note::OddMessageId);
    }
    ids.into_iter().next().unwrap_or_default()
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

/// A multipart message ends with its boundary between two pairs of dashes (RFC 2046, section 5.1.1).
fn note_missing_end(message: &Message<'_>, notes: &mut Vec<Note>) {
    let Some(content_type) = message.content_type() else {
        return;
    };
    if !content_type.ctype().eq_ignore_ascii_case("multipart") {
        return;
    }
    let boundary = content_type.attribute("boundary").unwrap_or_default();
    let holds = |delimiter: String| {
        let mut places = message.raw_message.windows(delimiter.len()).rev();
        places.any(|place| place == delimiter.as_bytes())
    };
    if boundary.is_empty() || !holds(format!("--{boundary}")) {
        add_note(notes, Note::NoParts);
    } else if !holds(format!("--{boundary}--")) {
        add_note(notes, Note::CutOff);
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
        .filter(|note| !is_of_fields(*note))
        .collect();
    notes.extend(outer.notes.iter().filter(|note| is_of_fields(**note)));
    notes.push(Note::UnprotectedHeader);
    ParsedMessage {
        text: inner.text,
        formatted: inner.formatted,
        attachments: inner.attachments,
        protection: HeaderProtection::None,
        notes,
        ..outer
    }
}

/// Whether a note is about the header, not the body.
const fn is_of_fields(note: Note) -> bool {
    !matches!(
        note,
        Note::HtmlTooLarge
            | Note::WrongCharset
            | Note::NoText
            | Note::OtherKey
            | Note::Unopened
            | Note::BrokenEncoding
            | Note::CutOff
            | Note::NoParts
            | Note::UnprotectedHeader
    )
}
