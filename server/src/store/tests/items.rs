//! Items: versions, paging, totals.

use super::fixture::{NOW_MS, Person, bytes, item_id, keys_with_prefix, on_every_store, read_blob};
use crate::store::{DeleteItemError, ListItemsError, Store, WriteItemError};
use smail_protocol::{BlobId, Item, ItemId, ItemWriteRequest, MailboxId};

fn write(base_version: u64, mailbox_id: MailboxId, blob_id: BlobId) -> ItemWriteRequest {
    ItemWriteRequest {
        base_version,
        mailbox_id,
        blob_id,
        sealed: bytes("sealed"),
        parts: None,
    }
}

/// Every item of a mailbox, `limit` at a time.
fn listed(store: &Store, person: &Person, mailbox: MailboxId, limit: u32) -> Vec<Item> {
    let (mut items, mut before) = (Vec::new(), None);
    loop {
        let page = store
            .item_page(person.account, mailbox, before.as_deref(), limit)
            .unwrap();
        assert!(page.items.len() <= limit as usize);
        items.extend(page.items);
        let Some(next) = page.next else { return items };
        before = Some(next);
    }
}

#[test]
fn a_draft_is_made_written_moved_and_removed() {
    on_every_store(|store, alice, _| {
        let (first, second) = (
            alice.upload(store, b"first"),
            alice.upload(store, b"second"),
        );
        let made = store
            .put_item(
                alice.account,
                item_id(1),
                &write(0, alice.sent, first),
                NOW_MS,
            )
            .unwrap();
        assert_eq!(
            (made.version, made.size_bytes, made.arrival_ms),
            (1, 5, NOW_MS)
        );
        let moved = store
            .put_item(
                alice.account,
                item_id(1),
                &write(1, alice.inbox, second),
                NOW_MS + 5,
            )
            .unwrap();
        assert_eq!(
            (moved.version, moved.mailbox_id, moved.arrival_ms),
            (2, alice.inbox, NOW_MS)
        );
        assert_eq!(store.item(alice.account, item_id(1)), Ok(Some(moved)));
        let totals = [alice.sent, alice.inbox]
            .map(|mailbox| store.item_page(alice.account, mailbox, None, 9).unwrap());
        assert_eq!(
            totals.map(|page| (page.total, page.items.len())),
            [(0, 0), (1, 1)]
        );
        assert_eq!(read_blob(store, alice, first), None);
        store.delete_item(alice.account, item_id(1), 2).unwrap();
        assert_eq!(store.item(alice.account, item_id(1)), Ok(None));
        assert_eq!(
            keys_with_prefix(store, b'd')
                + keys_with_prefix(store, b'b')
                + keys_with_prefix(store, b'h'),
            0
        );
    });
}

#[test]
fn who_names_an_old_version_gets_the_item_as_it_is() {
    on_every_store(|store, alice, _| {
        let blob = alice.upload(store, b"draft");
        let current = store
            .put_item(
                alice.account,
                item_id(1),
                &write(0, alice.sent, blob),
                NOW_MS,
            )
            .unwrap();
        for base_version in [0, 2, u64::MAX] {
            let outcome = store.put_item(
                alice.account,
                item_id(1),
                &write(base_version, alice.sent, blob),
                NOW_MS,
            );
            assert_eq!(
                outcome,
                Err(WriteItemError::Conflict(Box::new(current.clone())))
            );
        }
        let outcome = store.delete_item(alice.account, item_id(1), 2);
        assert_eq!(outcome, Err(DeleteItemError::Conflict(Box::new(current))));
    });
}

#[test]
fn an_item_that_is_not_there_is_not_found() {
    on_every_store(|store, alice, bob| {
        let blob = alice.upload(store, b"draft");
        store
            .put_item(
                alice.account,
                item_id(1),
                &write(0, alice.sent, blob),
                NOW_MS,
            )
            .unwrap();
        assert_eq!(store.item(bob.account, item_id(1)), Ok(None));
        assert_eq!(
            store.delete_item(bob.account, item_id(1), 1),
            Err(DeleteItemError::NotFound)
        );
        assert_eq!(
            store.delete_item(alice.account, item_id(2), 0),
            Err(DeleteItemError::NotFound)
        );
        let outcome = store.put_item(
            alice.account,
            item_id(2),
            &write(1, alice.sent, blob),
            NOW_MS,
        );
        assert_eq!(outcome, Err(WriteItemError::NotFound));
    });
}

#[test]
fn nobody_files_what_is_anothers() {
    on_every_store(|store, alice, bob| {
        let blob = alice.upload(store, b"alice's own");
        let outcome = store.put_item(bob.account, item_id(1), &write(0, bob.inbox, blob), NOW_MS);
        assert_eq!(outcome, Err(WriteItemError::UnknownBlob));
        let outcome = store.put_item(
            alice.account,
            item_id(1),
            &write(0, bob.inbox, blob),
            NOW_MS,
        );
        assert_eq!(outcome, Err(WriteItemError::NoMailbox));
    });
}

#[test]
fn pages_are_latest_first_and_miss_and_repeat_nothing() {
    on_every_store(|store, alice, _| {
        let blob = alice.upload(store, b"letter");
        for n in 1..=25_u8 {
            // Three at a time arrive in the same millisecond.
            let arrival_ms = NOW_MS + u64::from(n / 3);
            store
                .put_item(
                    alice.account,
                    item_id(n),
                    &write(0, alice.sent, blob),
                    arrival_ms,
                )
                .unwrap();
        }
        let wanted: Vec<ItemId> = (1..=25).rev().map(item_id).collect();
        for limit in [1, 4, 5, 25, 500] {
            let ids: Vec<ItemId> = listed(store, alice, alice.sent, limit)
                .iter()
                .map(|item| item.item_id)
                .collect();
            assert_eq!(ids, wanted, "{limit} at a time");
        }
        assert_eq!(
            store
                .item_page(alice.account, alice.sent, None, 0)
                .unwrap()
                .items
                .len(),
            1
        );
    });
}

#[test]
fn a_page_goes_on_from_an_item_that_is_gone() {
    on_every_store(|store, alice, _| {
        let blob = alice.upload(store, b"letter");
        for n in 1..=4 {
            store
                .put_item(
                    alice.account,
                    item_id(n),
                    &write(0, alice.sent, blob),
                    NOW_MS,
                )
                .unwrap();
        }
        let page = store.item_page(alice.account, alice.sent, None, 2).unwrap();
        store.delete_item(alice.account, item_id(3), 1).unwrap();
        let rest = store
            .item_page(alice.account, alice.sent, page.next.as_deref(), 2)
            .unwrap();
        assert_eq!(
            rest.items
                .iter()
                .map(|item| item.item_id)
                .collect::<Vec<_>>(),
            [item_id(2), item_id(1)]
        );
        assert_eq!((rest.next, rest.total), (None, 3));
    });
}

#[test]
fn a_cursor_of_no_page_is_refused() {
    on_every_store(|store, alice, _| {
        for cursor in ["", "AAAA", "not base64url!", &"A".repeat(64)] {
            let outcome = store.item_page(alice.account, alice.sent, Some(cursor), 9);
            assert_eq!(outcome, Err(ListItemsError::MalformedCursor), "{cursor}");
        }
        let nowhere = MailboxId::from_bytes([9; 16]);
        assert_eq!(
            store.item_page(alice.account, nowhere, None, 9),
            Err(ListItemsError::NoMailbox)
        );
    });
}
