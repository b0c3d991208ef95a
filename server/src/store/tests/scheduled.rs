//! Messages that wait to be sent.

use super::fixture::{NOW_MS, Person, bytes, item_id, keys_with_prefix, on_every_store, read_blob};
use crate::store::{
    CheckStep, DeliverError, DueReport, ScheduleError, SendScheduledError, Store, WriteItemError,
};
use smail_protocol::limits::MAX_SCHEDULED;
use smail_protocol::{BlobId, ItemWriteRequest, ScheduleRequest};

const HOUR_MS: u64 = 3_600_000;

/// The draft that waits.
const DRAFT: u8 = 50;

fn write(person: &Person, base_version: u64, blob_id: BlobId) -> ItemWriteRequest {
    ItemWriteRequest {
        base_version,
        mailbox_id: person.sent,
        blob_id,
        sealed: bytes("draft"),
        parts: Some(Vec::new()),
    }
}

/// Lets a letter wait for an hour; gives the ciphertext's blob.
fn schedule(store: &Store, sender: &Person, n: u8, recipients: &[&Person]) -> BlobId {
    let letter = sender.upload(store, &[b'l', n]);
    let draft = sender.upload(store, &[b'd', n]);
    let request = ScheduleRequest {
        after_ms: HOUR_MS,
        write: write(sender, 0, draft),
        delivery: sender.letter(n, letter, recipients),
    };
    store
        .schedule(sender.account, item_id(DRAFT + n), &request, NOW_MS)
        .unwrap();
    letter
}

fn inbox(store: &Store, person: &Person) -> u64 {
    store
        .item_page(person.account, person.inbox, None, 1)
        .unwrap()
        .total
}

fn sent(count: u64) -> DueReport {
    DueReport {
        sent: count,
        ..DueReport::default()
    }
}

fn is_sound(store: &Store) {
    store.server_setup(|| b"\x09localhost".to_vec()).unwrap();
    let report = store.check(false, |step| {
        if let CheckStep::Found(fault, _) = step {
            panic!("{fault}");
        }
    });
    assert_eq!(report.map(|report| report.found), Ok(0));
}

#[test]
fn it_goes_out_when_its_time_has_come_and_not_before() {
    on_every_store(|store, alice, bob| {
        let letter = schedule(store, alice, 1, &[bob]);
        assert_eq!(store.send_due(NOW_MS + HOUR_MS - 1), Ok(sent(0)));
        assert_eq!(inbox(store, bob), 0);
        is_sound(store);
        assert_eq!(store.send_due(NOW_MS + HOUR_MS), Ok(sent(1)));
        assert_eq!(inbox(store, bob), 1);
        assert_eq!(
            read_blob(store, bob, letter).as_deref(),
            Some(&[b'l', 1][..])
        );
        let copy = store.item(alice.account, item_id(1)).unwrap().unwrap();
        assert_eq!(
            (copy.version, copy.arrival_ms),
            (1, NOW_MS + HOUR_MS),
            "the Sent copy is filed then"
        );
        assert_eq!(store.item(alice.account, item_id(DRAFT + 1)), Ok(None));
        assert_eq!(store.send_due(NOW_MS + 9 * HOUR_MS), Ok(sent(0)));
        assert_eq!(
            (keys_with_prefix(store, b'j'), keys_with_prefix(store, b'J')),
            (0, 0)
        );
        is_sound(store);
    });
}

#[test]
fn it_can_be_sent_at_once_and_is_sent_once() {
    on_every_store(|store, alice, bob| {
        schedule(store, alice, 1, &[bob]);
        let item = item_id(DRAFT + 1);
        let response = store
            .send_scheduled(alice.account, item, NOW_MS + 1)
            .unwrap();
        assert_eq!(response.seq, store.newest_seq(alice.account).unwrap());
        assert_eq!(
            store.send_scheduled(alice.account, item, NOW_MS + 2),
            Err(SendScheduledError::NotScheduled)
        );
        assert_eq!(store.send_due(NOW_MS + HOUR_MS), Ok(sent(0)));
        assert_eq!(inbox(store, bob), 1);
    });
}

#[test]
fn moving_changing_or_removing_the_item_calls_it_off() {
    on_every_store(|store, alice, bob| {
        let letter = schedule(store, alice, 1, &[bob]);
        let item = item_id(DRAFT + 1);
        let waiting = store.item(alice.account, item).unwrap().unwrap();
        let moved = ItemWriteRequest {
            mailbox_id: alice.inbox,
            ..write(alice, 1, waiting.blob_id)
        };
        store.put_item(alice.account, item, &moved, NOW_MS).unwrap();
        assert_eq!(store.send_due(NOW_MS + HOUR_MS), Ok(sent(0)));
        assert_eq!(read_blob(store, alice, letter), None, "nothing holds it");
        schedule(store, alice, 2, &[bob]);
        store
            .delete_item(alice.account, item_id(DRAFT + 2), 1)
            .unwrap();
        assert_eq!(store.send_due(NOW_MS + HOUR_MS), Ok(sent(0)));
        assert_eq!((inbox(store, bob), keys_with_prefix(store, b'j')), (0, 0));
        is_sound(store);
    });
}

