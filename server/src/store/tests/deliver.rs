//! Delivery: to all or to none, once.

use super::fixture::{NOW_MS, Person, bytes, item_id, keys_with_prefix, on_every_store, read_blob};
use crate::store::{DeliverError, Store};
use smail_protocol::{DeliverRequest, Delivery, ItemWriteRequest, MailboxId, ReplacedDraft};

fn total(store: &Store, person: &Person, mailbox: MailboxId) -> u64 {
    store
        .item_page(person.account, mailbox, None, 1)
        .unwrap()
        .total
}

/// That a request is refused and leaves no trace.
fn refused(store: &Store, sender: &Person, request: &DeliverRequest, error: &DeliverError) {
    let before = (
        keys_with_prefix(store, b'i'),
        store.newest_seq(sender.account),
    );
    assert_eq!(
        store.deliver(sender.account, request, NOW_MS),
        Err(error.clone())
    );
    assert_eq!(
        (
            keys_with_prefix(store, b'i'),
            store.newest_seq(sender.account)
        ),
        before
    );
    assert_eq!(keys_with_prefix(store, b'r'), 0);
}

#[test]
fn a_letter_arrives_and_a_copy_is_kept() {
    on_every_store(|store, alice, bob| {
        let blob = alice.upload(store, b"letter");
        let response = store
            .deliver(alice.account, &alice.letter(1, blob, &[bob]), NOW_MS)
            .unwrap();
        assert_eq!(
            store.item(alice.account, item_id(1)),
            Ok(Some(response.sent))
        );
        assert_eq!(response.seq, store.newest_seq(alice.account).unwrap());
        let arrived = store
            .item_page(bob.account, bob.inbox, None, 9)
            .unwrap()
            .items
            .remove(0);
        assert_eq!(
            (arrived.blob_id, arrived.size_bytes, arrived.arrival_ms),
            (blob, 6, NOW_MS)
        );
        assert_eq!((arrived.version, arrived.sealed), (1, None));
        assert_eq!(read_blob(store, bob, blob), Some(b"letter".to_vec()));
    });
}

#[test]
fn a_letter_to_oneself_is_in_both_places() {
    on_every_store(|store, alice, _| {
        alice.send(store, 1, b"note", &[alice]);
        assert_eq!(
            (
                total(store, alice, alice.inbox),
                total(store, alice, alice.sent)
            ),
            (1, 1)
        );
        alice.send(store, 2, b"only a copy", &[]);
        assert_eq!(
            (
                total(store, alice, alice.inbox),
                total(store, alice, alice.sent)
            ),
            (1, 2)
        );
    });
}

#[test]
fn each_bcc_recipient_gets_a_ciphertext_that_the_others_cannot_fetch() {
    on_every_store(|store, alice, bob| {
        let carol = Person::sign_up(store, "carol", 3);
        let (open, hidden) = (
            alice.upload(store, b"to bob"),
            alice.upload(store, b"to carol"),
        );
        let mut request = alice.letter(1, open, &[bob]);
        request.deliveries.push(Delivery {
            blob_id: hidden,
            recipients: vec![carol.username.clone()],
        });
        store.deliver(alice.account, &request, NOW_MS).unwrap();
        assert_eq!(read_blob(store, &carol, hidden), Some(b"to carol".to_vec()));
        assert_eq!(read_blob(store, &carol, open), None);
        assert_eq!(read_blob(store, bob, hidden), None);
        assert_eq!(
            read_blob(store, alice, hidden),
            None,
            "the claim is used up"
        );
    });
}

#[test]
fn one_unknown_recipient_stops_it_for_all() {
    on_every_store(|store, alice, bob| {
        let blob = alice.upload(store, b"letter");
        let mallory = Person::new("mallory", 9);
        let request = alice.letter(1, blob, &[bob, &mallory]);
        refused(
            store,
            alice,
            &request,
            &DeliverError::UnknownRecipients(vec![mallory.username]),
        );
        assert_eq!(total(store, bob, bob.inbox), 0);
    });
}

