//! The second factor: logging in with it, setting it up, and those who try without.

use crate::support::opaque::register_start;
use crate::support::{Answer, Person, Server, bytes, person};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use smail_protocol::limits::{FRESH_LOGIN_S, SECOND_FACTOR_S};
use smail_protocol::{
    AccountView, CredentialKind, CredentialStartRequest, CredentialStartResponse, FactorAdded,
    FactorKind, FactorProof, LoginId, ProblemCode, SecondFactorAsked, SecondFactorRequest,
    SecondFactorView, TotpWriteRequest, routes,
};
use smail_server::clock::Clock as _;
use std::time::Duration;

const PASSWORD_KIND: CredentialKind = CredentialKind::Password;
pub(crate) const STEP: Duration = Duration::from_secs(30);

/// Somebody's authenticator app.
pub(crate) struct App(Vec<u8>);

impl App {
    /// Sets one up; gives the recovery codes, too.
    pub(crate) async fn set_up(server: &Server, who: &Person) -> (Self, Vec<String>) {
        let app = Self(who.account.account_id.as_bytes().repeat(2));
        let answer = app.write(server, who, &app.code(server, 0)).await;
        let added: FactorAdded = answer.expect(200).json();
        (app, added.recovery_codes)
    }

    async fn write(&self, server: &Server, who: &Person, code: &str) -> Answer {
        let request = TotpWriteRequest {
            secret: bytes(&self.0),
            code: code.to_owned(),
        };
        who.put(server, routes::TOTP, &request).await
    }

    /// What it shows, so many steps from now.
    fn code(&self, server: &Server, ahead: i64) -> String {
        let now_s = server.clock.now_ms() / 1_000;
        let at = now_s.checked_add_signed(ahead * 30).unwrap();
        totp_lite::totp_custom::<totp_lite::Sha1>(30, 6, &self.0, at)
    }

    /// A proof by what it shows now.
    pub(crate) fn proof(&self, server: &Server) -> FactorProof {
        FactorProof::Totp {
            code: self.code(server, 0),
        }
    }
}

fn wrong() -> FactorProof {
    FactorProof::Totp {
        code: "000000".to_owned(),
    }
}

pub(crate) fn recovery(code: &str) -> FactorProof {
    FactorProof::RecoveryCode {
        code: code.to_owned(),
    }
}

/// The password's part of a login.
pub(crate) async fn password(server: &Server, username: &str, cookie: Option<&str>) -> Answer {
    person::log_in(server, username, person::PASSWORD, PASSWORD_KIND, cookie).await
}

/// A login whose password was right.
pub(crate) async fn pending(server: &Server, username: &str) -> LoginId {
    let asked: SecondFactorAsked = password(server, username, None).await.expect(202).json();
    asked.pending_login
}

pub(crate) async fn prove(server: &Server, pending_login: LoginId, proof: FactorProof) -> Answer {
    let request = SecondFactorRequest {
        pending_login,
        proof,
    };
    let request = TestRequest::post()
        .uri(routes::LOGIN_SECOND_FACTOR)
        .set_json(request);
    server.send(request).await
}

#[actix_web::test]
async fn the_password_alone_gives_nothing_of_the_account() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let (app, codes) = App::set_up(&server, &alice).await;
    assert_eq!(codes.len(), 10);
    server.clock.advance(STEP);
    let answer = password(&server, "alice", None).await;
    assert_eq!(answer.expect(202).header("set-cookie"), None);
    let json: serde_json::Value = answer.json();
    let names: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(names, ["expires_in_s", "kinds", "pending_login"]);
    let asked: SecondFactorAsked = answer.json();
    assert_eq!(asked.kinds, [FactorKind::Totp, FactorKind::RecoveryCode]);
    // The pending login's id is no session.
    let as_cookie = format!("__Host-smail={}", asked.pending_login);
    let request = TestRequest::get()
        .uri(routes::ACCOUNT)
        .insert_header(("cookie", as_cookie));
    server
        .send(request)
        .await
        .expect_problem(ProblemCode::NoSession);
    let answer = prove(&server, asked.pending_login, app.proof(&server)).await;
    let open = Person::of(answer.expect(200));
    assert!(open.account.has_second_factor);
    open.get(&server, routes::ACCOUNT).await.expect(200);
}

