//! Every structured value of the store. Keys are in `layout`.
//!
//! A record is one version byte and then its fields in order in [postcard](https://postcard.jamesmunns.com/wire-format)'s
//! form: integers as LEB128 varints (`u8` as it is), byte strings as their length and themselves, byte arrays as
//! themselves, options as 0 or 1 and the value, enums as the variant's number and its fields. Postcard was chosen over
//! JSON (a third larger for the sealed bytes that fill most of an item, and read with each listing) and over CBOR (field
//! names in every record): its form is specified, frozen since 1.0 and has one encoding for each value. A record that
//! changes gets a new version byte, and the old type stays for reading.

use super::StoreError;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A value with a version byte.
pub(super) trait Record: Serialize + DeserializeOwned {
    /// The byte its stored form begins with.
    const VERSION: u8;

    /// The stored form.
    fn encode(&self) -> Result<Vec<u8>, StoreError> {
        postcard::to_extend(self, vec![Self::VERSION]).map_err(|_| StoreError::Corrupt)
    }

    /// Reads the stored form; anything before or after it is damage.
    fn decode(stored: &[u8]) -> Result<Self, StoreError> {
        let (&version, fields) = stored.split_first().ok_or(StoreError::Corrupt)?;
        match postcard::take_from_bytes(fields) {
            Ok((record, [])) if version == Self::VERSION => Ok(record),
            _ => Err(StoreError::Corrupt),
        }
    }
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct AccountRecord {
    /// The user name.
    pub(super) username: String,
    /// The mailbox messages arrive in.
    pub(super) inbox: [u8; 16],
    /// How many mailboxes there are.
    pub(super) mailboxes: u32,
    /// The version that the credential written last has.
    pub(super) credential_version: u64,
    /// Where the change log tells of the account itself.
    pub(super) change_seq: Option<u64>,
}

impl Record for AccountRecord {
    const VERSION: u8 = 1;
}

/// A credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CredentialRecord {
    /// Grows with each credential written for the account, of either kind; never used twice.
    pub(super) version: u64,
    /// OPAQUE RegistrationRecord.
    pub(super) registration_record: Vec<u8>,
    /// Argon2id memory, in KiB.
    pub(super) memory_kib: u32,
    /// Argon2id passes.
    pub(super) iterations: u32,
    /// Argon2id lanes.
    pub(super) parallelism: u32,
    /// The account key, sealed.
    pub(super) wrapped_account_key: Vec<u8>,
}

impl Record for CredentialRecord {
    const VERSION: u8 = 1;
}

/// An account's second factor, but for its passkeys; gone when there is none. Secret.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FactorRecord {
    /// The authenticator app.
    pub(super) totp: Option<TotpRecord>,
    /// Hashes of the recovery codes that were not used yet.
    pub(super) recovery_codes: Vec<[u8; 32]>,
}

/// An authenticator app. Secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TotpRecord {
    /// What it shares with the server.
    pub(super) secret: Vec<u8>,
    /// When it was set up.
    pub(super) since_ms: u64,
    /// The newest step whose code was taken.
    pub(super) used_step: u64,
}

impl Record for FactorRecord {
    const VERSION: u8 = 1;
}

/// Redacted: holds a secret.
impl std::fmt::Debug for FactorRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FactorRecord(..)")
    }
}

/// Redacted: holds a secret.
impl std::fmt::Debug for TotpRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpRecord(..)")
    }
}

/// A passkey: what its authenticator has told, and what is known of its use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PasskeyRecord {
    /// The authenticator's name for it.
    pub(super) credential_id: Vec<u8>,
    /// How browsers reach the authenticator: a bit each, as webauthn_rp 0.3 writes them.
    pub(super) transports: u8,
    /// What the authenticator knows the account by.
    pub(super) user_handle: [u8; 32],
    /// The origin of the page that it was made for.
    pub(super) origin: String,
    /// The public key and what never changes with it, as webauthn_rp 0.3 writes a `StaticState`.
    pub(super) key: Vec<u8>,
    /// Counter, backup and what else each use may change, as webauthn_rp 0.3 writes a `DynamicState`.
    pub(super) state: [u8; 7],
    /// When it was added.
    pub(super) added_ms: u64,
    /// When it last proved a login.
    pub(super) used_ms: Option<u64>,
}

impl Record for PasskeyRecord {
    const VERSION: u8 = 1;
}

