//! Signing up, logging in, recovering, resuming, changing the password.

use crate::support::{ALICE, BOB, Party, Wire, World, draft, only_row};
use futures_executor::block_on;
use smail_crypto_core::ResumeSecret;
use smail_mail_core::views::{FolderRole, SignatureState, Step};
use smail_mail_core::{Client, CodedError, Recover, SignUp};
use std::cell::RefCell;

fn sign_up_error(
    wire: &Wire,
    username: &str,
    password: &str,
) -> (&'static str, Option<&'static str>) {
    let who = SignUp { username, password };
    let error = block_on(Client::sign_up(Party::env(wire, 5), &who, |_| {})).unwrap_err();
    (error.code(), error.field())
}

#[test]
fn sign_up_says_what_is_wrong_with_which_field() {
    let world = World::new();
    let wire = Wire::to(&world);
    let good = ALICE.1;
    assert_eq!(
        sign_up_error(&wire, "a", good),
        ("malformed-username", Some("username"))
    );
    assert_eq!(
        sign_up_error(&wire, "al ice", good),
        ("malformed-username", Some("username"))
    );
    assert_eq!(
        sign_up_error(&wire, "alice", "short"),
        ("password-too-short", Some("password"))
    );
    assert_eq!(
        sign_up_error(&wire, "margarethe", "margarethe12"),
        ("password-like-username", Some("password"))
    );
    assert_eq!(
        sign_up_error(&wire, "alice", "null\u{0}characters"),
        ("password-forbidden-character", Some("password"))
    );
    let alice = Party::sign_up(&world, ALICE);
    assert_eq!(
        sign_up_error(&wire, "ALICE", good),
        ("username-taken", Some("username"))
    );
    assert_eq!(alice.client.account().address, "alice@localhost");
}

#[test]
fn logging_in_needs_the_right_password() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let wrong = Party::log_in(&world, ("alice", "not the right password"))
        .err()
        .unwrap();
    let nobody = Party::log_in(&world, ("nobody", ALICE.1)).err().unwrap();
    assert_eq!(
        (wrong.code(), wrong.to_string()),
        (nobody.code(), nobody.to_string())
    );
    assert_eq!(
        (wrong.code(), wrong.field()),
        ("login-failed", Some("password"))
    );
    let again = Party::log_in(&world, ALICE).unwrap();
    assert_eq!(again.client.account(), alice.client.account());
    block_on(again.client.log_out()).unwrap();
    let ended = block_on(
        again
            .client
            .list(&alice.folder(FolderRole::Inbox), None, None),
    )
    .unwrap_err();
    assert_eq!(ended.code(), "no-session");
    block_on(again.client.log_out()).unwrap();
}

#[test]
fn a_new_password_replaces_the_old_and_ends_other_sessions() {
    let world = World::new();
    let first = Party::sign_up(&world, ALICE);
    let other = Party::log_in(&world, ALICE).unwrap();
    let new = "an entirely new password";
    let wrong = block_on(first.client.change_password("not it at all", new, |_| {})).unwrap_err();
    assert_eq!(
        (wrong.code(), wrong.field()),
        ("login-failed", Some("currentPassword"))
    );
    let weak = block_on(first.client.change_password(ALICE.1, "short", |_| {})).unwrap_err();
    assert_eq!(
        (weak.code(), weak.field()),
        ("password-too-short", Some("newPassword"))
    );
    block_on(first.client.change_password(ALICE.1, new, |_| {})).unwrap();

    assert_eq!(
        block_on(other.client.folders()).unwrap_err().code(),
        "no-session"
    );
    assert!(first.rows(FolderRole::Inbox).is_empty());
    assert_eq!(
        Party::log_in(&world, ALICE).err().unwrap().code(),
        "login-failed"
    );
    Party::log_in(&world, ("alice", new)).unwrap();
}

#[test]
fn a_recovery_code_brings_the_mail_back() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    bob.send(draft(&["alice"], "kept", "text")).unwrap();
    let kit = block_on(alice.client.make_recovery_kit(|_| {})).unwrap();
    assert!(alice.client.account().has_recovery && !format!("{kit:?}").contains(kit.code.as_str()));

    let recover = |recovery_code: &str| {
        let who = Recover {
            username: "alice",
            recovery_code,
            new_password: "the password after that",
        };
        let wire = Wire::to(&world);
        block_on(Client::recover(Party::env(&wire, 8), &who, |_| {}))
            .map(|client| Party { client, wire })
    };
    let mistyped = recover(&kit.code.replacen(|c: char| c != '-', "*", 1))
        .err()
        .unwrap();
    assert_eq!(mistyped.field(), Some("recoveryCode"));
    let other = block_on(bob.client.make_recovery_kit(|_| {})).unwrap();
    assert_eq!(recover(&other.code).err().unwrap().code(), "login-failed");

    let recovered = recover(&kit.code.to_lowercase()).unwrap();
    let message = recovered.read(&only_row(recovered.rows(FolderRole::Inbox)));
    assert_eq!(
        (message.subject.as_str(), message.security.signature),
        ("kept", SignatureState::Verified)
    );
    assert!(Party::log_in(&world, ALICE).is_err());
    Party::log_in(&world, ("alice", "the password after that")).unwrap();
}

#[test]
fn credentials_want_a_fresh_log_in() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    world.borrow_mut().now_ms += 3_600_000;
    assert_eq!(
        block_on(alice.client.make_recovery_kit(|_| {}))
            .unwrap_err()
            .code(),
        "fresh-login-required"
    );
    block_on(alice.client.confirm_password(ALICE.1, |_| {})).unwrap();
    block_on(alice.client.make_recovery_kit(|_| {})).unwrap();
}

#[test]
fn a_reload_resumes_with_this_browser_s_secret_alone() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let secret = ResumeSecret::from_slice(&[7; 32]).unwrap();
    let resume =
        |secret: &ResumeSecret| block_on(Client::resume(Party::env(&alice.wire, 9), secret));
    assert!(resume(&secret).unwrap().is_none());
    block_on(alice.client.keep_for_resume(&secret)).unwrap();
    assert_eq!(
        resume(&secret).unwrap().unwrap().account(),
        alice.client.account()
    );
    let stolen = ResumeSecret::from_slice(&[8; 32]).unwrap();
    assert_eq!(resume(&stolen).unwrap_err().code(), "resume-stale");

    // A fresh log-in makes another session, which can be resumed as the one before.
    block_on(alice.client.confirm_password(ALICE.1, |_| {})).unwrap();
    assert!(resume(&secret).unwrap().is_some());
    alice.wire.drop_cookie();
    assert!(resume(&secret).unwrap().is_none());
}

#[test]
fn each_step_is_told() {
    let world = World::new();
    let steps = RefCell::new(Vec::new());
    let wire = Wire::to(&world);
    let who = SignUp {
        username: "alice",
        password: ALICE.1,
    };
    block_on(Client::sign_up(Party::env(&wire, 5), &who, |step| {
        steps.borrow_mut().push(step)
    }))
    .unwrap();
    assert_eq!(
        *steps.borrow(),
        [
            Step::Contacting,
            Step::StretchingPassword,
            Step::MakingKeys,
            Step::Contacting
        ]
    );
}
