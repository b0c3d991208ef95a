//! Stores with people in them.

use crate::store::engine::{Engine, KeyRange};
use crate::store::{
    FIRST_CREDENTIAL_VERSION, MemoryEngine, NewAccount, NewSession, Passkey, SledEngine, Store,
    StoreOptions, StoredCredential,
};
use smail_protocol::{
    AccountId, BlobId, Bytes, CredentialKind, DeliverRequest, Delivery, IdempotencyKey, ItemId,
    KsfParameters, MailboxId, PasskeyId, SentCopy, SessionId, Username,
};
use std::path::Path;
use tempfile::TempDir;

/// A moment in 2026, in milliseconds since 1970.
pub(super) const NOW_MS: u64 = 1_790_000_000_000;
/// A day in milliseconds.
pub(super) const DAY_MS: u64 = 24 * 3_600 * 1_000;

/// Options that let tests run on a machine whose disk is nearly full.
pub(super) fn options() -> StoreOptions {
    StoreOptions {
        reserve_bytes: 0,
        cache_bytes: 8 * 1024 * 1024,
    }
}

/// A passkey, as old as its number says.
pub(super) fn passkey(number: u8) -> Passkey {
    Passkey {
        passkey_id: PasskeyId::from_bytes([255 - number; 16]),
        credential_id: vec![number; 20],
        transports: 0x20,
        user_handle: [7; 32],
        origin: "https://mail.example".to_owned(),
        key: vec![number; 36],
        state: [1, 0, number, 0, 0, 0, 0],
        added_ms: NOW_MS + u64::from(number),
        used_ms: None,
    }
}

pub(super) fn key_range(start: &[u8], end: &[u8]) -> KeyRange {
    KeyRange {
        start: start.to_vec(),
        end: end.to_vec(),
    }
}

/// One of each engine, empty.
pub(super) struct Engines {
    memory: MemoryEngine,
    sled: SledEngine,
    _directory: TempDir,
}

impl Engines {
    pub(super) fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let sled = SledEngine::open(directory.path(), &options()).unwrap();
        Self {
            memory: MemoryEngine::new(),
            sled,
            _directory: directory,
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &dyn Engine> {
        [&self.memory as &dyn Engine, &self.sled].into_iter()
    }
}

/// Runs a check over a store on each engine, with alice and bob in it.
pub(super) fn on_every_store(check: impl Fn(&Store, &Person, &Person)) {
    let directory = TempDir::new().unwrap();
    for store in [Store::in_memory(), open(directory.path())] {
        let (alice, bob) = (
            Person::sign_up(&store, "alice", 1),
            Person::sign_up(&store, "bob", 2),
        );
        check(&store, &alice, &bob);
    }
}

/// A copy of a data directory that nothing has open. In one process sled may hold on to its file long after it was
/// dropped, so that a restart is tried on a copy.
pub(super) fn copy(data: &Path) -> TempDir {
    let copy = TempDir::new().unwrap();
    copy_directory(data, copy.path());
    copy
}

fn copy_directory(from: &Path, to: &Path) {
    for entry in from.read_dir().unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy_directory(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}

pub(super) fn open(path: &Path) -> Store {
    Store::open(path, &options()).unwrap()
}

/// Somebody with an account, an inbox and a Sent mailbox.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) username: Username,
    pub(super) account: AccountId,
    pub(super) inbox: MailboxId,
    pub(super) sent: MailboxId,
}

pub(super) fn bytes(text: &str) -> Bytes {
    Bytes::from(text.as_bytes().to_vec())
}

pub(super) fn credential(record: &str) -> StoredCredential {
    StoredCredential {
        registration_record: bytes(record),
        ksf: KsfParameters {
            memory_kib: 65_536,
            iterations: 3,
            parallelism: 4,
        },
        wrapped_account_key: bytes("wrapped"),
    }
}

pub(super) fn item_id(n: u8) -> ItemId {
    ItemId::from_bytes([n; 16])
}

impl Person {
    /// The person as `number` always is.
    pub(super) fn new(name: &str, number: u8) -> Self {
        Self {
            username: name.parse().unwrap(),
            account: AccountId::from_bytes([number; 16]),
            inbox: MailboxId::from_bytes([number; 16]),
            sent: MailboxId::from_bytes([number ^ 0x80; 16]),
        }
    }

    pub(super) fn new_account(&self) -> NewAccount {
        NewAccount {
            username: self.username.clone(),
            account_id: self.account,
            credential: credential("password"),
            certificate: bytes(&format!("certificate of {}", self.username)),
            sealed_keyring: bytes("keyring"),
            mailboxes: vec![self.inbox, self.sent],
            inbox: self.inbox,
        }
    }

    pub(super) fn sign_up(store: &Store, name: &str, number: u8) -> Self {
        let person = Self::new(name, number);
        store.create_account(&person.new_account()).unwrap();
        person
    }

    pub(super) fn new_session(&self, n: u8) -> NewSession {
        NewSession {
            token_hash: [n; 32],
            session_id: SessionId::from_bytes([n; 16]),
            account: self.account,
            credential: CredentialKind::Password,
            credential_version: FIRST_CREDENTIAL_VERSION,
            client: "Firefox on Linux".to_owned(),
            now_ms: NOW_MS,
        }
    }

    pub(super) fn upload(&self, store: &Store, octets: &[u8]) -> BlobId {
        let mut writer = store.blob_writer(self.account, NOW_MS).unwrap();
        writer.write(octets).unwrap();
        writer.finish(None).unwrap().blob_id
    }

    /// A request to deliver one blob to some people.
    pub(super) fn letter(&self, n: u8, blob_id: BlobId, recipients: &[&Self]) -> DeliverRequest {
        let recipients = recipients
            .iter()
            .map(|person| person.username.clone())
            .collect();
        DeliverRequest {
            idempotency_key: IdempotencyKey::from_bytes([n; 16]),
            deliveries: vec![Delivery {
                blob_id,
                recipients,
            }],
            sent: SentCopy {
                item_id: item_id(n),
                mailbox_id: self.sent,
                blob_id,
                sealed: bytes("summary"),
            },
            draft: None,
            parts: Vec::new(),
        }
    }

    /// Uploads and delivers.
    pub(super) fn send(&self, store: &Store, n: u8, octets: &[u8], recipients: &[&Self]) -> BlobId {
        let blob = self.upload(store, octets);
        store
            .deliver(self.account, &self.letter(n, blob, recipients), NOW_MS)
            .unwrap();
        blob
    }
}

/// A blob's octets as the account reads them.
pub(super) fn read_blob(store: &Store, person: &Person, blob: BlobId) -> Option<Vec<u8>> {
    let reader = store.blob_reader(person.account, blob).unwrap()?;
    Some(reader.collect::<Result<Vec<_>, _>>().unwrap().concat())
}

/// Every key of the store with this prefix byte.
pub(super) fn keys_with_prefix(store: &Store, prefix: u8) -> usize {
    let range = key_range(&[prefix], &[prefix + 1]);
    store
        .engine()
        .scan(
            &range,
            crate::store::engine::Direction::Ascending,
            usize::MAX,
        )
        .unwrap()
        .len()
}
