//! Every key of the store, byte by byte. Layout 1.
//!
//! A key is one prefix byte and fields of fixed length, so that keys of one prefix sort by their fields. Numbers are
//! big-endian. Ids are their 16 bytes, blob ids and token hashes their 32. Values are in `records`.
//!
//! | prefix | fields | value |
//! |---|---|---|
//! | `v` | | layout version, `u32` big-endian |
//! | `w` | | the key that a migration under way has come to |
//! | `z` | | OPAQUE server setup, as opaque-ke serializes it |
//! | `n` | username, ASCII | account id, 16 bytes; zeros: of an account that was deleted, and nobody's any more |
//! | `a` | account | `AccountRecord` |
//! | `c` | account | certificate, binary OpenPGP |
//! | `k` | account | keyring, sealed envelope |
//! | `p` | account, credential kind (`u8`: 1 password, 2 recovery) | `CredentialRecord` |
//! | `q` | account | newest change, `u64` big-endian |
//! | `g` | account, seq (`u64`) | `ChangeRecord` |
//! | `e` | account | `SessionsRecord` |
//! | `s` | account, session | token hash, 32 bytes |
//! | `t` | token hash | `SessionRecord` |
//! | `f` | account | `FactorRecord`; absent: no second factor |
//! | `P` | account, passkey | `PasskeyRecord` |
//! | `m` | account, mailbox | `MailboxRecord` |
//! | `l` | account, mailbox, arrival in ms (`u64`), item | nothing |
//! | `i` | account, item | `ItemRecord` |
//! | `y` | account, item | `PartsRecord`; absent: no parts |
//! | `j` | account, item | `ScheduledRecord`; absent: it does not wait to be sent |
//! | `J` | due in ms (`u64`), account, item | nothing |
//! | `o` | account, state object | `StateRecord` |
//! | `b` | blob | `BlobRecord` |
//! | `h` | account, blob | `HoldingRecord` |
//! | `d` | stream (16 bytes, [`StreamId`]), chunk number (`u32`) | CRC-32 (`u32` big-endian) of the octets, octets |
//! | `r` | account, idempotency key | `IdempotencyRecord` |
//! | `u` | account | `UsageRecord`; absent: to be counted |
//! | `D` | account that was deleted, of which something may be left | nothing |
//! | `x` | due in ms (`u64`), kind (`u8`), what ends (below) | nothing |
//!
//! An entry of `J` whose item waits no longer, or until another time, is no error.
//! Kinds of `x`: 1 session (token hash), 2 claim on a blob (account, blob), 3 stream without a blob (stream),
//! 4 idempotency key (account, key). An entry whose thing is gone, or has more time by now, is no error.

use super::engine::KeyRange;
use super::sessions::TokenHash;
use super::{StoreError, random_id};
use smail_protocol::{
    AccountId, BlobId, CredentialKind, IdempotencyKey, ItemId, MailboxId, ObjectId, PasskeyId,
    SessionId, Username,
};

/// The layout this program reads and writes.
pub(super) const LAYOUT_VERSION: u32 = 1;

/// Octets in each chunk of a blob but the last. With its checksum and an engine's own byte a chunk stays under the
/// 3.5 kB up to which sled's pages are quick and its cache keeps its limit.
pub(super) const CHUNK_BYTES: usize = 3_456;

/// What a user name leads to that nobody may have any more. No account has this id.
pub(super) const NOBODY: [u8; AccountId::LEN_BYTES] = [0; AccountId::LEN_BYTES];

/// The prefix of passkeys.
const PASSKEY: u8 = b'P';

/// The prefix of the notes of accounts that were deleted.
pub(super) const DELETION: u8 = b'D';

/// Names one stream of chunks. A blob has one; an upload has one before it is known which blob it is. Any 16 bytes will
/// do; new ones are in the order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StreamId(pub(super) [u8; 16]);

impl StreamId {
    /// A new one: milliseconds since 1970 (48 bits, big-endian), then 80 random bits. So what arrives together lies
    /// together, and the engine has few pages to change.
    pub(super) fn begun_at(now_ms: u64) -> Result<Self, StoreError> {
        let mut id = random_id()?;
        let [_, _, time @ ..] = now_ms.to_be_bytes();
        id.iter_mut()
            .zip(time)
            .for_each(|(byte, of_time)| *byte = of_time);
        Ok(Self(id))
    }
}

