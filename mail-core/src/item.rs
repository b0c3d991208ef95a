//! What is sealed beside an item: a summary for lists, and flags. JSON, so that a later version can add to it.

use crate::list::ThreadIds;
use crate::message::{ParsedMessage, ellipsis, neutral_text, snippet};
use crate::transfer::Digest;
use crate::views::{MessageRow, Person, SignatureState};
use serde::{Deserialize, Serialize};
use smail_protocol::{BlobId, Item, MailboxId};

/// Version of the content written now.
const CONTENT_VERSION: u32 = 1;
/// Longest subject in a summary, in characters. The message itself keeps the whole.
const MAX_SUBJECT_CHARS: usize = 300;
/// Most recipients in a summary.
const MAX_PEOPLE: usize = 16;
/// Longest display name in a summary, in characters.
const MAX_NAME_CHARS: usize = 80;
/// Longest address in a summary, in characters.
const MAX_ADDRESS_CHARS: usize = 254;

/// What kind of thing the item's blob is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum BlobKind {
    /// An OpenPGP message.
    Message,
    /// A draft in a sealed envelope.
    Draft {
        /// The item version that the draft's envelope is bound to. The item's own may have grown since.
        version: u64,
    },
}

/// The content of an item's sealed envelope.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ItemContent {
    version: u32,
    /// The blob this is the summary of. With another one beside it the item is refused.
    pub(crate) blob_id: BlobId,
    pub(crate) kind: BlobKind,
    pub(crate) from: Person,
    pub(crate) to: Vec<Person>,
    pub(crate) subject: String,
    pub(crate) snippet: String,
    pub(crate) date_ms: Option<u64>,
    pub(crate) attachments: u32,
    /// Who wrote it, as it was judged at first sight; none of what this account wrote itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) signature: Option<SignatureState>,
    pub(crate) unread: bool,
    pub(crate) starred: bool,
    /// Ids of labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) labels: Vec<String>,
    /// Where it was before it went to Trash, Spam or Snoozed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) home: Option<MailboxId>,
    /// When it is to come back out of Snoozed, or to be sent out of Scheduled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) snoozed_until_ms: Option<u64>,
    /// When it last came back out of Snoozed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) returned_ms: Option<u64>,
    /// Why there is no summary, for a message that was filed although it does not open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) fault: Option<String>,
    /// How it hangs together with other messages; nothing in what was filed before there were conversations.
    #[serde(default, skip_serializing_if = "ThreadIds::is_empty")]
    pub(crate) thread: ThreadIds,
    /// When it came to where it was brought from, in milliseconds since 1970: lists order it by that. None of what came
    /// to this account itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) arrived_ms: Option<u64>,
    /// What it is known again by, should the same be brought once more. None of what came to this account itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) digest: Option<Digest>,
}

/// What of an item's content is the person's own doing, and no part of the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filing {
    pub(crate) unread: bool,
    pub(crate) starred: bool,
    pub(crate) labels: Vec<String>,
    pub(crate) home: Option<MailboxId>,
    pub(crate) snoozed_until_ms: Option<u64>,
    pub(crate) returned_ms: Option<u64>,
}

/// Why an item's content cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ContentError {
    /// Not this content's JSON.
    #[error("This message's summary is damaged.")]
    Malformed,
    /// Written by a later version of this program.
    #[error("This message was filed by a newer version of S-Mail. Reload the page.")]
    Newer,
    /// The summary is of another blob.
    #[error("The server put another message in this one's place. It is not shown.")]
    SwappedBlob,
}

impl ItemContent {
    /// The summary of a message that was read; unread and without a star.
    pub(crate) fn of_message(
        blob_id: BlobId,
        message: &ParsedMessage,
        signature: Option<SignatureState>,
    ) -> Self {
        Self {
            version: CONTENT_VERSION,
            blob_id,
            kind: BlobKind::Message,
            from: summary_person(&message.from),
            to: message
                .to
                .iter()
                .take(MAX_PEOPLE)
                .map(summary_person)
                .collect(),
            subject: summary_subject(&message.subject),
            snippet: snippet(&message.text),
            date_ms: message.date_s.map(|seconds| seconds.saturating_mul(1_000)),
            attachments: message.attachment_count(),
            signature,
            unread: true,
            starred: false,
            labels: Vec::new(),
            home: None,
            snoozed_until_ms: None,
            returned_ms: None,
            fault: None,
            thread: ThreadIds::of_message(message),
            arrived_ms: None,
            digest: None,
        }
    }

