//! PGP/MIME (RFC 3156): an encrypted entity inside an ordinary message, for programs and people outside.

use super::build::{OUTER_SUBJECT, Outgoing};
use super::header::{write_date, write_ids, write_people, write_subject};
use super::limits;
use super::nested;
use super::parse::parse;
use super::parsed::{ParseError, ParsedMessage};
use mail_builder::headers::content_type::ContentType;
use mail_builder::mime::MimePart;
use mail_parser::{MessageParser, MimeHeaders};
use smail_crypto_core::openpgp::{ArmorKind, armor};
use std::io;

/// A PGP/MIME message, opened as far as it goes without a key.
#[derive(Debug, Clone, PartialEq)]
pub struct Unwrapped {
    /// The OpenPGP message, binary or armored, as it stood in the message.
    pub ciphertext: Vec<u8>,
    /// What stands outside the encryption. Nobody vouches for it.
    pub outer: ParsedMessage,
}

/// An ordinary message around an OpenPGP message: people and date outside as inside, and a subject that says nothing.
/// `boundary` is a random word.
#[must_use]
pub fn wrap(ciphertext: &[u8], fields: &Outgoing, boundary: &str) -> Vec<u8> {
    let mut message = Vec::with_capacity(ciphertext.len() * 4 / 3 + 2_048);
    // Writing to memory does not fail.
    match write_message(&mut message, ciphertext, fields, boundary) {
        Ok(()) => message,
        Err(_) => Vec::new(),
    }
}

fn write_message(
    out: &mut Vec<u8>,
    ciphertext: &[u8],
    fields: &Outgoing,
    boundary: &str,
) -> io::Result<()> {
    write_people(out, "From", std::slice::from_ref(&fields.from))?;
    write_people(out, "To", &fields.to)?;
    write_people(out, "Cc", &fields.cc)?;
    write_date(out, "Date", fields.date_s)?;
    write_subject(out, "Subject", OUTER_SUBJECT)?;
    write_ids(out, "Message-ID", std::slice::from_ref(&fields.message_id))?;
    out.extend_from_slice(b"MIME-Version: 1.0\r\n");
    let content_type = ContentType::new("multipart/encrypted")
        .attribute("protocol", "application/pgp-encrypted")
        .attribute("boundary", boundary.to_owned());
    let control =
        MimePart::new("application/pgp-encrypted", "Version: 1\r\n").transfer_encoding("7bit");
    let payload = MimePart::new(
        ContentType::new("application/octet-stream").attribute("name", "encrypted.asc"),
        armor(ArmorKind::Message, ciphertext).replace('\n', "\r\n"),
    );
    MimePart::new(
        content_type,
        vec![control, payload.transfer_encoding("7bit")],
    )
    .write_part(out)
    .map(drop)
}

/// Takes the OpenPGP message out of a PGP/MIME message; `None` when it is none (RFC 3156, section 4).
///
/// # Errors
/// [`ParseError`] when a limit is passed.
pub fn unwrap(message: &[u8]) -> Result<Option<Unwrapped>, ParseError> {
    limits::check(message)?;
    let message = nested::closed(message)?;
    let Some(parsed) = MessageParser::default().parse(&message) else {
        return Ok(None);
    };
    let encrypted = parsed.content_type().is_some_and(|content_type| {
        content_type.ctype().eq_ignore_ascii_case("multipart")
            && content_type
                .subtype()
                .is_some_and(|subtype| subtype.eq_ignore_ascii_case("encrypted"))
    });
    // Root, control part, payload: exactly these, so that nothing unencrypted can ride along.
    let (true, [_, control, payload]) = (encrypted, parsed.parts.as_slice()) else {
        return Ok(None);
    };
    let controls = control.content_type().is_some_and(|content_type| {
        content_type.ctype().eq_ignore_ascii_case("application")
            && content_type
                .subtype()
                .is_some_and(|subtype| subtype.eq_ignore_ascii_case("pgp-encrypted"))
    });
    if !controls {
        return Ok(None);
    }
    Ok(Some(Unwrapped {
        ciphertext: payload.contents().to_vec(),
        outer: parse(&message)?,
    }))
}
