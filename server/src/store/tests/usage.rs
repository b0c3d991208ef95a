//! How much an account stores, and how much it may.

use super::fixture::{DAY_MS, NOW_MS, Person, bytes, item_id, on_every_store};
use crate::store::engine::Batch;
use crate::store::{
    DeliverError, FinishBlobError, Store, StoreError, WriteItemError, WriteStateError, layout,
};
use smail_protocol::{BlobId, BlobReceipt, ItemWriteRequest, ObjectId, StateWriteRequest};

/// Length of the envelope in the Sent copy of a letter.
const SUMMARY_BYTES: u64 = 7;

fn used(store: &Store, person: &Person) -> u64 {
    store.used_bytes(person.account).unwrap()
}

fn upload(store: &Store, person: &Person, octets: &[u8]) -> Result<BlobReceipt, FinishBlobError> {
    let mut writer = store.blob_writer(person.account, NOW_MS).unwrap();
    writer.write(octets).unwrap();
    writer.finish(None)
}

fn put_item(
    store: &Store,
    person: &Person,
    base_version: u64,
    blob_id: BlobId,
    sealed: &str,
) -> Result<(), WriteItemError> {
    let write = ItemWriteRequest {
        base_version,
        mailbox_id: person.inbox,
        blob_id,
        sealed: bytes(sealed),
        parts: None,
    };
    let item = item_id(200);
    store
        .put_item(person.account, item, &write, NOW_MS)
        .map(|_| ())
}

fn put_state(
    store: &Store,
    person: &Person,
    n: u8,
    base_version: u64,
    sealed: &str,
) -> Result<(), WriteStateError> {
    let write = StateWriteRequest {
        base_version,
        sealed: bytes(sealed),
    };
    let object = ObjectId::from_bytes([n; 16]);
    store.put_state(person.account, object, &write).map(|_| ())
}

#[test]
fn what_comes_and_goes_is_counted_and_each_blob_once() {
    on_every_store(|store, alice, bob| {
        assert_eq!((used(store, alice), used(store, bob)), (0, 0));
        let blob = alice.send(store, 1, &[7; 10_000], &[bob]);
        assert_eq!(used(store, alice), 10_000 + SUMMARY_BYTES);
        assert_eq!(used(store, bob), 10_000);
        put_item(store, alice, 0, blob, "again").unwrap();
        assert_eq!(used(store, alice), 10_000 + SUMMARY_BYTES + 5);
        put_item(store, alice, 1, blob, "longer still").unwrap();
        assert_eq!(used(store, alice), 10_000 + SUMMARY_BYTES + 12);
        put_state(store, alice, 1, 0, "state").unwrap();
        put_state(store, alice, 1, 1, "st").unwrap();
        assert_eq!(used(store, alice), 10_000 + SUMMARY_BYTES + 12 + 2);
        store
            .delete_state(alice.account, ObjectId::from_bytes([1; 16]), 2)
            .unwrap();
        store.delete_item(alice.account, item_id(1), 1).unwrap();
        assert_eq!(used(store, alice), 10_000 + 12);
        store.delete_item(alice.account, item_id(200), 2).unwrap();
        assert_eq!((used(store, alice), used(store, bob)), (0, 10_000));
        alice.upload(store, b"never sent");
        assert_eq!(used(store, alice), 10);
        store.sweep(NOW_MS + 2 * DAY_MS).unwrap();
        assert_eq!(used(store, alice), 0);
        assert_eq!(
            store.check(false, |_| ()).unwrap().found,
            1,
            "but the setup"
        );
    });
}

#[test]
fn a_store_from_before_there_were_counters_is_counted() {
    on_every_store(|store, alice, bob| {
        alice.send(store, 1, &[7; 10_000], &[bob]);
        put_state(store, alice, 1, 0, "state").unwrap();
        let all = 10_000 + SUMMARY_BYTES + 5;
        let mut batch = Batch::default();
        batch.delete(layout::usage(alice.account));
        store.apply(&batch).unwrap();
        assert_eq!(used(store, alice), all);
        alice.upload(store, b"one more");
        assert!(
            store
                .engine()
                .get(&layout::usage(alice.account))
                .unwrap()
                .is_some()
        );
        assert_eq!(used(store, alice), all + 8);
    });
}

