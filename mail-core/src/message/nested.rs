//! Messages inside messages. The parser would open them, encoded ones too, after [`limits::check`] has looked: what they
//! hold would pass unseen. Nothing here shows them, so they are turned into ordinary attachments before it runs.

use super::limits::{self, MAX_FIELD_BYTES, content_type_places, read_content_type};
use super::parsed::ParseError;
use std::borrow::Cow;

/// A type whose parts the parser opens as messages, and a word of the same length that it does not know.
struct Opened {
    word: &'static [u8],
    instead: &'static [u8],
}

/// `message/rfc822` and `message/global`.
const MESSAGE: Opened = Opened {
    word: b"message",
    instead: b"x-email",
};
/// `multipart/digest`, whose parts are messages when they do not say what they are.
const DIGEST: Opened = Opened {
    word: b"digest",
    instead: b"bundle",
};

/// The message, with every message in it made an attachment without type.
///
/// # Errors
/// [`ParseError::TooManyParts`] when one of them hides its type.
pub(super) fn closed(message: &[u8]) -> Result<Cow<'_, [u8]>, ParseError> {
    let mut closed = Cow::Borrowed(message);
    for place in content_type_places(message) {
        let field = message.get(place..).unwrap_or_default();
        let value = field.get(..MAX_FIELD_BYTES).unwrap_or(field);
        let Some(opened) = opened(value) else {
            continue;
        };
        let copy = closed.to_mut().get_mut(place..place + value.len());
        let copy = copy.unwrap_or_default();
        replace(copy, &opened);
        if self::opened(copy).is_some() {
            return Err(ParseError::TooManyParts {
                limit: limits::MAX_PARTS,
            });
        }
    }
    Ok(closed)
}

/// Which opened type this Content-Type is.
fn opened(value: &[u8]) -> Option<Opened> {
    let content_type = read_content_type(value)?;
    let is = |word: Option<&str>, wanted: &str| {
        word.is_some_and(|word| word.eq_ignore_ascii_case(wanted))
    };
    if is(Some(content_type.ctype()), "message") {
        Some(MESSAGE)
    } else if is(content_type.subtype(), "digest") {
        Some(DIGEST)
    } else {
        None
    }
}

/// Replaces the first of the word in its field, whatever its case.
fn replace(value: &mut [u8], opened: &Opened) {
    let place = value
        .windows(opened.word.len())
        .position(|window| window.eq_ignore_ascii_case(opened.word));
    let word = place.and_then(|place| value.get_mut(place..place + opened.word.len()));
    if let Some(word) = word {
        word.copy_from_slice(opened.instead);
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;
    use base64::prelude::{BASE64_STANDARD, Engine as _};

    /// Two thousand empty parts, which [`limits::check`] would refuse where it sees them.
    fn bomb() -> String {
        format!(
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n{}",
            "--b\r\n\r\n".repeat(2_000)
        )
    }

    fn wrapped(content_type: &str) -> String {
        format!(
            "From: mallory@localhost\r\nContent-Type: multipart/{}; boundary=a\r\n\r\n--a\r\n{}\
             Content-Transfer-Encoding: base64\r\n\r\n{}\r\n--a--\r\n",
            if content_type.is_empty() {
                "digest"
            } else {
                "mixed"
            },
            content_type,
            BASE64_STANDARD.encode(bomb())
        )
    }

    #[test]
    fn a_bomb_in_an_encoded_message_is_an_attachment() {
        for content_type in [
            "Content-Type: message/rfc822\r\n",
            "Content-Type: Message/Global\r\n",
            "Content-Type:\r\n (message) message/rfc822; name=\"message\"\r\n",
            "",
        ] {
            let message = wrapped(content_type);
            let opened = |message: &[u8]| {
                let parsed = mail_parser::MessageParser::default().parse(message);
                let parts = parsed.map(|parsed| parsed.parts).unwrap_or_default();
                parts.iter().any(|part| part.message().is_some())
            };
            match closed(message.as_bytes()) {
                Ok(closed) => assert!(!opened(&closed), "{content_type}"),
                Err(refused) => assert_eq!(refused.code(), "message-too-complex"),
            }
        }
        assert_eq!(
            parse(wrapped("Content-Type: message/rfc822\r\n").as_bytes())
                .unwrap()
                .attachments
                .len(),
            1
        );
    }

    #[test]
    fn a_message_without_messages_is_not_copied() {
        let message = b"Subject: message/rfc822\r\n\r\nContent of type message";
        assert!(matches!(closed(message), Ok(Cow::Borrowed(_))));
    }
}
