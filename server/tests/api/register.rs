//! Sign-up.

use crate::support::{Person, Server, SignUp, bytes, person, register_record};
use actix_web::test::TestRequest;
use smail_protocol::limits::{MAX_CERTIFICATE_BYTES, MAX_MAILBOXES, MAX_SEALED_BYTES};
use smail_protocol::{
    AccountId, AccountView, LookupRequest, LookupResponse, MailboxId, ProblemCode,
    RegisterFinishRequest, RegisterStartRequest, routes,
};

#[actix_web::test]
async fn a_sign_up_makes_an_account_and_logs_in() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let view: AccountView = alice.get(&server, routes::ACCOUNT).await.json();
    assert_eq!(view, alice.account);
    assert_eq!(view.wrapped_account_key, bytes(b"account key"));
    assert_eq!((view.has_recovery, view.resume), (false, None));
    let names = LookupRequest {
        usernames: vec!["alice".parse().unwrap(), "bob".parse().unwrap()],
    };
    let found: LookupResponse = alice
        .post(&server, routes::DIRECTORY_LOOKUP, &names)
        .await
        .json();
    assert_eq!(found.found[0].certificate, bytes(b"certificate of alice"));
    assert_eq!(found.unknown, vec!["bob".parse().unwrap()]);
}

#[actix_web::test]
async fn the_cookie_is_locked_to_the_host_and_away_from_scripts() {
    let server = Server::start().await;
    let answer = SignUp::prepare(&server, "alice", "x")
        .await
        .send(&server)
        .await;
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-smail="), "{cookie}");
    for attribute in [
        "Path=/",
        "Secure",
        "HttpOnly",
        "SameSite=Strict",
        "Max-Age=7776000",
    ] {
        assert!(
            cookie.split("; ").any(|part| part == attribute),
            "{attribute}: {cookie}"
        );
    }
}

/// The first step is refused for this name, as it is taken.
async fn refused_at_start(server: &Server, username: &str) {
    let request = RegisterStartRequest {
        username: username.parse().unwrap(),
        registration_request: bytes(&[0; 32]),
    };
    let request = TestRequest::post()
        .uri(routes::REGISTER_START)
        .set_json(request);
    server
        .send(request)
        .await
        .expect_problem(ProblemCode::UsernameTaken);
}

#[actix_web::test]
async fn a_taken_name_is_refused_in_both_steps() {
    let server = Server::start().await;
    let late = SignUp::prepare(&server, "alice", person::PASSWORD).await;
    Person::sign_up(&server, "alice").await;
    let problem = late
        .send(&server)
        .await
        .expect_problem(ProblemCode::UsernameTaken);
    assert_eq!(problem.field.as_deref(), Some("username"));
    refused_at_start(&server, "ALICE").await;
}

#[actix_web::test]
async fn a_reserved_name_is_refused_in_both_steps() {
    let server = Server::start().await;
    refused_at_start(&server, "Postmaster").await;
    let mut sign_up = SignUp::prepare(&server, "mallory", person::PASSWORD).await;
    sign_up.0.username = "postmaster".parse().unwrap();
    let problem = sign_up
        .send(&server)
        .await
        .expect_problem(ProblemCode::UsernameTaken);
    assert_eq!(problem.field.as_deref(), Some("username"));
}

#[actix_web::test]
async fn a_taken_account_id_is_refused_and_the_name_stays_free() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let mut mallory = SignUp::prepare(&server, "mallory", "x").await;
    mallory.0.account_id = alice.account.account_id;
    let problem = mallory
        .send(&server)
        .await
        .expect_problem(ProblemCode::AlreadyExists);
    assert_eq!(problem.field.as_deref(), Some("account_id"));
    Person::sign_up(&server, "mallory").await;
}

type Spoil = fn(&mut RegisterFinishRequest);

#[actix_web::test]
async fn each_value_that_is_not_allowed_is_named() {
    let server = Server::start().await;
    let cases: [(Spoil, ProblemCode, &str); 11] = [
        (
            |it| it.account_id = AccountId::from_bytes([0; AccountId::LEN_BYTES]),
            ProblemCode::InvalidValue,
            "account_id",
        ),
        (
            |it| it.credential.ksf.memory_kib = 1024,
            ProblemCode::InvalidValue,
            "credential.ksf",
        ),
        (
            |it| it.credential.ksf.iterations = 1000,
            ProblemCode::InvalidValue,
            "credential.ksf",
        ),
        (
            |it| it.credential.ksf.parallelism = 0,
            ProblemCode::InvalidValue,
            "credential.ksf",
        ),
        (
            |it| it.credential.registration_record = bytes(&[1; 192]),
            ProblemCode::InvalidValue,
            "credential.registration_record",
        ),
        (
            |it| it.credential.wrapped_account_key = bytes(b""),
            ProblemCode::InvalidValue,
            "credential.wrapped_account_key",
        ),
        (
            |it| it.certificate = bytes(&vec![0; MAX_CERTIFICATE_BYTES + 1]),
            ProblemCode::TooLarge,
            "certificate",
        ),
        (
            |it| it.sealed_keyring = bytes(&vec![0; MAX_SEALED_BYTES + 1]),
            ProblemCode::TooLarge,
            "sealed_keyring",
        ),
        (
            |it| it.mailboxes.clear(),
            ProblemCode::InvalidValue,
            "inbox",
        ),
        (
            |it| it.mailboxes.push(it.inbox),
            ProblemCode::InvalidValue,
            "mailboxes",
        ),
        (
            |it| {
                it.mailboxes
                    .extend((0..MAX_MAILBOXES).map(|_| MailboxId::from_bytes(rand::random())))
            },
            ProblemCode::InvalidValue,
            "mailboxes",
        ),
    ];
    for (number, (spoil, code, field)) in cases.into_iter().enumerate() {
        let mut sign_up = SignUp::prepare(&server, "mallory", "x").await;
        spoil(&mut sign_up.0);
        let problem = sign_up.send(&server).await.expect_problem(code);
        assert_eq!(problem.field.as_deref(), Some(field), "case {number}");
    }
    Person::sign_up(&server, "mallory").await;
}

#[actix_web::test]
async fn a_record_of_another_server_is_kept_but_logs_nobody_in() {
    let server = Server::start().await;
    let mut sign_up = SignUp::prepare(&server, "mallory", person::PASSWORD).await;
    sign_up.0.credential.registration_record = bytes(&register_record());
    sign_up.send(&server).await.expect(201);
    let kind = smail_protocol::CredentialKind::Password;
    let answer = person::log_in(&server, "mallory", person::PASSWORD, kind, None).await;
    answer.expect_problem(ProblemCode::LoginFailed);
}
