//! Drafts: saved, opened, sent, and never lost to another session.

use crate::support::{ALICE, Party, World, draft, only_row};
use futures_executor::block_on;
use smail_mail_core::views::{Draft, FolderRole};

#[test]
fn a_draft_is_saved_opened_filed_and_sent() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let row = block_on(
        alice
            .client
            .save_draft(draft(&["al", "bo b"], "first", "text")),
    )
    .unwrap();
    let again = Draft {
        id: Some(row.id.clone()),
        version: Some(row.version),
        ..draft(&["alice"], "second", "more text")
    };
    assert_eq!(
        block_on(alice.client.save_draft(again.clone())).unwrap().id,
        row.id
    );
    assert_eq!(alice.rows(FolderRole::Drafts).len(), 1);
    let folders = block_on(alice.client.folders()).unwrap();
    assert_eq!(
        folders
            .iter()
            .find(|folder| folder.role == FolderRole::Drafts)
            .unwrap()
            .total,
        1
    );

    // Moving it makes a new version of the item, not of the draft.
    block_on(
        alice
            .client
            .move_to(&row.id, &alice.folder(FolderRole::Archive)),
    )
    .unwrap();
    block_on(
        alice
            .client
            .move_to(&row.id, &alice.folder(FolderRole::Drafts)),
    )
    .unwrap();
    let opened = block_on(alice.client.open_draft(&row.id)).unwrap();
    assert_eq!(
        Draft {
            version: again.version,
            ..opened.clone()
        },
        again
    );

    alice.send(opened).unwrap();
    assert!(alice.rows(FolderRole::Drafts).is_empty());
    assert_eq!(only_row(alice.rows(FolderRole::Sent)).subject, "second");
}

#[test]
fn two_sessions_writing_one_draft_make_two() {
    let world = World::new();
    let first = Party::sign_up(&world, ALICE);
    let second = Party::log_in(&world, ALICE).unwrap();
    let row = block_on(first.client.save_draft(draft(&[], "s", "start"))).unwrap();
    let opened = block_on(second.client.open_draft(&row.id)).unwrap();

    let by_first = Draft {
        id: Some(row.id.clone()),
        version: Some(row.version),
        ..draft(&[], "s", "start, first")
    };
    block_on(first.client.save_draft(by_first)).unwrap();
    let kept = block_on(second.client.save_draft(Draft {
        text: "start, second".to_owned(),
        ..opened
    }))
    .unwrap();
    assert_ne!(kept.id, row.id);
    let mut texts: Vec<String> = second
        .rows(FolderRole::Drafts)
        .iter()
        .map(|row| block_on(second.client.open_draft(&row.id)).unwrap().text)
        .collect();
    texts.sort();
    assert_eq!(texts, ["start, first", "start, second"]);
}

#[test]
fn a_client_that_takes_over_goes_on_with_the_same_draft() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let row = block_on(alice.client.save_draft(draft(&["alice"], "s", "start"))).unwrap();
    drop(alice);
    let after = Party::log_in(&world, ALICE).unwrap();
    let written = Draft {
        id: Some(row.id.clone()),
        version: Some(row.version),
        ..draft(&["alice"], "s", "start, and more")
    };
    let saved = block_on(after.client.save_draft(written.clone())).unwrap();
    assert_eq!(saved.id, row.id);
    drop(after);
    let last = Party::log_in(&world, ALICE).unwrap();
    last.send(Draft {
        version: Some(saved.version),
        ..written
    })
    .unwrap();
    assert!(last.rows(FolderRole::Drafts).is_empty());
}
