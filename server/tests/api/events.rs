//! Server-sent events.

use crate::support::{Person, Server, bytes, person, stream_text};
use actix_web::body::BoxBody;
use actix_web::http::Method;
use smail_protocol::limits::{SESSION_ABSOLUTE_S, SESSION_IDLE_S};
use smail_protocol::{
    ChangePage, CredentialKind, ObjectId, ProblemCode, StateWriteRequest, routes,
};
use smail_server::event_streams::MAX_STREAMS_PER_SESSION;
use std::time::Duration;

async fn listen(server: &Server, who: &Person, query: &str, last_event_id: Option<u64>) -> BoxBody {
    let mut request = who.request(Method::GET, &format!("{}{query}", routes::EVENTS));
    if let Some(id) = last_event_id {
        request = request.insert_header(("last-event-id", id.to_string()));
    }
    let (status, mut body) = server.open(request).await;
    assert_eq!(status.as_u16(), 200);
    assert_eq!(
        stream_text(&mut body).await.as_deref(),
        Some("retry: 2000\n\n")
    );
    body
}

/// Changes something of the account's and gives the change's place.
async fn change(server: &Server, who: &Person, number: u8) -> u64 {
    let path = routes::STATE.replace(
        "{object_id}",
        &ObjectId::from_bytes([number; 16]).to_string(),
    );
    let write = StateWriteRequest {
        base_version: 0,
        sealed: bytes(b"sealed"),
    };
    who.put(server, &path, &write).await.expect(200);
    let page: ChangePage = who.get(server, routes::CHANGES).await.json();
    page.seq
}

fn event(seq: u64) -> String {
    format!("event: change\nid: {seq}\ndata: {seq}\n\n")
}

const SESSION_ENDED: &str = "event: session-ended\ndata:\n\n";

#[actix_web::test]
async fn a_change_is_told_as_it_comes() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let mut events = listen(&server, &alice, "", None).await;
    for number in 1..3 {
        let seq = change(&server, &alice, number).await;
        assert_eq!(stream_text(&mut events).await, Some(event(seq)));
    }
}

#[actix_web::test]
async fn a_stream_is_taken_up_where_it_broke_off() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let known = change(&server, &alice, 1).await;
    let missed = change(&server, &alice, 2).await;
    let mut by_query = listen(&server, &alice, &format!("?since={known}"), None).await;
    assert_eq!(stream_text(&mut by_query).await, Some(event(missed)));
    let mut by_header = listen(&server, &alice, "?since=0", Some(known)).await;
    assert_eq!(stream_text(&mut by_header).await, Some(event(missed)));
    let mut nothing_missed = listen(&server, &alice, "?since=0", Some(missed)).await;
    let new = change(&server, &alice, 3).await;
    assert_eq!(stream_text(&mut nothing_missed).await, Some(event(new)));
}

#[actix_web::test]
async fn a_revoked_session_is_told_and_its_stream_ends() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let other = Person::log_in(&server, "alice").await;
    let (mut ended, mut kept) = (
        listen(&server, &alice, "", None).await,
        listen(&server, &other, "", None).await,
    );
    other.delete(&server, routes::SESSIONS).await.expect(204);
    assert_eq!(
        stream_text(&mut ended).await.as_deref(),
        Some(SESSION_ENDED)
    );
    assert_eq!(stream_text(&mut ended).await, None);
    let seq = change(&server, &other, 1).await;
    assert_eq!(stream_text(&mut kept).await, Some(event(seq)));
}

#[actix_web::test]
async fn an_expired_session_is_told_at_the_next_sign_of_life() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let mut events = listen(&server, &alice, "", None).await;
    server.clock.advance(Duration::from_secs(20));
    assert_eq!(stream_text(&mut events).await.as_deref(), Some(":\n\n"));
    server
        .clock
        .advance(Duration::from_secs(SESSION_ABSOLUTE_S));
    assert_eq!(
        stream_text(&mut events).await.as_deref(),
        Some(SESSION_ENDED)
    );
}

#[actix_web::test]
async fn an_open_stream_is_no_use_of_its_session() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let mut events = listen(&server, &alice, "", None).await;
    server
        .clock
        .advance(Duration::from_secs(SESSION_IDLE_S - 60));
    assert_eq!(stream_text(&mut events).await.as_deref(), Some(":\n\n"));
    server.clock.advance(Duration::from_secs(120));
    assert_eq!(
        stream_text(&mut events).await.as_deref(),
        Some(SESSION_ENDED)
    );
}

#[actix_web::test]
async fn a_login_in_the_same_browser_breaks_the_stream_off_without_a_word() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let mut events = listen(&server, &alice, "", None).await;
    let kind = CredentialKind::Password;
    person::log_in(
        &server,
        "alice",
        person::PASSWORD,
        kind,
        Some(&alice.cookie),
    )
    .await
    .expect(200);
    assert_eq!(stream_text(&mut events).await, None);
}

#[actix_web::test]
async fn a_server_that_goes_down_ends_its_streams() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let mut events = listen(&server, &alice, "", None).await;
    server.going_down.send_replace(true);
    assert_eq!(stream_text(&mut events).await, None);
}

#[actix_web::test]
async fn a_session_has_so_many_streams_and_no_more() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let mut open = Vec::new();
    for _ in 0..MAX_STREAMS_PER_SESSION {
        open.push(listen(&server, &alice, "", None).await);
    }
    let refused = alice.get(&server, routes::EVENTS).await;
    assert!(
        refused
            .expect_problem(ProblemCode::TooManyRequests)
            .retry_after_s
            .is_some()
    );
    assert!(refused.header("retry-after").is_some());
    open.pop();
    listen(&server, &alice, "", None).await;
}

#[actix_web::test]
async fn a_malformed_last_event_id_is_refused() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let request = alice
        .request(Method::GET, routes::EVENTS)
        .insert_header(("last-event-id", "x"));
    server
        .send(request)
        .await
        .expect_problem(ProblemCode::MalformedRequest);
}
