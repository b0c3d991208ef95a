//! One and many messages put where they belong, and back.

use crate::support::{ALICE, Fault, Harm, Party, World, draft, only_row};
use futures_executor::block_on;
use smail_mail_core::CodedError;
use smail_mail_core::transport::Method;
use smail_mail_core::views::{FolderRole, LabelColour, MessageRow, Operation, Organised};

/// Alice with so many messages in her inbox, all read.
fn with_mail(count: usize) -> Party {
    let alice = Party::sign_up(&World::new(), ALICE);
    for at in 0..count {
        alice
            .send(draft(&["alice"], &format!("{at}"), "t"))
            .unwrap();
    }
    act(
        &alice,
        &ids(&alice.rows(FolderRole::Inbox)),
        &Operation::Read,
    );
    alice
}

fn ids(rows: &[MessageRow]) -> Vec<String> {
    rows.iter().map(|row| row.id.clone()).collect()
}

fn act(party: &Party, ids: &[String], operation: &Operation) -> Organised {
    block_on(party.client.organise(ids, operation, None)).unwrap()
}

/// Undoes a whole operation.
fn undo(party: &Party, organised: &Organised) {
    let group = organised.undo.unwrap();
    while block_on(party.client.undo(group)).unwrap().undo.is_some() {}
}

/// What the person has made of a message: all but the version, which only grows.
fn filed(mut rows: Vec<MessageRow>) -> Vec<MessageRow> {
    for row in &mut rows {
        row.version = 0.0;
    }
    rows
}

#[test]
fn every_operation_is_done_and_undone() {
    let alice = with_mail(3);
    let client = &alice.client;
    let label = block_on(client.make_label("L", LabelColour::Teal)).unwrap();
    let folder = block_on(client.make_folder("F", None)).unwrap();
    let rows = alice.rows(FolderRole::Inbox);
    // Not all of them alike before: undo has to tell them apart.
    act(&alice, &ids(&rows[..1]), &Operation::Unread);
    act(&alice, &ids(&rows[1..2]), &Operation::Star);
    let give = Operation::Label {
        label_id: label.id.clone(),
    };
    act(&alice, &ids(&rows[2..]), &give);
    let before = filed(alice.rows(FolderRole::Inbox));
    let all = ids(&before);

    let take = Operation::Unlabel { label_id: label.id };
    let shift = Operation::Move {
        folder_id: folder.id,
    };
    let later = Operation::Snooze {
        until_ms: 4e12 / 2.0,
    };
    for operation in [
        Operation::Read,
        Operation::Unread,
        Operation::Star,
        Operation::Unstar,
        Operation::Archive,
        Operation::Trash,
        Operation::Spam,
        shift,
        give,
        take,
        later,
    ] {
        let organised = act(&alice, &all, &operation);
        assert_eq!((organised.rows.len(), organised.failed.len()), (3, 0));
        assert_ne!(filed(organised.rows.clone()), before, "{operation:?}");
        undo(&alice, &organised);
        assert_eq!(
            filed(alice.rows(FolderRole::Inbox)),
            before,
            "{operation:?}"
        );
        let again = block_on(client.undo(organised.undo.unwrap())).unwrap_err();
        assert_eq!(again.code(), "nothing-to-undo");
    }
}

#[test]
fn what_goes_to_trash_or_spam_remembers_where_it_was() {
    let alice = with_mail(2);
    let folder = block_on(alice.client.make_folder("Work", None)).unwrap();
    let inbox = ids(&alice.rows(FolderRole::Inbox));
    act(
        &alice,
        &inbox[..1],
        &Operation::Move {
            folder_id: folder.id.clone(),
        },
    );
    act(&alice, &inbox, &Operation::Trash);
    act(&alice, &inbox, &Operation::Spam);
    assert_eq!(alice.rows(FolderRole::Spam).len(), 2);
    let restored = act(&alice, &inbox, &Operation::Restore);
    let places: Vec<String> = restored
        .rows
        .iter()
        .map(|row| row.folder_id.clone())
        .collect();
    assert_eq!(places, [folder.id, alice.folder(FolderRole::Inbox)]);
    // And what was not away stays.
    assert_eq!(act(&alice, &inbox, &Operation::Restore).undo, None);

    let sent = ids(&alice.rows(FolderRole::Sent));
    act(&alice, &sent, &Operation::Trash);
    act(&alice, &sent, &Operation::Restore);
    assert_eq!(alice.rows(FolderRole::Sent).len(), 2);
}

