//! Deleting an account.

use crate::support::person::{self, PASSWORD};
use crate::support::{Person, Server, SignUp, bytes};
use smail_protocol::limits::FRESH_LOGIN_S;
use smail_protocol::{
    CredentialKind, DeliverRequest, Delivery, IdempotencyKey, ItemId, LookupRequest,
    LookupResponse, ProblemCode, SentCopy, routes,
};
use std::time::Duration;

#[actix_web::test]
async fn a_deleted_account_is_a_strangers_from_then_on() {
    let server = Server::start().await;
    let (bob, alice) = (
        Person::sign_up(&server, "bob").await,
        Person::sign_up(&server, "alice").await,
    );
    let other = Person::log_in(&server, "alice").await;
    let answer = alice.delete(&server, routes::ACCOUNT).await;
    let cookie = answer.expect(204).header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-smail=; Max-Age=0;"), "{cookie}");
    for ended in [&alice, &other] {
        ended
            .get(&server, routes::ACCOUNT)
            .await
            .expect_problem(ProblemCode::NoSession);
    }
    let kind = CredentialKind::Password;
    let gone = person::log_in(&server, "alice", PASSWORD, kind, None).await;
    let nobody = person::log_in(&server, "nobody", PASSWORD, kind, None).await;
    gone.expect_problem(ProblemCode::LoginFailed);
    assert_eq!(gone.body, nobody.body);

    let asked = LookupRequest {
        usernames: vec!["alice".parse().unwrap()],
    };
    let found: LookupResponse = bob
        .post(&server, routes::DIRECTORY_LOOKUP, &asked)
        .await
        .json();
    assert!(found.found.is_empty());
    let blob_id = bob.upload(&server, b"too late").await.blob_id;
    let letter = DeliverRequest {
        idempotency_key: IdempotencyKey::from_bytes([1; 16]),
        deliveries: vec![Delivery {
            blob_id,
            recipients: vec!["alice".parse().unwrap()],
        }],
        sent: SentCopy {
            item_id: ItemId::from_bytes([1; 16]),
            mailbox_id: bob.sent.unwrap(),
            blob_id,
            sealed: bytes(b"summary"),
        },
        draft: None,
        parts: Vec::new(),
    };
    let problem = bob
        .post(&server, routes::DELIVER, &letter)
        .await
        .expect_problem(ProblemCode::UnknownRecipient);
    assert_eq!(problem.unknown, ["alice"]);
}

#[actix_web::test]
async fn the_name_of_a_deleted_account_is_taken() {
    let server = Server::start().await;
    let prepared = SignUp::prepare(&server, "alice", "another password").await;
    let alice = Person::sign_up(&server, "alice").await;
    alice.delete(&server, routes::ACCOUNT).await.expect(204);
    prepared
        .send(&server)
        .await
        .expect_problem(ProblemCode::UsernameTaken);
}

#[actix_web::test]
async fn an_account_is_deleted_right_after_a_login_alone() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    server.clock.advance(Duration::from_secs(FRESH_LOGIN_S + 1));
    alice
        .delete(&server, routes::ACCOUNT)
        .await
        .expect_problem(ProblemCode::FreshLoginRequired);
    alice.get(&server, routes::ACCOUNT).await.expect(200);
    let again = Person::log_in(&server, "alice").await;
    again.delete(&server, routes::ACCOUNT).await.expect(204);
}

#[actix_web::test]
async fn a_login_that_began_before_the_deletion_ends_in_nothing() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let half = crate::support::LoginHalf::start(PASSWORD);
    let kind = CredentialKind::Password;
    let started: smail_protocol::LoginStartResponse =
        person::login_start(&server, "alice", kind, &half, None)
            .await
            .json();
    alice.delete(&server, routes::ACCOUNT).await.expect(204);
    let ke3 = half
        .finish("alice", PASSWORD, started.ke2.as_slice())
        .unwrap();
    let request = smail_protocol::LoginFinishRequest {
        login_id: started.login_id,
        ke3: bytes(&ke3),
    };
    let request = actix_web::test::TestRequest::post()
        .uri(routes::LOGIN_FINISH)
        .set_json(request);
    server
        .send(request)
        .await
        .expect_problem(ProblemCode::LoginFailed);
}
