//! The body of a message that is built (RFC 2046, 2387): its text, the same formatted when it is, the pictures in that, and
//! what is attached. Nothing is wrapped that has nothing to be wrapped with.

use super::build::Outgoing;
use super::text::{canonical_text, with_crlf};
use crate::attachment::{CutOff, mime_parts, picture_part};
use mail_builder::headers::content_type::ContentType;
use mail_builder::mime::MimePart;
use sha2::{Digest as _, Sha256};

/// What goes with a message's text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Enclosed {
    /// The text as it is formatted: what stands in an HTML document's body.
    pub(crate) html: Option<String>,
    /// Pictures that it shows, each by its Content-ID.
    pub(crate) pictures: Vec<(String, CutOff)>,
    /// Files beside the message.
    pub(crate) attachments: Vec<CutOff>,
}

/// The body; its outermost part says that the header is protected (RFC 9788).
pub(super) fn body(message: &Outgoing, enclosed: &Enclosed) -> MimePart<'static> {
    let text = with_crlf(&canonical_text(&message.text));
    let mut body = Part::leaf(text_type("plain"), text);
    if let Some(html) = &enclosed.html {
        let parts = vec![body, formatted(message, html, &enclosed.pictures)];
        body = Part::of_parts("alternative", message, parts);
    }
    if !enclosed.attachments.is_empty() {
        let attached = mime_parts(&enclosed.attachments).map(Part::Whole);
        let parts = std::iter::once(body).chain(attached).collect();
        body = Part::of_parts("mixed", message, parts);
    }
    body.outermost()
}

/// The formatted text, with its pictures.
fn formatted(message: &Outgoing, html: &str, pictures: &[(String, CutOff)]) -> Part {
    let document = with_crlf(&format!(
        "<!doctype html>\n<html><head><meta charset=\"utf-8\"></head><body>{html}</body></html>\n"
    ));
    let text = Part::leaf(text_type("html"), document);
    if pictures.is_empty() {
        return text;
    }
    let pictures = pictures
        .iter()
        .map(|(content_id, picture)| Part::Whole(picture_part(picture, content_id)));
    let parts = std::iter::once(text).chain(pictures).collect();
    Part::of_parts("related", message, parts)
}

fn text_type(subtype: &str) -> ContentType<'static> {
    ContentType::new(format!("text/{subtype}")).attribute("charset", "utf-8")
}

/// A part whose type can still be added to.
enum Part {
    Leaf(ContentType<'static>, String),
    Parts(ContentType<'static>, Vec<MimePart<'static>>),
    Whole(MimePart<'static>),
}

impl Part {
    const fn leaf(content_type: ContentType<'static>, text: String) -> Self {
        Self::Leaf(content_type, text)
    }

    fn of_parts(subtype: &'static str, message: &Outgoing, parts: Vec<Self>) -> Self {
        let mut content_type = ContentType::new(format!("multipart/{subtype}"))
            .attribute("boundary", boundary(&message.message_id, subtype));
        if subtype == "related" {
            content_type = content_type.attribute("type", "text/html");
        }
        Self::Parts(content_type, parts.into_iter().map(Self::inner).collect())
    }

    fn inner(self) -> MimePart<'static> {
        match self {
            Self::Leaf(content_type, text) => MimePart::new(content_type, text),
            Self::Parts(content_type, parts) => MimePart::new(content_type, parts),
            Self::Whole(part) => part,
        }
    }

    fn outermost(self) -> MimePart<'static> {
        let protected = |content_type: ContentType<'static>| content_type.attribute("hp", "cipher");
        match self {
            Self::Leaf(content_type, text) => MimePart::new(protected(content_type), text),
            Self::Parts(content_type, parts) => MimePart::new(protected(content_type), parts),
            Self::Whole(part) => part,
        }
    }
}

/// A line that no part has, and that no other of the message's begins with: nobody knows the message's id, which is random,
/// before it is sent.
fn boundary(message_id: &str, subtype: &str) -> String {
    let digest = Sha256::digest(format!("{subtype} {message_id}"));
    let digits: String = digest
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("=_{digits}")
}

#[cfg(test)]
mod tests {
    use super::super::{Body, HeaderProtection, Outer, build_with, parse};
    use super::*;
    use crate::views::Person;

    fn outgoing() -> Outgoing {
        let person = |address: &str| Person {
            name: String::new(),
            address: address.to_owned(),
        };
        Outgoing {
            from: person("alice@localhost"),
            to: vec![person("bob@localhost")],
            cc: Vec::new(),
            bcc: Vec::new(),
            subject: "Plans".to_owned(),
            text: "Plans\n\nüber".to_owned(),
            date_s: 1_800_000_000,
            message_id: "5e0f@localhost".to_owned(),
            in_reply_to: None,
            references: Vec::new(),
        }
    }

    fn built(enclosed: &Enclosed) -> String {
        String::from_utf8(build_with(&outgoing(), enclosed, Outer::None).unwrap()).unwrap()
    }

    #[test]
    fn formatted_text_goes_with_its_plain_form() {
        let enclosed = Enclosed {
            html: Some("<h1>Plans</h1><div>über</div>".to_owned()),
            ..Enclosed::default()
        };
        let read = parse(built(&enclosed).as_bytes()).unwrap();
        assert_eq!(read.text, "Plans\n\nüber");
        assert!(
            matches!(&read.formatted[..], [Body::Html(html)] if html.contains("<body><h1>Plans</h1><div>über</div></body>")),
            "{:?}",
            read.formatted
        );
        assert_eq!(read.protection, HeaderProtection::Cipher);
        assert!(read.notes.is_empty() && read.attachments.is_empty());
    }

    #[test]
    fn pictures_stand_with_the_text_that_shows_them_and_files_outside() {
        let sample = crate::attachment::sample;
        let enclosed = Enclosed {
            html: Some("<img src=\"cid:1@x\">".to_owned()),
            pictures: vec![("1@x".to_owned(), sample())],
            attachments: vec![sample()],
        };
        let entity = built(&enclosed);
        let places = [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "multipart/related",
            "text/html;",
            "Content-ID: <1@x>",
            "Content-Disposition: attachment",
        ]
        .map(|word| entity.find(word).unwrap());
        assert!(places.is_sorted(), "{places:?}\n{entity}");
        let read = parse(entity.as_bytes()).unwrap();
        let [picture, file] = &read.attachments[..] else {
            panic!("not two: {:?}", read.attachments);
        };
        assert_eq!(
            (picture.is_inline, picture.content_id.as_deref()),
            (true, Some("1@x"))
        );
        assert_eq!((file.is_inline, file.content_id.as_deref()), (false, None));
        assert!(read.notes.is_empty(), "{:?}", read.notes);
    }

    #[test]
    fn text_alone_is_not_wrapped() {
        let entity = built(&Enclosed::default());
        assert!(entity.contains("text/plain") && !entity.contains("multipart"));
        assert_eq!(entity.matches("hp=\"cipher\"").count(), 1);
    }
}