#[test]
fn parts_of_one_operation_are_undone_together_and_in_steps() {
    let alice = with_mail(120);
    let client = &alice.client;
    let inbox = alice.folder(FolderRole::Inbox);
    let all = block_on(client.item_ids(&inbox)).unwrap();
    assert_eq!(all.len(), 120);
    let mut group = None;
    for part in all.chunks(50) {
        let done = block_on(client.organise(part, &Operation::Trash, group)).unwrap();
        assert_eq!(done.failed, []);
        group = done.undo;
    }
    assert_eq!(block_on(client.item_ids(&inbox)).unwrap().len(), 0);
    let first = block_on(client.undo(group.unwrap())).unwrap();
    assert_eq!((first.rows.len(), first.left), (50, 70));
    block_on(client.undo(group.unwrap())).unwrap();
    let last = block_on(client.undo(group.unwrap())).unwrap();
    assert_eq!((last.rows.len(), last.undo), (20, None));
    assert_eq!(block_on(client.item_ids(&inbox)).unwrap(), all);
}

#[test]
fn what_another_session_has_changed_since_is_left_to_it() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let other = Party::log_in(&world, ALICE).unwrap();
    alice.send(draft(&["alice"], "s", "t")).unwrap();
    let row = only_row(alice.rows(FolderRole::Inbox));
    other.rows(FolderRole::Inbox);
    let one = [row.id.clone()];
    // The second does not know of the star, and both changes are kept.
    act(&alice, &one, &Operation::Star);
    let archived = act(&other, &one, &Operation::Archive);
    assert!(archived.rows[0].starred);
    let trashed = act(&alice, &one, &Operation::Trash);
    let sent = other.folder(FolderRole::Sent);
    act(
        &other,
        &one,
        &Operation::Move {
            folder_id: sent.clone(),
        },
    );
    let undone = block_on(alice.client.undo(trashed.undo.unwrap())).unwrap();
    assert_eq!(undone.rows[0].folder_id, sent);
    // Of the archiving, nothing is as it was left either.
    let undone = block_on(other.client.undo(archived.undo.unwrap())).unwrap();
    assert_eq!(
        (undone.rows[0].folder_id.as_str(), undone.rows[0].starred),
        (sent.as_str(), true)
    );
}

#[test]
fn failures_are_named_and_the_rest_is_done() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let other = Party::log_in(&world, ALICE).unwrap();
    for subject in ["a", "b", "c"] {
        alice.send(draft(&["alice"], subject, "t")).unwrap();
    }
    let all = ids(&alice.rows(FolderRole::Inbox));
    block_on(other.client.delete(&all[1])).unwrap();
    let done = act(&alice, &all, &Operation::Star);
    assert_eq!((done.rows.len(), done.failed.len()), (2, 1));
    assert_eq!(
        (&done.failed[0].id, done.failed[0].code.as_str()),
        (&all[1], "not-found")
    );
    // What could not be undone can be tried again.
    alice.wire.harm(Fault {
        method: Method::Put,
        path: "/api/v1/items/",
        harm: Harm::Status(400, None),
        times: 1,
    });
    let half = block_on(alice.client.undo(done.undo.unwrap())).unwrap();
    assert_eq!(
        (half.rows.len(), half.failed.len(), half.undo),
        (1, 1, done.undo)
    );
    let rest = block_on(alice.client.undo(done.undo.unwrap())).unwrap();
    assert_eq!((rest.rows.len(), rest.undo), (1, None));

    let deleted = block_on(alice.client.delete_all(&all)).unwrap();
    assert_eq!(deleted.removed.len(), 3);
    assert!(alice.rows(FolderRole::Inbox).is_empty());
}

#[test]
fn without_a_connection_not_every_message_is_tried() {
    let alice = with_mail(30);
    let all = ids(&alice.rows(FolderRole::Inbox));
    alice.wire.harm(Fault {
        method: Method::Put,
        path: "/api/v1/items/",
        harm: Harm::Offline,
        times: 1_000,
    });
    let tried = alice.wire.asked("PUT /api/v1/items/");
    let done = act(&alice, &all, &Operation::Archive);
    assert_eq!(
        (done.rows.len(), done.failed.len(), done.undo),
        (0, 30, None)
    );
    assert!(done.failed.iter().all(|failure| failure.code == "offline"));
    // Eight at a time, four tries each.
    assert_eq!(alice.wire.asked("PUT /api/v1/items/") - tried, 32);
}
