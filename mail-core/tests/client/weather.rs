//! Bad weather: lost connections and answers, busy servers.

use crate::support::{ALICE, BOB, Fault, Harm, Party, World, draft, only_row};
use futures_executor::block_on;
use smail_mail_core::CodedError;
use smail_mail_core::transport::Method;
use smail_mail_core::views::{Draft, FolderRole};

fn deliver(harm: Harm, times: u32) -> Fault {
    Fault {
        method: Method::Post,
        path: "/api/v1/deliver",
        harm,
        times,
    }
}

#[test]
fn a_lost_answer_does_not_deliver_twice() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    alice.wire.harm(deliver(Harm::AnswerLost, 2));
    alice.send(draft(&["bob"], "once", "t")).unwrap();
    assert_eq!(bob.rows(FolderRole::Inbox).len(), 1);

    // Lost to the end: the person sends again, and it is the same delivery.
    alice.wire.harm(deliver(Harm::AnswerLost, 4));
    let error = alice.send(draft(&["bob"], "twice", "t")).unwrap_err();
    assert_eq!(error.code(), "send-unconfirmed");
    alice.send(draft(&["bob"], "twice", "t")).unwrap();
    assert_eq!(bob.rows(FolderRole::Inbox).len(), 2);
    assert_eq!(alice.rows(FolderRole::Sent).len(), 2);
    // Kept as a draft between the two, it is the same delivery still, and the draft goes.
    alice.wire.harm(deliver(Harm::AnswerLost, 4));
    alice.send(draft(&["bob"], "kept", "t")).unwrap_err();
    let kept = block_on(alice.client.save_draft(draft(&["bob"], "kept", "t"))).unwrap();
    let again = Draft {
        id: Some(kept.id),
        version: Some(kept.version),
        ..draft(&["bob"], "kept", "t")
    };
    alice.send(again).unwrap();
    assert_eq!(bob.rows(FolderRole::Inbox).len(), 3);
    assert!(alice.rows(FolderRole::Drafts).is_empty());
    // Another message between the two does not make it forgotten.
    alice.wire.harm(deliver(Harm::AnswerLost, 4));
    alice.send(draft(&["bob"], "between", "t")).unwrap_err();
    alice.send(draft(&["bob"], "other", "t")).unwrap();
    alice.send(draft(&["bob"], "between", "t")).unwrap();
    assert_eq!(bob.rows(FolderRole::Inbox).len(), 5);
    // Another one of the same words is another one.
    alice.send(draft(&["bob"], "twice", "t")).unwrap();
    assert_eq!(bob.rows(FolderRole::Inbox).len(), 6);
}

#[test]
fn a_send_without_an_answer_is_asked_about() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let begun = |text| Draft {
        id: Some("7".repeat(32)),
        ..draft(&["bob"], "s", text)
    };
    // It never arrived: nothing went out, and another try sends it.
    alice.wire.harm(deliver(Harm::Offline, 4));
    alice.send(begun("first")).unwrap_err();
    assert!(
        block_on(alice.client.confirm_sent(&begun("first")))
            .unwrap()
            .is_none()
    );

    // It did, and was kept as a draft: it counts as sent, and the draft goes.
    alice.wire.harm(deliver(Harm::AnswerLost, 4));
    alice.send(begun("first")).unwrap_err();
    let kept = block_on(alice.client.save_draft(begun("first"))).unwrap();
    let changed = Draft {
        version: Some(kept.version),
        ..begun("changed")
    };
    let error = alice.send(changed.clone()).unwrap_err();
    assert_eq!(error.code(), "send-went-out");
    assert!(alice.rows(FolderRole::Drafts).is_empty());
    assert_eq!(alice.rows(FolderRole::Sent).len(), 1);
    assert_eq!(bob.rows(FolderRole::Inbox).len(), 1);
    // Sent once more it is another message, as the person was told.
    alice.send(changed).unwrap();
    assert_eq!(bob.rows(FolderRole::Inbox).len(), 2);
}