#[actix_web::test]
async fn a_wrong_password_is_refused_as_without_a_second_factor() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    App::set_up(&server, &alice).await;
    let mut bodies = Vec::new();
    for (name, secret) in [("alice", "wrong"), ("nobody", person::PASSWORD)] {
        let answer = person::log_in(&server, name, secret, PASSWORD_KIND, None).await;
        answer.expect_problem(ProblemCode::LoginFailed);
        bodies.push(answer.body);
    }
    assert_eq!(bodies[0], bodies[1]);
}

#[actix_web::test]
async fn one_login_offers_five_codes_and_no_more() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let (app, _) = App::set_up(&server, &alice).await;
    server.clock.advance(STEP);
    let login = pending(&server, "alice").await;
    for _ in 0..5 {
        prove(&server, login, wrong())
            .await
            .expect_problem(ProblemCode::SecondFactorFailed);
    }
    let right = prove(&server, login, app.proof(&server)).await;
    right.expect_problem(ProblemCode::SecondFactorExpired);
    assert_eq!(right.header("set-cookie"), None);
}

#[actix_web::test]
async fn guessing_over_many_logins_ends_for_an_hour_and_locks_nobody_out() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let (app, codes) = App::set_up(&server, &alice).await;
    server.clock.advance(STEP);
    let mut refused = 0;
    for _ in 0..4 {
        let login = pending(&server, "alice").await;
        for _ in 0..4 {
            let answer = prove(&server, login, wrong()).await;
            refused += u32::from(answer.status.as_u16() == 429);
        }
    }
    assert_eq!(refused, 6, "ten of sixteen were looked at");
    let login = pending(&server, "alice").await;
    let answer = prove(&server, login, app.proof(&server)).await;
    let problem = answer.expect_problem(ProblemCode::TooManyRequests);
    assert!(problem.retry_after_s.unwrap() > 3_000);
    prove(&server, login, recovery(&codes[0])).await.expect(200);
    server.clock.advance(Duration::from_secs(3_600));
    let login = pending(&server, "alice").await;
    prove(&server, login, app.proof(&server)).await.expect(200);
}

#[actix_web::test]
async fn a_pending_login_is_used_once_and_in_time() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let (app, codes) = App::set_up(&server, &alice).await;
    server.clock.advance(STEP);
    let (used, late) = (
        pending(&server, "alice").await,
        pending(&server, "alice").await,
    );
    prove(&server, used, app.proof(&server)).await.expect(200);
    prove(&server, used, recovery(&codes[0]))
        .await
        .expect_problem(ProblemCode::SecondFactorExpired);
    server.clock.advance(Duration::from_secs(SECOND_FACTOR_S));
    prove(&server, late, recovery(&codes[0]))
        .await
        .expect_problem(ProblemCode::SecondFactorExpired);
    let made_up = LoginId::from_bytes([7; 16]);
    prove(&server, made_up, recovery(&codes[0]))
        .await
        .expect_problem(ProblemCode::SecondFactorExpired);
    // None of them has used the code up.
    let login = pending(&server, "alice").await;
    prove(&server, login, recovery(&codes[0])).await.expect(200);
}

