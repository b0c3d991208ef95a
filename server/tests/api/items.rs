//! Mailboxes and items, by version.

use crate::support::{Person, Server, bytes};
use smail_protocol::{
    BlobId, ChangePage, ChangedObject, Item, ItemId, ItemPage, ItemWriteRequest, MailboxId,
    MailboxList, MailboxTotal, ProblemCode, routes,
};

fn path(item: ItemId) -> String {
    routes::ITEM.replace("{item_id}", &item.to_string())
}

fn mailbox_path(mailbox: MailboxId) -> String {
    routes::MAILBOX.replace("{mailbox_id}", &mailbox.to_string())
}

async fn write(server: &Server, who: &Person, base_version: u64) -> ItemWriteRequest {
    ItemWriteRequest {
        base_version,
        mailbox_id: who.account.inbox,
        blob_id: who.upload(server, b"draft").await.blob_id,
        sealed: bytes(b"sealed"),
        parts: None,
    }
}

#[actix_web::test]
async fn an_item_is_made_replaced_and_removed_by_version() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let id = ItemId::from_bytes([1; 16]);
    let made: Item = alice
        .put(&server, &path(id), &write(&server, &alice, 0).await)
        .await
        .json();
    assert_eq!((made.version, made.size_bytes), (1, 5));
    let replaced: Item = alice
        .put(&server, &path(id), &write(&server, &alice, 1).await)
        .await
        .json();
    assert_eq!(
        (replaced.version, replaced.arrival_ms),
        (2, made.arrival_ms)
    );
    let stale = alice
        .put(&server, &path(id), &write(&server, &alice, 1).await)
        .await;
    let problem = stale.expect_problem(ProblemCode::VersionConflict);
    assert_eq!(problem.current_item, Some(Box::new(replaced.clone())));
    let stale = alice
        .delete(&server, &format!("{}?version=1", path(id)))
        .await;
    assert_eq!(
        stale
            .expect_problem(ProblemCode::VersionConflict)
            .current_item,
        Some(Box::new(replaced))
    );
    alice
        .delete(&server, &format!("{}?version=2", path(id)))
        .await
        .expect(204);
    alice
        .get(&server, &path(id))
        .await
        .expect_problem(ProblemCode::NotFound);
    alice
        .delete(&server, &format!("{}?version=2", path(id)))
        .await
        .expect_problem(ProblemCode::NotFound);
}

#[actix_web::test]
async fn a_mailbox_is_listed_by_page() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    for number in 0..5 {
        let request = write(&server, &alice, 0).await;
        alice
            .put(&server, &path(ItemId::from_bytes([number; 16])), &request)
            .await
            .expect(200);
        server.clock.advance(std::time::Duration::from_secs(1));
    }
    let list = routes::MAILBOX_ITEMS.replace("{mailbox_id}", &alice.account.inbox.to_string());
    let mut seen = Vec::new();
    let mut next = Some(String::new());
    while let Some(cursor) = next {
        let before = if cursor.is_empty() {
            String::new()
        } else {
            format!("&before={cursor}")
        };
        let page: ItemPage = alice
            .get(&server, &format!("{list}?limit=2{before}"))
            .await
            .json();
        assert_eq!(page.total, 5);
        seen.extend(page.items.iter().map(|item| item.item_id.as_bytes()[0]));
        next = page.next;
    }
    assert_eq!(seen, [4, 3, 2, 1, 0]);
}

#[actix_web::test]
async fn mailboxes_are_listed_with_their_totals() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let mallory = Person::sign_up(&server, "mallory").await;
    let made = MailboxId::from_bytes([0xff; 16]);
    alice
        .put(&server, &mailbox_path(made), &())
        .await
        .expect(204);
    for number in 0..3 {
        let request = write(&server, &alice, 0).await;
        alice
            .put(&server, &path(ItemId::from_bytes([number; 16])), &request)
            .await
            .expect(200);
    }
    let list: MailboxList = alice.get(&server, routes::MAILBOXES).await.json();
    let total_of = |id| {
        let mut mailboxes = list.mailboxes.iter();
        mailboxes
            .find(|mailbox| mailbox.mailbox_id == id)
            .map(|mailbox| mailbox.total)
    };
    assert_eq!(total_of(alice.account.inbox), Some(3));
    assert_eq!(total_of(made), Some(0));
    assert!(
        list.mailboxes
            .is_sorted_by_key(|mailbox| mailbox.mailbox_id)
    );
    let list: MailboxList = mallory.get(&server, routes::MAILBOXES).await.json();
    let hers = MailboxTotal {
        mailbox_id: mallory.account.inbox,
        total: 0,
    };
    assert!(list.mailboxes.contains(&hers));
    assert!(
        list.mailboxes
            .iter()
            .all(|mailbox| mailbox.mailbox_id != made)
    );
}

