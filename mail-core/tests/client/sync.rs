//! Two sessions of one account, in step.

use crate::support::{ALICE, BOB, Party, World, draft, only_row};
use futures_executor::block_on;
use smail_mail_core::FlagChange;
use smail_mail_core::views::FolderRole;

#[test]
fn two_sessions_stay_in_step() {
    let world = World::new();
    let (first, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let second = Party::log_in(&world, ALICE).unwrap();
    for subject in ["one", "two", "three"] {
        bob.send(draft(&["alice"], subject, "text")).unwrap();
    }
    for session in [&first, &second] {
        let outcome = block_on(session.client.sync()).unwrap();
        assert_eq!(outcome.changed.len(), 3);
        assert_eq!(
            (outcome.folders[0].total, outcome.folders[0].unread),
            (3, 3)
        );
    }
    let row = first.rows(FolderRole::Inbox)[1].clone();
    first.read(&row);
    block_on(
        first
            .client
            .move_to(&row.id, &first.folder(FolderRole::Archive)),
    )
    .unwrap();
    let own = block_on(first.client.sync()).unwrap();
    assert_eq!((own.changed.len(), own.removed.len()), (0, 0));
    assert_eq!(
        (
            own.folders[0].total,
            own.folders[0].unread,
            own.folders[3].total
        ),
        (2, 2, 1)
    );

    let seen = block_on(second.client.sync()).unwrap();
    let moved = only_row(seen.changed);
    assert_eq!((moved.id, moved.unread), (row.id.clone(), false));
    assert_eq!(moved.folder_id, first.folder(FolderRole::Archive));
    assert_eq!(
        (
            seen.folders[0].total,
            seen.folders[0].unread,
            seen.folders[3].total
        ),
        (2, 2, 1)
    );

    block_on(first.client.delete(&row.id)).unwrap();
    assert_eq!(block_on(second.client.sync()).unwrap().removed, [row.id]);
    assert_eq!(
        block_on(second.client.sync()).unwrap().removed,
        Vec::<String>::new()
    );
}

#[test]
fn conflicting_changes_are_both_kept() {
    let world = World::new();
    let first = Party::sign_up(&world, ALICE);
    let second = Party::log_in(&world, ALICE).unwrap();
    first.send(draft(&["alice"], "s", "t")).unwrap();
    let row = only_row(first.rows(FolderRole::Inbox));
    second.rows(FolderRole::Inbox);
    let starred = FlagChange {
        starred: Some(true),
        unread: None,
    };
    block_on(first.client.set_flags(&row.id, starred)).unwrap();
    // The second session does not know of the star yet.
    let moved = block_on(
        second
            .client
            .move_to(&row.id, &second.folder(FolderRole::Archive)),
    )
    .unwrap();
    assert!(moved.starred && moved.unread);
    // And the first not of the move.
    let read = FlagChange {
        starred: None,
        unread: Some(false),
    };
    let row = block_on(first.client.set_flags(&row.id, read)).unwrap();
    assert_eq!(row.folder_id, moved.folder_id);
    block_on(second.client.delete(&row.id)).unwrap();
    assert!(first.rows(FolderRole::Archive).is_empty());
    block_on(first.client.delete(&row.id)).unwrap();
}

#[test]
fn pages_follow_each_other() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    for subject in ["1", "2", "3", "4", "5"] {
        alice.send(draft(&["alice"], subject, "t")).unwrap();
    }
    let inbox = alice.folder(FolderRole::Inbox);
    let (mut before, mut subjects) = (None, Vec::new());
    loop {
        let page = block_on(alice.client.list(&inbox, before.as_deref(), Some(2))).unwrap();
        assert_eq!(page.total, 5);
        subjects.extend(page.rows.into_iter().map(|row| row.subject));
        match page.next {
            Some(next) => before = Some(next),
            None => break,
        }
    }
    assert_eq!(subjects, ["5", "4", "3", "2", "1"]);
}
