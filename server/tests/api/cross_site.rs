//! Requests from other sites.

use crate::support::{Person, Server};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use smail_protocol::{ProblemCode, routes};

#[actix_web::test]
async fn another_site_changes_nothing() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    for site in ["cross-site", "same-site", "nonsense"] {
        let request = alice
            .request(Method::POST, routes::LOGOUT)
            .insert_header(("sec-fetch-site", site));
        server
            .send(request)
            .await
            .expect_problem(ProblemCode::CrossSite);
    }
    alice.get(&server, routes::ACCOUNT).await.expect(200);
}

#[actix_web::test]
async fn without_fetch_metadata_the_origin_must_be_the_host() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let log_out = |origin: &str| {
        let request = TestRequest::post()
            .uri(routes::LOGOUT)
            .insert_header(("cookie", alice.cookie.clone()));
        server.send(
            request
                .insert_header(("host", "mail.example"))
                .insert_header(("origin", origin)),
        )
    };
    for origin in [
        "https://evil.example",
        "null",
        "https://mail.example.evil.example",
        "https://mail.example:81",
    ] {
        log_out(origin).await.expect_problem(ProblemCode::CrossSite);
    }
    log_out("https://mail.example").await.expect(204);
}

#[actix_web::test]
async fn another_site_reads_nothing_of_an_account() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    for path in [routes::ACCOUNT, routes::EVENTS, routes::STATES] {
        let request = alice
            .request(Method::GET, path)
            .insert_header(("sec-fetch-site", "cross-site"));
        server
            .send(request)
            .await
            .expect_problem(ProblemCode::CrossSite);
    }
}

#[actix_web::test]
async fn what_is_open_to_all_is_left_to_resource_policy() {
    let server = Server::start().await;
    let request = TestRequest::get()
        .uri(routes::SERVER)
        .insert_header(("sec-fetch-site", "cross-site"));
    let answer = server.send(request).await;
    answer.expect(200);
    assert_eq!(
        answer.header("cross-origin-resource-policy"),
        Some("same-origin")
    );
    assert_eq!(answer.header("access-control-allow-origin"), None);
}
