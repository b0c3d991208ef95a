//! What a device keeps while the server cannot be reached: messages go out once, drafts are saved, nothing is lost.

use crate::support::{ALICE, BOB, Fault, Harm, Party, World, draft, only_row};
use futures_executor::block_on;
use smail_mail_core::CodedError;
use smail_mail_core::transport::Method;
use smail_mail_core::views::{Draft, FolderRole};

const ID: &str = "0123456789abcdef0123456789abcdef";

fn pack(party: &Party, draft: Draft) -> Vec<u8> {
    block_on(party.client.pack_message(ID, draft, |_| {})).unwrap()
}

fn deliver(party: &Party, sealed: &[u8]) -> Result<(), &'static str> {
    let delivered = block_on(party.client.deliver_packed(ID, sealed));
    delivered.map(drop).map_err(|error| error.code())
}

fn cut(party: &Party, method: Method) {
    party.wire.harm(Fault {
        method,
        path: "/api/v1/",
        harm: Harm::Offline,
        times: u32::MAX,
    });
}

#[test]
fn a_packed_message_asks_for_certificates_alone_and_goes_out_later() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    alice.rows(FolderRole::Sent);
    cut(&alice, Method::Put);
    cut(&alice, Method::Get);
    let uploads = alice.wire.asked("POST /api/v1/blobs");
    let sealed = pack(&alice, draft(&["bob"], "from the train", "Tunnel."));
    assert_eq!(alice.wire.asked("POST /api/v1/blobs"), uploads);
    assert!(bob.rows(FolderRole::Inbox).is_empty());

    let kept = alice.client.unpack(ID, &sealed).unwrap();
    assert!(kept.is_message);
    assert_eq!(kept.draft, draft(&["bob"], "from the train", "Tunnel."));

    alice.wire.heal();
    deliver(&alice, &sealed).unwrap();
    let row = only_row(bob.rows(FolderRole::Inbox));
    assert_eq!(row.subject, "from the train");
    assert_eq!(bob.read(&row).subject, "from the train");
    only_row(alice.rows(FolderRole::Sent));
}

#[test]
fn without_a_certificate_nothing_is_packed() {
    let world = World::new();
    let (alice, _bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    cut(&alice, Method::Post);
    let packed = block_on(
        alice
            .client
            .pack_message(ID, draft(&["bob"], "s", "t"), |_| {}),
    );
    assert_eq!(packed.unwrap_err().code(), "offline");
}

#[test]
fn a_packed_message_goes_out_once_whatever_happens_to_who_sends_it() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let saved = block_on(alice.client.save_draft(draft(&["bob"], "once", "t"))).unwrap();
    let written = Draft {
        id: Some(saved.id),
        version: Some(saved.version),
        ..draft(&["bob"], "once", "t")
    };
    let sealed = pack(&alice, written);
    alice.wire.harm(Fault {
        method: Method::Post,
        path: "/api/v1/deliver",
        harm: Harm::AnswerLost,
        times: 4,
    });
    let is_sent = || block_on(alice.client.packed_is_sent(ID, &sealed)).unwrap();
    assert!(!is_sent());
    assert_eq!(deliver(&alice, &sealed), Err("send-unconfirmed"));
    assert!(is_sent());

    // The page was lost; another one finds the record.
    let later = Party::log_in(&world, ALICE).unwrap();
    deliver(&later, &sealed).unwrap();
    assert_eq!(later.wire.asked("POST /api/v1/deliver"), 0);
    deliver(&later, &sealed).unwrap();
    only_row(bob.rows(FolderRole::Inbox));
    only_row(later.rows(FolderRole::Sent));
    assert!(later.rows(FolderRole::Drafts).is_empty());
}

#[test]
fn a_packed_message_is_not_sent_to_a_key_that_has_changed() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let sealed = pack(&alice, draft(&["bob"], "s", "t"));
    let other = Party::sign_up(&World::new(), (BOB.0, "yet another long password"));
    let certificate = other
        .wire
        .world
        .borrow_mut()
        .data("bob")
        .certificate
        .clone();
    world.borrow_mut().data("bob").certificate = certificate;
    assert_eq!(deliver(&alice, &sealed), Err("changed-key"));
    assert_eq!(alice.wire.asked("POST /api/v1/deliver"), 0);
    drop(bob);
}

#[test]
fn a_record_opens_under_its_own_id_and_for_its_own_account_alone() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let sealed = alice
        .client
        .pack_draft(ID, draft(&["bob"], "s", "t"))
        .unwrap();
    let code = |opened: Result<_, smail_mail_core::PackedError>| opened.unwrap_err().code();
    assert_eq!(code(bob.client.unpack(ID, &sealed)), "outbox-damaged");
    let swapped = "f".repeat(32);
    assert_eq!(
        code(alice.client.unpack(&swapped, &sealed)),
        "outbox-damaged"
    );
    assert_eq!(code(alice.client.unpack("no id", &sealed)), "malformed-id");
    // A draft is not sent, whoever asks.
    assert_eq!(deliver(&alice, &sealed), Err("outbox-damaged"));
}

#[test]
fn a_draft_kept_on_the_device_is_saved_and_its_window_goes_on_from_there() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let begun = |text| Draft {
        id: Some("7".repeat(32)),
        ..draft(&["bob"], "s", text)
    };
    let sealed = alice.client.pack_draft(ID, begun("first")).unwrap();
    block_on(alice.client.save_packed(ID, &sealed)).unwrap();
    // The window knows of no version yet.
    block_on(alice.client.save_draft(begun("second"))).unwrap();
    let row = only_row(alice.rows(FolderRole::Drafts));
    let opened = block_on(alice.client.open_draft(&row.id)).unwrap();
    assert_eq!(opened.text, "second");
}