#[test]
fn who_has_no_room_uploads_and_makes_nothing_and_still_changes_and_deletes() {
    on_every_store(|store, alice, bob| {
        let blob = alice.send(store, 1, &[7; 10_000], &[bob]);
        put_item(store, alice, 0, blob, "draft").unwrap();
        put_state(store, alice, 1, 0, "state").unwrap();
        let before = used(store, alice);
        store.set_quota(before);
        assert!(store.has_room(alice.account, 0).unwrap());
        assert!(!store.has_room(alice.account, 1).unwrap());
        for octets in [&[1; 10][..], &[1; 1_000_000]] {
            assert_eq!(
                upload(store, alice, octets),
                Err(FinishBlobError::OverQuota)
            );
        }
        let held = upload(store, alice, &[7; 10_000]).unwrap();
        assert_eq!(held.blob_id, blob);
        let second = put_state(store, alice, 2, 0, "more");
        assert_eq!(second, Err(WriteStateError::OverQuota));
        let note = alice.letter(2, blob, &[]);
        let refusal = store.deliver(alice.account, &note, NOW_MS);
        assert_eq!(refusal, Err(DeliverError::OverQuota));
        assert_eq!(used(store, alice), before);
        put_item(store, alice, 1, blob, "a longer draft").unwrap();
        put_state(store, alice, 1, 1, "a longer state").unwrap();
        store.delete_item(alice.account, item_id(200), 2).unwrap();
        store.delete_item(alice.account, item_id(1), 1).unwrap();
        upload(store, alice, &[1; 9_000]).unwrap();
        store.sweep(u64::MAX).unwrap();
        assert_eq!(
            super::fixture::keys_with_prefix(store, b'd'),
            3,
            "only bob's letter is left"
        );
    });
}

#[test]
fn a_new_item_needs_room_too() {
    on_every_store(|store, alice, _| {
        let blob = alice.upload(store, b"draft");
        store.set_quota(used(store, alice));
        let refusal = put_item(store, alice, 0, blob, "summary");
        assert_eq!(refusal, Err(WriteItemError::OverQuota));
        assert_eq!(store.item(alice.account, item_id(200)), Ok(None));
    });
}

#[test]
fn recipients_without_room_are_named_and_nobody_gets_anything() {
    on_every_store(|store, alice, bob| {
        let carol = Person::sign_up(store, "carol", 3);
        let dave = Person::sign_up(store, "dave", 4);
        for (n, person) in [(10, bob), (11, &dave)] {
            alice.send(store, n, &[n; 900], &[person]);
            store.delete_item(alice.account, item_id(n), 1).unwrap();
        }
        let blob = alice.upload(store, &[7; 200]);
        store.set_quota(1_000);
        let letter = alice.letter(1, blob, &[bob, &carol, &dave]);
        let refusal = store.deliver(alice.account, &letter, NOW_MS);
        let full = vec![bob.username.clone(), dave.username.clone()];
        assert_eq!(refusal, Err(DeliverError::RecipientsFull(full)));
        assert_eq!(used(store, &carol), 0);
        assert_eq!(store.item(alice.account, item_id(1)), Ok(None));
        // With room again the same request goes out.
        store.set_quota(1_100);
        store.deliver(alice.account, &letter, NOW_MS).unwrap();
        assert_eq!((used(store, &carol), used(store, bob)), (200, 1_100));
    });
}

#[test]
fn uploads_at_once_do_not_pass_the_quota_together() {
    on_every_store(|store, alice, _| {
        store.set_quota(3_500);
        let kept: usize = std::thread::scope(|scope| {
            let uploads: Vec<_> = (1..=8_u8)
                .map(|n| scope.spawn(move || upload(store, alice, &[n; 1_000])))
                .collect();
            uploads
                .into_iter()
                .map(|upload| usize::from(upload.join().unwrap().is_ok()))
                .sum()
        });
        assert_eq!((kept, used(store, alice)), (3, 3_000));
    });
}

#[test]
fn a_counter_that_does_not_read_is_damage() {
    on_every_store(|store, alice, _| {
        let mut batch = Batch::default();
        batch.put(layout::usage(alice.account), b"nonsense");
        store.apply(&batch).unwrap();
        assert_eq!(store.used_bytes(alice.account), Err(StoreError::Corrupt));
    });
}
