//! Invariant I5: what was acknowledged is there after a crash.

use futures_executor::block_on;
use smail_mail_core::views::{Draft, FolderRole};
use smail_tests::http::Http;
use smail_tests::people::{Person, log_in, rows, sign_up};
use smail_tests::server::Server;

const CRASHES: usize = 5;

fn letter(number: usize) -> Draft {
    let text = format!(
        "This is letter {number}.\n{}",
        "It is not short.\n".repeat(500)
    );
    Draft {
        to: vec!["bob".into()],
        subject: format!("Letter {number}"),
        text,
        ..Draft::default()
    }
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let data = tempfile::tempdir().unwrap();
    let (alice, bob) = (Person::new("alice"), Person::new("bob"));
    let server = Server::start(data.path()).unwrap();
    sign_up(&Http::to(server.origin()), &alice).unwrap();
    sign_up(&Http::to(server.origin()), &bob).unwrap();
    server.kill().unwrap();

    for number in 0..CRASHES {
        let server = Server::start(data.path()).unwrap();
        let http = Http::to(server.origin());
        let client = log_in(&http, &alice).unwrap();
        block_on(client.send(letter(number), |_| ())).unwrap();
        server.kill().unwrap();

        let server = Server::start(data.path()).unwrap();
        for (person, role) in [(&alice, FolderRole::Sent), (&bob, FolderRole::Inbox)] {
            let http = Http::to(server.origin());
            let client = log_in(&http, person).unwrap();
            let rows = rows(&client, role).unwrap();
            assert_eq!(rows.len(), number + 1, "{role:?} after crash {number}");
            assert_eq!(rows[0].subject, format!("Letter {number}"));
            let view = block_on(client.read(&rows[0].id, |_| ())).unwrap();
            assert_eq!(view.text.trim_end(), letter(number).text.trim_end());
        }
        server.kill().unwrap();
    }
}

#[test]
fn an_account_a_session_and_a_new_password_survive_a_kill() {
    let data = tempfile::tempdir().unwrap();
    let alice = Person::new("alice");
    let server = Server::start(data.path()).unwrap();
    let client_http = Http::to(server.origin());
    let client = sign_up(&client_http, &alice).unwrap();
    block_on(client.change_password(&alice.password, "seven otters cross 3 bridges", |_| ()))
        .unwrap();
    server.kill().unwrap();

    let server = Server::start(data.path()).unwrap();
    assert!(log_in(&Http::to(server.origin()), &alice).is_err());
    let changed = Person {
        password: "seven otters cross 3 bridges".into(),
        ..alice
    };
    log_in(&Http::to(server.origin()), &changed).unwrap();
}
