//! What has had its time goes, what has not stays.

use super::fixture::{
    DAY_MS, NOW_MS, Person, bytes, item_id, keys_with_prefix, on_every_store, read_blob,
};
use crate::store::engine::Batch;
use crate::store::layout::{self, Ending, StreamId};
use crate::store::{StoreError, SweepReport};
use smail_protocol::{ItemWriteRequest, SessionId};

#[test]
fn an_upload_that_nothing_names_goes_after_a_day() {
    on_every_store(|store, alice, _| {
        let blob = alice.upload(store, &[1; 300_000]);
        assert_eq!(store.sweep(NOW_MS + DAY_MS - 1), Ok(SweepReport::default()));
        assert!(read_blob(store, alice, blob).is_some());
        assert_eq!(store.sweep(NOW_MS + DAY_MS).unwrap().orphaned_blobs, 1);
        assert_eq!(read_blob(store, alice, blob), None);
        let left = [b'b', b'd', b'h', b'x'].map(|prefix| keys_with_prefix(store, prefix));
        assert_eq!(left, [0; 4]);
    });
}

#[test]
fn an_upload_that_an_item_names_stays() {
    on_every_store(|store, alice, bob| {
        let blob = alice.send(store, 1, b"letter", &[bob]);
        assert_eq!(store.sweep(NOW_MS + 2 * DAY_MS).unwrap().orphaned_blobs, 0);
        assert!(read_blob(store, alice, blob).is_some());
        assert!(read_blob(store, bob, blob).is_some());
    });
}

#[test]
fn uploading_again_gives_another_day() {
    on_every_store(|store, alice, _| {
        alice.upload(store, b"letter");
        let mut writer = store
            .blob_writer(alice.account, NOW_MS + DAY_MS / 2)
            .unwrap();
        writer.write(b"letter").unwrap();
        let blob = writer.finish(None).unwrap().blob_id;
        assert_eq!(store.sweep(NOW_MS + DAY_MS).unwrap().orphaned_blobs, 0);
        assert!(read_blob(store, alice, blob).is_some());
        assert_eq!(store.sweep(NOW_MS + 2 * DAY_MS).unwrap().orphaned_blobs, 1);
    });
}

#[test]
fn an_idempotency_key_is_kept_a_day() {
    on_every_store(|store, alice, bob| {
        let request = alice.letter(1, alice.upload(store, b"letter"), &[bob]);
        let first = store.deliver(alice.account, &request, NOW_MS).unwrap();
        assert_eq!(
            store.sweep(NOW_MS + DAY_MS - 1).unwrap().idempotency_keys,
            0
        );
        assert_eq!(
            store.deliver(alice.account, &request, NOW_MS + DAY_MS - 1),
            Ok(first)
        );
        assert_eq!(store.sweep(NOW_MS + DAY_MS).unwrap().idempotency_keys, 1);
        assert_eq!(keys_with_prefix(store, b'r'), 0);
    });
}

#[test]
fn sessions_past_their_limits_go_and_used_ones_stay() {
    on_every_store(|store, alice, _| {
        store.create_session(&alice.new_session(7)).unwrap();
        store.create_session(&alice.new_session(8)).unwrap();
        let mut feed = store
            .subscribe(alice.account, SessionId::from_bytes([7; 16]))
            .unwrap()
            .unwrap();
        store.touch_session(&[8; 32], NOW_MS + 10 * DAY_MS).unwrap();
        assert_eq!(store.sweep(NOW_MS + 15 * DAY_MS).unwrap().sessions, 1);
        assert!(*feed.session_ended.borrow_and_update());
        assert_eq!(keys_with_prefix(store, b't'), 1);
        assert_eq!(store.sweep(NOW_MS + 25 * DAY_MS).unwrap().sessions, 1);
        assert_eq!(
            keys_with_prefix(store, b't') + keys_with_prefix(store, b's'),
            0
        );
    });
}

#[test]
fn what_a_crash_left_of_a_removed_blob_goes() {
    on_every_store(|store, _, _| {
        let stream = StreamId([5; 16]);
        let mut batch = Batch::default();
        (0..200).for_each(|number| batch.put(layout::chunk(stream, number), [0; 9]));
        batch.put(layout::ending(0, Ending::Stream(stream)), []);
        store.apply(&batch).unwrap();
        assert_eq!(store.sweep(NOW_MS).unwrap().streams, 1);
        assert_eq!(keys_with_prefix(store, b'd'), 0);
    });
}

#[test]
fn one_damaged_record_does_not_keep_the_rest() {
    on_every_store(|store, alice, _| {
        store.create_session(&alice.new_session(7)).unwrap();
        store.create_session(&alice.new_session(8)).unwrap();
        let mut batch = Batch::default();
        batch.put(layout::session_by_token(&[7; 32]), "damaged");
        store.apply(&batch).unwrap();
        assert_eq!(store.sweep(NOW_MS + 100 * DAY_MS), Err(StoreError::Corrupt));
        assert_eq!(keys_with_prefix(store, b't'), 1);
    });
}

#[test]
fn a_sweep_of_many_things_leaves_none() {
    let store = crate::store::Store::in_memory();
    let alice = Person::sign_up(&store, "alice", 1);
    for n in 0..600_u32 {
        alice.upload(&store, &n.to_be_bytes());
    }
    assert_eq!(store.sweep(NOW_MS + DAY_MS).unwrap().orphaned_blobs, 600);
    assert_eq!(
        keys_with_prefix(&store, b'x') + keys_with_prefix(&store, b'd'),
        0
    );
}

#[test]
fn a_clock_that_goes_back_ends_nothing_early() {
    on_every_store(|store, alice, _| {
        let blob = alice.upload(store, b"draft");
        store.create_session(&alice.new_session(7)).unwrap();
        assert_eq!(
            store.sweep(NOW_MS - 100 * DAY_MS),
            Ok(SweepReport::default())
        );
        assert!(
            store
                .session(&[7; 32], NOW_MS - 100 * DAY_MS)
                .unwrap()
                .is_some()
        );
        let write = ItemWriteRequest {
            base_version: 0,
            mailbox_id: alice.sent,
            blob_id: blob,
            sealed: bytes("draft"),
            parts: None,
        };
        store
            .put_item(alice.account, item_id(1), &write, NOW_MS - DAY_MS)
            .unwrap();
        assert!(read_blob(store, alice, blob).is_some());
    });
}
