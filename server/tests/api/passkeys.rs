//! Passkeys: adding them, logging in by them, and those who have none that is right.

use crate::second_factor::{App, STEP, password, pending, prove, recovery};
use crate::support::authenticator::{Algorithm, Authenticator, BACKED_UP, BACKUP_ELIGIBLE};
use crate::support::{Answer, Person, Server, bytes};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use smail_protocol::limits::{FRESH_LOGIN_S, MAX_PASSKEYS, SECOND_FACTOR_S};
use smail_protocol::{
    FactorAdded, FactorKind, FactorProof, LoginId, PasskeyAskRequest, PasskeyAsked, PasskeyId,
    PasskeyStartResponse, PasskeyWriteRequest, ProblemCode, SecondFactorAsked, SecondFactorView,
    routes,
};
use smail_server::clock::Clock as _;
use std::time::Duration;

const HERE: &str = "https://mail.example";

fn path(passkey_id: PasskeyId) -> String {
    routes::PASSKEY.replace("{passkey_id}", &passkey_id.to_string())
}

async fn start_at(server: &Server, who: &Person, origin: &str) -> Answer {
    let request = who.request(Method::POST, routes::PASSKEYS);
    server.send(request.insert_header(("origin", origin))).await
}

async fn start(server: &Server, who: &Person) -> PasskeyStartResponse {
    start_at(server, who, HERE).await.expect(200).json()
}

async fn finish(
    server: &Server,
    who: &Person,
    passkey_id: PasskeyId,
    made: &PasskeyWriteRequest,
) -> Answer {
    who.put(server, &path(passkey_id), made).await
}

/// Adds a device's passkey.
async fn add(server: &Server, who: &Person, device: &mut Authenticator) -> FactorAdded {
    let asked = start(server, who).await;
    let made = device.create(&asked, HERE);
    finish(server, who, asked.passkey_id, &made)
        .await
        .expect(200)
        .json()
}

/// A device whose passkey the account has from now on.
async fn device(server: &Server, who: &Person, number: u8) -> Authenticator {
    let mut device = Authenticator::new(Algorithm::P256, number);
    add(server, who, &mut device).await;
    device
}

async fn ask_at(server: &Server, pending_login: LoginId, origin: &str) -> Answer {
    let request = TestRequest::post()
        .uri(routes::LOGIN_PASSKEY)
        .insert_header(("sec-fetch-site", "same-origin"))
        .insert_header(("origin", origin))
        .set_json(PasskeyAskRequest { pending_login });
    server.send(request).await
}

async fn ask(server: &Server, pending_login: LoginId) -> PasskeyAsked {
    ask_at(server, pending_login, HERE).await.expect(200).json()
}

/// A log-in by a device's passkey, all steps.
async fn log_in_by(server: &Server, username: &str, device: &mut Authenticator) -> Answer {
    let login = pending(server, username).await;
    let asked = ask(server, login).await;
    prove(server, login, device.sign(&asked, HERE)).await
}

#[actix_web::test]
async fn a_passkey_of_either_kind_of_key_opens_after_the_password() {
    let server = Server::start().await;
    for (name, algorithm) in [("alice", Algorithm::P256), ("bob", Algorithm::Ed25519)] {
        let who = Person::sign_up(&server, name).await;
        let mut device = Authenticator::new(algorithm, 1);
        let added = add(&server, &who, &mut device).await;
        assert_eq!(added.recovery_codes.len(), 10);
        let login = password(&server, name, None).await;
        let login: SecondFactorAsked = login.expect(202).json();
        assert_eq!(login.kinds, [FactorKind::Passkey, FactorKind::RecoveryCode]);
        let asked = ask(&server, login.pending_login).await;
        assert_eq!(asked.rp_id, "mail.example");
        assert_eq!(asked.passkeys.len(), 1);
        assert_eq!(
            asked.passkeys[0].credential_id,
            bytes(&device.credential_id)
        );
        assert_eq!(asked.passkeys[0].transports, ["usb"]);
        let proof = device.sign(&asked, HERE);
        let open = Person::of(prove(&server, login.pending_login, proof).await.expect(200));
        assert!(open.account.has_second_factor);
        let view: SecondFactorView = open.get(&server, routes::SECOND_FACTOR).await.json();
        assert_eq!(view.passkeys[0].used_ms, Some(server.clock.now_ms()));
        assert_eq!(view.totp_since_ms, None);
    }
}

