//! What is attached to a message: named, counted, and given out one by one.

use super::bodies::instead_of_text;
use super::file_name::{FileName, may_run, safe_file_name};
use super::limits;
use super::nested;
use super::parsed::ParseError;
use crate::attachment::{CutOff, cut_off};
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders};
use std::ops::Range;

/// Longest media type or Content-ID kept, in bytes.
const MAX_WORD_BYTES: usize = 250;

/// A part that is not of the body, or a picture in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, fit to be shown and saved.
    pub name: FileName,
    /// Media type in lower case, as the sender says: `image/png`.
    pub media_type: String,
    /// Size in bytes, without transfer encoding.
    pub size_bytes: u64,
    /// Content-Disposition is `inline` (RFC 2183), or the part stands in `multipart/related`.
    pub is_inline: bool,
    /// Content-ID without angle brackets (RFC 2392).
    pub content_id: Option<String>,
    /// Whether opening it may run a program.
    pub may_run: bool,
}

/// The attachments in their order: their place is what [`attachment_octets`] takes.
pub(super) fn attachments(message: &Message<'_>) -> Vec<Attachment> {
    parts(message)
        .enumerate()
        .map(|(place, part)| attachment(place, part))
        .collect()
}

/// Where the octets of an attachment are.
pub(crate) enum Held {
    /// In the message: these.
    Here(Vec<u8>),
    /// Beside it.
    Beside(CutOff),
}

/// Where the octets of one attachment of a message are; `None` when it has no such one.
///
/// # Errors
/// [`ParseError`], as [`parse`](super::parse) gives it.
pub(crate) fn held(message: &[u8], index: usize) -> Result<Option<Held>, ParseError> {
    limits::check(message)?;
    let message = nested::closed(message)?;
    let parsed = MessageParser::default()
        .parse(&message)
        .ok_or(ParseError::NotAMessage)?;
    let part = parts(&parsed).nth(index);
    Ok(part.map(|part| match cut_off(part) {
        Some(cut_off) => Held::Beside(cut_off),
        None => Held::Here(part.contents().to_vec()),
    }))
}

/// Where in a message the parts are that name files beside it, each from its header to its end, in order.
///
/// # Errors
/// [`ParseError`], as [`parse`](super::parse) gives it.
pub(crate) fn places_of_files(message: &[u8]) -> Result<Vec<(Range<usize>, CutOff)>, ParseError> {
    limits::check(message)?;
    // As long as the message itself.
    let closed = nested::closed(message)?;
    let parsed = MessageParser::default()
        .parse(&closed)
        .ok_or(ParseError::NotAMessage)?;
    let mut places: Vec<_> = parts(&parsed)
        .filter_map(|part| {
            let range = part.offset_header as usize..part.offset_end as usize;
            Some((range, cut_off(part)?))
        })
        .collect();
    places.sort_by_key(|(range, _)| range.start);
    Ok(places)
}

fn parts<'a>(message: &'a Message<'_>) -> impl Iterator<Item = &'a MessagePart<'a>> {
    let read = instead_of_text(message);
    message.attachments().filter(move |part| {
        !part.is_multipart() && !read.is_some_and(|read| std::ptr::eq(read, *part))
    })
}

fn attachment(place: usize, part: &MessagePart<'_>) -> Attachment {
    if let Some(cut_off) = cut_off(part) {
        return beside(cut_off, part);
    }
    let media_type = media_type(part);
    let fallback = format!("attachment-{}{}", place + 1, extension(&media_type));
    let name = safe_file_name(part.attachment_name().unwrap_or_default(), &fallback);
    Attachment {
        may_run: may_run(&name.text),
        name,
        media_type,
        size_bytes: part.len() as u64,
        is_inline: is_inline(part),
        content_id: content_id(part),
    }
}

fn is_inline(part: &MessagePart<'_>) -> bool {
    part.content_disposition()
        .is_some_and(|disposition| disposition.is_inline())
}

fn content_id(part: &MessagePart<'_>) -> Option<String> {
    let content_id = part.content_id().map(|id| id.trim_matches(['<', '>', ' ']));
    content_id
        .filter(|id| !id.is_empty() && id.len() <= MAX_WORD_BYTES)
        .map(str::to_owned)
}

