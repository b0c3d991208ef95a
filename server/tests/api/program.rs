//! The program itself: started, spoken to over a socket, stopped.

use crate::support::{Running, smail};
use std::net::TcpListener;
use std::process::Output;
use std::time::Duration;

/// Runs the program to its failure, and gives what it says.
fn fails(arguments: &[&str]) -> String {
    let Output { status, stderr, .. } = smail(arguments).output().unwrap();
    assert!(!status.success());
    String::from_utf8(stderr).unwrap()
}

#[test]
fn it_serves_stops_in_order_and_starts_again_over_its_data() {
    let data = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let server = Running::start(data.path(), &["--log-format", "json"]);
        let answer =
            server.exchange(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        assert!(
            answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("ok\n"),
            "{answer}"
        );
        let (well, log) = server.stop();
        assert!(well, "{log}");
        assert!(
            log.contains("\"route\":\"/healthz\"") && log.contains("\"message\":\"stopped\""),
            "{log}"
        );
    }
}

#[test]
fn the_log_names_no_path_no_address_and_no_field() {
    let data = tempfile::tempdir().unwrap();
    let server = Running::start(data.path(), &["--log", "trace"]);
    let path = "/api/v1/items/0123456789abcdef0123456789abcdef?secret-query";
    server.exchange(
        format!("GET {path} HTTP/1.1\r\nhost: x\r\ncookie: __Host-smail=secret-cookie\r\nconnection: close\r\n\r\n")
            .as_bytes(),
    );
    let (_, log) = server.stop();
    assert!(log.contains("/api/v1/items/{item_id}"), "{log}");
    for word in ["0123456789abcdef0123", "secret-query", "secret-cookie"] {
        assert!(!log.contains(word), "{word}: {log}");
    }
    let requests: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("answered"))
        .collect();
    assert!(
        !requests.is_empty() && requests.iter().all(|line| !line.contains("127.0.0.1")),
        "{log}"
    );
}

#[test]
fn an_idle_connection_does_not_hold_up_the_end() {
    let data = tempfile::tempdir().unwrap();
    let server = Running::start(data.path(), &[]);
    let _idle = server.connect();
    let started = std::time::Instant::now();
    let (well, log) = server.stop();
    assert!(well && started.elapsed() < Duration::from_secs(8), "{log}");
}

#[test]
fn what_is_no_http_is_refused_and_the_server_lives() {
    let data = tempfile::tempdir().unwrap();
    let server = Running::start(data.path(), &[]);
    for octets in [
        &b"nonsense\r\n\r\n"[..],
        b"GET / HTTP/1.1\r\nhost: x\r\ncontent-length: x\r\nconnection: close\r\n\r\n",
        b"POST /api/v1/auth/login/start HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n",
        b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03",
    ] {
        let answer = server.exchange(octets);
        assert!(answer.starts_with("HTTP/1.1 4") || answer.is_empty(), "{answer}");
    }
    assert!(
        server
            .exchange(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            .contains("200 OK")
    );
}

#[test]
fn a_port_or_data_directory_in_use_is_named() {
    let data = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let path = data.path().to_str().unwrap();
    let error = fails(&["serve", "--listen", &address, "--data", path]);
    assert!(
        error.contains(&address) && error.contains("in use"),
        "{error}"
    );
    let _running = Running::start(data.path(), &[]);
    let error = fails(&["serve", "--listen", "127.0.0.1:0", "--data", path]);
    assert!(error.contains(path) && error.contains("in use"), "{error}");
}

#[test]
fn bad_settings_are_named() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("file");
    std::fs::write(&file, "not a certificate").unwrap();
    let file = file.to_str().unwrap();
    let new = data.path().join("new");
    let new = new.to_str().unwrap();
    let cases: [(&[&str], &str); 5] = [
        (
            &["--data", new, "--tls-cert", file, "--tls-key", file],
            "holds no certificate",
        ),
        (&["--data", file, "--listen", "127.0.0.1:0"], file),
        (&["--data", new, "--listen", "nowhere"], "--listen"),
        (&["--data", new, "--domain", "a b"], "--domain"),
        (&["--data", new, "--log", "a=b=c"], "--log"),
    ];
    for (arguments, part) in cases {
        let error = fails(&[&["serve"], arguments].concat());
        assert!(
            error.contains(part) && !error.contains("panicked"),
            "{arguments:?}: {error}"
        );
    }
}

#[test]
fn a_certificate_without_its_key_is_refused_wherever_it_is_set() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("smail.toml");
    let new = data.path().join("new");
    let said = "--tls-cert and --tls-key belong together";
    for half in ["tls-cert", "tls-key"] {
        std::fs::write(&file, format!("{half} = \"half.pem\"\n")).unwrap();
        let flag = format!("--{half}");
        let variable = format!("SMAIL_{}", half.to_uppercase().replace('-', "_"));
        let settings = [
            (vec![flag.as_str(), "half.pem"], None),
            (vec!["--config", file.to_str().unwrap()], None),
            (vec![], Some(variable)),
        ];
        for (arguments, variable) in settings {
            let mut program = smail(&["serve", "--listen", "127.0.0.1:0"]);
            program.arg("--data").arg(&new).args(&arguments);
            program.envs(variable.map(|name| (name, "half.pem")));
            let Output { status, stderr, .. } = program.output().unwrap();
            let stderr = String::from_utf8(stderr).unwrap();
            assert!(!status.success() && stderr.contains(said), "{stderr}");
        }
    }
}

#[test]
fn the_help_and_the_description_are_printed() {
    let help = String::from_utf8(smail(&["serve", "--help"]).output().unwrap().stdout).unwrap();
    for setting in [
        "--listen",
        "SMAIL_LISTEN",
        "--tls-cert",
        "--signups-per-minute",
        "[default: localhost]",
    ] {
        assert!(help.contains(setting), "{setting}: {help}");
    }
    let document = String::from_utf8(smail(&["openapi"]).output().unwrap().stdout).unwrap();
    assert_eq!(document, smail_server::openapi::document());
}

#[test]
fn data_of_another_domain_is_refused() {
    let data = tempfile::tempdir().unwrap();
    Running::start(data.path(), &["--domain", "one.example"]).stop();
    let path = data.path().to_str().unwrap();
    let error = fails(&["serve", "--listen", "127.0.0.1:0", "--data", path]);
    assert!(error.contains("--domain one.example"), "{error}");
}

#[test]
fn who_is_not_logged_in_is_refused_before_the_body_is_sent() {
    let data = tempfile::tempdir().unwrap();
    let server = Running::start(data.path(), &[]);
    let head = "POST /api/v1/blobs HTTP/1.1\r\nhost: x\r\ncontent-type: application/octet-stream\r\n\
        content-length: 30000000\r\nconnection: close\r\n\r\n";
    let answer = server.exchange(head.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
}
