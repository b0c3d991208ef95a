//! The bodies of a message: its text, and its parts as their author formatted them.

use super::charset;
use super::html::html_to_text;
use super::limits::{MAX_HTML_BYTES, MAX_HTML_TAGS};
use super::parsed::{Body, Note, add_note};
use super::text::canonical_text;
use mail_parser::{Message, MessagePart, MimeHeaders, PartType};
use std::borrow::Cow;

/// The text to read: each part of the body in its turn, plain text where there is a choice.
pub(super) fn text(message: &Message<'_>, notes: &mut Vec<Note>) -> String {
    let mut texts = Vec::new();
    for part in message.text_bodies() {
        match &part.body {
            PartType::Text(text) => texts.push(plain(message, part, text, notes)),
            PartType::Html(html) => texts.push(canonical_text(&html_to_text(&mended(
                message, part, html, notes,
            )))),
            _ => {}
        }
    }
    match instead_of_text(message) {
        Some(part) => unfinished_text(message, part, notes),
        None => texts.join("\n"),
    }
}

/// What is read where a message has no part that counts as text, and is no attachment then: the whole body, where it says
/// to have parts and not what stands between them; and a text whose end is missing.
pub(super) fn instead_of_text<'a>(message: &'a Message<'_>) -> Option<&'a MessagePart<'a>> {
    if !message.text_body.is_empty() {
        return None;
    }
    let whole = message.parts.first()?;
    let says_parts = whole
        .content_type()
        .is_some_and(|content_type| content_type.ctype().eq_ignore_ascii_case("multipart"));
    let is_binary = matches!(whole.body, PartType::Binary(_) | PartType::InlineBinary(_));
    if says_parts && is_binary {
        return Some(whole);
    }
    let is_unfinished = |part: &&MessagePart<'_>| {
        let is_text = matches!(part.body, PartType::Text(_));
        let is_file = part.attachment_name().is_some()
            || part
                .content_disposition()
                .is_some_and(|disposition| disposition.is_attachment());
        part.is_encoding_problem && is_text && !is_file
    };
    message.attachments().find(is_unfinished)
}

fn unfinished_text(message: &Message<'_>, part: &MessagePart<'_>, notes: &mut Vec<Note>) -> String {
    let is_html = part
        .content_type()
        .and_then(|content_type| content_type.subtype())
        .is_some_and(|subtype| subtype.eq_ignore_ascii_case("html"));
    match &part.body {
        PartType::Text(html) if is_html => {
            canonical_text(&html_to_text(&mended(message, part, html, notes)))
        }
        PartType::Text(text) => plain(message, part, text, notes),
        _ => canonical_text(&String::from_utf8_lossy(part.contents())),
    }
}

/// The parts of the body as their author formatted them, in their order; nothing when there is no HTML among them. Each
/// is shown by itself, so that none can enclose another.
pub(super) fn formatted(message: &Message<'_>, notes: &mut Vec<Note>) -> Vec<Body> {
    let mut bodies = Vec::new();
    for part in message.html_bodies() {
        match &part.body {
            PartType::Text(text) => bodies.push(Body::Text(plain(message, part, text, notes))),
            PartType::Html(html) => {
                let html = mended(message, part, html, notes);
                if is_too_large(&html) {
                    add_note(notes, Note::HtmlTooLarge);
                    bodies.push(Body::Text(canonical_text(&html_to_text(&html))));
                } else {
                    bodies.push(Body::Html(html.into_owned()));
                }
            }
            _ => {}
        }
    }
    let is_html = |body: &Body| matches!(body, Body::Html(_));
    if bodies.iter().any(is_html) {
        bodies
    } else {
        Vec::new()
    }
}

/// Whether a page could not lay it out in a reasonable time.
fn is_too_large(html: &str) -> bool {
    html.len() > MAX_HTML_BYTES
        || html
            .bytes()
            .filter(|byte| *byte == b'<')
            .nth(MAX_HTML_TAGS)
            .is_some()
}

fn plain(
    message: &Message<'_>,
    part: &MessagePart<'_>,
    text: &str,
    notes: &mut Vec<Note>,
) -> String {
    let text = canonical_text(&mended(message, part, text, notes));
    without_legacy_display(text, part)
}

fn mended<'a>(
    message: &Message<'_>,
    part: &MessagePart<'_>,
    text: &'a str,
    notes: &mut Vec<Note>,
) -> Cow<'a, str> {
    let decoded = charset::decoded(message, part, text);
    if decoded.is_mended {
        add_note(notes, Note::WrongCharset);
    }
    decoded.text
}

/// Leaves out the fields repeated in the text for readers that know no header protection (RFC 9788, section 4.5.3.2):
/// everything up to the first empty line.
fn without_legacy_display(text: String, part: &MessagePart<'_>) -> String {
    let marker = part
        .content_type()
        .and_then(|content_type| content_type.attribute("hp-legacy-display"));
    match text.split_once("\n\n") {
        Some((_, rest)) if marker == Some("1") => rest.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::super::parsed::ParsedMessage;
    use super::*;

    fn alternative(html: &str) -> ParsedMessage {
        let message = format!(
            "From: a@b\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nplain\r\n\
             --b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--b--\r\n"
        );
        parse(message.as_bytes()).unwrap()
    }

    #[test]
    fn of_two_forms_the_plain_one_is_the_text_and_the_other_the_formatted() {
        let read = alternative("<p>häagen</p>");
        assert_eq!(read.text.trim_end(), "plain");
        assert_eq!(read.formatted, [Body::Html("<p>häagen</p>".to_owned())]);
        assert!(read.notes.is_empty(), "{:?}", read.notes);
    }

    #[test]
    fn parts_stay_apart() {
        let message = "From: a@b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
            --b\r\nContent-Type: text/html\r\n\r\n<img src=\"https://evil.example/\r\n\
            --b\r\nContent-Type: text/plain\r\n\r\nsecret\r\n\
            --b\r\nContent-Type: text/html\r\n\r\n\">\r\n--b--\r\n";
        let read = parse(message.as_bytes()).unwrap();
        assert!(
            matches!(&read.formatted[..], [Body::Html(_), Body::Text(secret), Body::Html(_)] if secret.trim_end() == "secret"),
            "{read:?}"
        );
    }

    #[test]
    fn a_message_without_html_has_nothing_formatted() {
        assert!(
            parse(b"From: a@b\r\n\r\n<b>no</b>")
                .unwrap()
                .formatted
                .is_empty()
        );
    }

    #[test]
    fn what_no_page_can_lay_out_is_text() {
        for html in [
            "<table><tr><td>".repeat(MAX_HTML_TAGS),
            "x".repeat(MAX_HTML_BYTES + 1),
        ] {
            let read = alternative(&html);
            assert!(read.formatted.is_empty());
            assert_eq!(read.notes, [Note::HtmlTooLarge]);
        }
    }
}
