//! Malformed messages: each opens with something to read and a note of what was odd. A file is named for its fault.

use crate::support::{ALICE, BOB, Party, World, deliver};
use smail_mail_core::message::Note;
use smail_mail_core::views::{FolderRole, MessageRow, MessageView};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// What is said of each. No note: the fault is mended without a trace, or is an attachment's and said there.
const EXPECTED: &[(&str, &[Note])] = &[
    ("attachment-name-is-a-path", &[]),
    ("attachment-name-turned-around", &[]),
    ("attachment-type-is-none", &[]),
    ("author-address-in-name", &[Note::NoAuthor]),
    ("author-in-mixed-scripts", &[Note::DeceptiveAddress]),
    ("author-looks-like-a-known-one", &[]),
    ("author-missing", &[Note::NoAuthor]),
    ("author-name-turned-around", &[Note::HiddenCharacters]),
    ("author-several", &[Note::SeveralAuthors]),
    ("charset-not-said-and-not-ascii", &[Note::WrongCharset]),
    ("charset-says-latin-1-and-is-utf-8", &[Note::WrongCharset]),
    ("charset-says-utf-8-and-is-latin-1", &[Note::WrongCharset]),
    ("charset-unknown", &[Note::WrongCharset]),
    ("date-1970", &[Note::OddDate]),
    ("date-2099", &[Note::OddDate]),
    ("date-before-1970", &[Note::OddDate]),
    ("date-is-words", &[Note::OddDate]),
    ("date-missing", &[Note::NoDate]),
    ("header-lines-end-in-line-feeds", &[Note::RepeatedField]),
    ("header-only", &[Note::BrokenEncoding, Note::NoText]),
    ("header-without-colon", &[]),
    ("html-broken-base64", &[Note::BrokenEncoding]),
    ("html-with-too-many-tags", &[Note::HtmlTooLarge]),
    ("message-id-is-words", &[Note::OddMessageId]),
    ("message-id-twice", &[Note::OddMessageId]),
    ("multipart-boundary-nowhere", &[Note::NoParts]),
    (
        "multipart-cut-in-attachment",
        &[Note::BrokenEncoding, Note::CutOff],
    ),
    ("multipart-empty", &[Note::NoText]),
    (
        "multipart-never-closed",
        &[Note::BrokenEncoding, Note::CutOff],
    ),
    ("multipart-without-boundary", &[Note::NoParts]),
    ("nothing-in-the-body", &[Note::NoText]),
    ("quoted-printable-broken", &[]),
    ("recipients-ten-thousand", &[Note::ManyPeople]),
    ("subject-broken-encoded-word", &[]),
    ("subject-of-a-megabyte", &[Note::LongSubject]),
    ("subject-turned-around", &[Note::HiddenCharacters]),
    ("subject-twice", &[Note::RepeatedField]),
    ("text-holds-zero-bytes", &[Note::WrongCharset]),
    ("transfer-encoding-broken-base64", &[Note::BrokenEncoding]),
    ("transfer-encoding-unknown", &[]),
];

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/malformed");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

/// The row of a message of the corpus, which bob gets.
fn row_of(world: &Rc<RefCell<World>>, bob: &Party, name: &str) -> MessageRow {
    let message = files()
        .into_iter()
        .find(|file| file.file_stem().is_some_and(|stem| stem == name));
    let item_id = deliver(world, "bob", &std::fs::read(message.unwrap()).unwrap());
    let rows = bob.rows(FolderRole::Inbox);
    rows.into_iter().find(|row| row.id == item_id).unwrap()
}

/// Something that helps whoever opens it: what was written, or where nothing was, the subject.
fn is_useful(view: &MessageView) -> bool {
    let is_empty = view
        .notes
        .iter()
        .any(|note| note == Note::NoText.sentence());
    let text = view.text.to_lowercase();
    ["the meeting is at ten", "die sitzung ist um zehn"]
        .iter()
        .any(|written| text.contains(written))
        || !view.attachments.is_empty()
        || (is_empty && view.subject.contains("Minutes"))
}

