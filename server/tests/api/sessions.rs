//! Sessions from login to end.

use crate::support::{Person, Server, bytes};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use smail_protocol::limits::{SESSION_ABSOLUTE_S, SESSION_IDLE_S};
use smail_protocol::{AccountView, ProblemCode, ResumeWriteRequest, SessionList, routes};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);

#[actix_web::test]
async fn sessions_are_listed_with_the_current_one_marked() {
    let server = Server::start().await;
    let first = Person::sign_up(&server, "alice").await;
    server.clock.advance(DAY);
    let second = Person::log_in(&server, "alice").await;
    let list: SessionList = second.get(&server, routes::SESSIONS).await.json();
    let seen: Vec<_> = list
        .sessions
        .iter()
        .map(|it| (it.session_id, it.current))
        .collect();
    assert_eq!(
        seen,
        [
            (second.account.session_id, true),
            (first.account.session_id, false)
        ]
    );
    assert_eq!(list.sessions[1].client, "Firefox on Linux");
}

#[actix_web::test]
async fn a_revoked_session_is_refused_at_once() {
    let server = Server::start().await;
    let (first, second) = (
        Person::sign_up(&server, "alice").await,
        Person::log_in(&server, "alice").await,
    );
    let path = format!("{}/{}", routes::SESSIONS, first.account.session_id);
    second.delete(&server, &path).await.expect(204);
    first
        .get(&server, routes::ACCOUNT)
        .await
        .expect_problem(ProblemCode::NoSession);
    second
        .delete(&server, &path)
        .await
        .expect_problem(ProblemCode::NotFound);
    second.get(&server, routes::ACCOUNT).await.expect(200);
}

#[actix_web::test]
async fn nobody_ends_anothers_session() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let mallory = Person::sign_up(&server, "mallory").await;
    let path = format!("{}/{}", routes::SESSIONS, alice.account.session_id);
    mallory
        .delete(&server, &path)
        .await
        .expect_problem(ProblemCode::NotFound);
    mallory.delete(&server, routes::SESSIONS).await.expect(204);
    alice.get(&server, routes::ACCOUNT).await.expect(200);
}

#[actix_web::test]
async fn all_others_end_together() {
    let server = Server::start().await;
    let first = Person::sign_up(&server, "alice").await;
    let (second, third) = (
        Person::log_in(&server, "alice").await,
        Person::log_in(&server, "alice").await,
    );
    second.delete(&server, routes::SESSIONS).await.expect(204);
    for ended in [first, third] {
        ended
            .get(&server, routes::ACCOUNT)
            .await
            .expect_problem(ProblemCode::NoSession);
    }
    second.get(&server, routes::ACCOUNT).await.expect(200);
}

#[actix_web::test]
async fn all_end_together_and_this_one_too() {
    let server = Server::start().await;
    let (first, second) = (
        Person::sign_up(&server, "alice").await,
        Person::log_in(&server, "alice").await,
    );
    let bob = Person::sign_up(&server, "bob").await;
    let everywhere = format!("{}?current=true", routes::SESSIONS);
    let answer = second.delete(&server, &everywhere).await;
    let cookie = answer.expect(204).header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-smail=; Max-Age=0;"), "{cookie}");
    for ended in [first, second] {
        ended
            .get(&server, routes::ACCOUNT)
            .await
            .expect_problem(ProblemCode::NoSession);
    }
    bob.get(&server, routes::ACCOUNT).await.expect(200);
    let misspelt = format!("{}?curent=true", routes::SESSIONS);
    bob.delete(&server, &misspelt)
        .await
        .expect_problem(ProblemCode::MalformedRequest);
    bob.get(&server, routes::ACCOUNT).await.expect(200);
}

#[actix_web::test]
async fn log_out_ends_the_session_and_clears_the_cookie() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    for _ in 0..2 {
        let answer = server
            .send(alice.request(Method::POST, routes::LOGOUT))
            .await;
        let cookie = answer.expect(204).header("set-cookie").unwrap();
        assert!(cookie.starts_with("__Host-smail=; Max-Age=0;"), "{cookie}");
    }
    alice
        .get(&server, routes::ACCOUNT)
        .await
        .expect_problem(ProblemCode::NoSession);
}

