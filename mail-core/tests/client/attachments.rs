//! Attachments: brought up piece by piece, named by drafts and messages, passed on, fetched and checked.

use crate::support::{
    ALICE, BOB, Fault, Harm, MAX_ATTACHMENT_BYTES, Party, World, deliver, draft, only_row,
};
use futures_executor::block_on;
use smail_mail_core::transport::Method;
use smail_mail_core::views::{Draft, DraftAttachment, FolderRole, MessageRow, QuoteWords};
use smail_mail_core::{
    CodedError, FileSource, FileUnreadable, NewAttachment, TransferError, TransferWatch,
};
use std::cell::{Cell, RefCell};

const PIECE_BYTES: usize = 4 * 1024 * 1024;

fn octets(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|at| (at * 7 + at / 251) as u8).collect()
}

fn new(name: &str) -> NewAttachment {
    NewAttachment {
        name: name.to_owned(),
        media_type: "application/pdf".to_owned(),
    }
}

/// Keeps what it was told, and cancels once so much is done.
#[derive(Default)]
struct Watch {
    told: RefCell<Vec<(u64, bool)>>,
    cancel_at: Cell<Option<u64>>,
}

impl TransferWatch for Watch {
    fn progress(&self, done_bytes: u64, waiting: bool) {
        self.told.borrow_mut().push((done_bytes, waiting));
    }

    fn is_cancelled(&self) -> bool {
        let done = self.told.borrow().last().map_or(0, |told| told.0);
        self.cancel_at.get().is_some_and(|at| done >= at)
    }
}

impl Party {
    fn attach(&self, octets: &[u8], name: &str) -> Result<DraftAttachment, TransferError> {
        block_on(self.client.attach(octets, &new(name), &()))
    }

    fn fetch(&self, attachment: &DraftAttachment) -> Result<Vec<u8>, TransferError> {
        let mut fetched = Vec::new();
        let take = |octets: &[u8]| fetched.extend_from_slice(octets);
        block_on(self.client.fetch_attachment(attachment, &(), take))?;
        Ok(fetched)
    }

    /// What a message has, as who passes it on gets it.
    fn attachments(&self, row: &MessageRow) -> Vec<DraftAttachment> {
        block_on(self.client.forward_draft(&row.id, &QuoteWords::default()))
            .unwrap()
            .attachments
    }
}

fn with(attachments: Vec<DraftAttachment>) -> Draft {
    Draft {
        attachments,
        ..draft(&["bob"], "files", "here")
    }
}

#[test]
fn files_arrive_as_they_were_and_can_be_passed_on() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let files = [
        octets(1),
        octets(PIECE_BYTES - 200),
        octets(2 * PIECE_BYTES + 77),
    ];
    let attached: Vec<_> = files
        .iter()
        .zip(["a.pdf", "../b.pdf", "c.pdf"])
        .map(|(file, name)| alice.attach(file, name).unwrap())
        .collect();
    alice.send(with(attached)).unwrap();
    assert_eq!(only_row(alice.rows(FolderRole::Sent)).attachments, 3);

    let row = only_row(bob.rows(FolderRole::Inbox));
    assert_eq!(row.attachments, 3);
    let received = bob.attachments(&row);
    let names: Vec<_> = received.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["a.pdf", "b.pdf", "c.pdf"]);
    let view = block_on(bob.client.read(&row.id, |_| {})).unwrap();
    for (shown, file) in view.attachments.iter().zip(&files) {
        assert_eq!(shown.size_bytes, file.len() as f64);
        let octets = block_on(bob.client.attachment(&row.id, shown.index, |_| {})).unwrap();
        assert!(octets == *file);
    }
    assert_eq!(view.attachments[1].name, "b.pdf");
    for (attachment, file) in received.iter().zip(&files) {
        assert_eq!(attachment.size_bytes, file.len() as f64);
        assert_eq!(attachment.media_type, "application/pdf");
        assert!(bob.fetch(attachment).unwrap() == *file);
    }

    // Passed on without a fetch: the same blobs, and nothing goes up but the message.
    let asked = bob.wire.asked("GET /api/v1/blobs");
    let forward = block_on(bob.client.forward_draft(&row.id, &QuoteWords::default())).unwrap();
    bob.send(Draft {
        to: vec!["alice".into()],
        ..forward
    })
    .unwrap();
    // Nor is the message, which was opened just now.
    assert_eq!(bob.wire.asked("GET /api/v1/blobs"), asked);
    assert_eq!(bob.wire.asked("POST /api/v1/blobs"), 1);
    let forwarded = only_row(alice.rows(FolderRole::Inbox));
    let [.., last] = &alice.attachments(&forwarded)[..] else {
        panic!()
    };
    assert!(alice.fetch(last).unwrap() == files[2]);
}