#[test]
fn what_is_wrong_with_a_request_is_named() {
    on_every_store(|store, alice, bob| {
        let (blob, bobs) = (
            alice.upload(store, b"letter"),
            bob.upload(store, b"bob's own"),
        );
        refused(
            store,
            alice,
            &alice.letter(1, blob, &[bob, bob]),
            &DeliverError::RepeatedRecipient,
        );
        refused(
            store,
            alice,
            &alice.letter(1, bobs, &[bob]),
            &DeliverError::UnknownBlob,
        );
        let mut request = alice.letter(1, blob, &[bob]);
        request.sent.blob_id = bobs;
        refused(store, alice, &request, &DeliverError::UnknownBlob);
        request = alice.letter(1, blob, &[bob]);
        request.sent.mailbox_id = bob.inbox;
        refused(store, alice, &request, &DeliverError::NoMailbox);
    });
}

#[test]
fn a_used_item_id_is_refused() {
    on_every_store(|store, alice, bob| {
        alice.send(store, 1, b"first", &[bob]);
        let mut request = alice.letter(2, alice.upload(store, b"second"), &[bob]);
        request.sent.item_id = item_id(1);
        assert_eq!(
            store.deliver(alice.account, &request, NOW_MS),
            Err(DeliverError::ItemExists)
        );
        assert_eq!(total(store, bob, bob.inbox), 1);
    });
}

#[test]
fn the_same_request_again_gives_the_same_answer_and_delivers_once() {
    on_every_store(|store, alice, bob| {
        let request = alice.letter(1, alice.upload(store, b"letter"), &[bob]);
        let first = store.deliver(alice.account, &request, NOW_MS).unwrap();
        store.delete_item(alice.account, item_id(1), 1).unwrap();
        assert_eq!(
            store.deliver(alice.account, &request, NOW_MS + 5_000),
            Ok(first)
        );
        assert_eq!(total(store, bob, bob.inbox), 1);
    });
}

#[test]
fn an_idempotency_key_is_for_one_request_of_one_sender() {
    on_every_store(|store, alice, bob| {
        alice.send(store, 1, b"letter", &[bob]);
        let other = alice.letter(1, alice.upload(store, b"other"), &[bob]);
        assert_eq!(
            store.deliver(alice.account, &other, NOW_MS),
            Err(DeliverError::IdempotencyMismatch)
        );
        bob.send(store, 1, b"answer", &[alice]);
        assert_eq!(total(store, alice, alice.inbox), 1);
    });
}

#[test]
fn a_draft_goes_with_its_delivery_unless_it_was_changed() {
    on_every_store(|store, alice, bob| {
        let blob = alice.upload(store, b"draft");
        let write = |base_version| ItemWriteRequest {
            base_version,
            mailbox_id: alice.sent,
            blob_id: blob,
            sealed: bytes("draft"),
            parts: None,
        };
        for draft in [item_id(8), item_id(9)] {
            store
                .put_item(alice.account, draft, &write(0), NOW_MS)
                .unwrap();
        }
        store
            .put_item(alice.account, item_id(9), &write(1), NOW_MS)
            .unwrap();
        for (n, draft) in [(1, item_id(8)), (2, item_id(9)), (3, item_id(7))] {
            let mut request = alice.letter(n, alice.upload(store, &[n]), &[bob]);
            request.draft = Some(ReplacedDraft {
                item_id: draft,
                version: 1,
            });
            let response = store.deliver(alice.account, &request, NOW_MS).unwrap();
            assert_eq!(response.seq, store.newest_seq(alice.account).unwrap());
        }
        assert_eq!(store.item(alice.account, item_id(8)), Ok(None));
        assert_eq!(
            store
                .item(alice.account, item_id(9))
                .unwrap()
                .unwrap()
                .version,
            2
        );
    });
}
