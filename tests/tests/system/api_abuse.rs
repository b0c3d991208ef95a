//! What the API answers to requests that no client of ours sends: each a problem document, none a success or a 5xx.

use smail_mail_core::transport::HttpResponse;
use smail_protocol::limits::{MAX_BLOB_BYTES, MAX_JSON_BYTES};
use smail_protocol::{Problem, ProblemCode, routes};
use smail_tests::http::Http;
use smail_tests::people::{Person, sign_up};
use smail_tests::server::Server;

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
const ID: &str = "00112233445566778899aabbccddeeff";

/// A route that takes JSON, with a body of the right shape.
struct Route {
    method: &'static str,
    path: String,
    body: &'static str,
}

fn route(method: &'static str, path: &str, body: &'static str) -> Route {
    let path = [
        "{kind}",
        "{session_id}",
        "{item_id}",
        "{object_id}",
        "{mailbox_id}",
    ]
    .iter()
    .fold(path.to_owned(), |path, name| {
        path.replace(name, if *name == "{kind}" { "password" } else { ID })
    });
    Route { method, path, body }
}

fn open_routes() -> Vec<Route> {
    vec![
        route(
            "POST",
            routes::REGISTER_START,
            r#"{"username":"mallory","registration_request":""}"#,
        ),
        route(
            "POST",
            routes::REGISTER_FINISH,
            r#"{"username":"mallory","account_id":"00112233445566778899aabbccddeeff","credential":{"registration_record":"",
            "ksf":{"memory_kib":65536,"iterations":3,"parallelism":4},"wrapped_account_key":""},"certificate":"",
            "sealed_keyring":"","mailboxes":[],"inbox":"00112233445566778899aabbccddeeff"}"#,
        ),
        route(
            "POST",
            routes::LOGIN_START,
            r#"{"username":"mallory","credential":"password","ke1":""}"#,
        ),
        route(
            "POST",
            routes::LOGIN_FINISH,
            r#"{"login_id":"00112233445566778899aabbccddeeff","ke3":""}"#,
        ),
    ]
}

fn account_routes() -> Vec<Route> {
    vec![
        route(
            "POST",
            routes::CREDENTIAL_START,
            r#"{"registration_request":""}"#,
        ),
        route(
            "PUT",
            routes::CREDENTIAL,
            r#"{"registration_record":"","ksf":{"memory_kib":65536,"iterations":3,"parallelism":4},"wrapped_account_key":""}"#,
        ),
        route("PUT", routes::RESUME, r#"{"resume":""}"#),
        route("POST", routes::DIRECTORY_LOOKUP, r#"{"usernames":[]}"#),
        route(
            "POST",
            routes::DELIVER,
            r#"{"idempotency_key":"00112233445566778899aabbccddeeff","deliveries":[],"sent":{
            "item_id":"00112233445566778899aabbccddeeff","mailbox_id":"00112233445566778899aabbccddeeff",
            "blob_id":"0011223344556677889900112233445566778899001122334455667788990011","sealed":""},"draft":null}"#,
        ),
        route(
            "PUT",
            routes::ITEM,
            r#"{"base_version":0,"mailbox_id":"00112233445566778899aabbccddeeff",
            "blob_id":"0011223344556677889900112233445566778899001122334455667788990011","sealed":""}"#,
        ),
        route("PUT", routes::STATE, r#"{"base_version":0,"sealed":""}"#),
    ]
}

struct Setting {
    _server: Server,
    _data: tempfile::TempDir,
    /// Logged in.
    alice: Http,
    /// Not logged in.
    nobody: Http,
}

fn setting() -> Setting {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path()).unwrap();
    let alice = Http::to(server.origin());
    sign_up(&alice, &Person::new("alice")).unwrap();
    let nobody = Http::to(server.origin());
    Setting {
        _server: server,
        _data: data,
        alice,
        nobody,
    }
}

/// Makes sure that an answer is a problem document with this code, as RFC 9457 has it.
#[track_caller]
fn assert_problem(answer: &HttpResponse, code: ProblemCode, what: &str) {
    let text = String::from_utf8_lossy(&answer.body);
    assert_eq!(
        answer.content_type, "application/problem+json",
        "{what}: {} {text}",
        answer.status
    );
    let problem: Problem = serde_json::from_slice(&answer.body)
        .unwrap_or_else(|error| panic!("{what}: {error}: {text}"));
    assert_eq!(problem.code, code, "{what}: {text}");
    assert_eq!(problem.status, answer.status, "{what}: {text}");
    assert!((400..500).contains(&answer.status), "{what}: {text}");
    assert_eq!(
        problem.type_uri,
        format!(
            "urn:s-mail:problem:{}",
            serde_json::to_value(code).unwrap().as_str().unwrap()
        )
    );
    assert!(
        !text.contains("panicked") && !text.contains(".rs:"),
        "{what}: {text}"
    );
}

