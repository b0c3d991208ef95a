//! People with accounts, made without a client.

use smail_protocol::{
    AccountId, BlobId, Bytes, DeliverRequest, Delivery, IdempotencyKey, ItemId, KsfParameters,
    MailboxId, SentCopy, Username, WrappedCredential,
};
use smail_server::store::{NewAccount, Store};
use std::time::UNIX_EPOCH;

/// A moment in 2026, in milliseconds since 1970.
pub(crate) const NOW_MS: u64 = 1_790_000_000_000;
/// A message.
pub(crate) const MESSAGE_BYTES: usize = 20_000;
/// An item's envelope.
const SEALED_BYTES: usize = 300;

/// Somebody.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// Their name.
    pub(crate) username: Username,
    /// Their account.
    pub(crate) account: AccountId,
    /// Where messages arrive.
    pub(crate) inbox: MailboxId,
    /// Where copies of what they send go.
    pub(crate) sent: MailboxId,
}

impl Person {
    /// Makes an account.
    pub(crate) fn sign_up(store: &Store, number: usize) -> Self {
        let id = |kind: u8| {
            let mut id = [kind; 16];
            id[8..].copy_from_slice(&(number as u64).to_be_bytes());
            id
        };
        let person = Self {
            username: format!("person-{number}").parse().unwrap(),
            account: AccountId::from_bytes(id(1)),
            inbox: MailboxId::from_bytes(id(2)),
            sent: MailboxId::from_bytes(id(3)),
        };
        let credential = WrappedCredential {
            registration_record: bytes(192),
            ksf: KsfParameters {
                memory_kib: 65_536,
                iterations: 3,
                parallelism: 4,
            },
            wrapped_account_key: bytes(100),
        };
        store
            .create_account(&NewAccount {
                username: person.username.clone(),
                account_id: person.account,
                credential,
                certificate: bytes(3_000),
                sealed_keyring: bytes(3_000),
                mailboxes: vec![person.inbox, person.sent],
                inbox: person.inbox,
            })
            .unwrap();
        person
    }

    /// Uploads a message and delivers it.
    pub(crate) fn send(&self, store: &Store, to: &Self, octets: &[u8]) {
        let blob = self.upload(store, octets);
        store
            .deliver(self.account, &self.letter(to, blob), NOW_MS)
            .unwrap();
    }

    /// Uploads octets.
    pub(crate) fn upload(&self, store: &Store, octets: &[u8]) -> BlobId {
        let mut writer = store.blob_writer(self.account, now_ms()).unwrap();
        writer.write(octets).unwrap();
        writer.finish(None).unwrap().blob_id
    }

    fn letter(&self, to: &Self, blob_id: BlobId) -> DeliverRequest {
        DeliverRequest {
            idempotency_key: IdempotencyKey::from_bytes(rand::random()),
            deliveries: vec![Delivery {
                blob_id,
                recipients: vec![to.username.clone()],
            }],
            sent: SentCopy {
                item_id: ItemId::from_bytes(rand::random()),
                mailbox_id: self.sent,
                blob_id,
                sealed: sealed(),
            },
            draft: None,
            parts: Vec::new(),
        }
    }
}

/// What names an upload's chunks is in the order of time, so an upload has a time of its own.
pub(crate) fn now_ms() -> u64 {
    let since = UNIX_EPOCH.elapsed().unwrap();
    u64::try_from(since.as_millis()).unwrap()
}

/// An envelope of an item.
pub(crate) fn sealed() -> Bytes {
    bytes(SEALED_BYTES)
}

fn bytes(len: usize) -> Bytes {
    vec![7; len].into()
}

/// A message like no other.
pub(crate) fn message() -> Vec<u8> {
    let mut octets = vec![0; MESSAGE_BYTES];
    rand::RngCore::fill_bytes(&mut rand::thread_rng(), &mut octets);
    octets
}
