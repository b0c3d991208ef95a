//! What reading a message gives: its fields and text, what was odd about it, or why it could not be read.

use super::attachment::Attachment;
use super::date::is_plausible;
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
    /// A part of it holds too much HTML to be shown as such.
    HtmlTooLarge,
    /// The text is in another character set than it says, or does not say in which.
    WrongCharset,
    /// There is no readable text in it.
    NoText,
    /// It is encrypted where it was brought from, to a key that is not here.
    OtherKey,
    /// It is encrypted where it was brought from, in a way that is not opened, or is damaged.
    Unopened,
    /// A part's transfer encoding is broken; what could be read is shown.
    BrokenEncoding,
    /// A field that may stand once stands several times; the last is taken.
    RepeatedField,
    /// The fields are not the protected ones.
    UnprotectedHeader,
    /// The subject is longer than what is shown of it.
    LongSubject,
    /// More people are named than are shown.
    ManyPeople,
    /// Names or the subject hold characters that change how the words around them read.
    HiddenCharacters,
    /// An address is written in letters that could be taken for others.
    DeceptiveAddress,
    /// There is no date, or none that can be read.
    NoDate,
    /// The date lies before there was mail like this, or long after the message came.
    OddDate,
    /// What stands for the Message-ID is none, or there are several.
    OddMessageId,
    /// Parts begin and are never closed.
    CutOff,
    /// It says to have parts, and none can be told.
    NoParts,
}

/// Adds a note, once.
pub(super) fn add_note(notes: &mut Vec<Note>, note: Note) {
    if !notes.contains(&note) {
        notes.push(note);
    }
}

/// A part of the body as its author formatted it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Plain text, in its canonical form.
    Text(String),
    /// HTML as it came. It may hold anything and is not fit to be shown as it is.
    Html(String),
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
            Self::OtherKey => {
                "This message is encrypted, and none of your keys opens it. If you have its key in another program, add that in the settings."
            }
            Self::Unopened => {
                "This message is encrypted in an old, unsafe way, or is damaged. It is shown as it came."
            }
            Self::HtmlTooLarge => {
                "The formatting of this message is too large to show; its text is shown."
            }
            Self::WrongCharset => {
                "The text of this message is not in the character set that it names; some letters may be wrong."
            }
            Self::BrokenEncoding => {
                "A part of this message is damaged; what could be read is shown."
            }
            Self::RepeatedField => {
                "This message has a field twice that may be there once; the last one is shown."
            }
            Self::UnprotectedHeader => {
                "Subject and addresses of this message were not protected by its encryption."
            }
            Self::LongSubject => "The subject is very long; its beginning is shown.",
            Self::ManyPeople => "This message names very many people; the first are shown.",
            Self::HiddenCharacters => {
                "Hidden characters were removed that would have changed how a name or the subject reads."
            }
            Self::DeceptiveAddress => {
                "An address in this message is written in letters that can be taken for others. Look closely before you trust it."
            }
            Self::NoDate => "This message does not say when it was written; you see when it came.",
            Self::OddDate => {
                "This message says it was written at a time that cannot be right; you see when it came."
            }
            Self::OddMessageId => {
                "The identifier of this message is malformed; answers to it may stand apart."
            }
            Self::CutOff => "The end of this message is missing.",
            Self::NoParts => {
                "The parts of this message cannot be told apart; it is shown as it came."
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
    /// The body as its author formatted it; empty when that is plain text alone.
    pub formatted: Vec<Body>,
    /// Message-ID without angle brackets; empty when there is none.
    pub message_id: String,
    /// In-Reply-To's first id.
    pub in_reply_to: Option<String>,
    /// References' ids, oldest first.
    pub references: Vec<String>,
    /// What is attached, pictures in the text included.
    pub attachments: Vec<Attachment>,
    /// Whether these fields are the protected ones.
    pub protection: HeaderProtection,
    /// What was odd.
    pub notes: Vec<Note>,
}

impl ParsedMessage {
    /// Leaves out a date that cannot be right for a message that came at this time.
    pub(crate) fn settle_date(&mut self, arrival_s: u64) {
        if self
            .date_s
            .is_some_and(|date_s| !is_plausible(date_s, arrival_s))
        {
            self.date_s = None;
            self.notes.push(Note::OddDate);
        }
    }

    /// Attachments that a list counts: without the pictures that HTML shows in its place.
    #[must_use]
    pub fn attachment_count(&self) -> u32 {
        let has_html = !self.formatted.is_empty();
        let counted = |attachment: &&Attachment| {
            !(has_html
                && attachment.content_id.is_some()
                && attachment.media_type.starts_with("image/"))
        };
        let count = self.attachments.iter().filter(counted).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }
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
