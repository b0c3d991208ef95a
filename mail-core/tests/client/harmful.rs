//! A message that ends whoever opens it: it is named before, and set aside by the client that comes after.

use crate::support::{ALICE, BOB, Party, World, draft, only_row};
use futures_executor::block_on;
use smail_mail_core::views::{FolderRole, SignatureState};

#[test]
fn a_message_is_named_before_it_is_taken_apart() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    alice.send(draft(&["bob"], "s", "t")).unwrap();
    let row = only_row(bob.rows(FolderRole::Inbox));
    let item = row.id.parse().unwrap();
    let both = [("opening", item), ("opened", item)];
    // Once for decrypting and parsing, once for checking the signature.
    assert_eq!(*bob.wire.announced.borrow(), [both, both].concat());
}

#[test]
fn a_message_that_was_set_aside_is_filed_for_every_session_and_opens_when_it_is_read() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    alice.send(draft(&["bob"], "harmful", "t")).unwrap();
    alice.send(draft(&["bob"], "fine", "t")).unwrap();
    let ids: Vec<String> = {
        let mut world = world.borrow_mut();
        let mut items: Vec<_> = world.data("bob").items.values().cloned().collect();
        items.sort_by_key(|item| item.arrival_ms);
        items.iter().map(|item| item.item_id.to_string()).collect()
    };
    bob.client.set_aside(&[ids[0].clone(), "no id".to_owned()]);
    let rows = bob.rows(FolderRole::Inbox);
    assert_eq!((rows[0].subject.as_str(), &rows[0].fault), ("fine", &None));
    assert_eq!(rows[0].signature, Some(SignatureState::Verified));
    assert!(rows[1].fault.as_deref().unwrap().contains("safely"));
    assert!(
        bob.wire
            .announced
            .borrow()
            .iter()
            .all(|(_, item)| item.to_string() != ids[0])
    );

    let elsewhere = Party::log_in(&world, BOB).unwrap();
    assert!(elsewhere.rows(FolderRole::Inbox)[1].fault.is_some());
    assert!(elsewhere.wire.announced.borrow().is_empty());
    assert_eq!(elsewhere.read(&rows[1]).subject, "harmful");
    assert_eq!(elsewhere.rows(FolderRole::Inbox)[1].fault, None);
}

#[test]
fn a_page_whose_cookie_is_another_account_s_by_now_is_logged_out() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    alice.wire.take_cookie_of(&bob.wire);
    let error = block_on(alice.client.folders()).unwrap_err();
    assert_eq!(smail_mail_core::CodedError::code(&error), "no-session");
    block_on(alice.client.log_out()).unwrap();
    assert!(bob.rows(FolderRole::Inbox).is_empty());
}
