//! Mail taken in from files: what comes in and how it is filed, what comes once only, and what goes wrong on the way.

use crate::support::{ALICE, BOB, Fault, Harm, Party, World, draft, only_row};
use futures_executor::block_on;
use smail_mail_core::transport::Method;
use smail_mail_core::views::{
    FolderRole, ImportOptions, ImportOutcome, ImportPhase, ImportProgress,
};
use smail_mail_core::{CodedError, FileSource, FileUnreadable, ImportWatch, SearchRequest};
use smail_protocol::ProblemCode;
use std::cell::{Cell, RefCell};

const LINE: &str = "From bob@example.org Wed Jan  3 01:05:34 1996\n";

/// A message of an mbox.
fn message(number: u32, more: &str) -> String {
    format!(
        "{LINE}Message-ID: <{number}@example.org>\nFrom: Bob <bob@example.org>\nTo: alice@localhost\n\
         Subject: message {number}\nDate: Tue, 2 Jan 1996 12:00:{:02} +0000\n{more}\nText {number}.\n\n",
        number % 60
    )
}

fn mbox(numbers: std::ops::Range<u32>) -> String {
    numbers.map(|number| message(number, "")).collect()
}

/// Keeps what it was told, and cancels once so many are in.
#[derive(Default)]
struct Watch {
    told: RefCell<Vec<ImportProgress>>,
    cancel_at: Cell<Option<u32>>,
}

impl ImportWatch for Watch {
    fn progress(&self, progress: &ImportProgress) {
        self.told.borrow_mut().push(progress.clone());
    }

    fn is_cancelled(&self) -> bool {
        let told = self.told.borrow();
        let imported = told.last().map_or(0, |progress| progress.imported);
        self.cancel_at.get().is_some_and(|at| imported >= at)
    }
}

impl Party {
    fn import_into(&self, role: FolderRole, files: &[&str], watch: &Watch) -> ImportOutcome {
        let files: Vec<&[u8]> = files.iter().map(|file| file.as_bytes()).collect();
        let options = ImportOptions {
            folder_id: self.folder(role),
            gmail_labels: true,
        };
        block_on(self.client.import(&files, &options, watch)).unwrap()
    }

    fn import(&self, files: &[&str]) -> ImportOutcome {
        self.import_into(FolderRole::Archive, files, &Watch::default())
    }
}

/// Imported, duplicates, deleted, set aside.
fn numbers(outcome: &ImportOutcome) -> (u32, u32, u32, u32) {
    let reached = &outcome.reached;
    (
        reached.imported,
        reached.duplicates,
        reached.deleted,
        reached.set_aside,
    )
}

fn stop_code(outcome: &ImportOutcome) -> Option<&str> {
    outcome.stopped.as_ref().map(|stop| stop.code.as_str())
}

#[test]
fn an_mbox_comes_in_as_it_was_filed() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let file = message(1, "Status: O\n")
        + &message(2, "Status: RO\nX-Status: F\n")
        + &message(3, "X-Mozilla-Status: 0009\n")
        + &message(4, "Received: by x; Thu, 4 Jan 1996 08:00:00 +0000\n");
    let outcome = alice.import(&[&file]);
    assert_eq!(numbers(&outcome), (3, 0, 1, 0));
    assert_eq!(outcome.stopped, None);
    let rows = alice.rows(FolderRole::Archive);
    let shown: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row.subject.as_str(),
                row.unread,
                row.starred,
                row.arrival_ms,
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("message 4", false, false, 820_742_400_000.0),
            ("message 2", false, true, 820_584_002_000.0),
            ("message 1", true, false, 820_584_001_000.0),
        ]
    );
    let view = alice.read(&rows[0]);
    assert_eq!(
        (view.text.as_str(), view.from.address.as_str()),
        ("Text 4.\n", "bob@example.org")
    );
    // It was encrypted here: how it came is not known, and nobody vouches for it.
    assert!(!view.security.encrypted && view.security.encrypted_with.is_none());
    let said = "Brought in from a file: how it came there is not known. Not signed: anyone could have written this in the sender's name.";
    assert_eq!(view.security.text, said);
    // What the server has cannot be read.
    let is_readable = |blob: &Vec<u8>| blob.windows(6).any(|window| window == b"Text 4");
    assert!(!world.borrow().blobs.values().any(is_readable));
}