#[test]
fn every_malformed_message_opens_with_something_useful_and_a_note() {
    let world = World::new();
    let (_alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let mut faults = Vec::new();
    let mut seen = Vec::new();
    for file in files() {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let item_id = deliver(&world, "bob", &std::fs::read(&file).unwrap());
        let row = bob
            .rows(FolderRole::Inbox)
            .into_iter()
            .find(|row| row.id == item_id)
            .unwrap();
        let view = bob.read(&row);
        let Some((_, notes)) = EXPECTED.iter().find(|(expected, _)| *expected == name) else {
            faults.push(format!("{name} is not expected"));
            continue;
        };
        let expected: Vec<&str> = notes.iter().map(|note| note.sentence()).collect();
        let mut read: Vec<&str> = view.notes.iter().map(String::as_str).collect();
        read.sort_unstable();
        let mut sorted = expected.clone();
        sorted.sort_unstable();
        if read != sorted {
            faults.push(format!("{name}: {read:?}, not {expected:?}"));
        }
        if row.fault.is_some() || !is_useful(&view) {
            faults.push(format!("{name}: nothing useful: {row:?} {view:?}"));
        }
        let hidden = ['\u{202e}', '\u{0}'];
        if format!("{}{}{}", view.subject, view.from.name, view.text).contains(hidden) {
            faults.push(format!("{name} holds what turns text around"));
        }
        seen.push(name);
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert_eq!(seen.len(), EXPECTED.len());
}

#[test]
fn parts_that_cannot_be_told_apart_or_have_no_end_are_shown_as_they_came() {
    let world = World::new();
    let bob = Party::sign_up(&world, BOB);
    for name in ["multipart-without-boundary", "multipart-never-closed"] {
        let row = row_of(&world, &bob, name);
        assert!(
            row.snippet.contains("The meeting is at ten."),
            "{name}: {row:?}"
        );
        assert_eq!(row.attachments, 0, "{name}");
        let view = bob.read(&row);
        assert!(view.text.contains("The meeting is at ten."), "{view:?}");
        assert!(view.attachments.is_empty(), "{:?}", view.attachments);
    }
}

#[test]
fn what_is_wrong_with_a_file_s_name_is_said_beside_it() {
    let world = World::new();
    let bob = Party::sign_up(&world, BOB);
    let attachment = |name: &str| {
        let row = row_of(&world, &bob, name);
        bob.read(&row).attachments.remove(0)
    };
    let path = attachment("attachment-name-is-a-path");
    assert_eq!(
        (path.name.as_str(), path.name_changed),
        ("authorized_keys", true)
    );
    let program = attachment("attachment-name-turned-around");
    assert_eq!(
        (program.name.as_str(), program.name_changed),
        ("planfdp.exe", true)
    );
    assert!(program.may_run);
    let untyped = attachment("attachment-type-is-none");
    assert_eq!(untyped.media_type, "application/octet-stream");
}

#[test]
fn an_address_that_looks_like_a_known_one_is_marked() {
    let world = World::new();
    let bob = Party::sign_up(&world, BOB);
    let item_id = deliver(&world, "bob", b"From: b0b@localhost\r\nSubject: x\r\n\r\ny");
    let rows = bob.rows(FolderRole::Inbox);
    let view = bob.read(rows.iter().find(|row| row.id == item_id).unwrap());
    let [warning] = &view.warnings[..] else {
        panic!("{:?}", view.warnings);
    };
    assert!(
        warning.text.contains("looks like bob@localhost"),
        "{}",
        warning.text
    );
}

#[test]
fn two_messages_with_one_message_id_are_two_messages() {
    let world = World::new();
    let bob = Party::sign_up(&world, BOB);
    let message = |text: &str| {
        let entity =
            format!("From: carol@example.org\r\nMessage-ID: <m@example.org>\r\n\r\n{text}");
        deliver(&world, "bob", entity.as_bytes())
    };
    let (first, second) = (message("one"), message("two"));
    let rows = bob.rows(FolderRole::Inbox);
    let text = |id: &str| bob.read(rows.iter().find(|row| row.id == id).unwrap()).text;
    assert_eq!(
        (text(&first).as_str(), text(&second).as_str()),
        ("one", "two")
    );
}
