//! Passkeys: their names, and what crosses between browser and server. The server in memory takes any passkey.

use crate::support::{ALICE, Fault, Harm, Party, Wire, World};
use futures_executor::block_on;
use smail_mail_core::transport::Method;
use smail_mail_core::views::{FactorAdded, FactorKind, NewPasskey, PasskeyAnswer};
use smail_mail_core::{
    Client, CodedError, LogIn, LogInOutcome, NotProved, PasskeyError, PendingLogIn, Proof,
};
use smail_protocol::{Bytes, ProblemCode};

/// What the browser gives for a creation: here the octets are no more than told apart.
fn made(passkey_id: String, name: &str) -> NewPasskey {
    NewPasskey {
        client_data: "e30".to_owned(),
        attestation: Bytes::from(passkey_id.clone().into_bytes()).to_string(),
        transports: vec!["usb".to_owned()],
        name: name.to_owned(),
        passkey_id,
    }
}

fn add(who: &Party, name: &str) -> Result<FactorAdded, PasskeyError> {
    let creation = block_on(who.client.new_passkey())?;
    block_on(who.client.add_passkey(&made(creation.passkey_id, name)))
}

fn names(who: &Party) -> Vec<String> {
    let factor = block_on(who.client.second_factor()).unwrap();
    factor.passkeys.into_iter().map(|it| it.name).collect()
}

fn answer(signature: &[u8]) -> PasskeyAnswer {
    PasskeyAnswer {
        credential_id: "aWQ".to_owned(),
        client_data: "e30".to_owned(),
        authenticator_data: "AAAA".to_owned(),
        signature: Bytes::from(signature.to_vec()).to_string(),
        user_handle: None,
    }
}

fn begin(wire: &Wire) -> Box<PendingLogIn<Wire, rand_chacha::ChaCha20Rng>> {
    let who = LogIn {
        username: ALICE.0,
        password: ALICE.1,
    };
    match block_on(Client::begin_log_in(Party::env(wire, 7), &who, |_| {})).unwrap() {
        LogInOutcome::SecondFactor(pending) => pending,
        LogInOutcome::Open(_) => panic!("open without a second factor"),
    }
}

#[test]
fn a_passkey_has_a_name_that_the_server_does_not_see_and_other_sessions_do() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let other = Party::log_in(&world, ALICE).unwrap();
    let creation = block_on(alice.client.new_passkey()).unwrap();
    assert_eq!(creation.user_name, "alice@localhost");
    assert_eq!(creation.challenge, "c2l4dGVlbiBvY3RldHMuLg");
    let new = made(creation.passkey_id.clone(), "  Key on\u{202e} my ring ");
    let added = block_on(alice.client.add_passkey(&new)).unwrap();
    assert_eq!(added.recovery_codes.len(), 10);
    let passkey = &added.second_factor.passkeys[0];
    assert_eq!(
        (passkey.id.as_str(), passkey.name.as_str()),
        (creation.passkey_id.as_str(), "Key on my ring")
    );
    assert_eq!(passkey.used_ms, None);
    block_on(other.client.sync()).unwrap();
    assert_eq!(names(&other), ["Key on my ring"]);
    assert_eq!(add(&alice, "Phone").unwrap().recovery_codes.len(), 0);
    let renamed = block_on(alice.client.rename_passkey(&passkey.id, "Ring")).unwrap();
    assert_eq!(renamed.passkeys[0].name, "Ring");
    assert_eq!(names(&alice), ["Ring", "Phone"]);
    let left = block_on(alice.client.remove_passkey(&passkey.id)).unwrap();
    assert_eq!(left.passkeys.len(), 1);
    let gone = block_on(alice.client.remove_passkey(&passkey.id)).unwrap_err();
    assert_eq!(gone.code(), "not-found");
    let gone = block_on(alice.client.rename_passkey(&passkey.id, "x")).unwrap_err();
    assert_eq!(gone.code(), "not-found");
}

#[test]
fn a_name_is_wanted_before_anything_is_sent() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    for name in ["", " \u{200b} ", &"x".repeat(61)] {
        let error = add(&alice, name).unwrap_err();
        assert_eq!(
            (error.code(), error.field()),
            ("passkey-unnamed", Some("name"))
        );
    }
    assert_eq!(names(&alice), Vec::<String>::new());
}

#[test]
fn refusals_are_told_by_what_helps() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let unknown = made("00".repeat(16), "Never begun");
    let late = block_on(alice.client.add_passkey(&unknown)).unwrap_err();
    assert_eq!(late.code(), "second-factor-expired");
    for n in 0..10 {
        add(&alice, &format!("Number {n}")).unwrap();
    }
    let full = add(&alice, "One too many").unwrap_err();
    assert_eq!(full.code(), "too-many-passkeys");
    alice.wire.harm(Fault {
        method: Method::Put,
        path: "/api/v1/account/second-factor/passkeys/",
        harm: Harm::Refused(ProblemCode::AlreadyExists, 409),
        times: 1,
    });
    assert_eq!(add(&alice, "Twice").unwrap_err().code(), "already-exists");
    assert_eq!(names(&alice).len(), 10);
    assert!(names(&alice).iter().all(|name| name.starts_with("Number")));
}

#[test]
fn a_log_in_opens_by_what_a_passkey_has_signed() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    add(&alice, "Ring").unwrap();
    let wire = Wire::to(&world);
    let pending = begin(&wire);
    assert_eq!(
        pending.asked().kinds,
        [FactorKind::Passkey, FactorKind::RecoveryCode]
    );
    let question = block_on(pending.ask_passkey()).unwrap();
    assert_eq!(question.rp_id, "localhost");
    assert_eq!(question.passkeys.len(), 1);
    let mut torn = answer(b"signed");
    torn.signature = "?".to_owned();
    for wrong in [torn, answer(b"forged")] {
        let refused = block_on(begin(&wire).prove(&Proof::Passkey(&wrong), |_| {}));
        let NotProved { login, error } = refused.unwrap_err();
        assert_eq!((error.code(), error.field()), ("passkey-refused", None));
        assert!(login.is_some());
    }
    let right = answer(b"signed");
    block_on(pending.prove(&Proof::Passkey(&right), |_| {})).unwrap();
}

#[test]
fn a_log_in_says_when_no_passkey_belongs_here_and_when_it_is_over() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    add(&alice, "Ring").unwrap();
    let wire = Wire::to(&world);
    let pending = begin(&wire);
    for (code, status, told) in [
        (ProblemCode::NotFound, 404, "passkey-elsewhere"),
        (
            ProblemCode::SecondFactorExpired,
            401,
            "second-factor-expired",
        ),
    ] {
        wire.harm(Fault {
            method: Method::Post,
            path: "/api/v1/auth/login/second-factor/passkey",
            harm: Harm::Refused(code, status),
            times: 1,
        });
        let refused = block_on(pending.ask_passkey()).unwrap_err();
        assert_eq!(refused.code(), told);
    }
}
