//! Parts of items: held by whoever has the item, counted, and let go of with the last item that names them.

use super::fixture::{
    DAY_MS, NOW_MS, Person, bytes, copy, item_id, on_every_store, open, read_blob,
};
use crate::store::engine::Batch;
use crate::store::layout;
use crate::store::records::{PartsRecord, Record as _};
use crate::store::{CheckStep, DeliverError, Fault, Store, WriteItemError};
use smail_protocol::{BlobId, DeliverRequest, ItemId, ItemWriteRequest, ReplacedDraft};
use tempfile::TempDir;

/// More than one chunk.
const FILE: &[u8] = &[9; 10_000];

fn letter(
    alice: &Person,
    store: &Store,
    n: u8,
    parts: &[BlobId],
    to: &[&Person],
) -> DeliverRequest {
    let text = alice.upload(store, &[n; 50]);
    DeliverRequest {
        parts: parts.to_vec(),
        ..alice.letter(n, text, to)
    }
}

fn draft(
    alice: &Person,
    blob_id: BlobId,
    base_version: u64,
    parts: Option<&[BlobId]>,
) -> ItemWriteRequest {
    ItemWriteRequest {
        base_version,
        mailbox_id: alice.inbox,
        blob_id,
        sealed: bytes("draft"),
        parts: parts.map(<[BlobId]>::to_vec),
    }
}

fn used(store: &Store, person: &Person) -> u64 {
    store.used_bytes(person.account).unwrap()
}

fn only_item(store: &Store, person: &Person) -> ItemId {
    let page = store
        .item_page(person.account, person.inbox, None, 9)
        .unwrap();
    page.items[0].item_id
}

/// Nothing but the missing OPAQUE setup, of which these stores have none.
fn assert_sound(store: &Store) {
    let mut found = Vec::new();
    let watch = |step: &CheckStep<'_>| {
        if let CheckStep::Found(fault, _) = step {
            found.push((*fault).clone());
        }
    };
    store.check(false, watch).unwrap();
    assert_eq!(found, [Fault::NoServerSetup]);
}

#[test]
fn who_gets_the_message_gets_its_parts_and_the_last_one_frees_them() {
    on_every_store(|store, alice, bob| {
        let part = alice.upload(store, FILE);
        assert_eq!(read_blob(store, bob, part), None);
        let request = letter(alice, store, 1, &[part], &[bob]);
        store.deliver(alice.account, &request, NOW_MS).unwrap();
        for person in [alice, bob] {
            assert_eq!(read_blob(store, person, part).as_deref(), Some(FILE));
            assert!(used(store, person) >= 10_050);
        }
        assert_sound(store);
        store.delete_item(alice.account, item_id(1), 1).unwrap();
        assert_eq!(
            (read_blob(store, alice, part), used(store, alice)),
            (None, 0)
        );
        assert_sound(store);
        // Passed on by who has it, without a new upload.
        let forward = letter(bob, store, 2, &[part], &[alice]);
        store.deliver(bob.account, &forward, NOW_MS).unwrap();
        store
            .delete_item(bob.account, only_item(store, bob), 1)
            .unwrap();
        store.delete_item(bob.account, item_id(2), 1).unwrap();
        assert_eq!(read_blob(store, alice, part).as_deref(), Some(FILE));
        store
            .delete_item(alice.account, only_item(store, alice), 1)
            .unwrap();
        assert_eq!(store.engine().get(&layout::blob(part)).unwrap(), None);
        assert_sound(store);
    });
}

#[test]
fn a_draft_keeps_its_parts_until_it_says_otherwise() {
    on_every_store(|store, alice, bob| {
        let (one, two) = (alice.upload(store, FILE), alice.upload(store, b"two"));
        let text = alice.upload(store, b"text");
        let put = |base, parts: Option<Vec<BlobId>>| {
            store.put_item(
                alice.account,
                item_id(7),
                &draft(alice, text, base, parts.as_deref()),
                NOW_MS,
            )
        };
        put(0, Some(vec![one, two, one])).unwrap();
        store.sweep(NOW_MS + 2 * DAY_MS).unwrap();
        assert!(read_blob(store, alice, one).is_some());
        // Flagged or moved, by a session that knows nothing of parts.
        put(1, None).unwrap();
        assert!(read_blob(store, alice, one).is_some());
        put(2, Some(vec![two])).unwrap();
        assert_eq!(read_blob(store, alice, one), None);
        assert_sound(store);
        // Sent: the parts go from the draft to the copies.
        let mut request = letter(alice, store, 1, &[two], &[bob]);
        request.draft = Some(ReplacedDraft {
            item_id: item_id(7),
            version: 3,
        });
        store.deliver(alice.account, &request, NOW_MS).unwrap();
        assert_eq!(read_blob(store, bob, two).as_deref(), Some(&b"two"[..]));
        assert_eq!(read_blob(store, alice, two).as_deref(), Some(&b"two"[..]));
        assert_sound(store);
    });
}

