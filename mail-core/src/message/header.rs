//! Header fields, written. Nothing that a person typed can end a field: line breaks and controls are gone before a
//! value gets here ([`one_line`]).

use crate::views::Person;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use mail_builder::headers::{
    Header, address::Address, date::Date, message_id::MessageId, text::Text,
};
use std::io;

/// Bytes of UTF-8 in one encoded word: 60 characters of base64, so that the word stays within the 75 of RFC 2047,
/// section 2.
const WORD_BYTES: usize = 45;

/// A value on one line: line breaks and tabs become spaces, other controls are left out.
pub(super) fn one_line(value: &str) -> String {
    value
        .chars()
        .map(|character| {
            if matches!(character, '\r' | '\n' | '\t') {
                ' '
            } else {
                character
            }
        })
        .filter(|character| !character.is_control())
        .collect()
}

/// Writes `name: value` for people. Nothing for nobody.
pub(super) fn write_people(out: &mut Vec<u8>, name: &str, people: &[Person]) -> io::Result<()> {
    let people: Vec<&Person> = people
        .iter()
        .filter(|person| !person.address.is_empty())
        .collect();
    if people.is_empty() {
        return Ok(());
    }
    let list = people.into_iter().map(|person| {
        let display = Some(one_line(&person.name)).filter(|display| !display.trim().is_empty());
        Address::new_address(display, one_line(&person.address))
    });
    write_field(out, name, &Address::new_list(list.collect()))
}

/// Writes the subject.
pub(super) fn write_subject(out: &mut Vec<u8>, name: &str, subject: &str) -> io::Result<()> {
    let subject = one_line(subject);
    if survives_folding(&subject) {
        write_field(out, name, &Text::new(subject))
    } else {
        out.extend_from_slice(format!("{name}: {}\r\n", encoded_words(&subject)).as_bytes());
        Ok(())
    }
}

/// Writes the date, in seconds since 1970.
pub(super) fn write_date(out: &mut Vec<u8>, name: &str, date_s: u64) -> io::Result<()> {
    write_field(out, name, &Date::new(i64::try_from(date_s).unwrap_or(0)))
}

/// Writes message ids. What is no id is left out; nothing for none.
pub(super) fn write_ids(out: &mut Vec<u8>, name: &str, ids: &[String]) -> io::Result<()> {
    let ids: Vec<&str> = ids
        .iter()
        .map(String::as_str)
        .filter(|id| is_message_id(id))
        .collect();
    if ids.is_empty() {
        Ok(())
    } else {
        write_field(out, name, &MessageId::new_list(ids.into_iter()))
    }
}

/// Whether the text can stand between the angle brackets of a message id (RFC 5322, section 3.6.4).
pub(super) fn is_message_id(text: &str) -> bool {
    (3..=250).contains(&text.len())
        && text.contains('@')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>'))
}

/// Writes a field by the library's writer.
pub(super) fn write_field(out: &mut Vec<u8>, name: &str, value: &impl Header) -> io::Result<()> {
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b": ");
    value.write_header(&mut *out, name.len() + 2).map(drop)
}

/// Whether white space and content come back as they are when the value is written without encoded words.
fn survives_folding(value: &str) -> bool {
    value.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && !value.contains("=?")
        && !value.contains("  ")
        && value.trim() == value
        && value.len() <= 66
}

/// The value as encoded words (RFC 2047), each on a line of its own and none splitting a character.
fn encoded_words(value: &str) -> String {
    let mut words = Vec::new();
    let mut rest = value;
    while !rest.is_empty() {
        let (word, after) = rest.split_at(rest.floor_char_boundary(WORD_BYTES));
        words.push(format!("=?utf-8?B?{}?=", STANDARD.encode(word)));
        rest = after;
    }
    words.join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_cannot_add_a_field() {
        let mut out = Vec::new();
        write_subject(
            &mut out,
            "Subject",
            "hi\r\nBcc: mallory@localhost\r\n\r\nbody",
        )
        .unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            text.matches("\r\n").count(),
            text.matches("\r\n ").count() + 1
        );
        assert!(!text.contains("\nBcc"));
    }

    #[test]
    fn encoded_lines_keep_within_rfc_2047() {
        let mut out = Vec::new();
        write_subject(&mut out, "Subject", &"größer ".repeat(40)).unwrap();
        assert!(
            String::from_utf8(out)
                .unwrap()
                .lines()
                .all(|line| line.len() <= 82)
        );
    }

    #[test]
    fn only_ids_are_ids() {
        for (text, is) in [
            ("a@b", true),
            ("a", false),
            ("a b@c", false),
            ("a>@b", false),
            ("", false),
            ("ä@b", false),
        ] {
            assert_eq!(is_message_id(text), is, "{text}");
        }
    }
}