#[test]
fn a_change_of_its_flags_leaves_it_waiting() {
    on_every_store(|store, alice, bob| {
        schedule(store, alice, 1, &[bob]);
        let item = item_id(DRAFT + 1);
        let waiting = store.item(alice.account, item).unwrap().unwrap();
        let starred = ItemWriteRequest {
            parts: None,
            ..write(alice, 1, waiting.blob_id)
        };
        store
            .put_item(alice.account, item, &starred, NOW_MS)
            .unwrap();
        assert_eq!(store.send_due(NOW_MS + HOUR_MS), Ok(sent(1)));
        assert_eq!(inbox(store, bob), 1);
    });
}

#[test]
fn another_time_takes_the_place_of_the_first() {
    on_every_store(|store, alice, bob| {
        let letter = schedule(store, alice, 1, &[bob]);
        let item = item_id(DRAFT + 1);
        let waiting = store.item(alice.account, item).unwrap().unwrap();
        let request = ScheduleRequest {
            after_ms: 5 * HOUR_MS,
            write: write(alice, 1, waiting.blob_id),
            delivery: alice.letter(2, letter, &[bob]),
        };
        store
            .schedule(alice.account, item, &request, NOW_MS)
            .unwrap();
        assert_eq!(store.send_due(NOW_MS + HOUR_MS), Ok(sent(0)));
        assert_eq!(store.send_due(NOW_MS + 5 * HOUR_MS), Ok(sent(1)));
        assert_eq!(inbox(store, bob), 1);
    });
}

#[test]
fn what_cannot_be_delivered_is_refused_and_writes_nothing() {
    on_every_store(|store, alice, bob| {
        let blob = alice.upload(store, b"letter");
        let stranger = Person::new("nobody", 9);
        let request = |delivery, base_version| ScheduleRequest {
            after_ms: HOUR_MS,
            write: write(alice, base_version, blob),
            delivery,
        };
        let refused = |request| {
            let error = store.schedule(alice.account, item_id(DRAFT), &request, NOW_MS);
            assert_eq!(store.item(alice.account, item_id(DRAFT)), Ok(None));
            error.unwrap_err()
        };
        assert_eq!(
            refused(request(alice.letter(1, blob, &[&stranger]), 0)),
            ScheduleError::Delivery(DeliverError::UnknownRecipients(vec![
                stranger.username.clone()
            ]))
        );
        let theirs = bob.upload(store, b"not hers");
        assert_eq!(
            refused(request(alice.letter(1, theirs, &[bob]), 0)),
            ScheduleError::Delivery(DeliverError::UnknownBlob)
        );
        assert_eq!(
            refused(request(alice.letter(1, blob, &[bob]), 4)),
            ScheduleError::Item(WriteItemError::NotFound)
        );
    });
}

#[test]
fn no_more_wait_than_may() {
    on_every_store(|store, alice, bob| {
        let waiting = u8::try_from(MAX_SCHEDULED).unwrap();
        for n in 0..waiting {
            schedule(store, alice, n, &[bob]);
        }
        let blob = alice.upload(store, b"one more");
        let request = ScheduleRequest {
            after_ms: 1,
            write: write(alice, 0, blob),
            delivery: alice.letter(200, blob, &[bob]),
        };
        assert_eq!(
            store.schedule(alice.account, item_id(220), &request, NOW_MS),
            Err(ScheduleError::TooMany)
        );
        assert_eq!(
            store.send_due(NOW_MS + HOUR_MS),
            Ok(sent(u64::from(waiting)))
        );
        assert_eq!(inbox(store, bob), u64::from(waiting));
    });
}

#[test]
fn a_recipient_without_room_is_tried_again_for_a_day() {
    on_every_store(|store, alice, bob| {
        schedule(store, alice, 1, &[bob]);
        bob.upload(store, &[7; 4_000]);
        bob.send(store, 90, &[7; 4_000], &[bob]);
        store.set_quota(4_000);
        let put_off = DueReport {
            put_off: 1,
            ..DueReport::default()
        };
        let due = NOW_MS + HOUR_MS;
        assert_eq!(store.send_due(due), Ok(put_off));
        assert_eq!(store.send_due(due + 1), Ok(sent(0)), "not at once");
        store.set_quota(1_000_000);
        assert_eq!(store.send_due(due + HOUR_MS), Ok(sent(1)));
        schedule(store, alice, 2, &[bob]);
        store.set_quota(4_000);
        assert_eq!(store.send_due(due + 25 * HOUR_MS).unwrap().given_up, 1);
        assert!(
            store
                .item(alice.account, item_id(DRAFT + 2))
                .unwrap()
                .is_some(),
            "the draft stays"
        );
        assert_eq!(
            (keys_with_prefix(store, b'j'), keys_with_prefix(store, b'J')),
            (0, 0)
        );
    });
}
