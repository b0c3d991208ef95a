//! The change log and who hears of it.

use super::fixture::{NOW_MS, Person, bytes, item_id, on_every_store};
use crate::store::Store;
use smail_protocol::limits::MAX_SEALED_BYTES;
use smail_protocol::{
    AccountId, ChangedObject, ItemWriteRequest, ObjectId, SessionId, StateWriteRequest,
};

/// What changed since, each as a word and a version.
fn told(store: &Store, account: AccountId, since: u64) -> Vec<(&'static str, u64)> {
    let word = |object: &ChangedObject| match object {
        ChangedObject::Item { item } => ("item", item.version),
        ChangedObject::ItemRemoved { .. } => ("item removed", 0),
        ChangedObject::State { object } => ("state", object.version),
        ChangedObject::StateRemoved { .. } => ("state removed", 0),
        ChangedObject::Account => ("account", 0),
    };
    store
        .changes(account, since, 500)
        .unwrap()
        .changes
        .iter()
        .map(|change| word(&change.object))
        .collect()
}

fn state(base_version: u64) -> StateWriteRequest {
    StateWriteRequest {
        base_version,
        sealed: bytes("sealed"),
    }
}

#[test]
fn an_object_is_told_of_once_at_its_newest_change() {
    on_every_store(|store, alice, _| {
        let (one, two) = (ObjectId::from_bytes([1; 16]), ObjectId::from_bytes([2; 16]));
        store.put_state(alice.account, one, &state(0)).unwrap();
        store.put_state(alice.account, two, &state(0)).unwrap();
        store.put_state(alice.account, one, &state(1)).unwrap();
        assert_eq!(told(store, alice.account, 0), [("state", 1), ("state", 2)]);
        store.delete_state(alice.account, two, 1).unwrap();
        assert_eq!(
            told(store, alice.account, 0),
            [("state", 2), ("state removed", 0)]
        );
        assert_eq!(store.newest_seq(alice.account), Ok(4));
    });
}

#[test]
fn a_delivery_is_a_change_of_sender_and_recipient() {
    on_every_store(|store, alice, bob| {
        let blob = alice.send(store, 1, b"letter", &[bob]);
        assert_eq!(told(store, alice.account, 0), [("item", 1)]);
        assert_eq!(told(store, bob.account, 0), [("item", 1)]);
        let item = store
            .item_page(bob.account, bob.inbox, None, 1)
            .unwrap()
            .items
            .remove(0);
        let write = ItemWriteRequest {
            base_version: 1,
            mailbox_id: bob.sent,
            blob_id: blob,
            sealed: bytes("seen"),
            parts: None,
        };
        store
            .put_item(bob.account, item.item_id, &write, NOW_MS)
            .unwrap();
        assert_eq!(told(store, bob.account, 0), [("item", 2)]);
        store.delete_item(bob.account, item.item_id, 2).unwrap();
        assert_eq!(told(store, bob.account, 0), [("item removed", 0)]);
        assert_eq!(told(store, alice.account, 1), []);
    });
}

#[test]
fn pages_of_changes_follow_on_each_other() {
    on_every_store(|store, alice, _| {
        for n in 1..=7 {
            store
                .put_state(alice.account, ObjectId::from_bytes([n; 16]), &state(0))
                .unwrap();
        }
        let (mut since, mut seqs) = (0, Vec::new());
        loop {
            let page = store.changes(alice.account, since, 3).unwrap();
            seqs.extend(page.changes.iter().map(|change| change.seq));
            since = page.seq;
            if !page.more {
                break;
            }
        }
        assert_eq!(seqs, [1, 2, 3, 4, 5, 6, 7]);
        let rest = store.changes(alice.account, 7, 3).unwrap();
        assert_eq!((rest.changes.len(), rest.seq, rest.more), (0, 7, false));
        assert_eq!(
            store.changes(alice.account, u64::MAX, 3).unwrap().seq,
            u64::MAX
        );
    });
}

#[test]
fn an_open_stream_hears_of_each_change_when_it_is_readable() {
    on_every_store(|store, alice, bob| {
        store.create_session(&bob.new_session(7)).unwrap();
        let mut feed = store
            .subscribe(bob.account, SessionId::from_bytes([7; 16]))
            .unwrap()
            .unwrap();
        assert_eq!(*feed.newest_seq.borrow_and_update(), 0);
        alice.send(store, 1, b"one", &[bob]);
        assert!(feed.newest_seq.has_changed().unwrap());
        assert_eq!(*feed.newest_seq.borrow_and_update(), 1);
        alice.send(store, 2, b"two", &[]);
        assert!(!feed.newest_seq.has_changed().unwrap());
        assert_eq!(told(store, bob.account, 0), [("item", 1)]);
    });
}

#[test]
fn a_new_stream_begins_at_the_newest_change() {
    on_every_store(|store, alice, _| {
        alice.send(store, 1, b"one", &[]);
        store.delete_item(alice.account, item_id(1), 1).unwrap();
        store.create_session(&alice.new_session(7)).unwrap();
        let feed = store
            .subscribe(alice.account, SessionId::from_bytes([7; 16]))
            .unwrap()
            .unwrap();
        assert_eq!(*feed.newest_seq.borrow(), 2);
    });
}

#[test]
fn a_page_of_large_envelopes_ends_early_and_is_taken_up() {
    let store = Store::in_memory();
    let alice = Person::sign_up(&store, "alice", 1);
    let blob = alice.upload(&store, b"draft");
    let write = ItemWriteRequest {
        base_version: 0,
        mailbox_id: alice.sent,
        blob_id: blob,
        sealed: bytes(&"x".repeat(MAX_SEALED_BYTES)),
        parts: None,
    };
    for n in 0..40 {
        store
            .put_item(alice.account, item_id(n), &write, NOW_MS)
            .unwrap();
    }
    let first = store.changes(alice.account, 0, 500).unwrap();
    let rest = store.changes(alice.account, first.seq, 500).unwrap();
    assert_eq!((first.changes.len(), first.more), (32, true));
    assert_eq!((rest.changes.len(), rest.more), (8, false));
    let page = |before: Option<&str>| {
        store
            .item_page(alice.account, alice.sent, before, 500)
            .unwrap()
    };
    let first = page(None);
    let rest = page(first.next.as_deref());
    assert_eq!((first.items.len(), first.next.is_some()), (32, true));
    assert_eq!((rest.items.len(), rest.next), (8, None));
}
