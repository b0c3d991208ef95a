//! Mail given out into files, and taken in again.

use crate::support::{ALICE, BOB, Fault, Harm, Party, World, draft, only_row};
use futures_executor::block_on;
use smail_mail_core::message::parse;
use smail_mail_core::transport::Method;
use smail_mail_core::views::{
    Draft, ExportForm, FolderRole, ImportOptions, LabelColour, Operation,
};
use smail_mail_core::{CodedError, ExportError, NewAttachment, TransferWatch};

impl Party {
    fn export(&self, id: &str, form: ExportForm) -> Result<Vec<u8>, ExportError> {
        let mut octets = Vec::new();
        let take = |piece: &[u8]| octets.extend_from_slice(piece);
        block_on(self.client.export_message(id, form, &(), take))?;
        Ok(octets)
    }

    fn take_in(&self, file: &[u8]) -> u32 {
        self.take_in_as(file, false)
    }

    fn take_in_as(&self, file: &[u8], gmail_labels: bool) -> u32 {
        let options = ImportOptions {
            folder_id: self.folder(FolderRole::Archive),
            gmail_labels,
        };
        let outcome = block_on(self.client.import(&[file], &options, &())).unwrap();
        assert_eq!((outcome.stopped, outcome.reached.set_aside), (None, 0));
        outcome.reached.imported
    }

    /// A folder, or all, as one mbox.
    fn mbox(&self, folder_id: Option<&str>) -> Vec<u8> {
        let plan = block_on(self.client.export_plan(folder_id)).unwrap();
        let each = |id: &String| self.export(id, ExportForm::Mbox).unwrap();
        plan.items.iter().flat_map(|item| each(&item.id)).collect()
    }

    fn sources(&self) -> Vec<(Vec<u8>, bool, bool, f64)> {
        let rows = self.rows(FolderRole::Archive);
        let source = |id: &str| block_on(self.client.source(id)).unwrap();
        rows.iter()
            .map(|row| (source(&row.id), row.unread, row.starred, row.arrival_ms))
            .collect()
    }
}

#[test]
fn files_beside_a_message_are_parts_of_it_again() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let files: [(&str, Vec<u8>); 2] = [
        (
            "Übersicht.pdf",
            (0..5_000_000_u32).map(|at| (at % 251) as u8).collect(),
        ),
        ("b.txt", b"short".to_vec()),
    ];
    let attachments = files.iter().map(|(name, octets)| {
        let new = NewAttachment {
            name: (*name).to_owned(),
            media_type: "application/pdf".to_owned(),
        };
        block_on(alice.client.attach(&octets[..], &new, &())).unwrap()
    });
    alice
        .send(Draft {
            attachments: attachments.collect(),
            ..draft(&["bob"], "Grüße", "two files")
        })
        .unwrap();
    let row = only_row(bob.rows(FolderRole::Inbox));
    let whole = bob.export(&row.id, ExportForm::Message).unwrap();
    assert!(!String::from_utf8_lossy(&whole).contains("vnd.s-mail"));
    let read = parse(&whole).unwrap();
    let view = bob.read(&row);
    assert_eq!((read.subject, read.text), (view.subject, view.text));
    assert_eq!(read.message_id, view.message_id);
    assert!(read.notes.is_empty(), "{:?}", read.notes);
    let named: Vec<_> = read
        .attachments
        .iter()
        .map(|it| (it.name.text.as_str(), it.media_type.as_str(), it.size_bytes))
        .collect();
    assert_eq!(
        named,
        [
            ("Übersicht.pdf", "application/pdf", 5_000_000),
            ("b.txt", "application/pdf", 5)
        ]
    );
    // Taken in by somebody else, they can be saved.
    assert_eq!(alice.take_in(&whole), 0); // it is in Sent already
    let mbox = bob.export(&row.id, ExportForm::Mbox).unwrap();
    let carol = Party::sign_up(&world, ("carol", "yet another long password"));
    assert_eq!(carol.take_in(&mbox), 1);
    let brought = only_row(carol.rows(FolderRole::Archive));
    for (index, (_, octets)) in (0..).zip(&files) {
        let saved = block_on(carol.client.attachment(&brought.id, index, |_| {})).unwrap();
        assert!(saved == *octets);
    }
    assert_eq!(block_on(carol.client.source(&brought.id)).unwrap(), whole);
}

#[test]
fn what_comes_in_goes_out_the_same_and_comes_in_again() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let mbox: String = (0..60)
        .map(|number| {
            let filed = ["Status: O", "Status: RO", "Status: RO\nX-Status: F"][number % 3];
            format!(
                "From bob@example.org Wed Jan  3 01:{number:02}:34 1996\n{filed}\nFrom: bob@example.org\n\
                 Message-ID: <{number}@x>\nSubject: =?utf-8?q?=C3=BC?= {number}\n\n>From the start\n>>From\n\nFrom a\n.\n\n"
            )
        })
        .collect();
    assert_eq!(alice.take_in(mbox.as_bytes()), 60);
    let archive = alice.folder(FolderRole::Archive);
    let out = alice.mbox(Some(&archive));
    let bob = Party::sign_up(&world, BOB);
    assert_eq!(bob.take_in(&out), 60);
    assert_eq!(bob.sources(), alice.sources());
    assert_eq!(bob.sources().len(), 50); // a page
    // All of it again, and each alone: nothing is new.
    assert_eq!(bob.take_in(&alice.mbox(None)), 0);
    let plan = block_on(alice.client.export_plan(Some(&archive))).unwrap();
    let alone = alice
        .export(&plan.items[7].id, ExportForm::Message)
        .unwrap();
    assert_eq!(bob.take_in(&alone), 0);
    assert!(alone.starts_with(b"From: bob@example.org\r\n"));
}