fn key(prefix: u8, fields: &[&[u8]]) -> Vec<u8> {
    let mut key = vec![prefix];
    fields.iter().for_each(|field| key.extend_from_slice(field));
    key
}

/// Every key that there is.
pub(super) fn everything() -> KeyRange {
    KeyRange {
        start: vec![0],
        end: vec![u8::MAX; 2],
    }
}

/// The domain that an OPAQUE server setup, as it is stored, is of.
pub(super) fn domain_of(server_setup: &[u8]) -> Option<&str> {
    let (&len, rest) = server_setup.split_first()?;
    std::str::from_utf8(rest.get(..usize::from(len))?).ok()
}

/// The keys that begin with one byte.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prefix {
    pub(super) byte: u8,
    /// The length of its keys; none where that varies.
    pub(super) key_len: Option<usize>,
    /// What they lead to, for a person.
    pub(super) what: &'static str,
    /// Whether an account's id comes next.
    pub(super) is_of_accounts: bool,
}

const fn prefix(byte: u8, key_len: Option<usize>, what: &'static str) -> Prefix {
    Prefix {
        byte,
        key_len,
        what,
        is_of_accounts: false,
    }
}

const fn of_accounts(byte: u8, key_len: usize, what: &'static str) -> Prefix {
    Prefix {
        is_of_accounts: true,
        ..prefix(byte, Some(key_len), what)
    }
}

/// Every prefix.
pub(super) const PREFIXES: [Prefix; 29] = [
    prefix(b'v', Some(1), "the layout version"),
    prefix(b'z', Some(1), "the OPAQUE setup"),
    prefix(b'n', None, "user names"),
    of_accounts(b'a', 17, "accounts"),
    of_accounts(b'c', 17, "certificates"),
    of_accounts(b'k', 17, "keyrings"),
    of_accounts(b'p', 18, "credentials"),
    of_accounts(b'q', 17, "counters of changes"),
    of_accounts(b'g', 25, "changes"),
    of_accounts(b'e', 17, "counters of sessions"),
    of_accounts(b's', 33, "sessions"),
    prefix(b't', Some(33), "sessions by token"),
    of_accounts(b'f', 17, "second factors"),
    of_accounts(PASSKEY, 33, "passkeys"),
    of_accounts(b'm', 33, "mailboxes"),
    of_accounts(b'l', 57, "lists of items"),
    of_accounts(b'i', 33, "items"),
    of_accounts(b'y', 33, "parts of items"),
    of_accounts(b'j', 33, "messages that wait to be sent"),
    prefix(b'J', Some(41), "times of messages that wait to be sent"),
    of_accounts(b'o', 33, "state objects"),
    prefix(b'b', Some(33), "blobs"),
    of_accounts(b'h', 49, "holdings of blobs"),
    prefix(b'd', Some(21), "octets of blobs"),
    of_accounts(b'r', 33, "idempotency keys"),
    of_accounts(b'u', 17, "counters of bytes"),
    of_accounts(DELETION, 17, "deletions of accounts"),
    prefix(b'w', Some(1), "the state of a migration"),
    prefix(b'x', None, "notes of ends"),
];

/// The account that a key of a prefix with accounts is of.
pub(super) fn account_of(key: &[u8]) -> Option<AccountId> {
    let account = key.get(1..)?.first_chunk()?;
    Some(AccountId::from_bytes(*account))
}

/// The lowest key of a prefix above all those of an account.
pub(super) fn after_account(prefix: u8, account: AccountId) -> Vec<u8> {
    KeyRange::prefix(&key(prefix, &[account.as_bytes()])).end
}

/// The keys of a prefix with accounts that are of one of them.
pub(super) fn of_account(prefix: u8, account: AccountId) -> KeyRange {
    KeyRange::prefix(&key(prefix, &[account.as_bytes()]))
}

