//! What a client shows: plain records that cross from the worker to whoever draws. They hold what a person has asked
//! to see and no key. With feature `typescript`, their TypeScript declarations are generated from here.

mod answer;
mod contacts;
mod factor;
mod keys;
mod list;
mod offline;
mod organise;
mod reader;
mod search;
mod settings;
mod transfer;
mod transfer_out;

pub use answer::{FieldNames, QuoteWords};
pub use contacts::{
    AddressBook, CardImport, Contact, ContactGroup, ContactKey, FormerKey, GroupChange,
    KeyChangeInfo, SkipReason, SkippedCard, Suggestion, SuggestionKind,
};
pub use factor::{
    FactorAdded, FactorKind, NewPasskey, Passkey, PasskeyAnswer, PasskeyCreation,
    PasskeyDescriptor, PasskeyQuestion, SecondFactor, SecondFactorAsked, TotpSetup,
};
pub use keys::{KeyView, KeyringView, LockedFor};
pub use list::{
    ConversationInfo, ConversationView, ListFilter, ListPlace, ListRange, ListSpec, SortOrder,
    TakingIn,
};
pub use offline::PackedView;
pub use organise::{Contents, ItemFailure, Label, LabelColour, Operation, Organised, Woken};
pub use reader::{AddressWarning, AttachmentView, BodyView, MessageView, RemoteContent};
pub use search::{
    IndexProgress, Piece, QueryFilter, QueryProblem, SavedSearch, SearchHit, SearchResults,
};
pub use settings::{
    Clock, DateFormat, Density, NotificationContent, RemoteContentRule, Settings, SettingsChange,
    Signature, Theme,
};
pub use transfer::{
    ImportOptions, ImportOutcome, ImportPhase, ImportProblem, ImportProgress, ImportStop,
};
pub use transfer_out::{ExportForm, ExportItem, ExportPlan};

use serde::{Deserialize, Serialize};

/// The account that is open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct AccountInfo {
    /// The account's id at the server.
    pub id: String,
    /// The user name.
    pub username: String,
    /// The server's domain.
    pub domain: String,
    /// The person's address: user name, `@`, domain.
    pub address: String,
    /// The certificate's fingerprint, upper-case hexadecimal in groups of four.
    pub fingerprint: String,
    /// Whether a recovery code is set.
    pub has_recovery: bool,
}

/// What a folder is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum FolderRole {
    /// Arriving messages.
    Inbox,
    /// Copies of what was sent.
    Sent,
    /// Messages being written.
    Drafts,
    /// Kept out of the way.
    Archive,
    /// Unwanted.
    Spam,
    /// On the way out.
    Trash,
    /// Put aside until a time.
    Snoozed,
    /// Waiting to be sent at a time.
    Scheduled,
    /// One that the person has made.
    Custom,
}

/// A folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Folder {
    /// Its mailbox.
    pub id: String,
    /// What it is for.
    pub role: FolderRole,
    /// As the person has called it; none of one that every account has.
    pub name: Option<String>,
    /// The folder that the person has put it into.
    pub parent: Option<String>,
    /// Unread messages among those this client has listed.
    pub unread: u32,
    /// Messages in all.
    pub total: u32,
}

/// A person in a header field: display name (may be empty) and addr-spec.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// Display name.
    pub name: String,
    /// addr-spec, as `local@domain`.
    pub address: String,
}