#[actix_web::test]
async fn the_user_handle_is_random_and_the_account_s_own() {
    let server = Server::start().await;
    let (alice, bob) = (
        Person::sign_up(&server, "alice").await,
        Person::sign_up(&server, "bob").await,
    );
    let first = start(&server, &alice).await;
    assert_eq!(first.user_handle.as_slice().len(), 32);
    let made = Authenticator::new(Algorithm::P256, 1).create(&first, HERE);
    finish(&server, &alice, first.passkey_id, &made)
        .await
        .expect(200);
    let second = start(&server, &alice).await;
    assert_eq!(second.user_handle, first.user_handle);
    assert_eq!(second.passkeys.len(), 1, "no second one on the same device");
    assert_ne!(second.challenge, first.challenge);
    let others = start(&server, &bob).await;
    assert_ne!(others.user_handle, first.user_handle);
    assert_eq!(others.passkeys, []);
    let json = serde_json::to_string(&first).unwrap();
    let id = alice.account.account_id;
    for secret in ["alice", &id.to_string(), &bytes(id.as_bytes()).to_string()] {
        assert!(!json.contains(secret));
    }
}

#[actix_web::test]
async fn a_device_that_gives_the_user_handle_gives_the_right_one() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let asked = start(&server, &alice).await;
    let mut device = Authenticator::new(Algorithm::P256, 1);
    let made = device.create(&asked, HERE);
    finish(&server, &alice, asked.passkey_id, &made)
        .await
        .expect(200);
    for wrong in [vec![7; 32], vec![7; 3]] {
        device.user_handle = Some(wrong);
        log_in_by(&server, "alice", &mut device)
            .await
            .expect_problem(ProblemCode::SecondFactorFailed);
    }
    device.user_handle = Some(asked.user_handle.into_vec());
    log_in_by(&server, "alice", &mut device).await.expect(200);
}

#[actix_web::test]
async fn what_was_made_elsewhere_is_not_added() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    for (origin, rp_id) in [
        ("https://mail.example.evil.example", "mail.example"),
        ("http://mail.example", "mail.example"),
        ("https://mail.example:8443", "mail.example"),
        (HERE, "evil.example"),
    ] {
        let asked = start(&server, &alice).await;
        let mut device = Authenticator::new(Algorithm::P256, 1);
        let made = device.create_for(&asked, origin, rp_id);
        let refused = finish(&server, &alice, asked.passkey_id, &made).await;
        let problem = refused.expect_problem(ProblemCode::InvalidValue);
        assert_eq!(
            problem.field.as_deref(),
            Some("attestation"),
            "{origin} {rp_id}"
        );
        // What was asked for is used up by it.
        let right = device.create(&asked, HERE);
        finish(&server, &alice, asked.passkey_id, &right)
            .await
            .expect_problem(ProblemCode::NotFound);
    }
    let view: SecondFactorView = alice.get(&server, routes::SECOND_FACTOR).await.json();
    assert_eq!(view, SecondFactorView::default());
    password(&server, "alice", None).await.expect(200);
}

#[actix_web::test]
async fn what_is_no_answer_at_all_is_not_added() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let spoils: [fn(&mut PasskeyWriteRequest); 4] = [
        |made| made.attestation = bytes(b""),
        |made| made.client_data = bytes(b"{}"),
        |made| made.client_data = bytes(b"\xff"),
        |made| {
            let mut octets = made.attestation.as_slice().to_vec();
            octets.pop();
            made.attestation = octets.into();
        },
    ];
    for spoil in spoils {
        let asked = start(&server, &alice).await;
        let mut made = Authenticator::new(Algorithm::Ed25519, 1).create(&asked, HERE);
        spoil(&mut made);
        finish(&server, &alice, asked.passkey_id, &made)
            .await
            .expect_problem(ProblemCode::InvalidValue);
    }
}

#[actix_web::test]
async fn what_was_signed_elsewhere_proves_nothing() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let mut device = device(&server, &alice, 1).await;
    let login = pending(&server, "alice").await;
    for (origin, rp_id) in [
        ("https://evil.example", "mail.example"),
        ("https://mail.example:8443", "mail.example"),
        (HERE, "evil.example"),
    ] {
        let asked = ask(&server, login).await;
        let proof = device.sign_for(&asked, origin, rp_id);
        prove(&server, login, proof)
            .await
            .expect_problem(ProblemCode::SecondFactorFailed);
    }
    let asked = ask(&server, login).await;
    prove(&server, login, device.sign(&asked, HERE))
        .await
        .expect(200);
}