/// Whether a key is of a login session: by its id, by its token, or its end.
pub(super) fn is_of_a_session(key: &[u8]) -> bool {
    match key.first() {
        Some(b's' | b't') => true,
        Some(b'x') => matches!(ending_of(key), Some(Ending::Session(_))),
        _ => false,
    }
}

/// The layout version's key.
pub(super) fn layout_version() -> Vec<u8> {
    key(b'v', &[])
}

/// The key of how far a migration under way has come; see `migrations`.
pub(super) fn migration_cursor() -> Vec<u8> {
    key(b'w', &[])
}

/// The OPAQUE server setup's key.
pub(super) fn server_setup() -> Vec<u8> {
    key(b'z', &[])
}

/// A user name's key.
pub(super) fn username(username: &Username) -> Vec<u8> {
    key(b'n', &[username.as_str().as_bytes()])
}

/// An account's key.
pub(super) fn account(account: AccountId) -> Vec<u8> {
    key(b'a', &[account.as_bytes()])
}

/// The key of a note that an account was deleted and something of it may be left.
pub(super) fn deletion(account: AccountId) -> Vec<u8> {
    key(DELETION, &[account.as_bytes()])
}

/// The keys of all such notes.
pub(super) fn deletions() -> KeyRange {
    KeyRange::prefix(&[DELETION])
}

/// An account's certificate's key.
pub(super) fn certificate(account: AccountId) -> Vec<u8> {
    key(b'c', &[account.as_bytes()])
}

/// An account's keyring's key.
pub(super) fn keyring(account: AccountId) -> Vec<u8> {
    key(b'k', &[account.as_bytes()])
}

/// A credential's key.
pub(super) fn credential(account: AccountId, kind: CredentialKind) -> Vec<u8> {
    let kind = match kind {
        CredentialKind::Password => 1,
        CredentialKind::Recovery => 2,
    };
    key(b'p', &[account.as_bytes(), &[kind]])
}

/// The key of an account's second factor.
pub(super) fn second_factor(account: AccountId) -> Vec<u8> {
    key(b'f', &[account.as_bytes()])
}

/// A passkey's key.
pub(super) fn passkey(account: AccountId, passkey: PasskeyId) -> Vec<u8> {
    key(PASSKEY, &[account.as_bytes(), passkey.as_bytes()])
}

/// The keys of an account's passkeys.
pub(super) fn passkeys(account: AccountId) -> KeyRange {
    of_account(PASSKEY, account)
}

/// The passkey that a passkey's key is of.
pub(super) fn passkey_of(key: &[u8]) -> Option<PasskeyId> {
    key.last_chunk().copied().map(PasskeyId::from_bytes)
}

/// The key of an account's newest change.
pub(super) fn newest_seq(account: AccountId) -> Vec<u8> {
    key(b'q', &[account.as_bytes()])
}

/// A change's key.
pub(super) fn change(account: AccountId, seq: u64) -> Vec<u8> {
    key(b'g', &[account.as_bytes(), &seq.to_be_bytes()])
}

/// The keys of an account's changes after `since`.
pub(super) fn changes_after(account: AccountId, since: u64) -> KeyRange {
    let end = KeyRange::prefix(&key(b'g', &[account.as_bytes()])).end;
    match since.checked_add(1) {
        Some(first) => KeyRange {
            start: change(account, first),
            end,
        },
        None => KeyRange {
            start: end.clone(),
            end,
        },
    }
}

/// The seq in a change's key.
pub(super) fn seq_of(change: &[u8]) -> Option<u64> {
    change.last_chunk().copied().map(u64::from_be_bytes)
}

/// The key that every change to an account's set of sessions writes.
pub(super) fn sessions_record(account: AccountId) -> Vec<u8> {
    key(b'e', &[account.as_bytes()])
}

/// A session's key by its id.
pub(super) fn session_by_id(account: AccountId, session: SessionId) -> Vec<u8> {
    key(b's', &[account.as_bytes(), session.as_bytes()])
}

/// The keys of all an account's sessions.
pub(super) fn sessions(account: AccountId) -> KeyRange {
    KeyRange::prefix(&key(b's', &[account.as_bytes()]))
}

