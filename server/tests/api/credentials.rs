//! New passwords and recovery codes.

use crate::support::opaque::register_start;
use crate::support::{Answer, Person, Server, bytes, person};
use smail_protocol::limits::FRESH_LOGIN_S;
use smail_protocol::{
    AccountView, CredentialKind, CredentialStartRequest, CredentialStartResponse, ProblemCode,
    routes,
};
use std::time::Duration;

fn path(kind: CredentialKind) -> String {
    routes::CREDENTIAL.replace("{kind}", kind.as_str())
}

async fn set_credential(
    server: &Server,
    who: &Person,
    kind: CredentialKind,
    secret: &str,
) -> Answer {
    let half = register_start(secret);
    let request = CredentialStartRequest {
        registration_request: bytes(&half.request),
    };
    let answer = who
        .post(
            server,
            &routes::CREDENTIAL_START.replace("{kind}", kind.as_str()),
            &request,
        )
        .await;
    if !answer.status.is_success() {
        return answer;
    }
    let started: CredentialStartResponse = answer.json();
    let record = half.finish(
        who.account.username.as_str(),
        secret,
        started.registration_response.as_slice(),
    );
    who.put(
        server,
        &path(kind),
        &person::wrapped(&record, secret.as_bytes()),
    )
    .await
}

#[actix_web::test]
async fn a_new_password_replaces_the_old_and_ends_other_sessions() {
    let server = Server::start().await;
    let (other, alice) = (
        Person::sign_up(&server, "alice").await,
        Person::log_in(&server, "alice").await,
    );
    set_credential(&server, &alice, CredentialKind::Password, "new password")
        .await
        .expect(204);
    other
        .get(&server, routes::ACCOUNT)
        .await
        .expect_problem(ProblemCode::NoSession);
    let view: AccountView = alice.get(&server, routes::ACCOUNT).await.json();
    assert_eq!(view.wrapped_account_key, bytes(b"new password"));
    let kind = CredentialKind::Password;
    let old = person::log_in(&server, "alice", person::PASSWORD, kind, None).await;
    old.expect_problem(ProblemCode::LoginFailed);
    person::log_in(&server, "alice", "new password", kind, None)
        .await
        .expect(200);
}

#[actix_web::test]
async fn a_recovery_code_logs_in_and_can_be_removed() {
    let server = Server::start().await;
    let (other, alice) = (
        Person::sign_up(&server, "alice").await,
        Person::log_in(&server, "alice").await,
    );
    let kind = CredentialKind::Recovery;
    alice
        .delete(&server, &path(kind))
        .await
        .expect_problem(ProblemCode::NotFound);
    set_credential(&server, &alice, kind, "CODE")
        .await
        .expect(204);
    let view: AccountView = other.get(&server, routes::ACCOUNT).await.json();
    assert!(view.has_recovery);
    let recovered = Person::of(
        person::log_in(&server, "alice", "CODE", kind, None)
            .await
            .expect(200),
    );
    assert_eq!(recovered.account.wrapped_account_key, bytes(b"CODE"));
    set_credential(
        &server,
        &recovered,
        CredentialKind::Password,
        "new password",
    )
    .await
    .expect(204);
    alice
        .get(&server, routes::ACCOUNT)
        .await
        .expect_problem(ProblemCode::NoSession);
    recovered.delete(&server, &path(kind)).await.expect(204);
    let view: AccountView = recovered.get(&server, routes::ACCOUNT).await.json();
    assert_eq!(
        (view.has_recovery, view.wrapped_account_key),
        (false, bytes(b"new password"))
    );
    person::log_in(&server, "alice", "CODE", kind, None)
        .await
        .expect_problem(ProblemCode::LoginFailed);
}

#[actix_web::test]
async fn a_login_of_long_ago_must_be_renewed_first() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    server.clock.advance(Duration::from_secs(FRESH_LOGIN_S));
    set_credential(&server, &alice, CredentialKind::Recovery, "CODE")
        .await
        .expect(204);
    server.clock.advance(Duration::from_secs(1));
    let stale = set_credential(&server, &alice, CredentialKind::Password, "new").await;
    stale.expect_problem(ProblemCode::FreshLoginRequired);
    let put = alice
        .put(
            &server,
            &path(CredentialKind::Password),
            &person::wrapped(&[0; 192], b"x"),
        )
        .await;
    put.expect_problem(ProblemCode::FreshLoginRequired);
    alice
        .delete(&server, &path(CredentialKind::Recovery))
        .await
        .expect_problem(ProblemCode::FreshLoginRequired);
}

#[actix_web::test]
async fn what_is_no_credential_is_refused() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let malformed = person::wrapped(&[0; 192], b"x");
    let problem = alice
        .put(&server, &path(CredentialKind::Password), &malformed)
        .await;
    let problem = problem.expect_problem(ProblemCode::InvalidValue);
    assert_eq!(problem.field.as_deref(), Some("registration_record"));
    let mut weak = malformed.clone();
    weak.ksf.memory_kib = 8;
    let problem = alice
        .put(&server, &path(CredentialKind::Password), &weak)
        .await;
    assert_eq!(
        problem
            .expect_problem(ProblemCode::InvalidValue)
            .field
            .as_deref(),
        Some("ksf")
    );
    let password = alice.delete(&server, &path(CredentialKind::Password)).await;
    password.expect_problem(ProblemCode::MethodNotAllowed);
    let unknown = alice
        .put(
            &server,
            &routes::CREDENTIAL.replace("{kind}", "pin"),
            &malformed,
        )
        .await;
    unknown.expect_problem(ProblemCode::MalformedRequest);
}