/// Runs a check over every JSON route with a client that may use it.
fn for_each_route(check: impl Fn(&Http, &Route, &str)) {
    let Setting {
        alice,
        nobody,
        _server,
        _data,
    } = setting();
    for (client, routes) in [(&nobody, open_routes()), (&alice, account_routes())] {
        for route in routes {
            check(client, &route, &format!("{} {}", route.method, route.path));
        }
    }
}

#[test]
fn what_is_not_json_is_refused() {
    for_each_route(|client, route, what| {
        let cut = &route.body.as_bytes()[..route.body.len() - 1];
        let deep = "[".repeat(100_000);
        let more = format!("{} {{}}", route.body);
        for body in [
            b"".as_slice(),
            b"nonsense",
            b"\xff\xfe",
            b"{\"a\":\"\xc3\x28\"}",
            cut,
            deep.as_bytes(),
            more.as_bytes(),
        ] {
            let answer = client
                .exchange(route.method, &route.path, JSON, body)
                .unwrap();
            assert_problem(&answer, ProblemCode::MalformedRequest, what);
        }
    });
}

#[test]
fn wrong_types_missing_and_unknown_fields_are_refused() {
    for_each_route(|client, route, what| {
        let good: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(route.body).unwrap();
        for name in good.keys().filter(|name| *name != "draft") {
            let mut missing = good.clone();
            missing.remove(name);
            let mut wrong = good.clone();
            wrong.insert(name.clone(), serde_json::json!({"$ne": [1.5, true]}));
            for body in [missing, wrong] {
                let answer = client
                    .exchange(
                        route.method,
                        &route.path,
                        JSON,
                        &serde_json::to_vec(&body).unwrap(),
                    )
                    .unwrap();
                assert_problem(
                    &answer,
                    ProblemCode::MalformedRequest,
                    &format!("{what}, {name}"),
                );
            }
        }
        let mut unknown = good;
        unknown.insert("is_admin".into(), true.into());
        let answer = client
            .exchange(
                route.method,
                &route.path,
                JSON,
                &serde_json::to_vec(&unknown).unwrap(),
            )
            .unwrap();
        assert_problem(
            &answer,
            ProblemCode::MalformedRequest,
            &format!("{what}, unknown field"),
        );
        for body in ["[]", "null", "7", "\"text\""] {
            let answer = client
                .exchange(route.method, &route.path, JSON, body.as_bytes())
                .unwrap();
            assert_problem(
                &answer,
                ProblemCode::MalformedRequest,
                &format!("{what}, {body}"),
            );
        }
    });
}

#[test]
fn wrong_media_types_are_refused() {
    for_each_route(|client, route, what| {
        for fields in [
            &[("content-type", "text/plain")] as &[_],
            &[("content-type", "application/x-www-form-urlencoded")],
            &[("content-type", "multipart/form-data; boundary=x")],
            &[("content-type", "application/jsonp")],
        ] {
            let answer = client
                .exchange(route.method, &route.path, fields, route.body.as_bytes())
                .unwrap();
            assert_problem(
                &answer,
                ProblemCode::UnsupportedMediaType,
                &format!("{what}, {fields:?}"),
            );
        }
    });
    let Setting {
        alice,
        _server,
        _data,
        ..
    } = setting();
    let answer = alice.exchange("POST", routes::BLOBS, JSON, b"{}").unwrap();
    assert_problem(&answer, ProblemCode::UnsupportedMediaType, "a blob as JSON");
}

#[test]
fn oversize_bodies_are_refused() {
    for_each_route(|client, route, what| {
        let body = vec![b' '; MAX_JSON_BYTES + 1];
        let answer = client
            .exchange(route.method, &route.path, JSON, &body)
            .unwrap();
        assert_problem(&answer, ProblemCode::TooLarge, what);
    });
    let Setting {
        alice,
        _server,
        _data,
        ..
    } = setting();
    let blob = vec![0; usize::try_from(MAX_BLOB_BYTES).unwrap() + 1];
    let answer = alice
        .exchange(
            "POST",
            routes::BLOBS,
            &[("content-type", "application/octet-stream")],
            &blob,
        )
        .unwrap();
    assert_problem(&answer, ProblemCode::TooLarge, "a blob");
    let problem: Problem = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(problem.limit_bytes, Some(MAX_BLOB_BYTES));
}

