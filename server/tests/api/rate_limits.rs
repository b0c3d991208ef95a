//! Delays that grow and lock nobody out. The test clock notes them instead of waiting.

use crate::support::{LoginHalf, Person, Server, SignUp, person};
use smail_protocol::CredentialKind;
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