    /// The summary of what this account writes.
    pub(crate) fn of_own(
        blob_id: BlobId,
        kind: BlobKind,
        from: &Person,
        own: OwnWords<'_>,
    ) -> Self {
        Self {
            version: CONTENT_VERSION,
            blob_id,
            kind,
            from: summary_person(from),
            to: own.to.iter().take(MAX_PEOPLE).map(summary_person).collect(),
            subject: summary_subject(own.subject),
            snippet: snippet(own.text),
            date_ms: Some(own.date_ms),
            attachments: u32::try_from(own.attachments).unwrap_or(u32::MAX),
            signature: None,
            unread: false,
            starred: false,
            labels: Vec::new(),
            home: None,
            snoozed_until_ms: None,
            returned_ms: None,
            fault: None,
            thread: ThreadIds::default(),
            arrived_ms: None,
            digest: None,
        }
    }

    /// Whether the person brought it in from a file: it did not come to this account.
    pub(crate) const fn was_brought(&self) -> bool {
        self.arrived_ms.is_some()
    }

    /// The same, with what ties it to other messages.
    pub(crate) fn in_thread(self, thread: ThreadIds) -> Self {
        Self { thread, ..self }
    }

    /// What is filed of a message that does not open: why.
    pub(crate) fn of_unreadable(blob_id: BlobId, fault: &str) -> Self {
        let nobody = Person {
            name: String::new(),
            address: String::new(),
        };
        let words = OwnWords {
            to: &[],
            subject: "",
            text: "",
            date_ms: 0,
            attachments: 0,
        };
        let content = Self::of_own(blob_id, BlobKind::Message, &nobody, words);
        Self {
            date_ms: None,
            fault: Some(fault.to_owned()),
            ..content
        }
    }

    /// How the person has filed it.
    pub(crate) fn filing(&self) -> Filing {
        Filing {
            unread: self.unread,
            starred: self.starred,
            labels: self.labels.clone(),
            home: self.home,
            snoozed_until_ms: self.snoozed_until_ms,
            returned_ms: self.returned_ms,
        }
    }

    /// Files it so.
    pub(crate) fn file(&mut self, filing: Filing) {
        self.unread = filing.unread;
        self.starred = filing.starred;
        self.labels = filing.labels;
        self.home = filing.home;
        self.snoozed_until_ms = filing.snoozed_until_ms;
        self.returned_ms = filing.returned_ms;
    }

    /// The content as it is sealed.
    pub(crate) fn to_json(&self) -> Vec<u8> {
        // Strings, numbers and lists of them: there is nothing in it that JSON cannot say.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads what was sealed beside an item that names this blob.
    pub(crate) fn from_json(json: &[u8], blob_id: BlobId) -> Result<Self, ContentError> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let Version { version } =
            serde_json::from_slice(json).map_err(|_| ContentError::Malformed)?;
        if version > CONTENT_VERSION {
            return Err(ContentError::Newer);
        }
        let content: Self = serde_json::from_slice(json).map_err(|_| ContentError::Malformed)?;
        if content.blob_id == blob_id {
            Ok(content)
        } else {
            Err(ContentError::SwappedBlob)
        }
    }

    /// The row that a list shows.
    pub(crate) fn row(&self, item: &Item) -> MessageRow {
        MessageRow {
            from: self.from.clone(),
            to: self.to.clone(),
            subject: self.subject.clone(),
            snippet: self.snippet.clone(),
            date_ms: to_view(self.date_ms.unwrap_or(came_ms(item, Some(self)))),
            arrival_ms: to_view(self.returned_ms.unwrap_or(0).max(came_ms(item, Some(self)))),
            unread: self.unread,
            starred: self.starred,
            labels: self.labels.clone(),
            snoozed_until_ms: self.snoozed_until_ms.map(to_view),
            attachments: self.attachments,
            signature: self.signature,
            fault: self.fault.clone(),
            ..empty_row(item)
        }
    }
}

/// What this account wrote, as far as a summary wants it.
pub(crate) struct OwnWords<'a> {
    pub(crate) to: &'a [Person],
    pub(crate) subject: &'a str,
    pub(crate) text: &'a str,
    pub(crate) date_ms: u64,
    /// How many.
    pub(crate) attachments: usize,
}

