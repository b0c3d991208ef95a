//! No answer shows what a power cut can take back, and that costs nothing while there is nothing to take.

use super::fixture::{NOW_MS, Person, bytes, item_id};
use super::withholding::withholding_store;
use crate::store::{DeliverError, Store, StoreError, WriteItemError, WriteStateError};
use smail_protocol::{
    BlobId, CredentialKind, ItemWriteRequest, ObjectId, SessionId, StateWriteRequest,
};
use std::sync::atomic::Ordering;

const OBJECT: ObjectId = ObjectId::from_bytes([1; 16]);

type Read = fn(&Store, &Person) -> Result<(), StoreError>;

/// Everything that tells what is in the store.
const READS: [(&str, Read); 13] = [
    ("newest seq", |store, bob| {
        store.newest_seq(bob.account).map(drop)
    }),
    ("changes", |store, bob| {
        store.changes(bob.account, 0, 9).map(drop)
    }),
    ("item page", |store, bob| {
        let page = store.item_page(bob.account, bob.inbox, None, 9);
        page.map(drop).map_err(|error| match error {
            crate::store::ListItemsError::Store(error) => error,
            other => panic!("{other}"),
        })
    }),
    ("item", |store, bob| {
        store.item(bob.account, item_id(1)).map(drop)
    }),
    ("state page", |store, bob| {
        store.state_page(bob.account).map(drop)
    }),
    ("state object", |store, bob| {
        store.state_object(bob.account, OBJECT).map(drop)
    }),
    ("account", |store, bob| store.account(bob.account).map(drop)),
    ("account by name", |store, bob| {
        store.account_by_name(&bob.username).map(drop)
    }),
    ("certificates", |store, bob| {
        let names = std::slice::from_ref(&bob.username);
        store.certificates(names).map(drop)
    }),
    ("credential", |store, bob| {
        store
            .credential(bob.account, CredentialKind::Password)
            .map(drop)
    }),
    ("sessions", |store, bob| {
        store.sessions(bob.account, NOW_MS).map(drop)
    }),
    ("blob", |store, bob| {
        let blob = BlobId::from_sha256(sha256(b"letter"));
        store.blob_reader(bob.account, blob).map(drop)
    }),
    ("subscribe", |store, bob| {
        let session = SessionId::from_bytes([9; 16]);
        store.subscribe(bob.account, session).map(drop)
    }),
];

fn sha256(octets: &[u8]) -> [u8; 32] {
    use sha2::Digest as _;
    sha2::Sha256::digest(octets).into()
}

fn write(base_version: u64) -> StateWriteRequest {
    StateWriteRequest {
        base_version,
        sealed: bytes("sealed"),
    }
}

/// Alice and bob, he with a session.
fn people(store: &Store) -> (Person, Person) {
    let (alice, bob) = (
        Person::sign_up(store, "alice", 1),
        Person::sign_up(store, "bob", 2),
    );
    store.create_session(&bob.new_session(9)).unwrap();
    (alice, bob)
}

#[test]
fn while_a_delivery_may_be_lost_no_read_tells() {
    let (store, disk) = withholding_store();
    let (alice, bob) = people(&store);
    let letter = alice.letter(1, alice.upload(&store, b"letter"), &[&bob]);
    disk.is_gone.store(true, Ordering::SeqCst);
    assert_eq!(
        store.deliver(alice.account, &letter, NOW_MS),
        Err(DeliverError::Store(StoreError::Unavailable))
    );
    for (name, read) in READS {
        assert_eq!(read(&store, &bob), Err(StoreError::Unavailable), "{name}");
    }
    disk.is_gone.store(false, Ordering::SeqCst);
    for (name, read) in READS {
        assert_eq!(read(&store, &bob), Ok(()), "{name}");
    }
    assert_eq!(store.newest_seq(bob.account), Ok(1));
}

#[test]
fn while_a_write_may_be_lost_no_refusal_and_no_repeated_success_tells() {
    let (store, disk) = withholding_store();
    let (alice, bob) = people(&store);
    let letter = alice.letter(1, alice.upload(&store, b"letter"), &[&bob]);
    disk.is_gone.store(true, Ordering::SeqCst);
    let lost = WriteStateError::Store(StoreError::Unavailable);
    let put = |base| store.put_state(alice.account, OBJECT, &write(base));
    assert_eq!(put(0), Err(lost.clone()));
    assert_eq!(put(0), Err(lost), "a conflict shows the object");
    let item = ItemWriteRequest {
        base_version: 7,
        mailbox_id: alice.inbox,
        blob_id: letter.sent.blob_id,
        sealed: bytes("sealed"),
        parts: None,
    };
    for _ in 0..2 {
        assert_eq!(
            store.deliver(alice.account, &letter, NOW_MS),
            Err(DeliverError::Store(StoreError::Unavailable)),
            "an idempotent answer"
        );
    }
    assert_eq!(
        store.put_item(alice.account, item_id(1), &item, NOW_MS),
        Err(WriteItemError::Store(StoreError::Unavailable)),
        "a conflict shows the item"
    );
    disk.is_gone.store(false, Ordering::SeqCst);
    assert!(matches!(put(0), Err(WriteStateError::Conflict(_))));
}

#[test]
fn a_read_waits_together_with_whoever_wrote() {
    let (store, disk) = withholding_store();
    let (alice, bob) = people(&store);
    let letter = alice.letter(1, alice.upload(&store, b"letter"), &[&bob]);
    let (waiting, go_on) = disk.close_gate();
    std::thread::scope(|scope| {
        scope.spawn(|| store.deliver(alice.account, &letter, NOW_MS).unwrap());
        waiting.recv().unwrap();
        let reader = scope.spawn(|| store.changes(bob.account, 0, 9).unwrap());
        // The reader waits for the disk before it answers.
        waiting.recv().unwrap();
        assert!(!reader.is_finished());
        go_on.send(()).unwrap();
        go_on.send(()).unwrap();
        assert_eq!(reader.join().unwrap().seq, 1);
    });
}

#[test]
fn reads_of_what_is_durable_do_not_ask_the_disk() {
    let (store, disk) = withholding_store();
    let (alice, bob) = people(&store);
    alice.send(&store, 1, b"letter", &[&bob]);
    // An upload under way is nobody's yet.
    let mut writer = store.blob_writer(alice.account, NOW_MS).unwrap();
    writer.write(&[7; 1_000_000]).unwrap();
    let before = disk.syncs.load(Ordering::SeqCst);
    for (name, read) in READS {
        assert_eq!(read(&store, &bob), Ok(()), "{name}");
    }
    assert_eq!(disk.syncs.load(Ordering::SeqCst), before);
}
