//! Building the entity that is encrypted: its full, protected header, and below it the text, alone or with what belongs to it.

use super::body::{Enclosed, body};
use super::header::{write_date, write_ids, write_people, write_subject};
use super::limits::{MAX_HEADER_BYTES, MAX_MESSAGE_BYTES};
use crate::views::Person;
use std::io;

/// What a message says, before it has a form.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing {
    /// The author.
    pub from: Person,
    /// To.
    pub to: Vec<Person>,
    /// Cc.
    pub cc: Vec<Person>,
    /// Bcc: empty in every copy but the sender's own.
    pub bcc: Vec<Person>,
    /// Subject.
    pub subject: String,
    /// The text.
    pub text: String,
    /// Date, in seconds since 1970.
    pub date_s: u64,
    /// Message-ID, without angle brackets.
    pub message_id: String,
    /// Message-ID of what it answers, without angle brackets.
    pub in_reply_to: Option<String>,
    /// References' ids, oldest first.
    pub references: Vec<String>,
}

/// What stands outside the encryption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outer {
    /// Nothing: the ciphertext is all there is. Every field is confidential.
    None,
    /// An ordinary message as [`wrap`](super::wrap) makes it: From, To, Cc and Date as inside and a subject that says
    /// nothing. The entity says so in HP-Outer fields (RFC 9788, section 2.2).
    Message,
}

/// The subject outside the encryption (RFC 9788, section 3.2.1).
pub(super) const OUTER_SUBJECT: &str = "[...]";

/// Why a message could not be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// Larger than [`MAX_MESSAGE_BYTES`].
    #[error("The message is too large: at most {} MB can be sent.", .limit_bytes / 1_000_000)]
    TooLarge {
        /// The limit.
        limit_bytes: usize,
    },
    /// Subject and addresses together are larger than [`MAX_HEADER_BYTES`].
    #[error("The subject is too long. Move some of it into the text.")]
    HeaderTooLarge {
        /// The limit.
        limit_bytes: usize,
    },
}

impl BuildError {
    /// Stable word for this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "message-too-large",
            Self::HeaderTooLarge { .. } => "message-header-too-large",
        }
    }
}

/// The MIME entity with header protection (RFC 9788): every field inside, `hp="cipher"` on its Content-Type.
///
/// # Errors
/// [`BuildError`].
pub fn build(message: &Outgoing, outer: Outer) -> Result<Vec<u8>, BuildError> {
    build_with(message, &Enclosed::default(), outer)
}

/// As [`build`], with formatted text, and naming what is beside the message.
pub(crate) fn build_with(
    message: &Outgoing,
    enclosed: &Enclosed,
    outer: Outer,
) -> Result<Vec<u8>, BuildError> {
    let too_large = BuildError::TooLarge {
        limit_bytes: MAX_MESSAGE_BYTES,
    };
    let mut entity = Vec::with_capacity(message.text.len() + 1_024);
    // Writing to memory does not fail.
    write_header(&mut entity, message, outer).map_err(|_| too_large)?;
    if entity.len() > MAX_HEADER_BYTES {
        return Err(BuildError::HeaderTooLarge {
            limit_bytes: MAX_HEADER_BYTES,
        });
    }
    body(message, enclosed)
        .write_part(&mut entity)
        .map_err(|_| too_large)?;
    if entity.len() > MAX_MESSAGE_BYTES {
        Err(too_large)
    } else {
        Ok(entity)
    }
}

fn write_header(out: &mut Vec<u8>, message: &Outgoing, outer: Outer) -> io::Result<()> {
    write_people(out, "From", std::slice::from_ref(&message.from))?;
    write_people(out, "To", &message.to)?;
    write_people(out, "Cc", &message.cc)?;
    write_people(out, "Bcc", &message.bcc)?;
    write_date(out, "Date", message.date_s)?;
    write_subject(out, "Subject", &message.subject)?;
    write_ids(out, "Message-ID", std::slice::from_ref(&message.message_id))?;
    write_ids(out, "In-Reply-To", message.in_reply_to.as_slice())?;
    write_ids(out, "References", &message.references)?;
    if outer == Outer::Message {
        write_outer_record(out, message)?;
    }
    out.extend_from_slice(b"MIME-Version: 1.0\r\n");
    Ok(())
}

/// The fields outside, told inside.
fn write_outer_record(out: &mut Vec<u8>, message: &Outgoing) -> io::Result<()> {
    write_people(out, "HP-Outer: From", std::slice::from_ref(&message.from))?;
    write_people(out, "HP-Outer: To", &message.to)?;
    write_people(out, "HP-Outer: Cc", &message.cc)?;
    write_date(out, "HP-Outer: Date", message.date_s)?;
    out.extend_from_slice(format!("HP-Outer: Subject: {}\r\n", OUTER_SUBJECT).as_bytes());
    Ok(())
}
