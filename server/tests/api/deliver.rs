//! Delivery: to all or to none, and once.

use crate::support::{Person, Server, bytes};
use smail_protocol::limits::{MAX_ITEM_PARTS, MAX_RECIPIENTS, MAX_SEALED_BYTES};
use smail_protocol::{
    BlobId, DeliverRequest, DeliverResponse, Delivery, IdempotencyKey, ItemId, ItemPage, MailboxId,
    ProblemCode, SentCopy, routes,
};

struct World {
    server: Server,
    alice: Person,
    bob: Person,
    blob: BlobId,
}

impl World {
    async fn new() -> Self {
        let server = Server::start().await;
        let alice = Person::sign_up(&server, "alice").await;
        let bob = Person::sign_up(&server, "bob").await;
        let blob = alice.upload(&server, b"ciphertext").await.blob_id;
        Self {
            server,
            alice,
            bob,
            blob,
        }
    }

    fn message(&self, recipients: &[&str]) -> DeliverRequest {
        let recipients = recipients
            .iter()
            .map(|name| name.parse().unwrap())
            .collect();
        DeliverRequest {
            idempotency_key: IdempotencyKey::from_bytes(rand::random()),
            deliveries: vec![Delivery {
                blob_id: self.blob,
                recipients,
            }],
            sent: SentCopy {
                item_id: ItemId::from_bytes(rand::random()),
                mailbox_id: self.alice.sent.unwrap(),
                blob_id: self.blob,
                sealed: bytes(b"sealed"),
            },
            draft: None,
            parts: Vec::new(),
        }
    }

    async fn items(&self, who: &Person, mailbox: MailboxId) -> ItemPage {
        let path = routes::MAILBOX_ITEMS.replace("{mailbox_id}", &mailbox.to_string());
        who.get(&self.server, &path).await.json()
    }

    async fn refused(
        &self,
        request: &DeliverRequest,
        code: ProblemCode,
    ) -> smail_protocol::Problem {
        let problem = self
            .alice
            .post(&self.server, routes::DELIVER, request)
            .await
            .expect_problem(code);
        assert_eq!(
            self.items(&self.bob, self.bob.account.inbox).await.total,
            0,
            "nobody got anything"
        );
        assert_eq!(
            self.items(&self.alice, self.alice.sent.unwrap())
                .await
                .total,
            0
        );
        problem
    }
}

#[actix_web::test]
async fn a_message_is_in_the_inbox_and_in_sent() {
    let world = World::new().await;
    let answer = world
        .alice
        .post(&world.server, routes::DELIVER, &world.message(&["bob"]))
        .await;
    let answer: DeliverResponse = answer.json();
    assert_eq!((answer.sent.version, answer.sent.blob_id), (1, world.blob));
    let inbox = world.items(&world.bob, world.bob.account.inbox).await;
    assert_eq!(
        (inbox.items[0].blob_id, &inbox.items[0].sealed),
        (world.blob, &None)
    );
    let path = routes::BLOB.replace("{blob_id}", &world.blob.to_string());
    assert_eq!(
        world.bob.get(&world.server, &path).await.expect(200).body,
        b"ciphertext"
    );
}

#[actix_web::test]
async fn one_unknown_recipient_means_none() {
    let world = World::new().await;
    let request = world.message(&["bob", "nobody", "carol"]);
    let problem = world.refused(&request, ProblemCode::UnknownRecipient).await;
    let mut unknown = problem.unknown;
    unknown.sort();
    assert_eq!(unknown, ["carol", "nobody"]);
}

#[actix_web::test]
async fn the_same_request_again_delivers_nothing_more() {
    let world = World::new().await;
    let request = world.message(&["bob"]);
    let first = world
        .alice
        .post(&world.server, routes::DELIVER, &request)
        .await;
    let second = world
        .alice
        .post(&world.server, routes::DELIVER, &request)
        .await;
    assert_eq!(first.expect(200).body, second.expect(200).body);
    assert_eq!(
        world.items(&world.bob, world.bob.account.inbox).await.total,
        1
    );
    let mut other = world.message(&["bob"]);
    other.idempotency_key = request.idempotency_key;
    let answer = world
        .alice
        .post(&world.server, routes::DELIVER, &other)
        .await;
    answer.expect_problem(ProblemCode::IdempotencyMismatch);
    assert_eq!(
        world.items(&world.bob, world.bob.account.inbox).await.total,
        1
    );
}

#[actix_web::test]
async fn what_is_not_the_senders_is_refused() {
    let world = World::new().await;
    let mut request = world.message(&["bob"]);
    request.sent.mailbox_id = world.bob.account.inbox;
    let problem = world.refused(&request, ProblemCode::NotFound).await;
    assert_eq!(problem.field.as_deref(), Some("sent.mailbox_id"));
    let mut request = world.message(&["bob"]);
    request.deliveries[0].blob_id = BlobId::from_sha256([9; 32]);
    assert_eq!(
        world
            .refused(&request, ProblemCode::NotFound)
            .await
            .field
            .as_deref(),
        Some("blob_id")
    );
}

#[actix_web::test]
async fn values_that_are_not_allowed_are_refused() {
    let world = World::new().await;
    let many: Vec<String> = (0..=MAX_RECIPIENTS).map(|n| format!("user{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for recipients in [&[][..], &["bob", "bob"], &many] {
        let problem = world
            .refused(&world.message(recipients), ProblemCode::InvalidValue)
            .await;
        assert_eq!(problem.field.as_deref(), Some("deliveries"));
    }
    let mut request = world.message(&["bob"]);
    request.sent.sealed = bytes(&vec![0; MAX_SEALED_BYTES + 1]);
    assert_eq!(
        world
            .refused(&request, ProblemCode::TooLarge)
            .await
            .field
            .as_deref(),
        Some("sent.sealed")
    );
}

#[actix_web::test]
async fn an_item_id_is_used_once() {
    let world = World::new().await;
    let first = world.message(&["bob"]);
    world
        .alice
        .post(&world.server, routes::DELIVER, &first)
        .await
        .expect(200);
    let mut second = world.message(&["bob"]);
    second.sent.item_id = first.sent.item_id;
    let answer = world
        .alice
        .post(&world.server, routes::DELIVER, &second)
        .await;
    let problem = answer.expect_problem(ProblemCode::AlreadyExists);
    assert_eq!(problem.field.as_deref(), Some("sent.item_id"));
    assert_eq!(
        world.items(&world.bob, world.bob.account.inbox).await.total,
        1
    );
}

#[actix_web::test]
async fn parts_go_to_whoever_gets_the_message() {
    let world = World::new().await;
    let part = world
        .alice
        .upload(&world.server, b"a sealed file")
        .await
        .blob_id;
    let mut many = world.message(&["bob"]);
    many.parts = vec![part; MAX_ITEM_PARTS + 1];
    world.refused(&many, ProblemCode::InvalidValue).await;
    let mut unknown = world.message(&["bob"]);
    unknown.parts = vec![BlobId::from_sha256([9; 32])];
    world.refused(&unknown, ProblemCode::NotFound).await;

    let mut request = world.message(&["bob"]);
    request.parts = vec![part];
    let path = routes::BLOB.replace("{blob_id}", &part.to_string());
    world
        .bob
        .get(&world.server, &path)
        .await
        .expect_problem(ProblemCode::NotFound);
    world
        .alice
        .post(&world.server, routes::DELIVER, &request)
        .await
        .expect(200);
    assert_eq!(
        world.bob.get(&world.server, &path).await.body,
        b"a sealed file"
    );
}