#[test]
fn nobody_names_a_part_that_they_do_not_have() {
    on_every_store(|store, alice, bob| {
        let part = alice.upload(store, FILE);
        let stolen = letter(bob, store, 1, &[part], &[bob]);
        let refused = store.deliver(bob.account, &stolen, NOW_MS);
        assert_eq!(refused.unwrap_err(), DeliverError::UnknownPart);
        let text = bob.upload(store, b"text");
        let write = draft(bob, text, 0, Some(&[part]));
        let refused = store.put_item(bob.account, item_id(3), &write, NOW_MS);
        assert_eq!(refused.unwrap_err(), WriteItemError::UnknownPart);
        assert_eq!(read_blob(store, bob, part), None);
    });
}

#[test]
fn a_full_mailbox_takes_no_parts_and_nobody_else_gets_them() {
    on_every_store(|store, alice, bob| {
        let part = alice.upload(store, FILE);
        let request = letter(alice, store, 1, &[part], &[bob]);
        bob.upload(store, &[1; 9_000]);
        store.set_quota(18_000);
        let refused = store.deliver(alice.account, &request, NOW_MS).unwrap_err();
        assert_eq!(
            refused,
            DeliverError::RecipientsFull(vec![bob.username.clone()])
        );
        assert_eq!(read_blob(store, bob, part), None);
        assert_sound(store);
    });
}

#[test]
fn what_is_given_up_makes_room_at_once_unless_an_item_names_it() {
    on_every_store(|store, alice, bob| {
        let part = alice.upload(store, FILE);
        assert!(!store.abandon_blob(bob.account, part).unwrap());
        assert!(store.abandon_blob(alice.account, part).unwrap());
        assert_eq!(
            (read_blob(store, alice, part), used(store, alice)),
            (None, 0)
        );
        let part = alice.upload(store, FILE);
        let request = letter(alice, store, 1, &[part], &[bob]);
        store.deliver(alice.account, &request, NOW_MS).unwrap();
        assert!(!store.abandon_blob(alice.account, part).unwrap());
        assert!(read_blob(store, alice, part).is_some());
    });
}

#[test]
fn a_restart_finds_parts_as_they_were() {
    let directory = TempDir::new().unwrap();
    let store = open(directory.path());
    let alice = Person::sign_up(&store, "alice", 1);
    let bob = Person::sign_up(&store, "bob", 2);
    let part = alice.upload(&store, FILE);
    // Many, so that the record is longer than one of the engine's values.
    let mut parts: Vec<BlobId> = (0..200_u8)
        .map(|n| alice.upload(&store, &[n, 1, 2]))
        .collect();
    parts.push(part);
    let request = letter(&alice, &store, 1, &parts, &[&bob]);
    store.deliver(alice.account, &request, NOW_MS).unwrap();
    let copied = copy(directory.path());
    let again = open(copied.path());
    assert_eq!(read_blob(&again, &bob, part).as_deref(), Some(FILE));
    assert_sound(&again);
    again
        .delete_item(bob.account, only_item(&again, &bob), 1)
        .unwrap();
    again.delete_item(alice.account, item_id(1), 1).unwrap();
    assert_eq!((used(&again, &alice), used(&again, &bob)), (0, 0));
    assert_sound(&again);
}

#[test]
fn lost_and_stray_parts_are_found_and_counts_are_mended() {
    let store = Store::in_memory();
    let alice = Person::sign_up(&store, "alice", 1);
    let part = alice.upload(&store, FILE);
    let request = letter(&alice, &store, 1, &[part], &[]);
    let request = DeliverRequest {
        deliveries: Vec::new(),
        ..request
    };
    store.deliver(alice.account, &request, NOW_MS).unwrap();
    let faults = |repairs| {
        let mut found = Vec::new();
        let watch = |step: &CheckStep<'_>| {
            if let CheckStep::Found(fault, _) = step {
                found.push((*fault).clone());
            }
        };
        store.check(repairs, watch).unwrap();
        found
    };
    let put = |key: Vec<u8>, value: Vec<u8>| {
        let mut batch = Batch::default();
        batch.put(key, value);
        store.apply(&batch).unwrap();
    };
    let record = PartsRecord {
        blobs: vec![*part.as_bytes()],
    }
    .encode()
    .unwrap();
    put(layout::parts(alice.account, item_id(99)), record);
    let stray = Fault::StrayParts(alice.account, item_id(99));
    assert!(faults(true).contains(&stray));
    assert!(!faults(false).contains(&stray));
    let lost = BlobId::from_sha256([5; 32]);
    let both = PartsRecord {
        blobs: vec![*lost.as_bytes(), *part.as_bytes()],
    };
    put(
        layout::parts(alice.account, item_id(1)),
        both.encode().unwrap(),
    );
    let lost = Fault::ItemWithoutPart(alice.account, item_id(1), lost);
    assert!(faults(false).contains(&lost));
    assert_eq!(read_blob(&store, &alice, part).as_deref(), Some(FILE));
}