/// A row of a message list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct MessageRow {
    /// The item.
    pub id: String,
    /// The folder it is in.
    pub folder_id: String,
    /// The author.
    pub from: Person,
    /// To, as far as the summary keeps them.
    pub to: Vec<Person>,
    /// The subject; empty when there is none.
    pub subject: String,
    /// The beginning of the text.
    pub snippet: String,
    /// The author's date, in milliseconds since 1970; the arrival when there is none.
    pub date_ms: f64,
    /// When it came, in milliseconds since 1970; when it came back, if it was put aside. Lists are sorted by it.
    pub arrival_ms: f64,
    /// Size of the ciphertext, in bytes.
    pub size_bytes: f64,
    /// The item's version.
    pub version: f64,
    /// Not read yet.
    pub unread: bool,
    /// Marked with a star.
    pub starred: bool,
    /// Ids of its labels. One that names none is a label that was deleted.
    pub labels: Vec<String>,
    /// When it comes back, in milliseconds since 1970, if it is put aside; when it is sent, if it waits for that.
    pub snoozed_until_ms: Option<f64>,
    /// Number of attachments.
    pub attachments: u32,
    /// Who wrote it, as it was judged at first sight; none of what this account wrote itself, or what did not open.
    pub signature: Option<SignatureState>,
    /// Why the message could not be opened, as one sentence; none when it could.
    pub fault: Option<String>,
    /// For a row of several messages: what they are. The row is then their newest one's, with the flags of all.
    #[cfg_attr(
        feature = "typescript",
        tsify(optional, type = "ConversationInfo | undefined")
    )]
    pub conversation: Option<ConversationInfo>,
}

/// One page of a folder, latest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct MessagePage {
    /// The rows.
    pub rows: Vec<MessageRow>,
    /// Pass for the next page; none on the last.
    pub next: Option<String>,
    /// Messages in the folder in all.
    pub total: u32,
}

/// What is known of who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum SignatureState {
    /// Signed by the key known for the address in From.
    Verified,
    /// Carries no signature.
    Unsigned,
    /// Signed by a key that is not known.
    UnknownKey,
    /// Signed by a key that is another address's than the one in From.
    WrongSender,
    /// Signed for other readers than this one.
    WrongRecipient,
    /// Signed by a key that breaks policy: expired, revoked, too weak, not a signing key.
    UnusableKey,
    /// The signature does not fit the message.
    Invalid,
}

/// What the reader says of a message's protection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Security {
    /// Whether it came encrypted, end to end; not known of what the person brought in from a file.
    pub encrypted: bool,
    /// Who wrote it.
    pub signature: SignatureState,
    /// Both in one sentence for a person: holds "Encrypted" and "Verified", or why not.
    pub text: String,
    /// The signing key's fingerprint, upper-case hexadecimal in groups of four.
    pub signer_fingerprint: Option<String>,
    /// When it was signed, as the signer says, in milliseconds since 1970; known of a signature that fits.
    pub signed_at_ms: Option<f64>,
    /// What it is signed with.
    pub signed_with: Option<String>,
    /// What it is encrypted with.
    pub encrypted_with: Option<String>,
    /// Whether the person has compared the author's key with its owner.
    pub sender_verified: bool,
    /// The author's key is another than the one seen first.
    #[cfg_attr(
        feature = "typescript",
        tsify(optional, type = "KeyChangeInfo | undefined")
    )]
    pub key_change: Option<KeyChangeInfo>,
}

/// A file that is attached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct DraftAttachment {
    /// File name.
    pub name: String,
    /// Media type, as its author's system named it.
    pub media_type: String,
    /// Size of the file, in bytes.
    pub size_bytes: f64,
    /// What the client knows it by: sealed, and of no use to anybody else.
    pub handle: String,
    /// Content-ID, without angle brackets, of a picture that stands in the formatted text.
    #[cfg_attr(feature = "typescript", tsify(optional, type = "string | undefined"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_id: Option<String>,
}

