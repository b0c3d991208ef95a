//! What can be wrong with a store, in plain words, with the ids of what it is about.

use crate::store::engine::KeyRange;
use crate::store::layout::{self, PREFIXES, StreamId};
use smail_protocol::{AccountId, BlobId, ItemId, MailboxId, ObjectId};
use std::fmt;

/// One thing that is wrong. Names accounts by their ids, never people by their names.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// A key of no form that this program knows; its bytes, hexadecimal.
    UnknownKey(String),
    /// A record that does not read; which kind, and its key, hexadecimal.
    Unreadable(&'static str, String),
    /// A part of the data that the engine cannot read, so that it is not known what is in it.
    Unread(Place),
    /// An item whose octets are, at least in part, where the engine cannot read.
    ItemUnread(AccountId, ItemId, BlobId),
    /// There are accounts, and no OPAQUE server setup: nobody can log in.
    NoServerSetup,
    /// Something that every account has.
    MissingPart(AccountId, &'static str),
    /// A user name that leads to no account.
    NameOfNobody(AccountId),
    /// A user name that leads to an account which has another.
    StrayName(AccountId),
    /// An account whose name does not lead to it.
    NameMissing(AccountId),
    /// An account whose name leads to another.
    NameTaken(AccountId),
    /// Data of an account that is not there.
    DataOfNobody(AccountId),
    /// An account's number of mailboxes: as kept, and as found.
    MailboxCount(AccountId, u64, u64),
    /// A mailbox that the account or its items name, and that is not there.
    MailboxMissing(AccountId, MailboxId),
    /// A mailbox's number of items: as kept, and as found.
    MailboxTotal(AccountId, MailboxId, u64, u64),
    /// An item that its mailbox does not list.
    NotListed(AccountId, ItemId),
    /// A listing of an item that is not there.
    StaleListing(AccountId, ItemId),
    /// An item whose octets are lost.
    ItemWithoutBlob(AccountId, ItemId, BlobId),
    /// An item of which a part's octets are lost.
    ItemWithoutPart(AccountId, ItemId, BlobId),
    /// Parts of an item that is not there.
    StrayParts(AccountId, ItemId),
    /// A message that waits to be sent with an item that is not there.
    StraySending(AccountId, ItemId),
    /// A message that waits and would never be sent.
    SendingWithoutTime(AccountId, ItemId),
    /// An item that tells another size than its blob has.
    ItemSize(AccountId, ItemId),
    /// How many of an account's items name a blob: as kept, and as found.
    HoldingCount(AccountId, BlobId, u64, u64),
    /// A note that an account holds a blob, which neither an item nor an upload explains, or that is not there.
    StrayHolding(AccountId, BlobId),
    /// An upload that would never be given up.
    ClaimWithoutEnd(AccountId, BlobId),
    /// How much an account stores, in bytes: as kept, and as found.
    Usage(AccountId, u64, u64),
    /// How many accounts hold a blob: as kept, and as found.
    HolderCount(BlobId, u64, u64),
    /// A blob that nobody holds.
    BlobOfNobody(BlobId),
    /// A chunk whose checksum is wrong.
    ChunkDamaged(BlobId, u32),
    /// A chunk that is not there.
    ChunkMissing(BlobId, u32),
    /// A blob whose octets are more or fewer than it says.
    BlobSize(BlobId, u64, u64),
    /// A blob whose octets are not what its name says.
    BlobDigest(BlobId),
    /// Chunks that belong to no blob and no upload.
    StrayChunks(StreamName),
    /// An item or state object that the change log does not tell of.
    ChangeMissing(AccountId, Changed),
    /// A change of something that is not there, or that a later change tells of.
    StaleChange(AccountId, u64),
    /// The account's newest change: as kept, and as found.
    SeqBehind(AccountId, u64, u64),
    /// A session of the account that no token opens.
    SessionWithoutToken(AccountId),
    /// A token of a session that the account does not list.
    TokenWithoutSession(AccountId),
    /// A session that would never end.
    SessionWithoutEnd(AccountId),
    /// An idempotency key that would never be forgotten.
    DeliveryWithoutEnd(AccountId),
    /// A note of an end that does not read.
    MalformedEnd(String),
}

/// A part of the data, by its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place(pub(in crate::store) KeyRange);

/// Names a stream of chunks for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamName(pub(in crate::store) StreamId);

/// What a change is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// An item.
    Item(ItemId),
    /// A state object.
    State(ObjectId),
    /// The account itself.
    Account,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey(key) => write!(f, "a key of no known form: {key}"),
            Self::Unreadable(what, key) => write!(f, "the {what} under {key} cannot be read"),
            Self::Unread(place) => write!(f, "{place} cannot be read"),
            Self::ItemUnread(account, item, blob) => write!(
                f,
                "item {item} of account {account} cannot be read: it has octets of blob {blob} there"
            ),
            Self::NoServerSetup => write!(f, "the OPAQUE setup is missing: nobody can log in"),
            Self::MissingPart(account, part) => write!(f, "account {account} has no {part}"),
            Self::NameOfNobody(account) => {
                write!(
                    f,
                    "a user name leads to account {account}, which is not there"
                )
            }
            Self::StrayName(account) => {
                write!(f, "a second user name leads to account {account}")
            }
            Self::NameMissing(account) => {
                write!(f, "the user name of account {account} leads nowhere")
            }
            Self::NameTaken(account) => {
                write!(
                    f,
                    "the user name of account {account} leads to another account"
                )
            }
            Self::DataOfNobody(account) => {
                write!(f, "there is data of account {account}, and no such account")
            }
            Self::MailboxCount(account, kept, found) => write!(
                f,
                "account {account} says it has {kept} mailboxes, and has {found}"
            ),
            Self::MailboxMissing(account, mailbox) => {
                write!(f, "account {account} has lost its mailbox {mailbox}")
            }
            Self::MailboxTotal(account, mailbox, kept, found) => write!(
                f,
                "mailbox {mailbox} of account {account} says it has {kept} items, and has {found}"
            ),
            Self::NotListed(account, item) => {
                write!(f, "item {item} of account {account} is in no list")
            }
            Self::StaleListing(account, item) => write!(
                f,
                "a list of account {account} names item {item} where it is not"
            ),
            Self::ItemWithoutBlob(account, item, blob) => write!(
                f,
                "the octets of item {item} of account {account} are lost: there is no blob {blob}"
            ),
            Self::ItemWithoutPart(account, item, blob) => write!(
                f,
                "an attachment of item {item} of account {account} is lost: there is no blob {blob}"
            ),
            Self::StrayParts(account, item) => write!(
                f,
                "account {account} has parts of item {item}, which is not there"
            ),
            Self::StraySending(account, item) => write!(
                f,
                "a message of account {account} waits to be sent with item {item}, which is not there"
            ),
            Self::SendingWithoutTime(account, item) => write!(
                f,
                "item {item} of account {account} waits, and would never be sent"
            ),
            Self::ItemSize(account, item) => write!(
                f,
                "item {item} of account {account} tells another size than its blob has"
            ),
            Self::HoldingCount(account, blob, kept, found) => write!(
                f,
                "account {account} counts {kept} items with blob {blob}, and has {found}"
            ),
            Self::StrayHolding(account, blob) => {
                write!(f, "account {account} holds blob {blob} for no reason")
            }
            Self::ClaimWithoutEnd(account, blob) => write!(
                f,
                "the upload of blob {blob} by account {account} would never be given up"
            ),
            Self::Usage(account, kept, found) => write!(
                f,
                "account {account} says it stores {kept} bytes, and stores {found}"
            ),
            Self::HolderCount(blob, kept, found) => {
                write!(f, "blob {blob} counts {kept} holders, and has {found}")
            }
            Self::BlobOfNobody(blob) => write!(f, "nobody holds blob {blob}"),
            Self::ChunkDamaged(blob, number) => {
                write!(f, "chunk {number} of blob {blob} is damaged")
            }
            Self::ChunkMissing(blob, number) => {
                write!(f, "chunk {number} of blob {blob} is missing")
            }
            Self::BlobSize(blob, kept, found) => {
                write!(f, "blob {blob} says it has {kept} octets, and has {found}")
            }
            Self::BlobDigest(blob) => {
                write!(f, "the octets of blob {blob} are not those of its name")
            }
            Self::StrayChunks(stream) => write!(f, "the chunks {stream} belong to nothing"),
            Self::ChangeMissing(account, changed) => {
                write!(f, "no change of account {account} tells of {changed}")
            }
            Self::StaleChange(account, seq) => {
                write!(f, "change {seq} of account {account} tells of nothing")
            }
            Self::SeqBehind(account, kept, found) => write!(
                f,
                "the newest change of account {account} is {found}, and not {kept}"
            ),
            Self::SessionWithoutToken(account) => {
                write!(f, "a session of account {account} has no token")
            }
            Self::TokenWithoutSession(account) => {
                write!(f, "a session of account {account} is not in its list")
            }
            Self::SessionWithoutEnd(account) => {
                write!(f, "a session of account {account} would never be removed")
            }
            Self::DeliveryWithoutEnd(account) => write!(
                f,
                "an idempotency key of account {account} would never be removed"
            ),
            Self::MalformedEnd(key) => write!(f, "the note of an end {key} cannot be read"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let KeyRange { start, end } = &self.0;
        let kinds: Vec<&str> = PREFIXES
            .iter()
            .filter(|prefix| start[..] < [prefix.byte, u8::MAX][..] && end[..] > [prefix.byte][..])
            .map(|prefix| prefix.what)
            .collect();
        write!(f, "{}", kinds.join(", "))?;
        let account = layout::account_of(start);
        let is_of_accounts = PREFIXES
            .iter()
            .any(|prefix| start.first() == Some(&prefix.byte) && prefix.is_of_accounts);
        if let (Some(account), true) = (
            account,
            is_of_accounts && account == layout::account_of(end),
        ) {
            write!(f, " of account {account}")?;
        }
        write!(f, ", from key {} up to key {},", hex(start), hex(end))
    }
}

impl fmt::Display for StreamName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0.0))
    }
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Item(item) => write!(f, "item {item}"),
            Self::State(object) => write!(f, "state object {object}"),
            Self::Account => f.write_str("the account itself"),
        }
    }
}

/// Bytes for a person.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
