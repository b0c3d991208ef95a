//! Logging in with a second factor, and setting it up. The server in memory takes one code as the app's.

use crate::support::{ALICE, APP_CODE, Fault, Harm, Party, Wire, World};
use futures_executor::block_on;
use rand_chacha::ChaCha20Rng;
use smail_mail_core::transport::Method;
use smail_mail_core::views::{FactorKind, FolderRole};
use smail_mail_core::{
    Client, CodedError, LogIn, LogInOutcome, NotProved, PendingLogIn, Proof, Recover,
};
use smail_protocol::ProblemCode;

type Pending = Box<PendingLogIn<Wire, ChaCha20Rng>>;

/// Alice, with an authenticator app and her recovery codes.
fn guarded(world: &std::rc::Rc<std::cell::RefCell<World>>) -> (Party, Vec<String>) {
    let alice = Party::sign_up(world, ALICE);
    alice.client.new_totp();
    let added = block_on(alice.client.confirm_totp(APP_CODE)).unwrap();
    (alice, added.recovery_codes)
}

fn begin(world: &std::rc::Rc<std::cell::RefCell<World>>) -> (Wire, Pending) {
    let wire = Wire::to(world);
    let who = LogIn {
        username: ALICE.0,
        password: ALICE.1,
    };
    match block_on(Client::begin_log_in(Party::env(&wire, 7), &who, |_| {})).unwrap() {
        LogInOutcome::SecondFactor(pending) => (wire, pending),
        LogInOutcome::Open(_) => panic!("open without a second factor"),
    }
}

fn not_proved(
    outcome: Result<Client<Wire, ChaCha20Rng>, NotProved<Wire, ChaCha20Rng>>,
) -> (Option<Pending>, &'static str, Option<&'static str>) {
    let refused = outcome.unwrap_err();
    (refused.login, refused.error.code(), refused.error.field())
}

#[test]
fn a_log_in_opens_by_the_password_and_a_code() {
    let world = World::new();
    guarded(&world);
    let refused = Party::log_in(&world, ALICE).err().unwrap();
    assert_eq!(refused.code(), "second-factor-required");
    let (wire, pending) = begin(&world);
    assert_eq!(
        pending.asked().kinds,
        [FactorKind::Totp, FactorKind::RecoveryCode]
    );
    let outcome = block_on(pending.prove(&Proof::Totp("12 34"), |_| {}));
    let (pending, code, field) = not_proved(outcome);
    assert_eq!((code, field), ("second-factor-malformed", Some("code")));
    assert_eq!(wire.asked("second-factor"), 0, "nothing was asked for it");
    let outcome = block_on(pending.unwrap().prove(&Proof::Totp("000000"), |_| {}));
    let (pending, code, field) = not_proved(outcome);
    assert_eq!((code, field), ("second-factor-failed", Some("code")));
    let spaced = format!(" {} {}", &APP_CODE[..3], &APP_CODE[3..]);
    let client = block_on(pending.unwrap().prove(&Proof::Totp(&spaced), |_| {})).unwrap();
    let open = Party { client, wire };
    open.rows(FolderRole::Inbox);
}

#[test]
fn a_pending_log_in_that_is_over_begins_anew() {
    let world = World::new();
    guarded(&world);
    let (wire, pending) = begin(&world);
    wire.harm(Fault {
        method: Method::Post,
        path: "/api/v1/auth/login/second-factor",
        harm: Harm::Refused(ProblemCode::SecondFactorExpired, 401),
        times: 1,
    });
    let outcome = block_on(pending.prove(&Proof::Totp(APP_CODE), |_| {}));
    let (pending, code, _) = not_proved(outcome);
    assert!(pending.is_none());
    assert_eq!(code, "second-factor-expired");
}

