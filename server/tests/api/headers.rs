//! What every response says to browsers.

use crate::support::Server;
use actix_web::http::Method;
use actix_web::test::TestRequest;
use smail_protocol::routes;
use smail_server::middleware::{PAGE_POLICY, Transport};

const FIXED: [(&str, &str); 5] = [
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
];

#[actix_web::test]
async fn answers_and_refusals_carry_the_same_fields() {
    let server = Server::start().await;
    for (method, path) in [
        (Method::GET, routes::SERVER),
        (Method::GET, routes::ACCOUNT),
        (Method::GET, "/api/nothing"),
        (Method::PUT, routes::SERVER),
        (Method::GET, "/"),
    ] {
        let answer = server
            .send(TestRequest::with_uri(path).method(method))
            .await;
        for (name, value) in FIXED {
            assert_eq!(answer.header(name), Some(value), "{path}");
        }
        let permissions = answer.header("permissions-policy").unwrap();
        assert!(permissions.contains("camera=()"));
        for passkeys in ["create", "get"] {
            let own = format!("publickey-credentials-{passkeys}=(self)");
            assert!(permissions.contains(&own), "{permissions}");
        }
        assert!(
            answer
                .header("content-security-policy")
                .unwrap()
                .starts_with("default-src 'none';")
        );
        assert_eq!(answer.header("strict-transport-security"), None);
        assert_eq!(answer.header("x-request-id").map(str::len), Some(16));
    }
}

#[actix_web::test]
async fn the_api_is_never_cached_and_inert_as_a_page() {
    let server = Server::start().await;
    let answer = server.send(TestRequest::get().uri(routes::SERVER)).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(
        answer
            .header("content-security-policy")
            .unwrap()
            .ends_with("sandbox")
    );
}

#[actix_web::test]
async fn under_tls_browsers_are_told_to_stay_there() {
    let server = Server::start_over(Transport::Tls).await;
    let answer = server.send(TestRequest::get().uri(routes::SERVER)).await;
    assert_eq!(
        answer.header("strict-transport-security"),
        Some("max-age=31536000")
    );
}

#[test]
fn the_pages_policy_allows_nothing_unsafe_and_no_other_origin() {
    for word in ["unsafe", "http:", "https:", "*"] {
        assert!(!PAGE_POLICY.contains(word), "{word}");
    }
    assert!(PAGE_POLICY.contains("require-trusted-types-for 'script'"));
}