#[test]
fn a_lost_connection_costs_one_piece() {
    let world = World::new();
    let (alice, _bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let file = octets(2 * PIECE_BYTES + 1);
    let watch = Watch::default();
    // Longer than one call tries by itself: of the second piece.
    let fault = |harm, times| Fault {
        method: Method::Post,
        path: "/api/v1/blobs",
        harm,
        times,
    };
    alice.wire.harm(fault(Harm::Offline, 9));
    let attached = block_on(alice.client.attach(&file[..], &new("x"), &watch)).unwrap();
    assert_eq!(alice.wire.asked("POST /api/v1/blobs"), 3 + 9);
    let told = watch.told.borrow();
    assert_eq!(told.iter().filter(|(_, waiting)| *waiting).count(), 2);
    assert_eq!(told.last(), Some(&(file.len() as u64, false)));
    assert!(told.iter().map(|it| it.0).is_sorted());
    assert!(alice.fetch(&attached).unwrap() == file);
    // What the server has given up is told of, and is no lost draft.
    world.borrow_mut().blobs.clear();
    for error in [
        block_on(alice.client.save_draft(with(vec![attached.clone()])))
            .unwrap_err()
            .to_string(),
        alice
            .send(with(vec![attached.clone()]))
            .unwrap_err()
            .to_string(),
    ] {
        assert!(error.contains("no longer on the server"), "{error}");
    }
    // A session that has ended is no such thing.
    alice.wire.drop_cookie();
    assert_eq!(alice.attach(b"x", "x").unwrap_err().code(), "no-session");
}

#[test]
fn what_is_cancelled_leaves_nothing() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let watch = Watch::default();
    watch.cancel_at.set(Some(PIECE_BYTES as u64));
    let before = world.borrow().blobs.len();
    let file = octets(2 * PIECE_BYTES + 1);
    let error = block_on(alice.client.attach(&file[..], &new("x"), &watch)).unwrap_err();
    assert_eq!(error.code(), "cancelled");
    assert_eq!(alice.wire.asked("POST /api/v1/blobs"), 1);
    assert_eq!(world.borrow().blobs.len(), before);
    // Removed before it was in any draft.
    let attached = alice.attach(&octets(9), "x").unwrap();
    block_on(alice.client.detach(&attached)).unwrap();
    assert_eq!(world.borrow().blobs.len(), before);
}

#[test]
fn a_draft_keeps_its_files_across_sessions() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let attached = alice.attach(&octets(20), "kept.pdf").unwrap();
    let row = block_on(alice.client.save_draft(with(vec![attached]))).unwrap();
    assert_eq!(row.attachments, 1);
    let item_id = row.id.parse().unwrap();
    assert_eq!(world.borrow_mut().data("alice").parts[&item_id].len(), 1);

    let other = Party::log_in(&world, ALICE).unwrap();
    let folder = other.folder(FolderRole::Archive);
    block_on(other.client.move_to(&row.id, &folder)).unwrap();
    assert_eq!(world.borrow_mut().data("alice").parts[&item_id].len(), 1);
    let opened = block_on(other.client.open_draft(&row.id)).unwrap();
    assert_eq!(opened.attachments[0].name, "kept.pdf");
    other.send(opened).unwrap();
    let received = bob.attachments(&only_row(bob.rows(FolderRole::Inbox)));
    assert_eq!(bob.fetch(&received[0]).unwrap(), octets(20));

    // Another account's handle is of no use.
    let foreign = bob.send(with(received)).map(drop);
    assert!(foreign.is_ok());
    let theirs = Party::attach(&bob, b"x", "x").unwrap();
    assert_eq!(
        alice.send(with(vec![theirs])).unwrap_err().code(),
        "unknown-attachment"
    );
}

#[test]
fn a_draft_without_its_file_lets_it_go() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let attached = alice.attach(&octets(20), "x").unwrap();
    let row = block_on(alice.client.save_draft(with(vec![attached]))).unwrap();
    let without = Draft {
        id: Some(row.id),
        version: Some(row.version),
        ..with(Vec::new())
    };
    block_on(alice.client.save_draft(without)).unwrap();
    assert!(world.borrow_mut().data("alice").parts.is_empty());
}

#[test]
fn what_was_altered_is_not_given_out() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let file = octets(PIECE_BYTES + 9);
    let attached = alice.attach(&file, "x").unwrap();
    let blobs = world.borrow().blobs.clone();
    for (id, octets) in &blobs {
        if octets.len() < 1_000 || octets.len() == PIECE_BYTES {
            let mut altered = octets.clone();
            let at = altered.len() / 2;
            altered[at] ^= 1;
            world.borrow_mut().blobs.insert(*id, altered);
            assert_eq!(
                alice.fetch(&attached).unwrap_err().code(),
                "attachment-altered"
            );
            world.borrow_mut().blobs.remove(id);
            assert_eq!(
                alice.fetch(&attached).unwrap_err().code(),
                "attachment-gone"
            );
            world.borrow_mut().blobs.insert(*id, octets.clone());
        }
    }
    assert!(alice.fetch(&attached).unwrap() == file);
}