#[actix_web::test]
async fn a_challenge_is_answered_once() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let mut device = device(&server, &alice, 1).await;
    let login = pending(&server, "alice").await;
    let (first, second) = (ask(&server, login).await, ask(&server, login).await);
    // The first is void, and takes the second with it.
    for asked in [first, second] {
        prove(&server, login, device.sign(&asked, HERE))
            .await
            .expect_problem(ProblemCode::SecondFactorFailed);
    }
    let asked = ask(&server, login).await;
    let proof = device.sign(&asked, HERE);
    prove(&server, login, proof.clone()).await.expect(200);
    prove(&server, login, proof.clone())
        .await
        .expect_problem(ProblemCode::SecondFactorExpired);
    let another = pending(&server, "alice").await;
    prove(&server, another, proof.clone())
        .await
        .expect_problem(ProblemCode::SecondFactorFailed);
    ask(&server, another).await;
    prove(&server, another, proof)
        .await
        .expect_problem(ProblemCode::SecondFactorFailed);
}

#[actix_web::test]
async fn what_was_asked_for_is_answered_in_time() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let asked = start(&server, &alice).await;
    let made = Authenticator::new(Algorithm::P256, 1).create(&asked, HERE);
    server.clock.advance(Duration::from_secs(SECOND_FACTOR_S));
    finish(&server, &alice, asked.passkey_id, &made)
        .await
        .expect_problem(ProblemCode::NotFound);
    let mut device = device(&server, &alice, 1).await;
    let login = pending(&server, "alice").await;
    let asked = ask(&server, login).await;
    server.clock.advance(Duration::from_secs(SECOND_FACTOR_S));
    prove(&server, login, device.sign(&asked, HERE))
        .await
        .expect_problem(ProblemCode::SecondFactorExpired);
    ask_at(&server, login, HERE)
        .await
        .expect_problem(ProblemCode::SecondFactorExpired);
}

#[actix_web::test]
async fn anothers_passkey_proves_nothing() {
    let server = Server::start().await;
    let (alice, mallory) = (
        Person::sign_up(&server, "alice").await,
        Person::sign_up(&server, "mallory").await,
    );
    device(&server, &alice, 1).await;
    let mut hers = device(&server, &mallory, 2).await;
    log_in_by(&server, "alice", &mut hers)
        .await
        .expect_problem(ProblemCode::SecondFactorFailed);
    // Nor does her key under the name of alice's, which she may have seen.
    hers.credential_id = vec![1; 20];
    log_in_by(&server, "alice", &mut hers)
        .await
        .expect_problem(ProblemCode::SecondFactorFailed);
    // Nor does she add one by what alice was asked.
    let asked = start(&server, &alice).await;
    let made = Authenticator::new(Algorithm::P256, 3).create(&asked, HERE);
    finish(&server, &mallory, asked.passkey_id, &made)
        .await
        .expect_problem(ProblemCode::NotFound);
}

#[actix_web::test]
async fn a_counter_that_goes_back_is_a_copy_s() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let mut device = device(&server, &alice, 1).await;
    device.counter = 7;
    log_in_by(&server, "alice", &mut device).await.expect(200);
    for counter in [7, 3, 0] {
        device.counter = counter;
        log_in_by(&server, "alice", &mut device)
            .await
            .expect_problem(ProblemCode::SecondFactorFailed);
    }
    device.counter = 8;
    log_in_by(&server, "alice", &mut device).await.expect(200);
}

#[actix_web::test]
async fn a_device_without_a_counter_always_counts_nothing() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let mut device = Authenticator::new(Algorithm::P256, 1);
    device.counter = 0;
    device.flags |= BACKUP_ELIGIBLE;
    add(&server, &alice, &mut device).await;
    for flags in [0, BACKED_UP, BACKED_UP] {
        device.counter = 0;
        device.flags |= flags;
        log_in_by(&server, "alice", &mut device).await.expect(200);
    }
    // What cannot be backed up is another key.
    device.counter = 0;
    device.flags &= !(BACKUP_ELIGIBLE | BACKED_UP);
    log_in_by(&server, "alice", &mut device)
        .await
        .expect_problem(ProblemCode::SecondFactorFailed);
}