#[test]
fn a_lost_connection_leaves_the_log_in_pending() {
    let world = World::new();
    guarded(&world);
    let (wire, pending) = begin(&world);
    wire.harm(Fault {
        method: Method::Post,
        path: "/api/v1/auth/login/second-factor",
        harm: Harm::Offline,
        times: 9,
    });
    let (pending, code, _) = not_proved(block_on(pending.prove(&Proof::Totp(APP_CODE), |_| {})));
    assert_eq!(code, "offline");
    wire.heal();
    block_on(pending.unwrap().prove(&Proof::Totp(APP_CODE), |_| {})).unwrap();
}

#[test]
fn a_recovery_by_the_kit_wants_it_too_and_then_sets_the_password() {
    let world = World::new();
    let (alice, codes) = guarded(&world);
    let kit = block_on(alice.client.make_recovery_kit(|_| {})).unwrap();
    let wire = Wire::to(&world);
    let who = Recover {
        username: ALICE.0,
        recovery_code: &kit.code,
        new_password: "an entirely new password",
    };
    let outcome = block_on(Client::begin_recovery(Party::env(&wire, 8), &who, |_| {})).unwrap();
    let LogInOutcome::SecondFactor(pending) = outcome else {
        panic!("open without a second factor");
    };
    let (pending, code, _) = not_proved(block_on(
        pending.prove(&Proof::RecoveryCode("no such"), |_| {}),
    ));
    assert_eq!(code, "second-factor-failed");
    let still = block_on(alice.client.sync());
    assert!(still.is_ok(), "nothing has changed yet");
    block_on(
        pending
            .unwrap()
            .prove(&Proof::RecoveryCode(&codes[0]), |_| {}),
    )
    .unwrap();
    let ended = block_on(alice.client.sync()).unwrap_err();
    assert_eq!(ended.code(), "no-session");
    let old = Party::log_in(&world, ALICE).err().unwrap();
    assert_eq!(old.code(), "login-failed");
}

#[test]
fn setting_up_is_proved_by_a_code_and_told_elsewhere() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let other = Party::log_in(&world, ALICE).unwrap();
    let early = block_on(alice.client.confirm_totp(APP_CODE)).unwrap_err();
    assert_eq!(early.code(), "second-factor-expired");
    let setup = alice.client.new_totp();
    assert_eq!(setup.secret.len(), 32);
    assert_eq!(
        setup.uri,
        format!(
            "otpauth://totp/S-Mail:alice%40localhost?secret={}&issuer=S-Mail",
            setup.secret
        )
    );
    assert_ne!(alice.client.new_totp().secret, setup.secret);
    let wrong = block_on(alice.client.confirm_totp("000000")).unwrap_err();
    assert_eq!(
        (wrong.code(), wrong.field()),
        ("second-factor-failed", Some("code"))
    );
    let added = block_on(alice.client.confirm_totp(APP_CODE)).unwrap();
    assert_eq!(added.recovery_codes.len(), 10);
    assert!(!format!("{added:?}{setup:?}").contains(&setup.secret));
    assert_eq!(
        block_on(other.client.sync()).unwrap().second_factor,
        Some(true)
    );
    assert_eq!(block_on(other.client.sync()).unwrap().second_factor, None);
    assert_eq!(block_on(alice.client.sync()).unwrap().second_factor, None);
    let again = block_on(alice.client.renew_recovery_codes()).unwrap();
    assert_ne!(again.recovery_codes, added.recovery_codes);
    let off = block_on(alice.client.remove_totp()).unwrap();
    assert_eq!(off.totp_since_ms, None);
    assert_eq!(
        block_on(other.client.sync()).unwrap().second_factor,
        Some(false)
    );
    Party::log_in(&world, ALICE).unwrap();
}

#[test]
fn the_password_alone_confirms_in_a_session_that_is_live() {
    let world = World::new();
    let (alice, _) = guarded(&world);
    block_on(alice.client.confirm_password(ALICE.1, |_| {})).unwrap();
    alice.wire.drop_cookie();
    let ended = block_on(alice.client.confirm_password(ALICE.1, |_| {})).unwrap_err();
    assert_eq!(ended.code(), "no-session");
}