/// What is beside the message is listed as the file that it is.
fn beside(cut_off: CutOff, part: &MessagePart<'_>) -> Attachment {
    let name = safe_file_name(&cut_off.name, "attachment");
    Attachment {
        may_run: may_run(&name.text),
        name,
        media_type: cut_off.media_type,
        size_bytes: cut_off.size_bytes,
        is_inline: is_inline(part),
        content_id: content_id(part),
    }
}

/// Type and subtype; `application/octet-stream` for what is no type (RFC 2046, section 4.5.1).
fn media_type(part: &MessagePart<'_>) -> String {
    let Some(content_type) = part.content_type() else {
        return "text/plain".to_owned();
    };
    let (kind, subtype) = (
        content_type.ctype(),
        content_type.subtype().unwrap_or_default(),
    );
    if kind.eq_ignore_ascii_case("x-email") {
        return "message/rfc822".to_owned(); // as it was before the parser was kept from opening it
    }
    let is_token = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    let media_type = format!("{kind}/{subtype}").to_ascii_lowercase();
    if is_token(kind) && is_token(subtype) && media_type.len() <= MAX_WORD_BYTES {
        media_type
    } else {
        "application/octet-stream".to_owned()
    }
}

/// The usual end of a name for a type, for parts without a name.
fn extension(media_type: &str) -> &'static str {
    match media_type {
        "message/rfc822" => ".eml",
        "text/plain" => ".txt",
        "text/html" => ".html",
        "text/calendar" => ".ics",
        "text/csv" => ".csv",
        "application/pdf" => ".pdf",
        "application/zip" => ".zip",
        "application/pgp-keys" => ".asc",
        "image/png" => ".png",
        "image/jpeg" => ".jpg",
        "image/gif" => ".gif",
        "image/webp" => ".webp",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;

    const MESSAGE: &str = "From: a@b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/html\r\n\r\n<img src=cid:one@x>\r\n\
        --b\r\nContent-Type: image/PNG; name=\"../p.png\"\r\nContent-ID: <one@x>\r\nContent-Disposition: inline\r\n\
        Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n\
        --b\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\ntext\r\n\
        --b\r\nContent-Type: application/octet-stream\r\n\
        Content-Disposition: attachment; filename*=utf-8''%E2%80%AEfdp.exe\r\n\r\nMZ\r\n\
        --b--\r\n";

    #[test]
    fn attachments_are_named_typed_and_counted() {
        let [picture, message, program] = &parse(MESSAGE.as_bytes()).unwrap().attachments[..]
        else {
            panic!("not three");
        };
        assert_eq!(
            (picture.name.text.as_str(), picture.name.changed),
            ("p.png", true)
        );
        assert_eq!(
            (
                picture.media_type.as_str(),
                picture.size_bytes,
                picture.is_inline
            ),
            ("image/png", 8, true)
        );
        assert_eq!(picture.content_id.as_deref(), Some("one@x"));
        assert_eq!(
            (message.name.text.as_str(), message.media_type.as_str()),
            ("attachment-2.eml", "message/rfc822")
        );
        assert_eq!(program.name.text, "fdp.exe");
        assert!(program.may_run && program.name.changed && !picture.may_run);
    }

    #[test]
    fn each_gives_its_octets() {
        let octets = |index| match held(MESSAGE.as_bytes(), index).unwrap() {
            Some(Held::Here(octets)) => Some(octets),
            _ => None,
        };
        assert_eq!(octets(0).as_deref(), Some(&b"\x89PNG\r\n\x1a\n"[..]));
        assert_eq!(
            octets(1).as_deref(),
            Some(&b"Subject: inner\r\n\r\ntext"[..])
        );
        assert_eq!(octets(2).as_deref(), Some(&b"MZ"[..]));
        assert_eq!(octets(3), None);
    }

    #[test]
    fn what_is_no_type_is_octets() {
        let message = "From: a@b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
            Content-Type: <script>/x\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b--\r\n";
        let read = parse(message.as_bytes()).unwrap();
        assert_eq!(read.attachments[0].media_type, "application/octet-stream");
    }
}
