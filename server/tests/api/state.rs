//! Sealed state objects, by version.

use crate::support::{Person, Server, bytes};
use smail_protocol::limits::MAX_SEALED_BYTES;
use smail_protocol::{ObjectId, ProblemCode, StateObject, StatePage, StateWriteRequest, routes};

fn path(object: ObjectId) -> String {
    routes::STATE.replace("{object_id}", &object.to_string())
}

fn write(base_version: u64, sealed: &[u8]) -> StateWriteRequest {
    StateWriteRequest {
        base_version,
        sealed: bytes(sealed),
    }
}

#[actix_web::test]
async fn an_object_is_made_replaced_and_removed_by_version() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let id = ObjectId::from_bytes([1; 16]);
    alice
        .get(&server, &path(id))
        .await
        .expect_problem(ProblemCode::NotFound);
    alice
        .put(&server, &path(id), &write(3, b"x"))
        .await
        .expect_problem(ProblemCode::NotFound);
    alice
        .put(&server, &path(id), &write(0, b"one"))
        .await
        .expect(200);
    let two: StateObject = alice
        .put(&server, &path(id), &write(1, b"two"))
        .await
        .json();
    assert_eq!((two.version, &two.sealed), (2, &bytes(b"two")));
    for base_version in [0, 1, 3] {
        let problem = alice
            .put(&server, &path(id), &write(base_version, b"x"))
            .await;
        let problem = problem.expect_problem(ProblemCode::VersionConflict);
        assert_eq!(problem.current_state, Some(Box::new(two.clone())));
    }
    let page: StatePage = alice.get(&server, routes::STATES).await.json();
    assert_eq!(page.objects.first(), Some(&two));
    let stale = alice
        .delete(&server, &format!("{}?version=1", path(id)))
        .await;
    stale.expect_problem(ProblemCode::VersionConflict);
    alice
        .delete(&server, &format!("{}?version=2", path(id)))
        .await
        .expect(204);
    let page: StatePage = alice.get(&server, routes::STATES).await.json();
    assert_eq!(page.objects, []);
}

#[actix_web::test]
async fn an_object_is_its_accounts_alone_and_within_limits() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let mallory = Person::sign_up(&server, "mallory").await;
    let id = ObjectId::from_bytes([1; 16]);
    alice
        .put(&server, &path(id), &write(0, b"alice's"))
        .await
        .expect(200);
    mallory
        .get(&server, &path(id))
        .await
        .expect_problem(ProblemCode::NotFound);
    let sealed = vec![0; MAX_SEALED_BYTES + 1];
    let problem = alice
        .put(&server, &path(id), &write(1, &sealed))
        .await
        .expect_problem(ProblemCode::TooLarge);
    assert_eq!(problem.limit_bytes, Some(MAX_SEALED_BYTES as u64));
    let problem = alice
        .put(&server, &path(id), &write(1, b""))
        .await
        .expect_problem(ProblemCode::InvalidValue);
    assert_eq!(problem.field.as_deref(), Some("sealed"));
}