#[test]
fn requests_from_other_sites_are_refused() {
    for_each_route(|client, route, what| {
        for field in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://mallory.example"),
            ("origin", "null"),
        ] {
            let fields = [JSON[0], field];
            let answer = client
                .exchange(route.method, &route.path, &fields, route.body.as_bytes())
                .unwrap();
            assert_problem(
                &answer,
                ProblemCode::CrossSite,
                &format!("{what}, {field:?}"),
            );
        }
    });
    let Setting {
        alice,
        _server,
        _data,
        ..
    } = setting();
    for (method, path) in [
        ("POST", routes::LOGOUT.to_owned()),
        ("DELETE", routes::SESSIONS.to_owned()),
    ] {
        let answer = alice
            .exchange(method, &path, &[("sec-fetch-site", "cross-site")], b"")
            .unwrap();
        assert_problem(&answer, ProblemCode::CrossSite, &path);
    }
    assert_eq!(
        alice
            .exchange("GET", routes::ACCOUNT, &[], b"")
            .unwrap()
            .status,
        200,
        "alice is still logged in"
    );
}

#[test]
fn without_a_session_nothing_of_an_account_is_told() {
    let Setting {
        alice,
        nobody,
        _server,
        _data,
    } = setting();
    let reads = [
        routes::ACCOUNT.to_owned(),
        routes::SESSIONS.to_owned(),
        routes::STATES.to_owned(),
        format!("{}?since=0", routes::CHANGES),
        format!("{}?since=0", routes::EVENTS),
        routes::ITEM.replace("{item_id}", ID),
        routes::MAILBOX_ITEMS.replace("{mailbox_id}", ID),
        routes::BLOB.replace("{blob_id}", &ID.repeat(2)),
    ];
    for path in reads {
        assert_problem(
            &nobody.exchange("GET", &path, &[], b"").unwrap(),
            ProblemCode::NoSession,
            &path,
        );
    }
    for route in account_routes() {
        let answer = nobody
            .exchange(route.method, &route.path, JSON, route.body.as_bytes())
            .unwrap();
        assert_problem(&answer, ProblemCode::NoSession, &route.path);
    }
    let forged = [(
        "cookie",
        "__Host-smail=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    )];
    let answer = nobody
        .exchange("GET", routes::ACCOUNT, &forged, b"")
        .unwrap();
    assert_problem(&answer, ProblemCode::NoSession, "a forged cookie");
    assert_eq!(
        alice
            .exchange("GET", routes::ACCOUNT, &[], b"")
            .unwrap()
            .status,
        200
    );
}

#[test]
fn one_account_cannot_reach_what_is_anothers() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path()).unwrap();
    let (alice, mallory) = (Http::to(server.origin()), Http::to(server.origin()));
    for (client, name) in [(&alice, "alice"), (&mallory, "mallory")] {
        sign_up(client, &Person::new(name)).unwrap();
    }
    let receipt: smail_protocol::BlobReceipt =
        alice.octets(routes::BLOBS, b"sealed, to be sure").unwrap();
    let account: smail_protocol::AccountView = alice.get(routes::ACCOUNT).unwrap();
    for path in [
        routes::BLOB.replace("{blob_id}", &receipt.blob_id.to_string()),
        routes::MAILBOX_ITEMS.replace("{mailbox_id}", &account.inbox.to_string()),
    ] {
        assert_eq!(
            alice.exchange("GET", &path, &[], b"").unwrap().status,
            200,
            "{path}"
        );
        assert_problem(
            &mallory.exchange("GET", &path, &[], b"").unwrap(),
            ProblemCode::NotFound,
            &path,
        );
    }
    let session = routes::SESSION.replace("{session_id}", &account.session_id.to_string());
    assert_problem(
        &mallory.exchange("DELETE", &session, &[], b"").unwrap(),
        ProblemCode::NotFound,
        &session,
    );
}

#[test]
fn unknown_paths_methods_and_ids_are_problems_too() {
    let Setting {
        alice,
        _server,
        _data,
        ..
    } = setting();
    for (method, path, code) in [
        ("GET", "/api/v1/nothing", ProblemCode::NotFound),
        (
            "GET",
            "/api/v1/items/NOT-AN-ID",
            ProblemCode::MalformedRequest,
        ),
        (
            "GET",
            "/api/v1/blobs/../../etc/passwd",
            ProblemCode::NotFound,
        ),
        ("PATCH", routes::ACCOUNT, ProblemCode::MethodNotAllowed),
        ("POST", routes::ACCOUNT, ProblemCode::MethodNotAllowed),
    ] {
        assert_problem(&alice.exchange(method, path, &[], b"").unwrap(), code, path);
    }
}

#[test]
fn a_blob_that_is_not_what_its_digest_says_is_refused() {
    let Setting {
        alice,
        _server,
        _data,
        ..
    } = setting();
    let fields = [
        ("content-type", "application/octet-stream"),
        (
            "content-digest",
            "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:",
        ),
    ];
    let answer = alice
        .exchange("POST", routes::BLOBS, &fields, b"other octets")
        .unwrap();
    assert_problem(&answer, ProblemCode::DigestMismatch, "a blob");
}
