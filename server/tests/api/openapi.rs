//! The API's description is what the code says.

use crate::support::Server;
use actix_web::test::TestRequest;
use smail_protocol::routes;

#[test]
fn the_snapshot_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../www/openapi.json");
    let kept = std::fs::read_to_string(path).unwrap();
    assert!(
        kept == smail_server::openapi::document(),
        "www/openapi.json is not what the server describes: run `cargo xtask openapi` and commit what changes"
    );
}

#[actix_web::test]
async fn the_description_is_served() {
    let server = Server::start().await;
    let answer = server.send(TestRequest::get().uri(routes::OPENAPI)).await;
    assert_eq!(
        answer.expect(200).body,
        smail_server::openapi::document().into_bytes()
    );
}

#[test]
fn every_path_is_described() {
    let document: serde_json::Value =
        serde_json::from_str(&smail_server::openapi::document()).unwrap();
    let source = include_str!("../../../protocol/src/routes.rs");
    let paths: Vec<&str> = source
        .lines()
        .filter_map(|line| line.split('"').nth(1))
        // The name of a header stands there, too.
        .filter(|text| text.starts_with('/'))
        .collect();
    assert!(paths.len() > 20);
    for path in paths {
        assert!(document["paths"].get(path).is_some(), "{path}");
    }
}
