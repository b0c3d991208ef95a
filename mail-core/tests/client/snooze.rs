//! Messages put aside until a time.

use crate::support::{ALICE, Party, World, draft, only_row};
use futures_executor::block_on;
use smail_mail_core::CodedError;
use smail_mail_core::views::{FolderRole, Operation};

const HOUR_MS: f64 = 3_600_000.0;

#[test]
fn a_snoozed_message_comes_back_on_top_unread_in_every_session() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    for subject in ["old", "new"] {
        alice.send(draft(&["alice"], subject, "t")).unwrap();
    }
    let rows = alice.rows(FolderRole::Inbox);
    let old = rows.iter().find(|row| row.subject == "old").unwrap();
    let one = [old.id.clone()];
    block_on(alice.client.organise(&one, &Operation::Read, None)).unwrap();
    let until_ms = world.borrow().now_ms as f64 + HOUR_MS;
    let passed = Operation::Snooze {
        until_ms: until_ms - 2.0 * HOUR_MS,
    };
    let error = block_on(alice.client.organise(&one, &passed, None)).unwrap_err();
    assert_eq!(error.code(), "time-passed");
    let snooze = Operation::Snooze { until_ms };
    let put_aside = block_on(alice.client.organise(&one, &snooze, None)).unwrap();
    assert_eq!(put_aside.rows[0].snoozed_until_ms, Some(until_ms));
    assert_eq!(only_row(alice.rows(FolderRole::Inbox)).subject, "new");
    assert_eq!(only_row(alice.rows(FolderRole::Snoozed)).id, old.id);

    // One that was closed meanwhile finds it all the same, and not too early.
    let other = Party::log_in(&world, ALICE).unwrap();
    let early = block_on(other.client.wake(until_ms - 1.0)).unwrap();
    assert_eq!((early.rows.len(), early.next_ms), (0, Some(until_ms)));
    for session in [&alice, &other] {
        let woken = block_on(session.client.wake(until_ms)).unwrap();
        assert_eq!(woken.next_ms, None);
        let row = only_row(
            session
                .rows(FolderRole::Snoozed)
                .into_iter()
                .chain(woken.rows)
                .collect(),
        );
        assert!(row.unread && row.snoozed_until_ms.is_none());
        assert_eq!(
            (row.arrival_ms, &row.folder_id),
            (until_ms, &alice.folder(FolderRole::Inbox))
        );
    }
    // Both have tried, and the second has left what the first did as it was.
    assert_eq!(
        world.borrow_mut().data("alice").items[&old.id.parse().unwrap()].version,
        5
    );
}

#[test]
fn what_was_put_off_further_stays_away() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let other = Party::log_in(&world, ALICE).unwrap();
    alice.send(draft(&["alice"], "s", "t")).unwrap();
    let one = [only_row(alice.rows(FolderRole::Inbox)).id];
    let until_ms = world.borrow().now_ms as f64 + HOUR_MS;
    let snooze = |until_ms| Operation::Snooze { until_ms };
    block_on(alice.client.organise(&one, &snooze(until_ms), None)).unwrap();
    assert_eq!(
        block_on(other.client.wake(0.0)).unwrap().next_ms,
        Some(until_ms)
    );
    let further = block_on(
        alice
            .client
            .organise(&one, &snooze(until_ms + HOUR_MS), None),
    )
    .unwrap();
    // The other knows the first time alone.
    let woken = block_on(other.client.wake(until_ms)).unwrap();
    assert_eq!(woken.next_ms, Some(until_ms + HOUR_MS));
    assert_eq!(only_row(alice.rows(FolderRole::Snoozed)).id, one[0]);

    block_on(alice.client.undo(further.undo.unwrap())).unwrap();
    assert_eq!(
        only_row(alice.rows(FolderRole::Snoozed)).snoozed_until_ms,
        Some(until_ms)
    );
    let back = block_on(alice.client.organise(&one, &Operation::Restore, None)).unwrap();
    assert_eq!(back.rows[0].folder_id, alice.folder(FolderRole::Inbox));
}