#[actix_web::test]
async fn a_code_is_taken_once_and_none_before_it() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let (app, _) = App::set_up(&server, &alice).await;
    let login = pending(&server, "alice").await;
    // The code that set it up is used, too.
    prove(&server, login, app.proof(&server))
        .await
        .expect_problem(ProblemCode::SecondFactorFailed);
    let next = FactorProof::Totp {
        code: app.code(&server, 1),
    };
    prove(&server, login, next.clone()).await.expect(200);
    server.clock.advance(STEP);
    let login = pending(&server, "alice").await;
    for replayed in [next, app.proof(&server)] {
        prove(&server, login, replayed)
            .await
            .expect_problem(ProblemCode::SecondFactorFailed);
    }
    let far = FactorProof::Totp {
        code: app.code(&server, 2),
    };
    prove(&server, login, far)
        .await
        .expect_problem(ProblemCode::SecondFactorFailed);
}

#[actix_web::test]
async fn anothers_codes_prove_nothing() {
    let server = Server::start().await;
    let (alice, mallory) = (
        Person::sign_up(&server, "alice").await,
        Person::sign_up(&server, "mallory").await,
    );
    App::set_up(&server, &alice).await;
    let (hers, codes) = App::set_up(&server, &mallory).await;
    server.clock.advance(STEP);
    let login = pending(&server, "alice").await;
    for proof in [hers.proof(&server), recovery(&codes[0])] {
        prove(&server, login, proof)
            .await
            .expect_problem(ProblemCode::SecondFactorFailed);
    }
    // Nor does her own live session, as a cookie beside alice's password.
    password(&server, "alice", Some(&mallory.cookie))
        .await
        .expect(202);
    let login = pending(&server, "mallory").await;
    let answer = prove(&server, login, hers.proof(&server)).await;
    let view: AccountView = answer.expect(200).json();
    assert_eq!(view.username.as_str(), "mallory");
}

#[actix_web::test]
async fn a_recovery_code_works_once_and_renewing_voids_the_rest() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let (_, codes) = App::set_up(&server, &alice).await;
    let typed = codes[0].to_uppercase().replace('-', " ");
    let login = pending(&server, "alice").await;
    prove(&server, login, recovery(&typed)).await.expect(200);
    let login = pending(&server, "alice").await;
    prove(&server, login, recovery(&codes[0]))
        .await
        .expect_problem(ProblemCode::SecondFactorFailed);
    let view: SecondFactorView = alice.get(&server, routes::SECOND_FACTOR).await.json();
    assert_eq!(view.recovery_codes_left, 9);
    let renewed: FactorAdded = alice
        .post(&server, routes::RECOVERY_CODES, &())
        .await
        .expect(200)
        .json();
    assert_eq!(renewed.second_factor.recovery_codes_left, 10);
    prove(&server, login, recovery(&codes[1]))
        .await
        .expect_problem(ProblemCode::SecondFactorFailed);
    prove(&server, login, recovery(&renewed.recovery_codes[0]))
        .await
        .expect(200);
}

#[actix_web::test]
async fn the_recovery_kit_needs_it_too() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    set_kit(&server, &alice, "the kit").await;
    let (app, _) = App::set_up(&server, &alice).await;
    server.clock.advance(STEP);
    let kind = CredentialKind::Recovery;
    let answer = person::log_in(&server, "alice", "the kit", kind, None).await;
    let asked: SecondFactorAsked = answer.expect(202).json();
    let answer = prove(&server, asked.pending_login, app.proof(&server)).await;
    let view: AccountView = answer.expect(200).json();
    assert_eq!(view.wrapped_account_key, bytes(b"the kit"));
}

async fn set_kit(server: &Server, who: &Person, secret: &str) {
    let path = |route: &str| route.replace("{kind}", "recovery");
    let half = register_start(secret);
    let request = CredentialStartRequest {
        registration_request: bytes(&half.request),
    };
    let started: CredentialStartResponse = who
        .post(server, &path(routes::CREDENTIAL_START), &request)
        .await
        .json();
    let username = who.account.username.as_str();
    let record = half.finish(username, secret, started.registration_response.as_slice());
    let credential = person::wrapped(&record, secret.as_bytes());
    who.put(server, &path(routes::CREDENTIAL), &credential)
        .await
        .expect(204);
}

