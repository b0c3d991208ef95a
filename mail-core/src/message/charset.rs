//! Text whose character set is wrong, unknown or missing: read again from the octets in the one that fits.

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding, HeaderName, Message, MessageParser, MessagePart, MimeHeaders};
use std::borrow::Cow;

/// A part's text, and whether the character set it names had to be passed over.
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) is_mended: bool,
}

/// The text of a part as its author most likely meant it. `text` is what the parser made of it.
pub(super) fn decoded<'a>(
    message: &Message<'_>,
    part: &MessagePart<'_>,
    text: &'a str,
) -> Decoded<'a> {
    let as_is = Decoded {
        text: Cow::Borrowed(text),
        is_mended: false,
    };
    if text.is_ascii() {
        return as_is;
    }
    let declared = declared_charset(part);
    let Some(octets) = octets(message, part) else {
        return as_is;
    };
    let lossless = !text.contains('\u{fffd}');
    match (std::str::from_utf8(&octets), declared.as_deref()) {
        // Octets above ASCII that happen to be UTF-8 are UTF-8: that is no accident.
        (Ok(utf8), Some(charset)) if is_western(charset) || !is_known(charset) => Decoded {
            text: Cow::Owned(utf8.to_owned()),
            is_mended: true,
        },
        (Ok(_), _) => as_is,
        (Err(_), Some(charset)) if lossless && is_known(charset) => as_is,
        // Neither UTF-8 nor what it says: the character set of most mail that says nothing.
        (Err(_), _) => match charset_decoder(b"windows-1252") {
            Some(decode) => Decoded {
                text: Cow::Owned(decode(&octets)),
                is_mended: true,
            },
            None => as_is,
        },
    }
}

/// A header field read again whose octets are not UTF-8, as those of old mail whose fields are not encoded (RFC 2047
/// says how they are): in the character set of the text, or the one of most mail that says nothing. None when there is
/// nothing to mend, or only a letter of UTF-8 is torn.
pub(super) fn read_again(
    message: &Message<'_>,
    name: &HeaderName<'static>,
) -> Option<Message<'static>> {
    let field = message
        .headers()
        .iter()
        .rfind(|field| field.name == *name)?;
    let range =
        usize::try_from(field.offset_start).ok()?..usize::try_from(field.offset_end).ok()?;
    let octets = message.raw_message.get(range)?;
    if std::str::from_utf8(octets).is_ok() {
        return None;
    }
    let declared = message
        .parts
        .first()
        .and_then(declared_charset)
        .filter(|charset| !is_western(charset) && !matches!(charset.as_str(), "utf-8" | "utf8"))
        .and_then(|charset| charset_decoder(charset.as_bytes()));
    let is_torn = String::from_utf8_lossy(octets)
        .chars()
        .any(|character| !character.is_ascii() && character != '\u{fffd}');
    let decode = match declared {
        Some(decode) => decode,
        None if is_torn => return None,
        None => charset_decoder(b"windows-1252")?,
    };
    let value = decode(octets);
    let field = format!("{}:{}\r\n\r\n", name.as_str(), value.trim_end());
    MessageParser::default()
        .parse_headers(field.as_bytes())
        .map(Message::into_owned)
}

fn declared_charset(part: &MessagePart<'_>) -> Option<String> {
    let charset = part.content_type()?.attribute("charset")?;
    Some(charset.trim().to_ascii_lowercase())
}

fn is_known(charset: &str) -> bool {
    matches!(charset, "utf-8" | "utf8") || charset_decoder(charset.as_bytes()).is_some()
}

/// Character sets that any octets can be read as, so that a mistake does not show.
fn is_western(charset: &str) -> bool {
    matches!(
        charset,
        "us-ascii" | "ascii" | "iso-8859-1" | "iso-8859-15" | "latin1" | "windows-1252" | "cp1252"
    )
}

/// The part's octets without their transfer encoding.
fn octets<'a>(message: &'a Message<'_>, part: &MessagePart<'_>) -> Option<Cow<'a, [u8]>> {
    let (start, end) = (part.raw_body_offset(), part.raw_end_offset());
    let raw = message
        .raw_message
        .get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)?;
    match part.encoding {
        Encoding::None => Some(Cow::Borrowed(raw)),
        Encoding::Base64 => base64_decode(raw).map(Cow::Owned),
        Encoding::QuotedPrintable => quoted_printable_decode(raw).map(Cow::Owned),
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::super::parsed::Note;

    fn read(charset: &str, body: &[u8]) -> (String, bool) {
        let head = format!("From: a@b\r\nContent-Type: text/plain{charset}\r\n\r\n");
        let read = parse(&[head.as_bytes(), body].concat()).unwrap();
        let noted = read.notes.contains(&Note::WrongCharset);
        (read.text, noted)
    }

    #[test]
    fn text_is_read_in_the_character_set_that_fits() {
        for (charset, body, text) in [
            ("; charset=us-ascii", "Grüße".as_bytes(), "Grüße"),
            ("; charset=iso-8859-1", "Grüße".as_bytes(), "Grüße"),
            ("; charset=utf-8", b"Gr\xfc\xdfe", "Grüße"),
            ("; charset=x-unheard-of", "Grüße".as_bytes(), "Grüße"),
            ("; charset=x-unheard-of", b"Gr\xfc\xdfe", "Grüße"),
            ("", b"Gr\xfc\xdfe", "Grüße"),
        ] {
            assert_eq!(read(charset, body), (text.to_owned(), true), "{charset}");
        }
    }

    #[test]
    fn fields_that_are_not_encoded_are_read_as_mail_of_their_time() {
        let head = b"From: J\xfcrgen <a@b>\r\nSubject: Gr\xfc\xdfe\r\n =?utf-8?Q?=E2=82=AC?= roh\r\n\r\nText";
        let read = parse(head).unwrap();
        assert_eq!(read.subject, "Grüße € roh");
        assert_eq!(read.from.name, "Jürgen");
        assert_eq!(read.from.address, "a@b");
        let koi8 = b"Subject: \xd0\xd2\xc9\xd7\xc5\xd4\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\nText";
        assert_eq!(parse(koi8).unwrap().subject, "привет");
        let whole = parse("Subject: Grüße\r\n\r\nText".as_bytes()).unwrap();
        assert_eq!(whole.subject, "Grüße");
        let torn = parse(b"Subject: Gr\xc3\xbc\xc3\x9fe \xc3\r\n\r\nText").unwrap();
        assert_eq!(torn.subject, "Grüße \u{fffd}");
    }

    #[test]
    fn text_that_says_what_it_is_stays() {
        for (charset, body, text) in [
            ("; charset=iso-8859-1", &b"Gr\xfc\xdfe"[..], "Grüße"),
            ("; charset=utf-8", "Grüße".as_bytes(), "Grüße"),
            ("", "Grüße".as_bytes(), "Grüße"),
            ("; charset=koi8-r", b"\xd0\xd2\xc9\xd7\xc5\xd4", "привет"),
            ("; charset=utf-8", "a \u{fffd} b".as_bytes(), "a \u{fffd} b"),
        ] {
            assert_eq!(read(charset, body), (text.to_owned(), false), "{charset}");
        }
    }
}