#[actix_web::test]
async fn an_altered_signature_proves_nothing() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let mut device = device(&server, &alice, 1).await;
    let login = pending(&server, "alice").await;
    let asked = ask(&server, login).await;
    let FactorProof::Passkey {
        credential_id,
        client_data,
        authenticator_data,
        signature,
        user_handle,
    } = device.sign(&asked, HERE)
    else {
        panic!("no passkey's proof");
    };
    let mut altered = authenticator_data.into_vec();
    altered[36] ^= 0x40;
    let proof = FactorProof::Passkey {
        credential_id,
        client_data,
        authenticator_data: altered.into(),
        signature,
        user_handle,
    };
    prove(&server, login, proof)
        .await
        .expect_problem(ProblemCode::SecondFactorFailed);
}

#[actix_web::test]
async fn a_removed_passkey_opens_nothing_and_the_last_one_takes_the_codes() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let mut old = Authenticator::new(Algorithm::P256, 1);
    let first = add(&server, &alice, &mut old).await;
    let mut new = Authenticator::new(Algorithm::Ed25519, 2);
    let second = add(&server, &alice, &mut new).await;
    assert_eq!(second.recovery_codes, Vec::<String>::new());
    assert_eq!(second.second_factor.passkeys.len(), 2);
    let old_path = path(first.second_factor.passkeys[0].passkey_id);
    let login = pending(&server, "alice").await;
    let asked = ask(&server, login).await;
    let left: SecondFactorView = alice.delete(&server, &old_path).await.expect(200).json();
    assert_eq!(left.passkeys.len(), 1);
    // Asked before, answered afterwards.
    prove(&server, login, old.sign(&asked, HERE))
        .await
        .expect_problem(ProblemCode::SecondFactorFailed);
    log_in_by(&server, "alice", &mut old)
        .await
        .expect_problem(ProblemCode::SecondFactorFailed);
    log_in_by(&server, "alice", &mut new).await.expect(200);
    let login = pending(&server, "alice").await;
    prove(&server, login, recovery(&first.recovery_codes[0]))
        .await
        .expect(200);
    alice
        .delete(&server, &old_path)
        .await
        .expect_problem(ProblemCode::NotFound);
    let new_path = path(left.passkeys[0].passkey_id);
    let off: SecondFactorView = alice.delete(&server, &new_path).await.expect(200).json();
    assert_eq!(off, SecondFactorView::default());
    password(&server, "alice", None).await.expect(200);
}

#[actix_web::test]
async fn app_and_passkey_stand_beside_each_other() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let (app, codes) = App::set_up(&server, &alice).await;
    let mut device = Authenticator::new(Algorithm::P256, 1);
    let added = add(&server, &alice, &mut device).await;
    assert_eq!(added.recovery_codes, Vec::<String>::new());
    server.clock.advance(STEP);
    let login = pending(&server, "alice").await;
    // A code beside what the passkey was asked leaves that as it is.
    let asked = ask(&server, login).await;
    prove(&server, login, recovery("0000-0000-0000-0000"))
        .await
        .expect_problem(ProblemCode::SecondFactorFailed);
    prove(&server, login, device.sign(&asked, HERE))
        .await
        .expect(200);
    let login = pending(&server, "alice").await;
    prove(&server, login, app.proof(&server)).await.expect(200);
    let left: SecondFactorView = alice.delete(&server, routes::TOTP).await.expect(200).json();
    assert_eq!(left.recovery_codes_left, 10, "the passkey keeps them");
    let login = password(&server, "alice", None).await;
    let login: SecondFactorAsked = login.expect(202).json();
    assert_eq!(login.kinds, [FactorKind::Passkey, FactorKind::RecoveryCode]);
    // Used up, they leave the passkey to be asked for alone.
    for code in &codes {
        let login = pending(&server, "alice").await;
        prove(&server, login, recovery(code)).await.expect(200);
    }
    let login: SecondFactorAsked = password(&server, "alice", None).await.expect(202).json();
    assert_eq!(login.kinds, [FactorKind::Passkey]);
    log_in_by(&server, "alice", &mut device).await.expect(200);
    let renewed: FactorAdded = alice
        .post(&server, routes::RECOVERY_CODES, &())
        .await
        .expect(200)
        .json();
    assert_eq!(renewed.recovery_codes.len(), 10);
}

