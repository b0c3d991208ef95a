//! Every refusal is a problem document.

use crate::support::{Person, Server};
use actix_web::body::MessageBody;
use actix_web::dev::Service as _;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, init_service};
use actix_web::{App, web};
use smail_protocol::limits::MAX_JSON_BYTES;
use smail_protocol::{Problem, ProblemCode, routes};
use smail_server::middleware::{Transport, add_security_headers, catch_panics};

fn json(path: &str, body: impl Into<web::Bytes>) -> TestRequest {
    TestRequest::post()
        .uri(path)
        .insert_header(("content-type", "application/json"))
        .set_payload(body)
}

#[actix_web::test]
async fn unknown_paths_are_not_found() {
    let server = Server::start().await;
    for path in [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/nothing",
        "/api/v2/server",
        "/nothing",
        "/../etc/passwd",
        "/%2e%2e/x",
    ] {
        server
            .send(TestRequest::get().uri(path))
            .await
            .expect_problem(ProblemCode::NotFound);
    }
}

#[actix_web::test]
async fn a_method_that_a_path_does_not_take_is_told_which_it_takes() {
    let server = Server::start().await;
    let cases = [
        (Method::GET, routes::LOGIN_START.to_owned(), "POST"),
        (Method::POST, routes::SERVER.to_owned(), "GET"),
        (
            Method::PATCH,
            routes::ITEM.replace("{item_id}", &"00".repeat(16)),
            "GET, PUT, DELETE",
        ),
        (Method::OPTIONS, routes::SESSIONS.to_owned(), "GET, DELETE"),
        (Method::POST, "/".to_owned(), "GET, HEAD"),
    ];
    for (method, path, allow) in cases {
        let answer = server
            .send(TestRequest::with_uri(&path).method(method))
            .await;
        answer.expect_problem(ProblemCode::MethodNotAllowed);
        assert_eq!(answer.header("allow"), Some(allow), "{path}");
    }
}

#[actix_web::test]
async fn bodies_of_another_shape_are_malformed() {
    let server = Server::start().await;
    let cases: [(&str, Option<&str>); 9] = [
        ("", None),
        ("{", None),
        ("null", None),
        ("[1]", Some("[0]")),
        (r#"{"username":"alice"}"#, None),
        (
            r#"{"username":1,"credential":"password","ke1":""}"#,
            Some("username"),
        ),
        (
            r#"{"username":"a b","credential":"password","ke1":""}"#,
            Some("username"),
        ),
        (
            r#"{"username":"alice","credential":"pin","ke1":""}"#,
            Some("credential"),
        ),
        (
            r#"{"username":"alice","credential":"password","ke1":"=","more":1}"#,
            Some("ke1"),
        ),
    ];
    for (body, field) in cases {
        let problem = server.send(json(routes::LOGIN_START, body)).await;
        let problem = problem.expect_problem(ProblemCode::MalformedRequest);
        assert_eq!(problem.field.as_deref(), field, "{body}");
    }
    let binary: &[u8] = &[0xff, 0xfe, 0];
    server
        .send(json(routes::LOGIN_START, binary))
        .await
        .expect_problem(ProblemCode::MalformedRequest);
}

#[actix_web::test]
async fn another_media_type_is_refused() {
    let server = Server::start().await;
    for media_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "",
        "application/jsonp",
        "application/json; version=1; charset=utf-16",
    ] {
        let request = json(routes::LOGIN_START, "{}").insert_header(("content-type", media_type));
        server
            .send(request)
            .await
            .expect_problem(ProblemCode::UnsupportedMediaType);
    }
    let coded = json(routes::LOGIN_START, "{}").insert_header(("content-encoding", "gzip"));
    server
        .send(coded)
        .await
        .expect_problem(ProblemCode::UnsupportedMediaType);
    let request = json(routes::LOGIN_START, "{}")
        .insert_header(("content-type", "Application/JSON; charset=\"UTF-8\""))
        .insert_header(("content-encoding", "identity"));
    server
        .send(request)
        .await
        .expect_problem(ProblemCode::MalformedRequest);
}

#[actix_web::test]
async fn an_oversize_body_is_refused_whatever_it_says_of_its_length() {
    let server = Server::start().await;
    let body = vec![b' '; MAX_JSON_BYTES + 1];
    for length in [None, Some("2"), Some("999999999999")] {
        let mut request = json(routes::LOGIN_START, body.clone());
        if let Some(length) = length {
            request = request.insert_header(("content-length", length));
        }
        let problem = server
            .send(request)
            .await
            .expect_problem(ProblemCode::TooLarge);
        assert_eq!(problem.limit_bytes, Some(MAX_JSON_BYTES as u64));
    }
}

#[actix_web::test]
async fn malformed_ids_and_queries_are_refused() {
    let server = Server::start().await;
    let alice = Person::sign_up(&server, "alice").await;
    let inbox = format!("/api/v1/mailboxes/{}/items", alice.account.inbox);
    let malformed = [
        "/api/v1/items/1".to_owned(),
        format!("/api/v1/items/{}", "A0".repeat(16)),
        format!("/api/v1/items/{}", "%00".repeat(16)),
        "/api/v1/blobs/00".to_owned(),
        format!("{inbox}?limit=many"),
        format!("{inbox}?limit=-1"),
        format!("{inbox}?more=1"),
        format!("{}?since=x", routes::CHANGES),
        format!("{}?since=99999999999999999999", routes::EVENTS),
    ];
    for path in malformed {
        alice
            .get(&server, &path)
            .await
            .expect_problem(ProblemCode::MalformedRequest);
    }
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("before=nonsense", "before"),
    ] {
        let problem = alice.get(&server, &format!("{inbox}?{query}")).await;
        assert_eq!(
            problem
                .expect_problem(ProblemCode::InvalidValue)
                .field
                .as_deref(),
            Some(field)
        );
    }
    let without_version = format!("/api/v1/items/{}", "00".repeat(16));
    alice
        .delete(&server, &without_version)
        .await
        .expect_problem(ProblemCode::MalformedRequest);
}

#[actix_web::test]
async fn a_panic_becomes_an_answer_that_says_nothing() {
    async fn panics() -> String {
        panic!("what was being worked on")
    }
    let app = App::new()
        .route("/", web::get().to(panics))
        .wrap(from_fn(catch_panics))
        .wrap(from_fn(|request, next| {
            add_security_headers(Transport::Plain, request, next)
        }));
    let service = init_service(app).await;
    let error = service
        .call(TestRequest::get().uri("/").to_request())
        .await
        .err()
        .unwrap();
    let response = error.error_response();
    assert_eq!(response.status().as_u16(), 500);
    assert_eq!(
        response.headers().get("x-content-type-options").unwrap(),
        "nosniff"
    );
    let body = response.into_body().try_into_bytes().unwrap();
    let problem: Problem = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        (problem.code, problem.detail),
        (ProblemCode::Internal, None)
    );
}

#[actix_web::test]
async fn a_server_that_is_going_down_says_that_it_is_not_ready() {
    let server = Server::start().await;
    server
        .send(TestRequest::get().uri(routes::HEALTH))
        .await
        .expect(200);
    server.going_down.send_replace(true);
    server
        .send(TestRequest::get().uri(routes::HEALTH))
        .await
        .expect_problem(ProblemCode::Unavailable);
}