/// A message being written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
#[derive(Default)]
pub struct Draft {
    /// The draft's item. Whoever begins to write may choose it, at random, before it is saved: 32 lower-case
    /// hexadecimal digits. A save whose answer is lost is then found again by the next.
    #[cfg_attr(feature = "typescript", tsify(optional, type = "string | undefined"))]
    pub id: Option<String>,
    /// The version of the item that this text goes back to, once saved: as its row says.
    #[cfg_attr(feature = "typescript", tsify(optional, type = "number | undefined"))]
    pub version: Option<f64>,
    /// To: each a user name of this server or an addr-spec, as typed.
    pub to: Vec<String>,
    /// Cc.
    pub cc: Vec<String>,
    /// Bcc.
    pub bcc: Vec<String>,
    /// Subject.
    pub subject: String,
    /// The text.
    pub text: String,
    /// Message-ID of what it answers, without angle brackets.
    #[cfg_attr(feature = "typescript", tsify(optional, type = "string | undefined"))]
    pub in_reply_to: Option<String>,
    /// References' ids, oldest first.
    pub references: Vec<String>,
    /// What is attached, and the pictures in the text.
    #[serde(default)]
    pub attachments: Vec<DraftAttachment>,
    /// The text as it is formatted: the body of an HTML document, made by the editor alone. None: it has no formatting.
    #[cfg_attr(feature = "typescript", tsify(optional, type = "string | undefined"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// What a new answer quotes, when its author formatted it; `text` has the same without formatting. Not kept.
    #[cfg_attr(feature = "typescript", tsify(optional, type = "Quote | undefined"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<Quote>,
}

/// A formatted message that is answered or passed on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Quote {
    /// The lines above it.
    pub opening: String,
    /// Whether it is passed on whole, and not marked as a quotation.
    pub forwarded: bool,
    /// Its parts, as a stranger wrote them.
    pub bodies: Vec<BodyView>,
}

/// What became of an address typed as a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum RecipientState {
    /// Has a certificate that can be used: the mail will be encrypted.
    Ready,
    /// Not an address.
    Malformed,
    /// No such account on this server.
    Unknown,
    /// On another server, which this one cannot reach yet.
    Outside,
    /// The certificate breaks policy.
    UnusableKey,
    /// The certificate is another than the one seen first.
    ChangedKey,
}

/// A recipient, looked up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct RecipientStatus {
    /// As typed.
    pub typed: String,
    /// addr-spec, when it is one.
    pub address: Option<String>,
    /// What was found.
    pub state: RecipientState,
    /// One sentence for a person; empty when ready.
    pub text: String,
    /// The certificate's fingerprint now, upper-case hexadecimal in groups of four.
    pub fingerprint: Option<String>,
    /// On a changed key: the fingerprint seen first.
    pub pinned_fingerprint: Option<String>,
    /// Whether the person has compared the key with its owner; on a changed key, whether that was so of the one before.
    pub verified: bool,
}

/// A message, sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SentReceipt {
    /// The Sent copy's row.
    pub row: MessageRow,
}

/// What a synchronisation brought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
#[derive(Default)]
pub struct SyncOutcome {
    /// Rows that came or changed.
    pub changed: Vec<MessageRow>,
    /// Items that are gone.
    pub removed: Vec<String>,
    /// The folders, as they are now.
    pub folders: Vec<Folder>,
    /// The labels, as they are now.
    pub labels: Vec<Label>,
    /// Another number whenever the contacts, or what is known of anybody's key, may have changed.
    pub contacts_version: f64,
    /// Whether the account's credentials or keys were replaced by another session.
    pub account_changed: bool,
    /// Whether a second factor is asked for from now on, when another session has changed that.
    #[cfg_attr(feature = "typescript", tsify(optional))]
    pub second_factor: Option<bool>,
    /// The settings, when another session has changed them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", tsify(optional, type = "Settings | undefined"))]
    pub settings: Option<Settings>,
}

/// A step of something that takes a while, for a progress display.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Talking to the server.
    Contacting,
    /// Stretching the password.
    StretchingPassword,
    /// Making the account's keys.
    MakingKeys,
    /// Opening the account's keys.
    OpeningKeys,
    /// Looking recipients up.
    LookingUp,
    /// Encrypting.
    Encrypting,
    /// Uploading.
    Uploading,
    /// Delivering.
    Delivering,
    /// Downloading.
    Downloading,
    /// Decrypting.
    Decrypting,
}