#[test]
fn a_message_alone_comes_in_and_keeps_its_octets() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let eml = "From: bob@example.org\r\nMessage-ID: <one@x>\r\nSubject: alone\r\n\r\n>From the start\r\nend\r\n";
    assert_eq!(numbers(&alice.import(&[eml])), (1, 0, 0, 0));
    let row = only_row(alice.rows(FolderRole::Archive));
    let source = block_on(alice.client.source(&row.id)).unwrap();
    assert_eq!(source, eml.as_bytes());
}

#[test]
fn a_message_without_a_date_is_of_when_it_came_to_its_file() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let file = format!("{LINE}From: bob@example.org\nSubject: undated\n\nText\n");
    assert_eq!(numbers(&alice.import(&[&file])), (1, 0, 0, 0));
    let row = only_row(alice.rows(FolderRole::Archive));
    assert_eq!(
        (row.date_ms, row.arrival_ms),
        (820_631_134_000.0, 820_631_134_000.0)
    );
    assert_eq!(alice.read(&row).date_ms, 820_631_134_000.0);
}

/// The list, the message and the search say the same of it.
#[test]
fn a_date_that_cannot_be_right_is_none() {
    for date in ["1 Jan 1970 00:00:00 +0000", "1 Jan 2099 00:00:00 +0000"] {
        let world = World::new();
        let alice = Party::sign_up(&world, ALICE);
        let file = format!("{LINE}From: bob@example.org\nSubject: clock\nDate: {date}\n\nText\n");
        assert_eq!(numbers(&alice.import(&[&file])), (1, 0, 0, 0));
        let row = only_row(alice.rows(FolderRole::Archive));
        assert_eq!(row.date_ms, 820_631_134_000.0, "{date}");
        let again = Party::log_in(&world, ALICE).unwrap();
        while !block_on(again.client.index_step()).unwrap().done {}
        let found = |query: &str| {
            let request = SearchRequest {
                query: query.to_owned(),
                limit: 10,
                utc_offset_min: 0,
            };
            block_on(again.client.search(&request)).unwrap().hits.len()
        };
        assert_eq!(
            (found("after:1996-01-02 before:1996-01-04"), found("clock")),
            (1, 1),
            "{date}"
        );
        let read = alice.read(&row);
        assert_eq!(read.date_ms, 820_631_134_000.0, "{date}");
        assert!(
            read.notes
                .iter()
                .any(|note| note.contains("cannot be right")),
            "{:?}",
            read.notes
        );
        assert_eq!(numbers(&alice.import(&[&file])), (0, 1, 0, 0), "{date}");
    }
}

#[test]
fn nothing_comes_twice() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    bob.send(draft(&["alice"], "came by itself", "text"))
        .unwrap();
    let row = only_row(alice.rows(FolderRole::Inbox));
    let came = String::from_utf8(block_on(alice.client.source(&row.id)).unwrap()).unwrap();

    let file = mbox(0..5) + &mbox(0..5) + &message(5, "");
    assert_eq!(numbers(&alice.import(&[&file, &came])), (6, 6, 0, 0));
    // On another device, which has to look first; the line ends are others, and a program has added fields.
    let again = Party::log_in(&world, ALICE).unwrap();
    let other = file
        .replace("Subject:", "X-Mozilla-Keys: a\nSubject:")
        .replace('\n', "\r\n");
    assert_eq!(numbers(&again.import(&[&other])), (0, 11, 0, 0));
    assert_eq!(again.rows(FolderRole::Archive).len(), 6);

    // The same id with other words is another message, and so is an id that somebody has taken.
    let list_copy = message(1, "").replace("Text 1.", "Text 1.\n--\nthe list");
    let taken = came.replace("bob@", "mallory@");
    assert_eq!(numbers(&again.import(&[&list_copy, &taken])), (2, 0, 0, 0));
}

#[test]
fn what_was_thrown_away_here_may_come_again() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    alice.import(&[&mbox(0..1)]);
    let row = only_row(alice.rows(FolderRole::Archive));
    block_on(
        alice
            .client
            .move_to(&row.id, &alice.folder(FolderRole::Trash)),
    )
    .unwrap();
    assert_eq!(numbers(&alice.import(&[&mbox(0..1)])), (1, 0, 0, 0));
}

