//! Values of content lines: transfer encoding, character set, backslashes, lists.

use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use std::borrow::Cow;

/// A file as UTF-8 or whatever octets it has: a byte order mark is taken away, and UTF-16 is read by it.
pub(super) fn octets_of(file: &[u8]) -> Cow<'_, [u8]> {
    match file {
        [0xef, 0xbb, 0xbf, rest @ ..] => Cow::Borrowed(rest),
        [0xff, 0xfe, rest @ ..] => Cow::Owned(utf16(rest, u16::from_le_bytes).into_bytes()),
        [0xfe, 0xff, rest @ ..] => Cow::Owned(utf16(rest, u16::from_be_bytes).into_bytes()),
        _ => Cow::Borrowed(file),
    }
}

fn utf16(octets: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, _) = octets.as_chunks::<2>();
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// A value without quoted-printable.
pub(super) fn decode_transfer(octets: &[u8], is_quoted_printable: bool) -> Cow<'_, [u8]> {
    let decoded = is_quoted_printable
        .then(|| quoted_printable_decode(octets))
        .flatten();
    decoded.map_or(Cow::Borrowed(octets), Cow::Owned)
}

/// A value as text: in the character set that it names, else as UTF-8, else in that of old address books.
pub(super) fn text_of(octets: &[u8], charset: Option<&str>) -> String {
    let named = charset.map(|name| name.trim().to_ascii_lowercase());
    let is_utf8 = named
        .as_deref()
        .is_none_or(|name| matches!(name, "utf-8" | "utf8"));
    let decoder = named
        .filter(|_| !is_utf8)
        .and_then(|name| charset_decoder(name.as_bytes()));
    match (decoder, std::str::from_utf8(octets)) {
        (Some(decode), _) => decode(octets),
        (None, Ok(text)) => text.to_owned(),
        (None, Err(_)) => match charset_decoder(b"windows-1252") {
            Some(decode) => decode(octets),
            None => String::from_utf8_lossy(octets).into_owned(),
        },
    }
}

/// Text with its backslashes resolved (RFC 6350, section 3.4).
pub(super) fn unescape(text: &str) -> String {
    let mut resolved = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n' | 'N') => resolved.push('\n'),
                Some(other) => resolved.push(other),
                None => {}
            },
            other => resolved.push(other),
        }
    }
    resolved
}

/// The parts of a list, without their backslashes.
pub(super) fn split(text: &str, by: char, limit: usize) -> Vec<String> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut is_escaped = false;
    for (at, character) in text.char_indices() {
        if is_escaped {
            is_escaped = false;
        } else if character == '\\' {
            is_escaped = true;
        } else if character == by && parts.len() < limit {
            parts.push(unescape(text.get(start..at).unwrap_or_default()));
            start = at + character.len_utf8();
        }
    }
    parts.push(unescape(text.get(start..).unwrap_or_default()));
    parts
}