/// A session's key by its token.
pub(super) fn session_by_token(token_hash: &TokenHash) -> Vec<u8> {
    key(b't', &[token_hash])
}

/// A mailbox's key.
pub(super) fn mailbox(account: AccountId, mailbox: MailboxId) -> Vec<u8> {
    key(b'm', &[account.as_bytes(), mailbox.as_bytes()])
}

/// The keys of all an account's mailboxes.
pub(super) fn mailboxes(account: AccountId) -> KeyRange {
    KeyRange::prefix(&key(b'm', &[account.as_bytes()]))
}

/// The mailbox of a mailbox's key.
pub(super) fn mailbox_of(key: &[u8]) -> Option<MailboxId> {
    key.last_chunk().copied().map(MailboxId::from_bytes)
}

/// The key that lists an item in its mailbox.
pub(super) fn listing(
    account: AccountId,
    mailbox: MailboxId,
    arrival_ms: u64,
    item: ItemId,
) -> Vec<u8> {
    key(
        b'l',
        &[
            account.as_bytes(),
            mailbox.as_bytes(),
            &arrival_ms.to_be_bytes(),
            item.as_bytes(),
        ],
    )
}

/// The keys that list a mailbox.
pub(super) fn listings(account: AccountId, mailbox: MailboxId) -> KeyRange {
    KeyRange::prefix(&key(b'l', &[account.as_bytes(), mailbox.as_bytes()]))
}

/// Arrival and id of the item that a listing key names.
pub(super) fn listed(listing: &[u8]) -> Option<(u64, ItemId)> {
    let (rest, item) = listing.split_last_chunk::<{ ItemId::LEN_BYTES }>()?;
    let arrival_ms = u64::from_be_bytes(*rest.last_chunk()?);
    Some((arrival_ms, ItemId::from_bytes(*item)))
}

/// An item's key.
pub(super) fn item(account: AccountId, item: ItemId) -> Vec<u8> {
    key(b'i', &[account.as_bytes(), item.as_bytes()])
}

/// The keys of all an account's items.
pub(super) fn items(account: AccountId) -> KeyRange {
    KeyRange::prefix(&key(b'i', &[account.as_bytes()]))
}

/// The key of an item's parts.
pub(super) fn parts(account: AccountId, item: ItemId) -> Vec<u8> {
    key(b'y', &[account.as_bytes(), item.as_bytes()])
}

/// The key of what is to be sent of an item that waits for it.
pub(super) fn scheduled(account: AccountId, item: ItemId) -> Vec<u8> {
    key(b'j', &[account.as_bytes(), item.as_bytes()])
}

/// The keys of all an account's items that wait to be sent.
pub(super) fn all_scheduled(account: AccountId) -> KeyRange {
    KeyRange::prefix(&key(b'j', &[account.as_bytes()]))
}

/// The key that an item's time has, of those that wait to be sent.
pub(super) fn sending(due_ms: u64, account: AccountId, item: ItemId) -> Vec<u8> {
    key(
        b'J',
        &[&due_ms.to_be_bytes(), account.as_bytes(), item.as_bytes()],
    )
}

/// The keys of all that is to be sent by `now_ms`.
pub(super) fn sendings_due(now_ms: u64) -> KeyRange {
    KeyRange {
        start: key(b'J', &[]),
        end: key(b'J', &[&now_ms.saturating_add(1).to_be_bytes()]),
    }
}

/// What a key of `J` names.
pub(super) fn sending_of(sending: &[u8]) -> Option<(u64, AccountId, ItemId)> {
    let (due_ms, what) = sending.get(1..)?.split_first_chunk()?;
    let (account, item) = what.split_first_chunk()?;
    Some((
        u64::from_be_bytes(*due_ms),
        AccountId::from_bytes(*account),
        ItemId::from_bytes(item.try_into().ok()?),
    ))
}

/// A state object's key.
pub(super) fn state_object(account: AccountId, object: ObjectId) -> Vec<u8> {
    key(b'o', &[account.as_bytes(), object.as_bytes()])
}

/// The keys of all an account's state objects.
pub(super) fn state_objects(account: AccountId) -> KeyRange {
    KeyRange::prefix(&key(b'o', &[account.as_bytes()]))
}