#[actix_web::test]
async fn nobody_reaches_anothers_items_or_mailboxes() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let mallory = Person::sign_up(&server, "mallory").await;
    let id = ItemId::from_bytes([1; 16]);
    let request = write(&server, &alice, 0).await;
    alice.put(&server, &path(id), &request).await.expect(200);
    mallory
        .get(&server, &path(id))
        .await
        .expect_problem(ProblemCode::NotFound);
    mallory
        .delete(&server, &format!("{}?version=1", path(id)))
        .await
        .expect_problem(ProblemCode::NotFound);
    let list = routes::MAILBOX_ITEMS.replace("{mailbox_id}", &alice.account.inbox.to_string());
    mallory
        .get(&server, &list)
        .await
        .expect_problem(ProblemCode::NotFound);
    let foreign_mailbox = ItemWriteRequest {
        blob_id: mallory.upload(&server, b"x").await.blob_id,
        ..request.clone()
    };
    let problem = mallory
        .put(&server, &path(id), &foreign_mailbox)
        .await
        .expect_problem(ProblemCode::NotFound);
    assert_eq!(problem.field.as_deref(), Some("mailbox_id"));
    let foreign_blob = ItemWriteRequest {
        mailbox_id: mallory.account.inbox,
        blob_id: BlobId::from_sha256([3; 32]),
        ..request
    };
    let problem = mallory
        .put(&server, &path(id), &foreign_blob)
        .await
        .expect_problem(ProblemCode::NotFound);
    assert_eq!(problem.field.as_deref(), Some("blob_id"));
}

#[actix_web::test]
async fn a_mailbox_in_use_stays() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let (mailbox, id) = (MailboxId::from_bytes([9; 16]), ItemId::from_bytes([1; 16]));
    for _ in 0..2 {
        alice
            .put(&server, &mailbox_path(mailbox), &())
            .await
            .expect(204);
    }
    let request = ItemWriteRequest {
        mailbox_id: mailbox,
        ..write(&server, &alice, 0).await
    };
    alice.put(&server, &path(id), &request).await.expect(200);
    for kept in [mailbox, alice.account.inbox] {
        alice
            .delete(&server, &mailbox_path(kept))
            .await
            .expect_problem(ProblemCode::MailboxInUse);
    }
    alice
        .delete(&server, &format!("{}?version=1", path(id)))
        .await
        .expect(204);
    alice
        .delete(&server, &mailbox_path(mailbox))
        .await
        .expect(204);
    alice
        .delete(&server, &mailbox_path(mailbox))
        .await
        .expect_problem(ProblemCode::NotFound);
}

#[actix_web::test]
async fn changes_tell_what_became_of_items() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let (kept, removed) = (ItemId::from_bytes([1; 16]), ItemId::from_bytes([2; 16]));
    for id in [kept, removed] {
        alice
            .put(&server, &path(id), &write(&server, &alice, 0).await)
            .await
            .expect(200);
    }
    alice
        .delete(&server, &format!("{}?version=1", path(removed)))
        .await
        .expect(204);
    let since = format!("{}?since={}", routes::CHANGES, alice.account.seq);
    let page: ChangePage = alice.get(&server, &since).await.json();
    assert!(
        matches!(&page.changes[0].object, ChangedObject::Item { item } if item.item_id == kept)
    );
    assert!(
        matches!(page.changes[1].object, ChangedObject::ItemRemoved { item_id } if item_id == removed)
    );
    assert_eq!(
        (page.changes.len(), page.more, page.seq),
        (2, false, page.changes[1].seq)
    );
    let rest: ChangePage = alice
        .get(&server, &format!("{}?since={}", routes::CHANGES, page.seq))
        .await
        .json();
    assert_eq!((rest.changes.len(), rest.seq), (0, page.seq));
}
