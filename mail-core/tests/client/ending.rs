//! Deleting the account.

use crate::support::{ALICE, BOB, Fault, Harm, Party, World, draft};
use futures_executor::block_on;
use smail_mail_core::CodedError;
use smail_mail_core::transport::Method;

#[test]
fn an_account_is_deleted_by_its_password_alone() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let wrong = block_on(alice.client.delete_account("not it at all", |_| {})).unwrap_err();
    assert_eq!(
        (wrong.code(), wrong.field()),
        ("login-failed", Some("currentPassword"))
    );
    bob.send(draft(&["alice"], "still there", "text")).unwrap();
    block_on(alice.client.delete_account(ALICE.1, |_| {})).unwrap();
    assert_eq!(
        Party::log_in(&world, ALICE).err().unwrap().code(),
        "login-failed"
    );
    let refused = bob.send(draft(&["alice"], "too late", "text")).unwrap_err();
    assert_eq!(refused.code(), "unknown-recipient", "{refused}");
}

#[test]
fn a_deletion_without_an_answer_is_not_said_to_have_failed() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    alice.wire.harm(Fault {
        method: Method::Delete,
        path: "/api/v1/account",
        harm: Harm::AnswerLost,
        times: 1,
    });
    let lost = block_on(alice.client.delete_account(ALICE.1, |_| {})).unwrap_err();
    assert_eq!(lost.code(), "deletion-unconfirmed");
    assert_eq!(alice.wire.asked("/api/v1/account"), 1, "asked once");
}