/// The row of an item that could not be opened.
pub(crate) fn fault_row(item: &Item, fault: String) -> MessageRow {
    MessageRow {
        fault: Some(fault),
        ..empty_row(item)
    }
}

fn empty_row(item: &Item) -> MessageRow {
    MessageRow {
        id: item.item_id.to_string(),
        folder_id: item.mailbox_id.to_string(),
        from: Person {
            name: String::new(),
            address: String::new(),
        },
        to: Vec::new(),
        subject: String::new(),
        snippet: String::new(),
        date_ms: to_view(item.arrival_ms),
        arrival_ms: to_view(item.arrival_ms),
        size_bytes: to_view(item.size_bytes),
        version: to_view(item.version),
        unread: false,
        starred: false,
        labels: Vec::new(),
        snoozed_until_ms: None,
        attachments: 0,
        signature: None,
        fault: None,
        conversation: None,
    }
}

/// A count or version as it came back from a view; what is no such number is none.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // checked: exact below 2^53
pub(crate) fn from_view(number: f64) -> Option<u64> {
    (number.fract() == 0.0 && (0.0..9_007_199_254_740_992.0).contains(&number))
        .then_some(number as u64)
}

/// A count or time as JavaScript's number: exact below 2^53, which is year 287,396 in milliseconds.
pub(crate) const fn to_view(number: u64) -> f64 {
    number as f64
}

fn summary_person(person: &Person) -> Person {
    Person {
        name: ellipsis(&person.name, MAX_NAME_CHARS),
        address: ellipsis(&person.address, MAX_ADDRESS_CHARS),
    }
}

fn summary_subject(subject: &str) -> String {
    let start: String = subject.chars().take(4 * MAX_SUBJECT_CHARS).collect();
    ellipsis(&neutral_text(&start), MAX_SUBJECT_CHARS)
}

/// When it came, here or to where it was brought from, in milliseconds since 1970.
pub(crate) fn came_ms(item: &Item, content: Option<&ItemContent>) -> u64 {
    content
        .and_then(|content| content.arrived_ms)
        .unwrap_or(item.arrival_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(subject: &str) -> ItemContent {
        let from = Person {
            name: String::new(),
            address: "alice@localhost".to_owned(),
        };
        let to: Vec<Person> = (0..100).map(|_| from.clone()).collect();
        let words = OwnWords {
            to: &to,
            subject,
            text: "Hello,\nbob",
            date_ms: 7,
            attachments: 2,
        };
        ItemContent::of_own(
            BlobId::from_sha256([1; 32]),
            BlobKind::Draft { version: 3 },
            &from,
            words,
        )
    }

    #[test]
    fn it_reads_back_what_it_wrote() {
        let content = own("Dinner");
        assert_eq!(
            ItemContent::from_json(&content.to_json(), content.blob_id),
            Ok(content)
        );
    }

    #[test]
    fn a_megabyte_of_subject_fits_by_an_ellipsis() {
        let content = own(&"ü ".repeat(512 * 1024));
        assert!(content.subject.ends_with('…'));
        assert!(content.to_json().len() < smail_protocol::limits::MAX_SEALED_BYTES / 2);
    }

    #[test]
    fn another_blob_a_newer_version_and_damage_are_refused() {
        let content = own("x");
        let json = String::from_utf8(content.to_json()).unwrap();
        let refused = |json: &str, blob| {
            ItemContent::from_json(json.as_bytes(), BlobId::from_sha256([blob; 32]))
        };
        assert_eq!(refused(&json, 2), Err(ContentError::SwappedBlob));
        assert_eq!(
            refused(&json.replace("\"version\":1", "\"version\":2"), 1),
            Err(ContentError::Newer)
        );
        assert_eq!(refused(&json[1..], 1), Err(ContentError::Malformed));
    }

    /// Frozen: what version 1 wrote must open for ever.
    #[test]
    fn the_first_version_reads() {
        let json = format!(
            r#"{{"version":1,"blob_id":"{}","kind":{{"draft":{{"version":3}}}},"from":{{"name":"","address":"a@b"}},"to":[],"subject":"s","snippet":"t","date_ms":7,"attachments":0,"unread":false,"starred":true}}"#,
            "01".repeat(32)
        );
        let content =
            ItemContent::from_json(json.as_bytes(), BlobId::from_sha256([1; 32])).unwrap();
        assert_eq!(
            (content.kind, content.starred),
            (BlobKind::Draft { version: 3 }, true)
        );
    }
}
