//! Login: the right secret, everything else, and strangers who look like members.

use crate::support::{LoginHalf, Person, Server, bytes, person};
use actix_web::test::TestRequest;
use smail_protocol::{
    CredentialKind, LoginFinishRequest, LoginStartResponse, ProblemCode, SessionList, routes,
};
use std::time::Duration;

const PASSWORD_KIND: CredentialKind = CredentialKind::Password;

#[actix_web::test]
async fn the_right_password_logs_in_under_a_new_token() {
    let server = Server::start().await;
    let first = Person::sign_up(&server, "alice").await;
    let second = Person::log_in(&server, "alice").await;
    assert_eq!(second.account.account_id, first.account.account_id);
    assert_ne!(second.account.session_id, first.account.session_id);
    assert_ne!(second.cookie, first.cookie);
}

#[actix_web::test]
async fn wrong_password_unknown_name_and_missing_recovery_code_get_one_answer() {
    let server = Server::start().await;
    Person::sign_up(&server, "alice").await;
    let cases = [
        ("alice", "wrong", PASSWORD_KIND),
        ("nobody", person::PASSWORD, PASSWORD_KIND),
        ("alice", person::PASSWORD, CredentialKind::Recovery),
    ];
    let mut bodies = Vec::new();
    for (username, secret, kind) in cases {
        let answer = person::log_in(&server, username, secret, kind, None).await;
        answer.expect_problem(ProblemCode::LoginFailed);
        assert_eq!(answer.header("set-cookie"), None);
        bodies.push(answer.body);
    }
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]));
}

#[actix_web::test]
async fn a_strangers_first_answer_has_a_members_shape_and_delay() {
    let server = Server::start().await;
    Person::sign_up(&server, "alice").await;
    let mut answers = Vec::new();
    for username in ["alice", "nobody"] {
        server.clock.take_delays();
        let half = LoginHalf::start(person::PASSWORD);
        let answer = person::login_start(&server, username, PASSWORD_KIND, &half, None).await;
        let json: serde_json::Value = answer.json();
        let names: Vec<String> = json.as_object().unwrap().keys().cloned().collect();
        let started: LoginStartResponse = answer.json();
        let mut fields: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        fields.sort();
        answers.push((
            names,
            fields,
            answer.body.len(),
            started.ksf,
            server.clock.take_delays(),
        ));
    }
    assert_eq!(answers[0], answers[1]);
}

/// The same code runs for both, and on top of it no answer comes before a floor that is far above what the reads of
/// a record cost. Here the work itself is compared, by the medians of alternating runs, with room for a busy machine.
#[test]
fn a_strangers_login_costs_what_a_members_costs() {
    use crate::support::opaque::register_start;
    use smail_server::opaque::Setup;
    use std::time::Instant;

    let setup = Setup::load(&Setup::generate("localhost"), "localhost").unwrap();
    let alice = "alice".parse().unwrap();
    let half = register_start("x");
    let answer = setup
        .answer_registration(&alice, PASSWORD_KIND, &half.request)
        .unwrap();
    let record = Setup::check_record(&half.finish("alice", "x", &answer)).unwrap();
    let ke1 = LoginHalf::start("x").ke1;
    let time = |record: Option<&[u8]>| {
        let started = Instant::now();
        setup
            .start_login(&alice, PASSWORD_KIND, record, &ke1)
            .unwrap();
        started.elapsed()
    };
    let (mut member, mut stranger) = (Vec::new(), Vec::new());
    for _ in 0..101 {
        member.push(time(Some(&record)));
        stranger.push(time(None));
    }
    member.sort();
    stranger.sort();
    let ratio = member[50].as_secs_f64() / stranger[50].as_secs_f64();
    assert!((0.7..1.4).contains(&ratio), "{ratio}");
}

#[actix_web::test]
async fn a_login_is_answered_once_and_within_a_minute() {
    let server = Server::start().await;
    Person::sign_up(&server, "alice").await;
    let finish = |request: &LoginFinishRequest| {
        server.send(
            TestRequest::post()
                .uri(routes::LOGIN_FINISH)
                .set_json(request),
        )
    };
    let (again, late) = (ready_login(&server).await, ready_login(&server).await);
    finish(&again).await.expect(200);
    finish(&again)
        .await
        .expect_problem(ProblemCode::LoginFailed);
    server.clock.advance(Duration::from_secs(60));
    finish(&late).await.expect_problem(ProblemCode::LoginFailed);
}

/// A login of alice's whose second step is ready to be sent.
async fn ready_login(server: &Server) -> LoginFinishRequest {
    let half = LoginHalf::start(person::PASSWORD);
    let answer = person::login_start(server, "alice", PASSWORD_KIND, &half, None).await;
    let started: LoginStartResponse = answer.json();
    let ke3 = half
        .finish("alice", person::PASSWORD, started.ke2.as_slice())
        .unwrap();
    LoginFinishRequest {
        login_id: started.login_id,
        ke3: bytes(&ke3),
    }
}

#[actix_web::test]
async fn malformed_opaque_messages_are_refused() {
    let server = Server::start().await;
    Person::sign_up(&server, "alice").await;
    for username in ["alice", "nobody"] {
        let body = format!(r#"{{"username":"{username}","credential":"password","ke1":"AAAA"}}"#);
        let request = TestRequest::post()
            .uri(routes::LOGIN_START)
            .insert_header(("content-type", "application/json"))
            .set_payload(body);
        let problem = server
            .send(request)
            .await
            .expect_problem(ProblemCode::InvalidValue);
        assert_eq!(problem.field.as_deref(), Some("ke1"));
    }
}

#[actix_web::test]
async fn logging_in_again_in_one_browser_replaces_its_session() {
    let server = Server::start().await;
    let before = Person::sign_up(&server, "alice").await;
    let resume = serde_json::json!({ "resume": "AQID" });
    before
        .put(&server, routes::RESUME, &resume)
        .await
        .expect(204);
    let answer = person::log_in(
        &server,
        "alice",
        person::PASSWORD,
        PASSWORD_KIND,
        Some(&before.cookie),
    )
    .await;
    answer.expect(200);
    let after = Person::of(&answer);
    assert_eq!(after.account.resume, Some(bytes(&[1, 2, 3])));
    before
        .get(&server, routes::ACCOUNT)
        .await
        .expect_problem(ProblemCode::NoSession);
    let list: SessionList = after.get(&server, routes::SESSIONS).await.json();
    assert_eq!(list.sessions.len(), 1);
}

#[actix_web::test]
async fn logging_in_leaves_another_accounts_session_alone() {
    let server = Server::start().await;
    let bob = Person::sign_up(&server, "bob").await;
    Person::sign_up(&server, "alice").await;
    person::log_in(
        &server,
        "alice",
        person::PASSWORD,
        PASSWORD_KIND,
        Some(&bob.cookie),
    )
    .await
    .expect(200);
    bob.get(&server, routes::ACCOUNT).await.expect(200);
}
