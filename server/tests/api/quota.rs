//! Accounts that store as much as they may.

use crate::support::{Person, Server};
use actix_web::http::Method;
use smail_protocol::{
    DeliverRequest, Delivery, IdempotencyKey, ItemId, ProblemCode, SentCopy, routes,
};
use smail_server::middleware::Transport;
use smail_server::store::Store;

fn letter(from: &Person, to: &[&str], blob_id: smail_protocol::BlobId) -> DeliverRequest {
    DeliverRequest {
        idempotency_key: IdempotencyKey::from_bytes(rand::random()),
        deliveries: vec![Delivery {
            blob_id,
            recipients: to.iter().map(|name| name.parse().unwrap()).collect(),
        }],
        sent: SentCopy {
            item_id: ItemId::from_bytes(rand::random()),
            mailbox_id: from.sent.unwrap(),
            blob_id,
            sealed: crate::support::bytes(b"summary"),
        },
        draft: None,
        parts: Vec::new(),
    }
}

#[actix_web::test]
async fn who_has_no_room_is_told_and_so_is_who_writes_to_them() {
    let store = Store::in_memory();
    let server = Server::over(store.clone(), Transport::Plain).await;
    let alice = Person::sign_up(&server, "alice").await;
    let bob = Person::sign_up(&server, "bob").await;
    bob.upload(&server, &[1; 3_000]).await;
    store.set_quota(3_000);
    let blob = alice.upload(&server, &[2; 1_000]).await.blob_id;
    let answer = alice
        .post(&server, routes::DELIVER, &letter(&alice, &["bob"], blob))
        .await;
    let problem = answer.expect_problem(ProblemCode::RecipientFull);
    assert_eq!(
        (problem.status, problem.full),
        (507, vec!["bob".to_owned()])
    );
    for octets in [1, 2_001] {
        let request = bob
            .request(Method::POST, routes::BLOBS)
            .insert_header(("content-type", "application/octet-stream"))
            .insert_header(("content-length", octets.to_string()))
            .set_payload(vec![3; octets]);
        let problem = server
            .send(request)
            .await
            .expect_problem(ProblemCode::QuotaExceeded);
        assert_eq!(problem.status, 507);
    }
    store.set_quota(u64::MAX);
    alice
        .post(&server, routes::DELIVER, &letter(&alice, &["bob"], blob))
        .await
        .expect(200);
}
