//! Blobs: in, out, and refused.

use crate::support::{Answer, Person, Server};
use actix_web::http::Method;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};
use smail_protocol::limits::MAX_BLOB_BYTES;
use smail_protocol::{BlobId, BlobReceipt, ProblemCode, routes};

async fn upload(server: &Server, who: &Person, octets: Vec<u8>, fields: &[(&str, &str)]) -> Answer {
    let request = who
        .request(Method::POST, routes::BLOBS)
        .insert_header(("content-type", "application/octet-stream"))
        .set_payload(octets);
    let request = fields
        .iter()
        .fold(request, |request, field| request.insert_header(*field));
    server.send(request).await
}

fn path(blob: BlobId) -> String {
    routes::BLOB.replace("{blob_id}", &blob.to_string())
}

/// Octets that do not repeat at any chunk's length.
fn octets(len_bytes: usize) -> Vec<u8> {
    (0..len_bytes)
        .map(|n| (n % 251) as u8 ^ (n / 1021) as u8)
        .collect()
}

#[actix_web::test]
async fn octets_come_back_as_they_went() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    for len_bytes in [1, 3_500, 1_000_003] {
        let sent = octets(len_bytes);
        let receipt = alice.upload(&server, &sent).await;
        assert_eq!(receipt.size_bytes, len_bytes as u64);
        assert_eq!(
            receipt.blob_id,
            BlobId::from_sha256(Sha256::digest(&sent).into())
        );
        let answer = alice.get(&server, &path(receipt.blob_id)).await;
        assert!(answer.expect(200).body == sent);
        assert_eq!(
            answer.header("content-type"),
            Some("application/octet-stream")
        );
        assert_eq!(answer.header("cache-control"), Some("private, no-store"));
    }
}

#[actix_web::test]
async fn the_digest_is_checked() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let sent = octets(10_000);
    let digest = format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(&sent)));
    let field = ("content-digest", digest.as_str());
    let truncated = upload(&server, &alice, sent[..9_999].to_vec(), &[field]).await;
    truncated.expect_problem(ProblemCode::DigestMismatch);
    let blob = BlobId::from_sha256(Sha256::digest(&sent[..9_999]).into());
    alice
        .get(&server, &path(blob))
        .await
        .expect_problem(ProblemCode::NotFound);
    let malformed = upload(
        &server,
        &alice,
        sent.clone(),
        &[("content-digest", "sha-256=abc")],
    )
    .await;
    malformed.expect_problem(ProblemCode::MalformedRequest);
    let receipt: BlobReceipt = upload(&server, &alice, sent, &[field])
        .await
        .expect(201)
        .json();
    alice.get(&server, &path(receipt.blob_id)).await.expect(200);
}

#[actix_web::test]
async fn too_much_is_refused_whatever_it_says_of_its_length() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let length = (MAX_BLOB_BYTES + 1).to_string();
    let announced = upload(&server, &alice, octets(10), &[("content-length", &length)]).await;
    let problem = announced.expect_problem(ProblemCode::TooLarge);
    assert_eq!(problem.limit_bytes, Some(MAX_BLOB_BYTES));
    let sent = vec![0; usize::try_from(MAX_BLOB_BYTES).unwrap() + 1];
    let lying = upload(&server, &alice, sent, &[("content-length", "10")]).await;
    lying.expect_problem(ProblemCode::TooLarge);
}

#[actix_web::test]
async fn an_empty_body_and_another_media_type_are_refused() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    upload(&server, &alice, vec![], &[])
        .await
        .expect_problem(ProblemCode::MalformedRequest);
    let json = upload(
        &server,
        &alice,
        octets(10),
        &[("content-type", "application/json")],
    )
    .await;
    json.expect_problem(ProblemCode::UnsupportedMediaType);
}

#[actix_web::test]
async fn nobody_reads_anothers_blob() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let mallory = Person::sign_up(&server, "mallory").await;
    let receipt = alice.upload(&server, &octets(100)).await;
    mallory
        .get(&server, &path(receipt.blob_id))
        .await
        .expect_problem(ProblemCode::NotFound);
}

#[actix_web::test]
async fn an_upload_that_is_given_up_is_gone() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let bob = Person::sign_up(&server, "bob").await;
    let blob = alice.upload(&server, b"nobody wants it").await.blob_id;
    bob.delete(&server, &path(blob)).await.expect(204);
    alice.get(&server, &path(blob)).await.expect(200);
    alice.delete(&server, &path(blob)).await.expect(204);
    alice
        .get(&server, &path(blob))
        .await
        .expect_problem(ProblemCode::NotFound);
}
