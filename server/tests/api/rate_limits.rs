//! Delays that grow and lock nobody out. The test clock notes them instead of waiting.

use crate::support::{LoginHalf, PROXY, Person, Server, SignUp, person};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use smail_protocol::{CredentialKind, routes};
use std::net::SocketAddr;

const KIND: CredentialKind = CredentialKind::Password;

/// By how much the first step of each login of a name is held back, in milliseconds.
async fn delays(server: &Server, username: &str, attempts: u16) -> Vec<u128> {
    server.clock.take_delays();
    for number in 0..attempts {
        let [high, low] = number.to_be_bytes();
        let from = SocketAddr::from(([198, 51, high, low], 1));
        let half = LoginHalf::start("wrong");
        person::login_start(server, username, KIND, &half, Some(from))
            .await
            .expect(200);
    }
    server
        .clock
        .take_delays()
        .iter()
        .map(std::time::Duration::as_millis)
        .collect()
}

#[actix_web::test]
async fn guesses_from_anywhere_are_delayed_more_and_more_and_never_refused() {
    let server = Server::start().await;
    Person::sign_up(&server, "alice").await;
    let expected = [20, 20, 20, 250, 500, 1000, 2000, 4000, 8000, 8000];
    assert_eq!(delays(&server, "alice", 10).await, expected);
    assert_eq!(delays(&server, "nobody", 10).await, expected);
    person::log_in(&server, "alice", person::PASSWORD, KIND, None)
        .await
        .expect(200);
    assert_eq!(delays(&server, "alice", 1).await, [20]);
}

#[actix_web::test]
async fn guesses_from_one_address_at_many_names_are_delayed() {
    let server = Server::start().await;
    let from = Some(SocketAddr::from(([203, 0, 113, 9], 1)));
    for number in 0..14 {
        let half = LoginHalf::start("wrong");
        person::login_start(&server, &format!("user{number}"), KIND, &half, from)
            .await
            .expect(200);
    }
    let delays: Vec<_> = server
        .clock
        .take_delays()
        .iter()
        .map(std::time::Duration::as_millis)
        .collect();
    assert_eq!(delays[11..], [20, 250, 500]);
}

#[actix_web::test]
async fn sign_ups_of_one_address_are_delayed_after_their_burst() {
    let server = Server::start().await;
    for number in 0..31 {
        SignUp::prepare(&server, &format!("user{number}"), "x")
            .await
            .send(&server)
            .await
            .expect(201);
    }
    let delays: Vec<_> = server
        .clock
        .take_delays()
        .iter()
        .map(std::time::Duration::as_millis)
        .collect();
    assert_eq!(delays, [100, 100]);
}

#[actix_web::test]
async fn requests_of_an_account_are_delayed_when_they_are_too_many() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let bob = Person::sign_up(&server, "bob").await;
    server.clock.take_delays();
    for _ in 0..502 {
        alice.get(&server, routes::ACCOUNT).await.expect(200);
    }
    bob.get(&server, routes::ACCOUNT).await.expect(200);
    let delays: Vec<_> = server
        .clock
        .take_delays()
        .iter()
        .map(std::time::Duration::as_millis)
        .collect();
    assert_eq!(delays, [100, 200]);
}

/// Whether sign-ups are delayed whose requests come from `peer` and name ever new clients.
async fn are_delayed(server: &Server, peer: [u8; 4]) -> bool {
    server.clock.take_delays();
    for number in 0..70_u8 {
        let request = TestRequest::with_uri(routes::REGISTER_START)
            .method(Method::POST)
            .peer_addr(SocketAddr::from((peer, 1)))
            .insert_header(("x-forwarded-for", format!("192.0.2.{number}")))
            .set_json(serde_json::json!({ "username": "carol", "registration_request": "" }));
        server.send(request).await;
    }
    !server.clock.take_delays().is_empty()
}

#[actix_web::test]
async fn a_trusted_proxy_speaks_for_its_clients_and_nobody_else_does() {
    let server = Server::start().await;
    assert!(!are_delayed(&server, PROXY).await);
    assert!(are_delayed(&server, [10, 0, 0, 2]).await);
}
