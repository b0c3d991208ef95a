//! Keys of an account, replaced.

use crate::support::{Person, Server, bytes};
use sha2::{Digest as _, Sha256};
use smail_protocol::limits::{FRESH_LOGIN_S, MAX_CERTIFICATE_BYTES};
use smail_protocol::{
    AccountView, Bytes, ChangePage, ChangedObject, KeysWriteRequest, LookupRequest, LookupResponse,
    ProblemCode, routes,
};
use std::time::Duration;

fn request(replaces: &Bytes, word: &str) -> KeysWriteRequest {
    KeysWriteRequest {
        replaces: bytes(&Sha256::digest(replaces.as_slice())),
        certificate: bytes(format!("certificate {word}").as_bytes()),
        sealed_keyring: bytes(format!("keyring {word}").as_bytes()),
    }
}

#[actix_web::test]
async fn certificate_and_keyring_are_replaced_together_and_all_hear_of_it() {
    let server = Server::start().await;
    let (alice, bob) = (
        Person::sign_up(&server, "alice").await,
        Person::sign_up(&server, "bob").await,
    );
    let new = request(&alice.account.sealed_keyring, "two");
    alice.put(&server, routes::KEYS, &new).await.expect(204);
    let view: AccountView = alice.get(&server, routes::ACCOUNT).await.json();
    assert_eq!(
        (view.certificate, view.sealed_keyring),
        (new.certificate.clone(), new.sealed_keyring.clone())
    );
    let asked = LookupRequest {
        usernames: vec!["alice".parse().unwrap()],
    };
    let found: LookupResponse = bob
        .post(&server, routes::DIRECTORY_LOOKUP, &asked)
        .await
        .json();
    assert_eq!(found.found[0].certificate, new.certificate);
    let since = format!("{}?since={}", routes::CHANGES, alice.account.seq);
    let changes: ChangePage = alice.get(&server, &since).await.json();
    assert!(matches!(changes.changes[..], [ref change] if change.object == ChangedObject::Account));
    // The answer was lost, and it is sent again.
    alice.put(&server, routes::KEYS, &new).await.expect(204);
}

#[actix_web::test]
async fn of_two_sessions_one_has_its_way() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let (one, other) = (
        request(&alice.account.sealed_keyring, "one"),
        request(&alice.account.sealed_keyring, "other"),
    );
    alice.put(&server, routes::KEYS, &one).await.expect(204);
    alice
        .put(&server, routes::KEYS, &other)
        .await
        .expect_problem(ProblemCode::VersionConflict);
    let view: AccountView = alice.get(&server, routes::ACCOUNT).await.json();
    assert_eq!(view.certificate, one.certificate);
    assert_eq!(view.sealed_keyring, one.sealed_keyring);
}

#[actix_web::test]
async fn what_is_no_digest_too_large_or_of_an_old_login_is_refused() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let good = request(&alice.account.sealed_keyring, "two");
    let short = KeysWriteRequest {
        replaces: bytes(b"short"),
        ..good.clone()
    };
    let large = KeysWriteRequest {
        certificate: bytes(&vec![0; MAX_CERTIFICATE_BYTES + 1]),
        ..good.clone()
    };
    alice
        .put(&server, routes::KEYS, &short)
        .await
        .expect_problem(ProblemCode::InvalidValue);
    alice
        .put(&server, routes::KEYS, &large)
        .await
        .expect_problem(ProblemCode::TooLarge);
    server.clock.advance(Duration::from_secs(FRESH_LOGIN_S + 1));
    alice
        .put(&server, routes::KEYS, &good)
        .await
        .expect_problem(ProblemCode::FreshLoginRequired);
    let view: AccountView = alice.get(&server, routes::ACCOUNT).await.json();
    assert_eq!(view.sealed_keyring, alice.account.sealed_keyring);
}
