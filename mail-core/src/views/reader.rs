//! What the reader shows of a message that is open.

use super::{Person, Security};
use serde::{Deserialize, Serialize};

/// A message, opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct MessageView {
    /// The item.
    pub id: String,
    /// The folder it is in.
    pub folder_id: String,
    /// From.
    pub from: Person,
    /// To.
    pub to: Vec<Person>,
    /// Cc.
    pub cc: Vec<Person>,
    /// Bcc, in the sender's own copy.
    pub bcc: Vec<Person>,
    /// Reply-To when it is given, else From.
    pub reply_to: Vec<Person>,
    /// Subject.
    pub subject: String,
    /// Date, in milliseconds since 1970; the arrival when there is none that can be right.
    pub date_ms: f64,
    /// The body as plain text.
    pub text: String,
    /// The body as its author formatted it, part by part; empty when that is plain text alone.
    pub formatted: Vec<BodyView>,
    /// Whether the person wants it as plain text all the same.
    pub prefer_plain: bool,
    /// What is attached, pictures in the text included.
    pub attachments: Vec<AttachmentView>,
    /// Whether what the HTML refers to elsewhere may be fetched.
    pub remote_content: RemoteContent,
    /// Message-ID, without angle brackets.
    pub message_id: String,
    /// In-Reply-To's and References' ids, oldest first.
    pub references: Vec<String>,
    /// What was odd about the message and mended in showing it, one sentence each.
    pub notes: Vec<String>,
    /// Addresses in it that could be taken for others.
    pub warnings: Vec<AddressWarning>,
    /// How it was protected.
    pub security: Security,
}

/// A part of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum BodyView {
    /// Plain text.
    Text {
        /// The text.
        text: String,
    },
    /// HTML as a stranger wrote it: to be cleaned, and shown where it can do nothing.
    Html {
        /// The HTML.
        html: String,
    },
}

/// Something attached to a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct AttachmentView {
    /// Its place among the message's attachments: what names it when it is asked for.
    pub index: u32,
    /// Its name, fit to be shown and saved.
    pub name: String,
    /// Whether the sender wrote another name, one that hides something or that cannot be saved.
    pub name_changed: bool,
    /// Media type in lower case, as the sender says.
    pub media_type: String,
    /// Size in bytes.
    pub size_bytes: f64,
    /// Content-ID without angle brackets: what `cid:` addresses in the HTML name.
    pub content_id: Option<String>,
    /// Whether the sender means it to be seen in the text.
    pub inline: bool,
    /// Whether opening it may run a program.
    pub may_run: bool,
}

/// Whether what a message's HTML refers to elsewhere (pictures, as a rule) may be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum RemoteContent {
    /// Ask each time: who wrote it is not certain, so that no answer can be kept for the sender.
    AskEachTime,
    /// Ask; the answer may be kept for this sender.
    Ask,
    /// The person wants it shown for this sender, who has signed this message.
    Show,
    /// The person wants it shown for nobody, and not to be asked.
    Never,
    /// The person wants it shown for everybody, and the sender has signed this message.
    ShowAll,
}

/// An address that could be taken for another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct AddressWarning {
    /// As it stands in the message.
    pub address: String,
    /// Why, in one sentence.
    pub text: String,
}
