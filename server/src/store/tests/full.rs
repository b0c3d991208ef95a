//! A disk that is full: nothing is added, everything can be read, and a person can make room.

use super::fixture::{
    DAY_MS, NOW_MS, Person, bytes, copy, item_id, keys_with_prefix, open, options, read_blob,
};
use crate::store::{
    CreateAccountError, CreateSessionError, DeliverError, FinishBlobError, PutMailboxError, Store,
    StoreError, StoreOptions, SweepReport, WriteItemError, WriteStateError,
};
use smail_protocol::{
    BlobId, CredentialKind, ItemWriteRequest, MailboxId, ObjectId, SessionId, StateWriteRequest,
};
use std::path::Path;
use tempfile::TempDir;

const OBJECT: ObjectId = ObjectId::from_bytes([1; 16]);

struct Setting {
    store: Store,
    alice: Person,
    bob: Person,
    letter: BlobId,
    _directory: TempDir,
}

fn free_bytes(path: &Path) -> u64 {
    let space = rustix::fs::statvfs(path).unwrap();
    space.f_bavail * space.f_frsize
}

/// A store with a letter, a state object and a session, opened again on a disk of which `reserve` is to stay free.
fn with_reserve(reserve: impl Fn(u64) -> u64) -> Setting {
    let directory = TempDir::new().unwrap();
    let store = open(directory.path());
    let (alice, bob) = (
        Person::sign_up(&store, "alice", 1),
        Person::sign_up(&store, "bob", 2),
    );
    let letter = alice.send(&store, 1, &[7; 100_000], &[&bob]);
    store.put_state(bob.account, OBJECT, &write(0)).unwrap();
    store.create_session(&bob.new_session(1)).unwrap();
    drop(store);
    let directory = copy(directory.path());
    let options = StoreOptions {
        reserve_bytes: reserve(free_bytes(directory.path())),
        ..options()
    };
    Setting {
        store: Store::open(directory.path(), &options).unwrap(),
        alice,
        bob,
        letter,
        _directory: directory,
    }
}

/// Less is free than the reserve, but more than the quarter of it that is the engine's own.
fn full() -> Setting {
    with_reserve(|free_bytes| free_bytes * 2)
}

fn write(base_version: u64) -> StateWriteRequest {
    StateWriteRequest {
        base_version,
        sealed: bytes("sealed"),
    }
}

fn item(base_version: u64, mailbox_id: MailboxId, blob_id: BlobId) -> ItemWriteRequest {
    ItemWriteRequest {
        base_version,
        mailbox_id,
        blob_id,
        sealed: bytes("sealed"),
        parts: None,
    }
}

#[test]
fn what_adds_is_refused_and_leaves_nothing() {
    let setting = full();
    let Setting {
        store,
        alice,
        bob,
        letter,
        ..
    } = &setting;
    let full = StoreError::Full;
    assert_eq!(store.healthy(), Err(full));
    assert_eq!(store.last_health(), Err(full));
    let carol = Person::new("carol", 3).new_account();
    assert_eq!(
        store.create_account(&carol),
        Err(CreateAccountError::Store(full))
    );
    let request = alice.letter(2, *letter, &[bob]);
    assert_eq!(
        store.deliver(alice.account, &request, NOW_MS),
        Err(DeliverError::Store(full))
    );
    let new = item(0, alice.sent, *letter);
    assert_eq!(
        store.put_item(alice.account, item_id(9), &new, NOW_MS),
        Err(WriteItemError::Store(full))
    );
    assert_eq!(
        store.put_state(alice.account, OBJECT, &write(0)),
        Err(WriteStateError::Store(full))
    );
    assert_eq!(
        store.put_mailbox(alice.account, MailboxId::from_bytes([77; 16])),
        Err(PutMailboxError::Store(full))
    );
    let chunks = keys_with_prefix(store, b'd');
    let mut writer = store.blob_writer(alice.account, NOW_MS).unwrap();
    assert_eq!(writer.write(&[0; 1_000_000]), Err(full));
    drop(writer);
    let mut writer = store.blob_writer(alice.account, NOW_MS).unwrap();
    writer.write(b"short").unwrap();
    assert_eq!(writer.finish(None), Err(FinishBlobError::Store(full)));
    assert_eq!(keys_with_prefix(store, b'd'), chunks);
    assert_eq!(store.newest_seq(alice.account), Ok(1));
}

#[test]
fn everything_can_be_read() {
    let setting = full();
    let Setting {
        store, bob, letter, ..
    } = &setting;
    let page = store.item_page(bob.account, bob.inbox, None, 9).unwrap();
    assert_eq!(page.total, 1);
    assert_eq!(read_blob(store, bob, *letter), Some(vec![7; 100_000]));
    assert_eq!(store.changes(bob.account, 0, 9).unwrap().seq, 2);
    assert!(store.session(&[1; 32], NOW_MS).unwrap().is_some());
}

#[test]
fn a_person_can_log_in_move_things_and_make_room() {
    let setting = full();
    let Setting {
        store,
        alice,
        bob,
        letter,
        ..
    } = &setting;
    store.create_session(&bob.new_session(2)).unwrap();
    let page = store.item_page(bob.account, bob.inbox, None, 9).unwrap();
    let received = page.items[0].item_id;
    let elsewhere = item(1, bob.sent, *letter);
    store
        .put_item(bob.account, received, &elsewhere, NOW_MS)
        .unwrap();
    store.put_state(bob.account, OBJECT, &write(1)).unwrap();
    store.delete_state(bob.account, OBJECT, 2).unwrap();
    store.delete_item(bob.account, received, 2).unwrap();
    store.delete_item(alice.account, item_id(1), 1).unwrap();
    assert_eq!(keys_with_prefix(store, b'd'), 0, "the letter's chunks");
    store.delete_mailbox(bob.account, bob.sent).unwrap();
    let new = super::fixture::credential("new");
    let other = SessionId::from_bytes([2; 16]);
    store
        .set_credential(bob.account, CredentialKind::Password, &new, Some(other))
        .unwrap();
    assert!(store.end_session(bob.account, other).unwrap());
    let swept = store.sweep(NOW_MS + 100 * DAY_MS).unwrap();
    assert_eq!(
        swept,
        SweepReport {
            idempotency_keys: 1,
            ..SweepReport::default()
        }
    );
}

#[test]
fn the_last_quarter_of_the_reserve_is_the_engines_own() {
    let setting = with_reserve(|_| u64::MAX);
    let Setting { store, bob, .. } = &setting;
    assert_eq!(
        store.delete_state(bob.account, OBJECT, 1),
        Err(WriteStateError::Store(StoreError::Full))
    );
    assert_eq!(
        store.create_session(&bob.new_session(2)),
        Err(CreateSessionError::Store(StoreError::Full))
    );
    assert!(store.state_object(bob.account, OBJECT).unwrap().is_some());
}