#[actix_web::test]
async fn an_unused_session_ends() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    server
        .clock
        .advance(Duration::from_secs(SESSION_IDLE_S) - DAY);
    alice.get(&server, routes::ACCOUNT).await.expect(200);
    server
        .clock
        .advance(Duration::from_secs(SESSION_IDLE_S) - DAY);
    alice.get(&server, routes::ACCOUNT).await.expect(200);
    server.clock.advance(Duration::from_secs(SESSION_IDLE_S));
    alice
        .get(&server, routes::ACCOUNT)
        .await
        .expect_problem(ProblemCode::NoSession);
}

#[actix_web::test]
async fn a_session_in_use_ends_too() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    for _ in 1..SESSION_ABSOLUTE_S / DAY.as_secs() {
        server.clock.advance(DAY);
        alice.get(&server, routes::ACCOUNT).await.expect(200);
    }
    server.clock.advance(DAY);
    alice
        .get(&server, routes::ACCOUNT)
        .await
        .expect_problem(ProblemCode::NoSession);
}

#[actix_web::test]
async fn what_a_reload_needs_goes_with_the_session() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let resume = ResumeWriteRequest {
        resume: bytes(b"sealed"),
    };
    alice
        .put(&server, routes::RESUME, &resume)
        .await
        .expect(204);
    let view: AccountView = alice.get(&server, routes::ACCOUNT).await.json();
    assert_eq!(view.resume, Some(bytes(b"sealed")));
    assert_eq!(Person::log_in(&server, "alice").await.account.resume, None);
}

#[actix_web::test]
async fn every_path_for_those_logged_in_refuses_others() {
    let server = Server::start().await;
    let id = "00".repeat(16);
    let open = [
        routes::SERVER,
        routes::REGISTER_START,
        routes::REGISTER_FINISH,
        routes::LOGIN_START,
        routes::LOGIN_FINISH,
        routes::LOGIN_SECOND_FACTOR,
        routes::LOGIN_PASSKEY,
        routes::LOGOUT,
        routes::OPENAPI,
        routes::HEALTH,
    ];
    let document: serde_json::Value =
        serde_json::from_str(&smail_server::openapi::document()).unwrap();
    let mut refused = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        if open.contains(&path.as_str()) {
            continue;
        }
        for method in methods.as_object().unwrap().keys() {
            let uri = path
                .replace("{kind}", "password")
                .replace("{blob_id}", &"00".repeat(32))
                .split('{')
                .map(|part| {
                    part.split_once('}')
                        .map_or(part.to_owned(), |(_, rest)| format!("{id}{rest}"))
                })
                .collect::<String>();
            let method: Method = method.to_uppercase().parse().unwrap();
            for cookie in [
                "",
                "__Host-smail=AAAA",
                &format!("__Host-smail={}", "A".repeat(43)),
            ] {
                let request = TestRequest::with_uri(&uri)
                    .method(method.clone())
                    .insert_header(("cookie", cookie));
                server
                    .send(request)
                    .await
                    .expect_problem(ProblemCode::NoSession);
            }
            refused += 1;
        }
    }
    assert_eq!(refused, 37, "paths for those logged in");
}

#[actix_web::test]
async fn a_request_made_for_another_account_than_the_cookie_s_has_no_session() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let bob = Person::sign_up(&server, "bob").await;
    let asked = |account: &str| {
        let request = alice.request(Method::GET, routes::ACCOUNT);
        request.insert_header((routes::ACCOUNT_HEADER, account))
    };
    let own = alice.account.account_id.to_string();
    server.send(asked(&own)).await.expect(200);
    for foreign in [&bob.account.account_id.to_string(), "no id"] {
        server
            .send(asked(foreign))
            .await
            .expect_problem(ProblemCode::NoSession);
    }
    bob.get(&server, &format!("{}?account={own}", routes::EVENTS))
        .await
        .expect_problem(ProblemCode::NoSession);
}