/// The state object that a key names.
pub(super) fn object_of(state_object: &[u8]) -> Option<ObjectId> {
    state_object.last_chunk().copied().map(ObjectId::from_bytes)
}

/// A blob's key.
pub(super) fn blob(blob: BlobId) -> Vec<u8> {
    key(b'b', &[blob.as_bytes()])
}

/// The key of what an account has to do with a blob.
pub(super) fn holding(account: AccountId, blob: BlobId) -> Vec<u8> {
    key(b'h', &[account.as_bytes(), blob.as_bytes()])
}

/// The keys of all that an account has to do with blobs.
pub(super) fn holdings(account: AccountId) -> KeyRange {
    KeyRange::prefix(&key(b'h', &[account.as_bytes()]))
}

/// The key of how much an account stores.
pub(super) fn usage(account: AccountId) -> Vec<u8> {
    key(b'u', &[account.as_bytes()])
}

/// A chunk's key.
pub(super) fn chunk(stream: StreamId, number: u32) -> Vec<u8> {
    key(b'd', &[&stream.0, &number.to_be_bytes()])
}

/// Stream and number in a chunk's key.
pub(super) fn chunk_of(chunk: &[u8]) -> Option<(StreamId, u32)> {
    let (stream, number) = chunk.get(1..)?.split_first_chunk()?;
    Some((
        StreamId(*stream),
        u32::from_be_bytes(number.try_into().ok()?),
    ))
}

/// The keys of all a stream's chunks.
pub(super) fn chunks(stream: StreamId) -> KeyRange {
    KeyRange::prefix(&key(b'd', &[&stream.0]))
}

/// An idempotency key's key.
pub(super) fn idempotency(account: AccountId, idempotency_key: IdempotencyKey) -> Vec<u8> {
    key(b'r', &[account.as_bytes(), idempotency_key.as_bytes()])
}

/// Something that ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// A session.
    Session(TokenHash),
    /// An uploader's claim on a blob that no item of theirs names.
    Claim(AccountId, BlobId),
    /// A stream of chunks that is no blob's: not yet, or not any more.
    Stream(StreamId),
    /// An idempotency key.
    Idempotency(AccountId, IdempotencyKey),
}

/// The key of a thing's end.
pub(super) fn ending(due_ms: u64, ending: Ending) -> Vec<u8> {
    let due = due_ms.to_be_bytes();
    match ending {
        Ending::Session(token_hash) => key(b'x', &[&due, &[1], &token_hash]),
        Ending::Claim(account, blob) => {
            key(b'x', &[&due, &[2], account.as_bytes(), blob.as_bytes()])
        }
        Ending::Stream(stream) => key(b'x', &[&due, &[3], &stream.0]),
        Ending::Idempotency(account, key_) => {
            key(b'x', &[&due, &[4], account.as_bytes(), key_.as_bytes()])
        }
    }
}

/// The keys of all that is due by `now_ms`.
pub(super) fn endings_due(now_ms: u64) -> KeyRange {
    KeyRange {
        start: key(b'x', &[]),
        end: key(b'x', &[&now_ms.saturating_add(1).to_be_bytes()]),
    }
}

/// What a key of `x` names.
pub(super) fn ending_of(ending: &[u8]) -> Option<Ending> {
    let (kind, what) = ending.get(9..)?.split_first()?;
    match kind {
        1 => Some(Ending::Session(what.try_into().ok()?)),
        2 => {
            let (account, blob) = what.split_first_chunk()?;
            Some(Ending::Claim(
                AccountId::from_bytes(*account),
                BlobId::from_sha256(blob.try_into().ok()?),
            ))
        }
        3 => Some(Ending::Stream(StreamId(what.try_into().ok()?))),
        4 => {
            let (account, idempotency_key) = what.split_first_chunk()?;
            let idempotency_key = IdempotencyKey::from_bytes(idempotency_key.try_into().ok()?);
            Some(Ending::Idempotency(
                AccountId::from_bytes(*account),
                idempotency_key,
            ))
        }
        _ => None,
    }
}