/// Written whenever a session is made, and read by all that ends several: a session that is made meanwhile is seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SessionsRecord {
    /// How many sessions were ever made.
    pub(super) made: u64,
}

impl Record for SessionsRecord {
    const VERSION: u8 = 1;
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SessionRecord {
    /// Its name in the session list.
    pub(super) session: [u8; 16],
    /// Whose.
    pub(super) account: [u8; 16],
    /// Whether it was logged in by the recovery code.
    pub(super) by_recovery: bool,
    /// Browser and system.
    pub(super) client: String,
    /// When it logged in.
    pub(super) created_ms: u64,
    /// When it was last used, to the minute.
    pub(super) used_ms: u64,
    /// The sealed envelope left with it.
    pub(super) resume: Option<Vec<u8>>,
}

impl Record for SessionRecord {
    const VERSION: u8 = 1;
}

/// A mailbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MailboxRecord {
    /// How many items it holds.
    pub(super) total: u64,
}

impl Record for MailboxRecord {
    const VERSION: u8 = 1;
}

/// An item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ItemRecord {
    /// Where it is.
    pub(super) mailbox: [u8; 16],
    /// Its octets.
    pub(super) blob: [u8; 32],
    /// Their number.
    pub(super) size_bytes: u64,
    /// When it came.
    pub(super) arrival_ms: u64,
    /// 1 at first, one more with each write.
    pub(super) version: u64,
    /// Where the change log tells of it.
    pub(super) change_seq: u64,
    /// The client's sealed envelope.
    pub(super) sealed: Option<Vec<u8>>,
}

impl Record for ItemRecord {
    const VERSION: u8 = 1;
}

/// The parts of an item; gone when there are none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PartsRecord {
    /// Blobs, each once, in order.
    pub(super) blobs: Vec<[u8; 32]>,
}

impl Record for PartsRecord {
    const VERSION: u8 = 1;
}

/// What is to be sent of an item that waits for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ScheduledRecord {
    /// When it is sent, or tried again.
    pub(super) due_ms: u64,
    /// When it was to be sent.
    pub(super) wanted_ms: u64,
    /// The delivery, as JSON.
    pub(super) request: Vec<u8>,
}

impl Record for ScheduledRecord {
    const VERSION: u8 = 1;
}

/// A state object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StateRecord {
    /// 1 at first, one more with each write.
    pub(super) version: u64,
    /// Where the change log tells of it.
    pub(super) change_seq: u64,
    /// The client's sealed envelope.
    pub(super) sealed: Vec<u8>,
}

impl Record for StateRecord {
    const VERSION: u8 = 1;
}

/// What a change was about. The variants' order is part of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum ChangeRecord {
    /// An item came or was written.
    Item([u8; 16]),
    /// An item went: its tombstone.
    ItemRemoved([u8; 16]),
    /// A state object came or was written.
    State([u8; 16]),
    /// A state object went: its tombstone.
    StateRemoved([u8; 16]),
    /// The account's certificate, keyring or credentials were replaced.
    Account,
}

impl Record for ChangeRecord {
    const VERSION: u8 = 1;
}

/// A blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct BlobRecord {
    /// The stream its chunks are in.
    pub(super) stream: [u8; 16],
    /// How many octets it has.
    pub(super) size_bytes: u64,
    /// How many accounts hold it; with the last one it goes.
    pub(super) holders: u64,
}

impl Record for BlobRecord {
    const VERSION: u8 = 1;
}

/// What one account has to do with a blob; gone when that is nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct HoldingRecord {
    /// How many items of the account name it.
    pub(super) items: u64,
    /// When the account uploaded it, if no item of the account has named it since.
    pub(super) claimed_ms: Option<u64>,
}

impl Record for HoldingRecord {
    const VERSION: u8 = 1;
}

/// How much an account stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UsageRecord {
    /// Octets of the blobs it holds, each once, and of its sealed envelopes.
    pub(super) bytes: u64,
}

impl Record for UsageRecord {
    const VERSION: u8 = 1;
}

/// A delivery that was made, for when it is asked for again. The Sent copy's envelope is in the request itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct IdempotencyRecord {
    /// SHA-256 of the request.
    pub(super) request_sha256: [u8; 32],
    /// Size of the Sent copy's blob.
    pub(super) size_bytes: u64,
    /// When it was delivered.
    pub(super) delivered_ms: u64,
    /// The sender's newest change then.
    pub(super) seq: u64,
}

impl Record for IdempotencyRecord {
    const VERSION: u8 = 1;
}