#[test]
fn broken_ones_are_set_aside_with_the_reason() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let parts = "Content-Type: text/plain\n".repeat(300);
    let file = message(1, "")
        + LINE
        + "\n"
        + LINE
        + "no header at all\n\n"
        + &message(2, &parts)
        + &message(3, "");
    let outcome = alice.import(&[&file, ""]);
    assert_eq!(numbers(&outcome), (2, 0, 0, 4));
    let told: Vec<_> = outcome
        .problems
        .iter()
        .map(|problem| {
            (
                problem.file,
                problem.number,
                problem.subject.as_str(),
                problem.code.as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (0, 2, "", "not-a-message"),
            (0, 3, "", "not-a-message"),
            (0, 4, "message 2", "message-too-complex"),
            (1, 1, "", "not-a-message"),
        ]
    );
}

/// Nothing of it would be a message: neither of a zip file, nor of any other.
#[test]
fn a_file_that_holds_no_message_is_set_aside() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let zip = "PK\u{3}\u{4}\u{14}\0\0\0Inbox/1.eml: x\r\nFrom: bob@localhost\r\n\r\ntext";
    let prose = "Dear all: this is no mail.\n\nFrom: bob@localhost\n\ntext";
    let outcome = alice.import(&[zip, prose, "\u{feff}\r\nFrom: bob@localhost\r\n\r\ntext"]);
    assert_eq!(numbers(&outcome), (1, 0, 0, 2));
    let codes = outcome.problems.iter().map(|problem| problem.code.as_str());
    assert_eq!(
        codes.collect::<Vec<_>>(),
        ["not-a-message", "not-a-message"]
    );
}

#[test]
fn every_malformed_message_of_the_corpus_comes_in_or_is_told_of() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/malformed");
    let mut file = Vec::new();
    let mut count = 0;
    let mut paths: Vec<_> = std::fs::read_dir(corpus)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        file.extend_from_slice(LINE.as_bytes());
        file.extend(std::fs::read(path).unwrap());
        file.extend_from_slice(b"\n\n");
        count += 1;
    }
    let options = ImportOptions {
        folder_id: alice.folder(FolderRole::Archive),
        gmail_labels: false,
    };
    let outcome = block_on(alice.client.import(&[file.as_slice()], &options, &())).unwrap();
    let (imported, duplicates, _, set_aside) = numbers(&outcome);
    // Some are the same message, broken in another field.
    assert_eq!(
        (imported + duplicates, set_aside),
        (count, 0),
        "{:?}",
        outcome.problems
    );
    assert!(imported > 30);
}

#[test]
fn labels_and_places_of_google_s_archives() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let file = message(1, "X-Gmail-Labels: Inbox,Family,Unread,Category Updates\n")
        + &message(2, "X-Gmail-Labels: =?UTF-8?Q?Sent,B=C3=BCcher,family?=\n")
        + &message(3, "X-Gmail-Labels: Spam\n");
    assert_eq!(numbers(&alice.import(&[&file])), (3, 0, 0, 0));
    let labels = alice.client.labels().unwrap();
    let names: Vec<_> = labels.iter().map(|label| label.name.as_str()).collect();
    assert_eq!(names, ["Family", "Bücher"]);
    let first = only_row(alice.rows(FolderRole::Archive));
    assert_eq!(
        (first.labels, first.unread),
        (vec![labels[0].id.clone()], true)
    );
    let sent = only_row(alice.rows(FolderRole::Sent));
    assert_eq!(sent.labels, [labels[1].id.clone(), labels[0].id.clone()]);
    assert_eq!(only_row(alice.rows(FolderRole::Spam)).subject, "message 3");
}

#[test]
fn a_full_account_ends_it_and_the_same_file_goes_on() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let watch = Watch::default();
    let file = mbox(0..450);
    // After 300 uploads there is no more room.
    alice.wire.harm(Fault {
        method: Method::Post,
        path: "/api/v1/blobs",
        harm: Harm::Status(503, Some(1)),
        times: 3,
    });
    watch.cancel_at.set(Some(300));
    let cancelled = alice.import_into(FolderRole::Archive, &[&file], &watch);
    assert_eq!(stop_code(&cancelled), Some("cancelled"));
    assert!((300..310).contains(&cancelled.reached.imported));

    alice.wire.harm(Fault {
        method: Method::Post,
        path: "/api/v1/blobs",
        harm: Harm::Refused(ProblemCode::QuotaExceeded, 507),
        times: u32::MAX,
    });
    let full = alice.import(&[&file]);
    assert_eq!(stop_code(&full), Some("quota-exceeded"));
    assert_eq!(full.reached.imported, cancelled.reached.imported);

    // Later, on another device: it goes on where it was.
    let again = Party::log_in(&world, ALICE).unwrap();
    let uploads = again.wire.asked("POST /api/v1/blobs");
    let rest = again.import(&[&file]);
    assert_eq!((numbers(&rest), stop_code(&rest)), ((450, 0, 0, 0), None));
    assert_eq!(
        again.wire.asked("POST /api/v1/blobs") - uploads,
        450 - full.reached.imported as usize
    );
    // And from the beginning, once it has come to its end.
    assert_eq!(numbers(&again.import(&[&file])), (0, 450, 0, 0));
}

