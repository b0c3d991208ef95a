//! Invariant I3 with native clients: what people write is found nowhere on the server. The browser has its own run.

use futures_executor::block_on;
use rand::rngs::OsRng;
use rand::{Rng as _, distributions::Alphanumeric};
use smail_mail_core::views::{Draft, FolderRole, LabelColour, Operation, QuoteWords};
use smail_mail_core::{Client, Env, FlagChange, Recover};
use smail_tests::http::Http;
use smail_tests::people::{Person, folder, rows, sign_up};
use smail_tests::recorder::Recorder;
use smail_tests::scan::{Canaries, Places, scan};
use smail_tests::server::Server;

const LEAST_BYTES: u64 = 1_000;

/// A text like no other; it has a blank and a letter outside ASCII, which encodings treat each in their own way.
fn canary(what: &str) -> String {
    let random: String = OsRng
        .sample_iter(Alphanumeric)
        .take(18)
        .map(char::from)
        .collect();
    format!("{what} ü {random}")
}

/// Puts a canary through every feature there is.
fn live(origin: &str) -> Canaries {
    let mut canaries = Canaries::new();
    let mut new = |what: &str| {
        let text = canary(what);
        canaries.insert(what.into(), text.clone());
        text
    };
    let (for_alice, for_bob) = (Http::to(origin), Http::to(origin));
    let alice = Person {
        password: new("password"),
        username: "alice".into(),
    };
    let client = sign_up(&for_alice, &alice).unwrap();
    let bob = sign_up(&for_bob, &Person::new("bob")).unwrap();

    let letter = Draft {
        to: vec!["bob".into()],
        cc: vec!["alice".into()],
        subject: new("subject"),
        text: new("body"),
        ..Draft::default()
    };
    block_on(client.send(letter, |_| ())).unwrap();
    let row = rows(&bob, FolderRole::Inbox).unwrap()[0].clone();
    block_on(bob.read(&row.id, |_| ())).unwrap();
    let mut reply = block_on(bob.reply_draft(&row.id, &QuoteWords::default())).unwrap();
    reply.text = new("reply");
    block_on(bob.send(reply, |_| ())).unwrap();
    block_on(bob.set_flags(
        &row.id,
        FlagChange {
            starred: Some(true),
            ..FlagChange::default()
        },
    ))
    .unwrap();
    block_on(bob.move_to(&row.id, &folder(&bob, FolderRole::Archive).unwrap().id)).unwrap();

    let work = block_on(bob.make_folder(&new("folder"), None)).unwrap();
    let inside = block_on(bob.make_folder(&new("folder inside"), Some(&work.id))).unwrap();
    block_on(bob.rename_folder(&inside.id, &new("folder renamed"))).unwrap();
    let label = block_on(bob.make_label(&new("label"), LabelColour::Blue)).unwrap();
    let one = [row.id.clone()];
    for operation in [
        Operation::Move {
            folder_id: inside.id,
        },
        Operation::Label { label_id: label.id },
        Operation::Trash,
        Operation::Restore,
    ] {
        block_on(bob.organise(&one, &operation, None)).unwrap();
    }

    let mut draft = Draft {
        subject: new("draft subject"),
        text: new("draft"),
        ..Draft::default()
    };
    draft.id = Some(block_on(client.save_draft(draft.clone())).unwrap().id);
    block_on(client.save_draft(draft)).unwrap();
    block_on(client.sync()).unwrap();

    let new_password = new("new password");
    block_on(client.change_password(&alice.password, &new_password, |_| ())).unwrap();
    let code = block_on(client.make_recovery_kit(|_| ()))
        .unwrap()
        .code
        .to_string();
    let recovered_password = new("recovered password");
    let who = Recover {
        username: "alice",
        recovery_code: &code,
        new_password: &recovered_password,
    };
    let later = Http::to(origin);
    let recovered = block_on(Client::recover(Env::new(&later, OsRng), &who, |_| ())).unwrap();
    rows(&recovered, FolderRole::Sent).unwrap();
    let bare: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    canaries.extend([
        ("recovery code".into(), code),
        ("recovery code, bare".into(), bare),
    ]);
    canaries
}

#[test]
fn nothing_readable_rests_or_leaks() {
    let data = tempfile::tempdir().unwrap();
    let kept = tempfile::tempdir().unwrap();
    let server = Server::start(data.path()).unwrap();
    let recorder = Recorder::before(server.origin()).unwrap();
    let canaries = live(recorder.origin());

    let (log, traffic) = (kept.path().join("log"), kept.path().join("traffic"));
    std::fs::write(&log, server.log()).unwrap();
    std::fs::create_dir(&traffic).unwrap();
    recorder.write_to(&traffic).unwrap();
    let places = Places {
        data: Some(data.path().into()),
        log: Some(log),
        traffic: Some(traffic.clone()),
        pid: Some(server.pid()),
    };
    let live = scan(&canaries, &places).unwrap();
    assert!(live.findings.is_empty(), "{:#?}", live.findings);
    for searched in live.searched {
        assert!(
            searched.bytes > LEAST_BYTES || searched.place == "log",
            "{searched:?} proves nothing"
        );
    }

    // The same scan finds what passes in the clear by design.
    let known = [("address".to_owned(), "alice@localhost".to_owned())].into();
    let certificate = Places {
        data: Some(data.path().into()),
        traffic: Some(traffic),
        ..Places::default()
    };
    assert!(!scan(&known, &certificate).unwrap().findings.is_empty());

    server.kill().unwrap();
    let stopped = scan(
        &canaries,
        &Places {
            data: Some(data.path().into()),
            ..Places::default()
        },
    )
    .unwrap();
    assert!(stopped.findings.is_empty(), "{:#?}", stopped.findings);
}