#[test]
fn a_plan_names_folders_and_files_and_leaves_drafts_out() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let make = |name: &str, parent: Option<&str>| {
        block_on(alice.client.make_folder(name, parent)).unwrap().id
    };
    let family = make("Family: us", None);
    let trips = make("Trips/2026", Some(&family));
    let send = |subject: &str, folder: &str| {
        alice.send(draft(&["alice"], subject, "x")).unwrap();
        let row = alice.rows(FolderRole::Inbox).remove(0);
        block_on(alice.client.move_to(&row.id, folder)).unwrap();
    };
    send("Dinner?", &family);
    send("../Lake", &trips);
    block_on(alice.client.save_draft(draft(&["bob"], "unfinished", "x"))).unwrap();

    let plan = block_on(alice.client.export_plan(None)).unwrap();
    assert_eq!((plan.items.len(), plan.drafts), (4, 1));
    let plan = block_on(alice.client.export_plan(Some(&family))).unwrap();
    let named: Vec<_> = plan
        .items
        .iter()
        .map(|item| {
            (
                item.folder.as_str(),
                item.name.split_once(' ').unwrap().1,
                item.subject.as_str(),
            )
        })
        .collect();
    assert_eq!(
        named,
        [
            ("Family_ us", "Dinner", "Dinner?"),
            ("Family_ us/Trips 2026", "Lake", "../Lake")
        ]
    );
    let gone = block_on(alice.client.export_plan(Some(&"0".repeat(32)))).unwrap_err();
    assert_eq!(gone.code(), "folder-gone");
}

#[test]
fn a_message_with_its_fields_inside_needs_no_others() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    alice
        .send(draft(&["alice"], "to be replaced", "t"))
        .unwrap();
    let row = only_row(alice.rows(FolderRole::Inbox));
    // In PGP/MIME its subject would say nothing.
    let whole = block_on(alice.client.export(&row.id)).unwrap();
    let text = String::from_utf8(whole).unwrap();
    assert!(text.contains("Subject: [...]"));
    let out = alice.export(&row.id, ExportForm::Message).unwrap();
    let read = parse(&out).unwrap();
    assert_eq!(
        (read.subject.as_str(), read.text.as_str()),
        ("to be replaced", "t")
    );
}

#[test]
fn what_does_not_open_is_told_of_and_a_cancelled_one_ends() {
    struct Never;
    impl TransferWatch for Never {
        fn progress(&self, _: u64, _: bool) {}
        fn is_cancelled(&self) -> bool {
            true
        }
    }
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let new = NewAttachment {
        name: "a".to_owned(),
        media_type: String::new(),
    };
    let attachment = block_on(alice.client.attach(&b"octets"[..], &new, &())).unwrap();
    alice
        .send(Draft {
            attachments: vec![attachment],
            ..draft(&["alice"], "s", "t")
        })
        .unwrap();
    let row = only_row(alice.rows(FolderRole::Inbox));
    let cancelled = block_on(alice.client.export_message(
        &row.id,
        ExportForm::Message,
        &Never,
        |_| {},
    ));
    assert_eq!(cancelled.unwrap_err().code(), "cancelled");
    alice.wire.harm(Fault {
        method: Method::Get,
        path: "/api/v1/blobs",
        harm: Harm::Refused(smail_protocol::ProblemCode::NotFound, 404),
        times: u32::MAX,
    });
    let refused = alice.export(&row.id, ExportForm::Message).unwrap_err();
    assert_eq!(refused.code(), "attachment-gone");
}

#[test]
fn folder_and_labels_go_out_and_come_in_as_labels() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let eml = b"From: bob@example.org\r\nMessage-ID: <1@x>\r\nSubject: Bill\r\n\r\nDue in May.\r\n";
    assert_eq!(alice.take_in(eml), 1);
    let id = only_row(alice.rows(FolderRole::Archive)).id;
    let folder = block_on(alice.client.make_folder("B\u{fc}ro", None)).unwrap();
    let label = block_on(alice.client.make_label("Tax, 2026", LabelColour::Blue)).unwrap();
    let (label_id, folder_id) = (label.id, folder.id.clone());
    for operation in [Operation::Label { label_id }, Operation::Move { folder_id }] {
        block_on(
            alice
                .client
                .organise(std::slice::from_ref(&id), &operation, None),
        )
        .unwrap();
    }
    let mbox = alice.mbox(Some(&folder.id));
    // What it was filed as is no part of it: it is here already.
    assert_eq!(alice.take_in_as(&mbox, true), 0);
    let carol = Party::sign_up(&world, ("carol", "yet another long password"));
    assert_eq!(carol.take_in_as(&mbox, true), 1);
    let row = only_row(carol.rows(FolderRole::Archive));
    let labels = carol.client.labels().unwrap();
    let names: Vec<_> = labels.iter().map(|label| label.name.as_str()).collect();
    assert_eq!(names, ["B\u{fc}ro", "Tax, 2026"]);
    assert_eq!(row.labels.len(), 2);
    assert_eq!(block_on(carol.client.source(&row.id)).unwrap(), eml);
}