#[test]
fn a_draft_that_went_out_is_known_after_a_reload() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let begun = Draft {
        id: Some("7".repeat(32)),
        ..draft(&["bob"], "s", "t")
    };
    alice.wire.harm(deliver(Harm::AnswerLost, 4));
    alice.send(begun.clone()).unwrap_err();
    let kept = block_on(alice.client.save_draft(begun)).unwrap();
    drop(alice);
    let alice = Party::log_in(&world, ALICE).unwrap();
    let error = block_on(alice.client.open_draft(&kept.id)).unwrap_err();
    assert_eq!(error.code(), "send-went-out");
    assert!(alice.rows(FolderRole::Drafts).is_empty());
    assert_eq!(bob.rows(FolderRole::Inbox).len(), 1);
}

#[test]
fn a_busy_server_is_waited_for_and_a_closed_one_is_not() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    alice.wire.harm(deliver(Harm::Status(429, Some(2)), 1));
    alice.wire.harm(deliver(Harm::Status(503, None), 1));
    alice.send(draft(&["alice"], "s", "t")).unwrap();
    assert!(alice.wire.waits_ms.borrow()[0] >= 2_000);

    alice.wire.harm(deliver(Harm::Status(429, Some(600)), 1));
    let error = alice.send(draft(&["alice"], "s", "t")).unwrap_err();
    assert_eq!(
        (error.code(), error.retry_after_s()),
        ("too-many-requests", Some(600))
    );
    assert!(error.to_string().contains("10 minutes"));
    alice.wire.harm(deliver(Harm::Status(500, None), 4));
    assert_eq!(
        alice.send(draft(&["alice"], "s", "t")).unwrap_err().code(),
        "send-unconfirmed"
    );
}

#[test]
fn offline_is_told_from_refused_and_lists_come_back() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    alice.send(draft(&["alice"], "s", "t")).unwrap();
    let inbox = alice.folder(FolderRole::Inbox);
    alice.wire.harm(Fault {
        method: Method::Get,
        path: "/api/v1/mailboxes",
        harm: Harm::Offline,
        times: 4,
    });
    assert_eq!(
        block_on(alice.client.list(&inbox, None, None))
            .unwrap_err()
            .code(),
        "offline"
    );
    // A download that fails for a while leaves no mark on the row.
    alice.wire.harm(Fault {
        method: Method::Get,
        path: "/api/v1/blobs",
        harm: Harm::Status(500, None),
        times: 4,
    });
    assert!(only_row(alice.rows(FolderRole::Inbox)).fault.is_some());
    assert_eq!(only_row(alice.rows(FolderRole::Inbox)).fault, None);
}

#[test]
fn a_write_whose_answer_was_lost_is_not_a_conflict() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    alice.send(draft(&["alice"], "s", "t")).unwrap();
    let row = only_row(alice.rows(FolderRole::Inbox));
    alice.wire.harm(Fault {
        method: Method::Put,
        path: "/api/v1/items",
        harm: Harm::AnswerLost,
        times: 1,
    });
    assert!(
        !block_on(alice.client.read(&row.id, |_| {}))
            .unwrap()
            .text
            .is_empty()
    );
    assert!(!only_row(alice.rows(FolderRole::Inbox)).unread);
    alice.wire.harm(Fault {
        method: Method::Put,
        path: "/api/v1/items",
        harm: Harm::AnswerLost,
        times: 1,
    });
    let saved = block_on(alice.client.save_draft(draft(&[], "d", "t"))).unwrap();
    assert_eq!(only_row(alice.rows(FolderRole::Drafts)).id, saved.id);
}

#[test]
fn a_sign_up_that_may_have_passed_says_so() {
    let world = World::new();
    let wire = crate::support::Wire::to(&world);
    wire.harm(Fault {
        method: Method::Post,
        path: "/api/v1/auth/register/finish",
        harm: Harm::AnswerLost,
        times: 1,
    });
    let who = smail_mail_core::SignUp {
        username: ALICE.0,
        password: ALICE.1,
    };
    let error = block_on(smail_mail_core::Client::sign_up(
        Party::env(&wire, 5),
        &who,
        |_| {},
    ))
    .unwrap_err();
    assert_eq!(error.code(), "sign-up-unconfirmed");
    assert_eq!(wire.asked("register/finish"), 1);
    // The next log-in makes the folders that the sign-up did not come to.
    let alice = Party::log_in(&world, ALICE).unwrap();
    assert_eq!(block_on(alice.client.folders()).unwrap().len(), 8);
}