#[actix_web::test]
async fn a_browser_with_a_live_session_confirms_by_the_password() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    App::set_up(&server, &alice).await;
    let again = Person::of(
        password(&server, "alice", Some(&alice.cookie))
            .await
            .expect(200),
    );
    // The session that it replaced proves nothing any more.
    password(&server, "alice", Some(&alice.cookie))
        .await
        .expect(202);
    server
        .send(again.request(Method::POST, routes::LOGOUT))
        .await
        .expect(204);
    password(&server, "alice", Some(&again.cookie))
        .await
        .expect(202);
}

#[actix_web::test]
async fn a_login_that_waits_ends_with_the_password_that_it_began_with() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    set_kit(&server, &alice, "the old kit").await;
    let (_, codes) = App::set_up(&server, &alice).await;
    let kind = CredentialKind::Recovery;
    let answer = person::log_in(&server, "alice", "the old kit", kind, None).await;
    let asked: SecondFactorAsked = answer.expect(202).json();
    set_kit(&server, &alice, "the new kit").await;
    prove(&server, asked.pending_login, recovery(&codes[0]))
        .await
        .expect_problem(ProblemCode::LoginFailed);
}

#[actix_web::test]
async fn setting_up_is_proved_and_wants_a_fresh_login() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let app = App(vec![7; 20]);
    for wrong in ["000000", "12345", "", "1234567"] {
        let problem = app
            .write(&server, &alice, wrong)
            .await
            .expect_problem(ProblemCode::InvalidValue);
        assert_eq!(problem.field.as_deref(), Some("code"));
    }
    for len_bytes in [0, 19, 65] {
        let short = App(vec![7; len_bytes]);
        let problem = short
            .write(&server, &alice, &short.code(&server, 0))
            .await
            .expect_problem(ProblemCode::InvalidValue);
        assert_eq!(problem.field.as_deref(), Some("secret"));
    }
    let view: SecondFactorView = alice.get(&server, routes::SECOND_FACTOR).await.json();
    assert_eq!(view, SecondFactorView::default());
    password(&server, "alice", None).await.expect(200);
    server.clock.advance(Duration::from_secs(FRESH_LOGIN_S + 1));
    let stale = [
        app.write(&server, &alice, &app.code(&server, 0)).await,
        alice.delete(&server, routes::TOTP).await,
        alice.post(&server, routes::RECOVERY_CODES, &()).await,
    ];
    for answer in stale {
        answer.expect_problem(ProblemCode::FreshLoginRequired);
    }
}

#[actix_web::test]
async fn another_app_keeps_the_codes_and_turning_it_off_takes_them() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    alice
        .delete(&server, routes::TOTP)
        .await
        .expect_problem(ProblemCode::NotFound);
    alice
        .post(&server, routes::RECOVERY_CODES, &())
        .await
        .expect_problem(ProblemCode::NotFound);
    let (old, codes) = App::set_up(&server, &alice).await;
    let new = App(vec![9; 32]);
    let added: FactorAdded = new
        .write(&server, &alice, &new.code(&server, 0))
        .await
        .expect(200)
        .json();
    assert_eq!(added.recovery_codes, Vec::<String>::new());
    assert_eq!(added.second_factor.recovery_codes_left, 10);
    server.clock.advance(STEP);
    let login = pending(&server, "alice").await;
    prove(&server, login, old.proof(&server))
        .await
        .expect_problem(ProblemCode::SecondFactorFailed);
    prove(&server, login, new.proof(&server)).await.expect(200);
    let off: SecondFactorView = alice.delete(&server, routes::TOTP).await.expect(200).json();
    assert_eq!(off, SecondFactorView::default());
    password(&server, "alice", None).await.expect(200);
    // Set up once more, it has codes of its own.
    let added: FactorAdded = new
        .write(&server, &alice, &new.code(&server, 0))
        .await
        .expect(200)
        .json();
    assert!(!added.recovery_codes.contains(&codes[0]));
}
