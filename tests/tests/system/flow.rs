//! The main job over real HTTP: native clients, the real server.

use futures_executor::block_on;
use rand::rngs::OsRng;
use smail_mail_core::views::{Draft, FolderRole, QuoteWords, SignatureState};
use smail_mail_core::{Client, Env, FlagChange, Recover};
use smail_protocol::{SessionList, routes};
use smail_tests::http::Http;
use smail_tests::people::{Person, folder, log_in, rows, sign_up};
use smail_tests::server::Server;

const NEXT_PASSWORD: &str = "seven otters cross 3 bridges";

fn server() -> (Server, tempfile::TempDir) {
    let data = tempfile::tempdir().unwrap();
    (Server::start(data.path()).unwrap(), data)
}

fn letter(to: &str, subject: &str, text: &str) -> Draft {
    Draft {
        to: vec![to.into()],
        subject: subject.into(),
        text: text.into(),
        ..Draft::default()
    }
}

#[test]
fn alice_writes_bob_reads_and_replies() {
    let (server, _data) = server();
    let (for_alice, for_bob) = (Http::to(server.origin()), Http::to(server.origin()));
    let alice = sign_up(&for_alice, &Person::new("alice")).unwrap();
    let bob = sign_up(&for_bob, &Person::new("bob")).unwrap();

    block_on(alice.send(letter("bob", "Lunch", "At noon?"), |_| ())).unwrap();
    let news = block_on(bob.sync()).unwrap();
    assert_eq!(news.changed.len(), 1);
    let row = &rows(&bob, FolderRole::Inbox).unwrap()[0];
    assert_eq!(
        (row.subject.as_str(), row.from.address.as_str()),
        ("Lunch", "alice@localhost")
    );
    assert!(row.unread);

    let view = block_on(bob.read(&row.id, |_| ())).unwrap();
    assert_eq!(view.text.trim_end(), "At noon?");
    assert!(view.security.encrypted);
    assert_eq!(view.security.signature, SignatureState::Verified);
    assert!(!rows(&bob, FolderRole::Inbox).unwrap()[0].unread);

    let mut reply = block_on(bob.reply_draft(&row.id, &QuoteWords::default())).unwrap();
    reply.text = format!("Noon it is.\n{}", reply.text);
    block_on(bob.send(reply, |_| ())).unwrap();
    block_on(alice.sync()).unwrap();
    let answer = &rows(&alice, FolderRole::Inbox).unwrap()[0];
    assert_eq!(answer.subject, "Re: Lunch");
    assert!(
        block_on(alice.read(&answer.id, |_| ()))
            .unwrap()
            .references
            .contains(&view.message_id)
    );
}

#[test]
fn two_clients_of_one_account_agree() {
    let (server, _data) = server();
    let person = Person::new("alice");
    let (one, two) = (Http::to(server.origin()), Http::to(server.origin()));
    let one = sign_up(&one, &person).unwrap();
    let two = log_in(&two, &person).unwrap();
    block_on(one.send(letter("alice", "Note to self", "Water the ferns."), |_| ())).unwrap();
    block_on(two.sync()).unwrap();

    let row = rows(&two, FolderRole::Sent).unwrap()[0].clone();
    block_on(two.set_flags(
        &row.id,
        FlagChange {
            starred: Some(true),
            ..FlagChange::default()
        },
    ))
    .unwrap();
    block_on(one.sync()).unwrap();
    assert!(rows(&one, FolderRole::Sent).unwrap()[0].starred);

    let archive = folder(&one, FolderRole::Archive).unwrap();
    block_on(one.move_to(&row.id, &archive.id)).unwrap();
    block_on(two.sync()).unwrap();
    assert_eq!(rows(&two, FolderRole::Archive).unwrap()[0].id, row.id);
    assert!(rows(&two, FolderRole::Sent).unwrap().is_empty());

    // Both change the same item without having heard of the other: both changes stay.
    block_on(two.set_flags(
        &row.id,
        FlagChange {
            unread: Some(true),
            ..FlagChange::default()
        },
    ))
    .unwrap();
    block_on(one.set_flags(
        &row.id,
        FlagChange {
            starred: Some(false),
            ..FlagChange::default()
        },
    ))
    .unwrap();
    block_on(two.sync()).unwrap();
    let row = &rows(&two, FolderRole::Archive).unwrap()[0];
    assert!(row.unread && !row.starred);
}

#[test]
fn a_recovery_code_opens_everything_under_a_new_password() {
    let (server, _data) = server();
    let person = Person::new("alice");
    let http = Http::to(server.origin());
    let alice = sign_up(&http, &person).unwrap();
    block_on(alice.send(letter("alice", "Kept", "From before."), |_| ())).unwrap();
    let kit = block_on(alice.make_recovery_kit(|_| ())).unwrap();

    let later = Http::to(server.origin());
    let who = Recover {
        username: "alice",
        recovery_code: &kit.code,
        new_password: NEXT_PASSWORD,
    };
    let recovered = block_on(Client::recover(Env::new(&later, OsRng), &who, |_| ())).unwrap();
    let row = &rows(&recovered, FolderRole::Sent).unwrap()[0];
    assert_eq!(
        block_on(recovered.read(&row.id, |_| ()))
            .unwrap()
            .text
            .trim_end(),
        "From before."
    );

    let fresh = Http::to(server.origin());
    assert!(log_in(&fresh, &person).is_err());
    log_in(
        &fresh,
        &Person {
            password: NEXT_PASSWORD.into(),
            ..person
        },
    )
    .unwrap();
}

#[test]
fn a_new_password_ends_the_other_sessions() {
    let (server, _data) = server();
    let person = Person::new("alice");
    let (one, two) = (Http::to(server.origin()), Http::to(server.origin()));
    let alice = sign_up(&one, &person).unwrap();
    log_in(&two, &person).unwrap();
    assert_eq!(
        one.get::<SessionList>(routes::SESSIONS)
            .unwrap()
            .sessions
            .len(),
        2
    );
    block_on(alice.change_password(&person.password, NEXT_PASSWORD, |_| ())).unwrap();
    assert_eq!(
        one.get::<SessionList>(routes::SESSIONS)
            .unwrap()
            .sessions
            .len(),
        1
    );
    assert_eq!(
        two.exchange("GET", routes::ACCOUNT, &[], b"")
            .unwrap()
            .status,
        401
    );
}

#[test]
fn the_server_refuses_a_wrong_password_and_an_unknown_name_alike() {
    let (server, _data) = server();
    let http = Http::to(server.origin());
    sign_up(&http, &Person::new("alice")).unwrap();
    let wrong = Person {
        password: "not the password".into(),
        ..Person::new("alice")
    };
    let known = log_in(&Http::to(server.origin()), &wrong)
        .unwrap_err()
        .to_string();
    let unknown = log_in(&Http::to(server.origin()), &Person::new("nobody"))
        .unwrap_err()
        .to_string();
    assert_eq!(known, unknown);
    assert!(
        !server.log().contains("alice"),
        "the log names a person:\n{}",
        server.log()
    );
}

#[test]
fn a_message_above_the_limit_is_refused_before_anything_is_sent() {
    let (server, _data) = server();
    let http = Http::to(server.origin());
    let alice = sign_up(&http, &Person::new("alice")).unwrap();
    let text = "Well, Prince, so Genoa and Lucca are now just family estates.\n".repeat(600_000);
    let refusal =
        block_on(alice.send(letter("alice", "War and Peace", &text), |_| ())).unwrap_err();
    assert!(refusal.to_string().contains("large"), "{refusal}");
    assert!(rows(&alice, FolderRole::Sent).unwrap().is_empty());
}
