//! Drafts: saved, opened, sent, and never lost to another session.

use crate::support::{ALICE, Fault, Harm, Party, World, draft, only_row};
use futures_executor::block_on;
use smail_mail_core::transport::Method;
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
    assert_eq!(texts(&second), ["start, first", "start, second"]);
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

/// The answers to all tries of the next save are lost.
fn lose_the_answer(to: &Party) {
    to.wire.harm(Fault {
        method: Method::Put,
        path: "/api/v1/items",
        harm: Harm::AnswerLost,
        times: 4,
    });
}

fn begun(text: &str) -> Draft {
    Draft {
        id: Some("5".repeat(32)),
        ..draft(&["alice"], "s", text)
    }
}

#[test]
fn a_save_whose_answer_was_lost_is_found_again() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    lose_the_answer(&alice);
    block_on(alice.client.save_draft(begun("first"))).unwrap_err();
    let row = block_on(alice.client.save_draft(begun("second"))).unwrap();
    assert_eq!(Some(&row.id), begun("").id.as_ref());

    lose_the_answer(&alice);
    let named = |text| Draft {
        version: Some(row.version),
        ..begun(text)
    };
    block_on(alice.client.save_draft(named("third"))).unwrap_err();
    let row = block_on(alice.client.save_draft(named("fourth"))).unwrap();
    assert_eq!(only_row(alice.rows(FolderRole::Drafts)).id, row.id);
    assert_eq!(
        block_on(alice.client.open_draft(&row.id)).unwrap().text,
        "fourth"
    );
}

#[test]
fn a_draft_whose_save_was_not_answered_goes_when_it_is_sent_or_discarded() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    for discard in [false, true] {
        lose_the_answer(&alice);
        block_on(alice.client.save_draft(begun("text"))).unwrap_err();
        if discard {
            block_on(alice.client.discard_draft(&"5".repeat(32))).unwrap();
        } else {
            alice.send(begun("text")).unwrap();
        }
        assert!(alice.rows(FolderRole::Drafts).is_empty(), "{discard}");
    }
}

#[test]
fn a_lost_answer_does_not_write_over_another_session() {
    let world = World::new();
    let (first, second) = (Party::sign_up(&world, ALICE), Party::log_in(&world, ALICE));
    let second = second.unwrap();
    lose_the_answer(&first);
    block_on(first.client.save_draft(begun("by the first"))).unwrap_err();
    let taken_up = block_on(second.client.open_draft(&"5".repeat(32))).unwrap();
    let by_second = Draft {
        text: "by the second".to_owned(),
        ..taken_up
    };
    block_on(second.client.save_draft(by_second)).unwrap();
    block_on(first.client.save_draft(begun("by the first, and more"))).unwrap();
    assert_eq!(texts(&first), ["by the first, and more", "by the second"]);
}

/// The texts of all drafts, sorted.
fn texts(of: &Party) -> Vec<String> {
    let rows = of.rows(FolderRole::Drafts);
    let mut texts: Vec<String> = rows
        .iter()
        .map(|row| block_on(of.client.open_draft(&row.id)).unwrap().text)
        .collect();
    texts.sort();
    texts
}
