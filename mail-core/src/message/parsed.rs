//! What reading a message gives: its fields and text, what was odd about it, or why it could not be read.

use crate::attachment::CutOff;
use crate::views::Person;

/// Whether the fields read were protected by the encryption's author (RFC 9788, section 2.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderProtection {
    /// `hp="cipher"`: confidential and covered by the signature.
    Cipher,
    /// `hp="clear"`: covered by the signature; its author did not mean to hide them.
    Clear,
    /// No word of it.
    None,
}

/// Something odd about a message that was mended in reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// From is missing or no address.
    NoAuthor,
    /// From names several people; the first is taken.
    SeveralAuthors,
    /// What stands for an address is none, and is left out.
    OddAddress,
    /// There is no readable text in it.
    NoText,
    /// The text came as HTML and is shown as plain text.
    HtmlAsText,
    /// A part's transfer encoding is broken; what could be read is shown.
    BrokenEncoding,
    /// A field that may stand once stands several times; the last is taken.
    RepeatedField,
    /// The fields are not the protected ones.
    UnprotectedHeader,
}

impl Note {
    /// One sentence for a person.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NoAuthor => "This message does not say who wrote it.",
            Self::SeveralAuthors => "This message names several authors; the first one is shown.",
            Self::OddAddress => "An address in this message is malformed and is not shown.",
            Self::NoText => "This message has no text.",
            Self::HtmlAsText => "This message came as a web page and is shown as plain text.",
            Self::BrokenEncoding => {
                "A part of this message is damaged; what could be read is shown."
            }
            Self::RepeatedField => {
                "This message has a field twice that may be there once; the last one is shown."
            }
            Self::UnprotectedHeader => {
                "Subject and addresses of this message were not protected by its encryption."
            }
        }
    }
}

/// What a message says, made safe to show.
#[derive(Debug, Clone, PartialEq)]
pub struct ParsedMessage {
    /// From; both parts empty when there is none.
    pub from: Person,
    /// To.
    pub to: Vec<Person>,
    /// Cc.
    pub cc: Vec<Person>,
    /// Bcc.
    pub bcc: Vec<Person>,
    /// Reply-To.
    pub reply_to: Vec<Person>,
    /// Subject.
    pub subject: String,
    /// Date, in seconds since 1970.
    pub date_s: Option<u64>,
    /// The text, in its canonical form.
    pub text: String,
    /// Message-ID without angle brackets; empty when there is none.
    pub message_id: String,
    /// In-Reply-To's first id.
    pub in_reply_to: Option<String>,
    /// References' ids, oldest first.
    pub references: Vec<String>,
    /// Number of attachments.
    pub attachments: u32,
    /// Those of them that are beside the message.
    pub(crate) cut_off: Vec<CutOff>,
    /// Whether these fields are the protected ones.
    pub protection: HeaderProtection,
    /// What was odd.
    pub notes: Vec<Note>,
}

/// Why a message could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// Larger than the limit.
    #[error("The message is too large to open (more than {} MB).", .limit_bytes / 1_000_000)]
    TooLarge {
        /// The limit.
        limit_bytes: usize,
    },
    /// The header section is larger than the limit.
    #[error("The message's header is too large to open (more than {} kB).", .limit_bytes / 1_000)]
    HeaderTooLarge {
        /// The limit.
        limit_bytes: usize,
    },
    /// More parts than the limit.
    #[error("The message has too many parts to open (more than {limit}).")]
    TooManyParts {
        /// The limit.
        limit: usize,
    },
    /// Nothing in it is a message.
    #[error("What came is not a message.")]
    NotAMessage,
}

impl ParseError {
    /// Stable word for this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "message-too-large",
            Self::HeaderTooLarge { .. } => "message-header-too-large",
            Self::TooManyParts { .. } => "message-too-complex",
            Self::NotAMessage => "not-a-message",
        }
    }
}
