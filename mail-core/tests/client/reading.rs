//! What a reader can do with a message that is open: its parts, its source, what it may fetch, and the next one.

use crate::support::{ALICE, BOB, Party, World, deliver, draft, only_row};
use futures_executor::block_on;
use smail_mail_core::CodedError;
use smail_mail_core::message::parse;
use smail_mail_core::views::{BodyView, FolderRole, RemoteContent};

const FORMATTED: &str = "From: carol@example.org\r\nSubject: Plan\r\n\
    Content-Type: multipart/mixed; boundary=m\r\n\r\n\
    --m\r\nContent-Type: multipart/related; boundary=r\r\n\r\n\
    --r\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n\
    --a\r\nContent-Type: text/plain\r\n\r\nplain\r\n\
    --a\r\nContent-Type: text/html\r\n\r\n<p>formatted <img src=\"cid:p@x\"></p>\r\n--a--\r\n\
    --r\r\nContent-Type: image/png\r\nContent-ID: <p@x>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--r--\r\n\
    --m\r\nContent-Type: application/pdf; name=plan.pdf\r\n\r\n%PDF\r\n--m--\r\n";

#[test]
fn a_formatted_message_gives_its_forms_its_pictures_and_its_files() {
    let world = World::new();
    let bob = Party::sign_up(&world, BOB);
    let id = deliver(&world, "bob", FORMATTED.as_bytes());
    let row = only_row(bob.rows(FolderRole::Inbox));
    assert_eq!(row.attachments, 1, "the picture in the text is not counted");
    let view = bob.read(&row);
    assert_eq!(view.text.trim_end(), "plain");
    let [BodyView::Html { html }] = &view.formatted[..] else {
        panic!("{:?}", view.formatted);
    };
    assert!(html.contains("cid:p@x"));
    let names: Vec<&str> = view
        .attachments
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    assert_eq!(names, ["attachment-1.png", "plan.pdf"]);
    assert_eq!(view.attachments[0].content_id.as_deref(), Some("p@x"));

    let downloads = bob.wire.asked("GET /api/v1/blobs");
    let octets = |index| block_on(bob.client.attachment(&id, index, |_| {}));
    assert_eq!(octets(0).unwrap(), b"\x89PNG\r\n\x1a\n");
    assert_eq!(octets(1).unwrap(), b"%PDF");
    assert_eq!(octets(2).unwrap_err().code(), "no-such-attachment");
    let source = block_on(bob.client.source(&id)).unwrap();
    assert_eq!(source, FORMATTED.as_bytes());
    assert_eq!(
        bob.wire.asked("GET /api/v1/blobs"),
        downloads,
        "nothing is downloaded twice"
    );
}

#[test]
fn the_next_message_is_opened_ahead_and_stays_unread() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    alice.send(draft(&["bob"], "one", "t")).unwrap();
    let row = only_row(bob.rows(FolderRole::Inbox));
    block_on(bob.client.prefetch(&row.id));
    assert!(only_row(bob.rows(FolderRole::Inbox)).unread);
    let asked = bob.wire.log.borrow().len();
    let view = block_on(bob.client.view(&row.id, |_| {})).unwrap();
    assert_eq!(view.text, "t");
    assert_eq!(
        bob.wire.log.borrow().len(),
        asked,
        "reading waits for nothing"
    );
    block_on(bob.client.mark_read(&row.id));
    assert!(!only_row(bob.rows(FolderRole::Inbox)).unread);

    // Once it was shown, who wrote it is judged anew.
    let downloads = bob.wire.asked("GET /api/v1/blobs");
    bob.read(&row);
    assert_eq!(bob.wire.asked("GET /api/v1/blobs"), downloads + 1);
}

#[test]
fn remote_content_is_shown_for_senders_who_signed_and_were_allowed() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    alice.send(draft(&["bob"], "signed", "t")).unwrap();
    let signed = only_row(bob.rows(FolderRole::Inbox));
    assert_eq!(bob.read(&signed).remote_content, RemoteContent::Ask);
    block_on(bob.client.show_remote_content("Alice@localhost", true)).unwrap();
    assert_eq!(bob.read(&signed).remote_content, RemoteContent::Show);

    let forged = deliver(
        &world,
        "bob",
        b"From: alice@localhost\r\nSubject: forged\r\n\r\nt",
    );
    let rows = bob.rows(FolderRole::Inbox);
    let forged = rows.iter().find(|row| row.id == forged).unwrap();
    assert_eq!(bob.read(forged).remote_content, RemoteContent::AskEachTime);

    let elsewhere = Party::log_in(&world, BOB).unwrap();
    assert_eq!(
        elsewhere.client.remote_content_senders().unwrap(),
        ["alice@localhost"]
    );
    block_on(
        elsewhere
            .client
            .show_remote_content("alice@localhost", false),
    )
    .unwrap();
    block_on(bob.client.sync()).unwrap();
    assert_eq!(bob.read(&signed).remote_content, RemoteContent::Ask);
}

#[test]
fn the_details_say_who_signed_when_and_with_what() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    alice.send(draft(&["bob"], "one", "t")).unwrap();
    let security = bob.read(&only_row(bob.rows(FolderRole::Inbox))).security;
    let signed_at_ms = security.signed_at_ms.unwrap();
    assert!(
        (1_795_324_800_000.0..1_795_324_900_000.0).contains(&signed_at_ms),
        "{signed_at_ms}"
    );
    assert!(
        security
            .signed_with
            .unwrap()
            .starts_with("Ed25519 with SHA-")
    );
    assert_eq!(
        security.encrypted_with.as_deref(),
        Some("AES-256 with GCM; session key by ML-KEM-768 with X25519")
    );
}

/// What mail was written in before UTF-8: the name of the character set, a text in it as base64, and what that says.
const OLD_CHARSETS: [(&str, &str, &str); 9] = [
    ("iso-2022-jp", "GyRCRWw1fkVUJE5FNzUkGyhC", "東京都の天気"),
    ("shift_jis", "k4yLnpNzgsyTVotD", "東京都の天気"),
    ("euc-jp", "xey1/sXUpM7Ft7Wk", "東京都の天気"),
    ("gb2312", "sbG+qbXEzOzG+A==", "北京的天气"),
    ("gb18030", "sbG+qbXEzOzG+A==", "北京的天气"),
    ("big5", "pXilX6q6pNGu8A==", "台北的天氣"),
    ("euc-kr", "vK2/78DHILOvvr4=", "서울의 날씨"),
    ("koi8-r", "8M/Hz8TBINcg7c/Ty9fF", "Погода в Москве"),
    (
        "windows-1256",
        "x+HY3tMg3e0gx+Hex+XRyQ==",
        "الطقس في القاهرة",
    ),
];

#[test]
fn mail_of_before_utf_8_is_read_whatever_its_characters() {
    for (charset, base64, text) in OLD_CHARSETS {
        let message = format!(
            "From: =?{charset}?B?{base64}?= <a@example.org>\r\nDate: Sat, 28 Nov 2026 12:00:00 +0000\r\nSubject: =?{charset}?B?{base64}?=\r\n\
             Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n{base64}\r\n"
        );
        let read = parse(message.as_bytes()).unwrap();
        let shown = (
            read.from.name.as_str(),
            read.subject.as_str(),
            read.text.trim_end(),
        );
        assert_eq!(shown, (text, text, text), "{charset}");
        assert_eq!(read.notes, [], "{charset}");
    }
}