#[actix_web::test]
async fn there_are_ten_and_each_once() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    for number in 1..MAX_PASSKEYS {
        device(&server, &alice, u8::try_from(number).unwrap()).await;
    }
    let again = start(&server, &alice).await;
    let made = Authenticator::new(Algorithm::P256, 1).create(&again, HERE);
    finish(&server, &alice, again.passkey_id, &made)
        .await
        .expect_problem(ProblemCode::AlreadyExists);
    // Two at once for the last place.
    let (one, other) = (start(&server, &alice).await, start(&server, &alice).await);
    let made = Authenticator::new(Algorithm::P256, 50).create(&one, HERE);
    finish(&server, &alice, one.passkey_id, &made)
        .await
        .expect(200);
    let made = Authenticator::new(Algorithm::P256, 51).create(&other, HERE);
    let full = [
        finish(&server, &alice, other.passkey_id, &made).await,
        start_at(&server, &alice, HERE).await,
    ];
    for refused in full {
        let problem = refused.expect_problem(ProblemCode::InvalidValue);
        assert_eq!(problem.field.as_deref(), Some("passkeys"));
    }
}

#[actix_web::test]
async fn a_passkey_is_of_the_origin_that_it_was_made_for() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    for origin in ["http://mail.example", "https://127.0.0.1:8080", "null", ""] {
        let refused = start_at(&server, &alice, origin).await;
        let problem = refused.expect_problem(ProblemCode::InvalidValue);
        assert_eq!(problem.field.as_deref(), Some("origin"));
    }
    let mut local = Authenticator::new(Algorithm::P256, 1);
    let localhost = "http://localhost:8080";
    let asked: PasskeyStartResponse = start_at(&server, &alice, localhost).await.json();
    assert_eq!(asked.rp_id, "localhost");
    let made = local.create(&asked, localhost);
    let added: FactorAdded = finish(&server, &alice, asked.passkey_id, &made)
        .await
        .expect(200)
        .json();
    let login: SecondFactorAsked = password(&server, "alice", None).await.expect(202).json();
    // It is asked for all the same, or the password alone would open at another address.
    assert_eq!(login.kinds, [FactorKind::Passkey, FactorKind::RecoveryCode]);
    for elsewhere in [HERE, "http://localhost:8081", "http://smail.localhost:8080"] {
        ask_at(&server, login.pending_login, elsewhere)
            .await
            .expect_problem(ProblemCode::NotFound);
    }
    let asked: PasskeyAsked = ask_at(&server, login.pending_login, localhost).await.json();
    prove(&server, login.pending_login, local.sign(&asked, localhost))
        .await
        .expect(200);
    let login = pending(&server, "alice").await;
    prove(&server, login, recovery(&added.recovery_codes[0]))
        .await
        .expect(200);
}

#[actix_web::test]
async fn changes_want_a_fresh_login() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let mut device = Authenticator::new(Algorithm::P256, 1);
    let added = add(&server, &alice, &mut device).await;
    let asked = start(&server, &alice).await;
    let made = Authenticator::new(Algorithm::P256, 2).create(&asked, HERE);
    server.clock.advance(Duration::from_secs(FRESH_LOGIN_S + 1));
    let there = path(added.second_factor.passkeys[0].passkey_id);
    let stale = [
        start_at(&server, &alice, HERE).await,
        finish(&server, &alice, asked.passkey_id, &made).await,
        alice.delete(&server, &there).await,
    ];
    for answer in stale {
        answer.expect_problem(ProblemCode::FreshLoginRequired);
    }
}

#[actix_web::test]
async fn a_login_offers_five_proofs_of_whatever_kind() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let mut device = device(&server, &alice, 1).await;
    let login = pending(&server, "alice").await;
    for _ in 0..5 {
        let asked = ask(&server, login).await;
        let proof = device.sign(&asked, "https://evil.example");
        prove(&server, login, proof)
            .await
            .expect_problem(ProblemCode::SecondFactorFailed);
    }
    ask_at(&server, login, HERE)
        .await
        .expect_problem(ProblemCode::SecondFactorExpired);
}

#[actix_web::test]
async fn logging_out_everywhere_leaves_them_and_the_account_s_end_takes_them() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let mut device = device(&server, &alice, 1).await;
    let everywhere = format!("{}?current=true", routes::SESSIONS);
    alice.delete(&server, &everywhere).await.expect(204);
    let answer = log_in_by(&server, "alice", &mut device).await;
    let again = Person::of(answer.expect(200));
    let login = pending(&server, "alice").await;
    let asked = ask(&server, login).await;
    again.delete(&server, routes::ACCOUNT).await.expect(204);
    ask_at(&server, login, HERE)
        .await
        .expect_problem(ProblemCode::NotFound);
    let proof = device.sign(&asked, HERE);
    let refused = prove(&server, login, proof).await;
    assert_eq!(refused.header("set-cookie"), None);
    assert_eq!(refused.status.as_u16(), 401);
}