/// A file that is not what it was.
struct Shrunk;

impl FileSource for Shrunk {
    fn size_bytes(&self) -> u64 {
        100
    }

    async fn read(&self, _: u64, _: usize) -> Result<Vec<u8>, FileUnreadable> {
        Ok(vec![1; 99])
    }
}

#[test]
fn what_cannot_be_attached_says_why() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    assert_eq!(alice.attach(&[], "x").unwrap_err().code(), "file-empty");
    let large = vec![0; MAX_ATTACHMENT_BYTES as usize + 1];
    let error = alice.attach(&large, "x").unwrap_err();
    assert_eq!(
        error.to_string(),
        "This file is too large: at most 10 MB can be attached."
    );
    let error = block_on(alice.client.attach(&Shrunk, &new("x"), &())).unwrap_err();
    assert_eq!(error.code(), "file-unreadable");
    assert_eq!(alice.wire.asked("POST /api/v1/blobs"), 0);
}

#[test]
fn what_is_in_a_message_itself_is_passed_on_beside_the_next() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let entity = "From: mallory@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/plain\r\n\r\ntext\r\n\
        --b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\n1,2\r\n\
        --b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=empty.csv\r\n\r\n\r\n\
        --b--\r\n";
    let item = deliver(&world, "alice", entity.as_bytes());
    let forward = block_on(alice.client.forward_draft(&item, &QuoteWords::default())).unwrap();
    let names: Vec<_> = forward
        .attachments
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    assert_eq!(names, ["a.csv"]);
    alice
        .send(Draft {
            to: vec!["bob".into()],
            ..forward
        })
        .unwrap();
    let row = only_row(bob.rows(FolderRole::Inbox));
    let octets = block_on(bob.client.attachment(&row.id, 0, |_| {})).unwrap();
    assert_eq!(octets, b"1,2");
}

#[test]
fn what_a_part_names_that_is_no_attachment_is_shown_as_it_is() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let entity = "From: mallory@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/plain\r\n\r\ntext\r\n\
        --b\r\nContent-Type: application/vnd.s-mail.attachment+json\r\n\
        Content-Disposition: attachment; filename=x.s-mail.json\r\n\r\n{\"version\":2}\r\n--b--\r\n";
    let item = deliver(&world, "alice", entity.as_bytes());
    let view = block_on(alice.client.read(&item, |_| {})).unwrap();
    assert_eq!(view.attachments[0].name, "x.s-mail.json");
    let octets = block_on(alice.client.attachment(&item, 0, |_| {})).unwrap();
    assert_eq!(octets, b"{\"version\":2}");
}

#[test]
fn pictures_in_the_text_are_passed_on_as_such_and_others_as_files() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let picture = |name: &str, content_id: &str| {
        format!(
            "--b\r\nContent-Type: image/png\r\nContent-ID: <{content_id}>\r\nContent-Disposition: inline; filename={name}\r\n\r\n{name}\r\n"
        )
    };
    let entity = [
        "From: mallory@example.org\r\nContent-Type: multipart/related; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/html\r\n\r\n<p>Look: <img src=\"cid:one@x\"></p>\r\n"
            .to_owned(),
        picture("shown.png", "one@x"),
        picture("unseen.png", "one"),
        picture("odd.png", "o ne"),
        "--b--\r\n".to_owned(),
    ]
    .concat();
    let item = deliver(&world, "alice", entity.as_bytes());
    let forward = block_on(alice.client.forward_draft(&item, &QuoteWords::default())).unwrap();
    let passed_on: Vec<_> = forward
        .attachments
        .iter()
        .map(|it| (it.name.as_str(), it.content_id.as_deref()))
        .collect();
    assert_eq!(
        passed_on,
        [
            ("shown.png", Some("one@x")),
            ("unseen.png", None),
            ("odd.png", None)
        ]
    );
    alice
        .send(Draft {
            to: vec!["bob".into()],
            html: Some("<p>Look: <img src=\"cid:one@x\"></p>".to_owned()),
            ..forward
        })
        .unwrap();
    // And on, from what this program made.
    let row = only_row(bob.rows(FolderRole::Inbox));
    let again = block_on(bob.client.forward_draft(&row.id, &QuoteWords::default())).unwrap();
    let shown = again.attachments.iter().find(|it| it.name == "shown.png");
    assert_eq!(shown.unwrap().content_id.as_deref(), Some("one@x"));
    assert_eq!(again.attachments.len(), 3);
}