#[test]
fn a_lost_connection_is_waited_for_and_lost_answers_bring_nothing_twice() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    for (method, path, harm) in [
        (Method::Post, "/api/v1/blobs", Harm::Offline),
        (Method::Put, "/api/v1/items", Harm::AnswerLost),
        (Method::Put, "/api/v1/items", Harm::Status(429, Some(60))),
    ] {
        alice.wire.harm(Fault {
            method,
            path,
            harm,
            times: 9,
        });
    }
    let watch = Watch::default();
    let outcome = alice.import_into(FolderRole::Archive, &[&mbox(0..20)], &watch);
    assert_eq!(
        (numbers(&outcome), stop_code(&outcome)),
        ((20, 0, 0, 0), None)
    );
    assert_eq!(alice.rows(FolderRole::Archive).len(), 20);
    assert!(watch.told.borrow().iter().any(|progress| progress.waiting));
    assert!(!outcome.reached.waiting);
}

#[test]
fn two_thousand_messages_are_told_of_as_they_come() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let watch = Watch::default();
    let file = mbox(0..2_000);
    let outcome = alice.import_into(FolderRole::Archive, &[&file], &watch);
    assert_eq!(numbers(&outcome), (2_000, 0, 0, 0));
    let told = watch.told.borrow();
    assert!(told.len() > 200);
    assert!(
        told.windows(2)
            .all(|pair| pair[0].done_bytes <= pair[1].done_bytes)
    );
    assert!(
        told.windows(2)
            .all(|pair| pair[0].imported <= pair[1].imported)
    );
    let last = told.last().unwrap();
    assert_eq!(
        (last.done_bytes, last.phase),
        (file.len() as f64, ImportPhase::Bringing)
    );
    assert_eq!(last.total_bytes, file.len() as f64);
}

#[test]
fn what_was_brought_is_found_without_being_fetched_again() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    alice.import(&[&mbox(0..3)]);
    while !block_on(alice.client.index_step()).unwrap().done {}
    assert_eq!(alice.wire.asked("GET /api/v1/blobs"), 0);
}

#[test]
fn a_folder_that_is_none_is_refused() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    for (folder_id, code) in [
        ("x".to_owned(), "malformed-id"),
        ("0".repeat(32), "folder-gone"),
    ] {
        let options = ImportOptions {
            folder_id,
            gmail_labels: false,
        };
        let files = [&b"From: a@b\r\n\r\n"[..]];
        let refused = block_on(alice.client.import(&files, &options, &())).unwrap_err();
        assert_eq!(refused.code(), code);
    }
}

#[test]
fn a_file_that_breaks_off_is_told_of_and_what_came_is_kept() {
    struct Breaking(String);
    impl FileSource for Breaking {
        fn size_bytes(&self) -> u64 {
            self.0.len() as u64 + 5_000_000
        }
        async fn read(&self, at: u64, bytes: usize) -> Result<Vec<u8>, FileUnreadable> {
            let at = at as usize;
            if at > 4_000_000 {
                return Ok(Vec::new()); // the file's end, by which it is known again
            }
            let text = self.0.as_bytes().get(at..).ok_or(FileUnreadable)?;
            Ok(text[..bytes.min(text.len())].to_vec())
        }
    }
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let options = ImportOptions {
        folder_id: alice.folder(FolderRole::Archive),
        gmail_labels: false,
    };
    let long = "A line of a message.\n".repeat(1_000);
    let messages = (0..80).map(|number| message(number, "") + &long + "\n");
    let file = Breaking(messages.collect());
    assert!(file.0.len() > 1_100_000 && file.0.len() < 2_000_000);
    let outcome = block_on(alice.client.import(&[file], &options, &())).unwrap();
    assert!((40..80).contains(&outcome.reached.imported));
    assert_eq!(outcome.problems[0].code, "file-unreadable");
}
