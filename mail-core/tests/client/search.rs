//! Finding messages: what is indexed and how far, two sessions at once, parts that are lost or damaged, new devices.

use crate::support::{ALICE, BOB, Fault, Harm, Party, World, draft};
use futures_executor::block_on;
use smail_mail_core::transport::Method;
use smail_mail_core::views::{FolderRole, IndexProgress, SearchResults};
use smail_mail_core::{CodedError, FlagChange, SearchRequest};
use smail_protocol::ProblemCode;
use std::cell::RefCell;
use std::rc::Rc;

fn search(party: &Party, query: &str) -> SearchResults {
    let request = SearchRequest {
        query: query.to_owned(),
        limit: 50,
        utc_offset_min: 0,
    };
    block_on(party.client.search(&request)).unwrap()
}

/// The subjects of what is found, latest first.
fn found(party: &Party, query: &str) -> Vec<String> {
    let results = search(party, query);
    assert_eq!(results.problem, None);
    results
        .hits
        .into_iter()
        .map(|hit| hit.row.subject)
        .collect()
}

/// Lets the index be built to its end.
fn build(party: &Party) -> IndexProgress {
    for _ in 0..1_000 {
        let progress = block_on(party.client.index_step()).unwrap();
        if progress.done {
            return progress;
        }
    }
    panic!("the index does not come to its end");
}

/// Blobs that were downloaded since this was asked last.
fn downloads(party: &Party) -> usize {
    let count = party.wire.asked("GET /api/v1/blobs/");
    party.wire.log.borrow_mut().clear();
    count
}

/// The index parts that the server has for alice.
fn parts(world: &Rc<RefCell<World>>, shown: &[String]) -> Vec<smail_protocol::Item> {
    let mut world = world.borrow_mut();
    let items = world.data("alice").items.values();
    items
        .filter(|item| !shown.contains(&item.mailbox_id.to_string()))
        .cloned()
        .collect()
}

fn folder_ids(party: &Party) -> Vec<String> {
    block_on(party.client.folders())
        .unwrap()
        .into_iter()
        .map(|folder| folder.id)
        .collect()
}

const LETTERS: [(&str, &str); 5] = [
    ("Ferry", "The last boat back leaves at a quarter past nine."),
    ("Crème brûlée", "Sugar, eggs, cream. Bring the torch!"),
    ("Choir", "We need one more tenor for the boat trip."),
    ("東京都の天気", "明日は雨が降るでしょう。"),
    ("שלום", "הפגישה תתקיים ביום שני"),
];

/// Alice with mail from bob, read by nobody yet, on a session that has not begun.
fn mailbox() -> (Rc<RefCell<World>>, Party) {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    for (subject, text) in LETTERS {
        bob.send(draft(&["alice"], subject, text)).unwrap();
    }
    (world, alice)
}

#[test]
fn messages_are_found_by_what_is_in_them() {
    let (_world, alice) = mailbox();
    alice
        .send(draft(&["bob"], "Answer", "I can sing."))
        .unwrap();
    block_on(
        alice
            .client
            .save_draft(draft(&["bob"], "Half", "an unfinished thought")),
    )
    .unwrap();
    let progress = build(&alice);
    assert_eq!(
        (progress.indexed, progress.total, progress.damaged),
        (7, 7, 0)
    );
    for (query, subjects) in [
        ("boat ", &["Choir", "Ferry"][..]),
        ("BOAT nine", &["Ferry"]),
        ("creme brul", &["Crème brûlée"]),
        ("\"boat back\"", &["Ferry"]),
        ("\"back boat\"", &[]),
        ("boat -tenor", &["Ferry"]),
        ("torch OR tenor ", &["Choir", "Crème brûlée"]),
        ("天気", &["東京都の天気"]),
        ("雨", &["東京都の天気"]),
        ("שלום", &["שלום"]),
        ("פגישה OR הפגישה ", &["שלום"]),
        ("from:bob boat ", &["Choir", "Ferry"]),
        ("from:alice ", &["Half", "Answer"]),
        ("to:bob sing ", &["Answer"]),
        ("subject:boat ", &[]),
        ("unfinished in:drafts", &["Half"]),
        ("in:sent", &["Answer"]),
        ("has:attachment", &[]),
        ("before:2020", &[]),
        ("after:2020 tenor ", &["Choir"]),
        ("label:none", &[]),
        ("nothing like it ", &[]),
    ] {
        assert_eq!(found(&alice, query), subjects, "{query}");
    }
    let hit = search(&alice, "boat nine").hits.remove(0);
    let marked: Vec<&str> = hit
        .snippet
        .iter()
        .filter(|piece| piece.hit)
        .map(|piece| piece.text.as_str())
        .collect();
    assert_eq!(
        (marked, hit.hidden, hit.outgoing),
        (vec!["boat", "nine"], false, false)
    );
}

#[test]
fn flags_and_folders_are_those_of_now() {
    let (_world, alice) = mailbox();
    build(&alice);
    let rows = alice.rows(FolderRole::Inbox);
    let row = |subject: &str| rows.iter().find(|row| row.subject == subject).unwrap();
    alice.read(row("Ferry"));
    let starred = FlagChange {
        starred: Some(true),
        unread: None,
    };
    block_on(alice.client.set_flags(&row("Choir").id, starred)).unwrap();
    assert_eq!(found(&alice, "boat is:unread"), ["Choir"]);
    assert_eq!(found(&alice, "boat is:read"), ["Ferry"]);
    assert_eq!(found(&alice, "is:starred"), ["Choir"]);

    block_on(
        alice
            .client
            .move_to(&row("Ferry").id, &alice.folder(FolderRole::Trash)),
    )
    .unwrap();
    assert_eq!(found(&alice, "boat "), ["Choir"]);
    assert_eq!(found(&alice, "boat in:trash"), ["Ferry"]);
    assert_eq!(found(&alice, "boat in:anywhere"), ["Choir", "Ferry"]);
    block_on(alice.client.delete(&row("Ferry").id)).unwrap();
    block_on(alice.client.sync()).unwrap();
    assert_eq!(found(&alice, "boat in:anywhere"), ["Choir"]);
}

#[test]
fn a_new_device_finds_without_opening_messages() {
    let (world, alice) = mailbox();
    build(&alice);
    block_on(alice.client.save_index()).unwrap();
    let device = Party::log_in(&world, ALICE).unwrap();
    downloads(&device);
    assert_eq!(found(&device, "tenor "), ["Choir"]);
    assert_eq!(found(&device, "creme "), ["Crème brûlée"]);
    assert_eq!(downloads(&device), 1, "the part, and no message");
    // Nothing is left to be done, either, and what lists have taken in is not asked for again.
    while !block_on(device.client.take_in_more()).unwrap().done {}
    device.wire.log.borrow_mut().clear();
    let progress = build(&device);
    assert_eq!(device.wire.asked("GET /api/v1/mailboxes/"), 0);
    assert_eq!((progress.indexed, progress.total), (5, 5));
    assert_eq!(downloads(&device), 0);
}

#[test]
fn the_index_is_no_folder_and_disturbs_nobody() {
    let (world, alice) = mailbox();
    let other = Party::log_in(&world, ALICE).unwrap();
    let before = block_on(other.client.sync()).unwrap();
    build(&alice);
    block_on(alice.client.save_index()).unwrap();
    let shown = folder_ids(&alice);
    assert_eq!(parts(&world, &shown).len(), 1);

    let outcome = block_on(other.client.sync()).unwrap();
    assert!(
        outcome
            .changed
            .iter()
            .all(|row| shown.contains(&row.folder_id))
    );
    assert_eq!(outcome.folders.len(), before.folders.len());
    assert_eq!((outcome.folders[0].total, outcome.removed.len()), (5, 0));
    // Its removal is no message's either, and what is asked for stays the same.
    let part = parts(&world, &shown).remove(0);
    let mut behind = world.borrow_mut();
    let data = behind.data("alice");
    data.items.remove(&part.item_id);
    data.note(smail_protocol::ChangedObject::ItemRemoved {
        item_id: part.item_id,
    });
    drop(behind);
    build(&other);
    let outcome = block_on(other.client.sync()).unwrap();
    assert_eq!(outcome.removed, Vec::<String>::new());
}

#[test]
fn a_damaged_part_is_said_so_and_indexed_anew() {
    let (world, alice) = mailbox();
    build(&alice);
    block_on(alice.client.save_index()).unwrap();
    let part = parts(&world, &folder_ids(&alice)).remove(0);
    world.borrow_mut().blobs.get_mut(&part.blob_id).unwrap()[100] ^= 1;

    let device = Party::log_in(&world, ALICE).unwrap();
    assert_eq!(found(&device, "tenor "), Vec::<String>::new());
    let progress = build(&device);
    assert_eq!(
        (progress.damaged, progress.indexed, progress.total),
        (1, 5, 5)
    );
    assert_eq!(found(&device, "tenor "), ["Choir"]);
    let renewed = parts(&world, &folder_ids(&alice));
    assert_eq!(renewed.len(), 1);
    assert_ne!(renewed[0].item_id, part.item_id);
    // The next device has nothing to mend.
    let next = Party::log_in(&world, ALICE).unwrap();
    assert_eq!(build(&next).damaged, 0);
    assert_eq!(found(&next, "tenor "), ["Choir"]);
}

#[test]
fn a_part_does_not_open_in_another_s_place() {
    let (world, alice) = mailbox();
    build(&alice);
    block_on(alice.client.save_index()).unwrap();
    // The server gives the part out as another item.
    let part = parts(&world, &folder_ids(&alice)).remove(0);
    let mut behind = world.borrow_mut();
    let data = behind.data("alice");
    let other = smail_protocol::ItemId::from_bytes([7; 16]);
    data.items.insert(
        other,
        smail_protocol::Item {
            item_id: other,
            ..part
        },
    );
    drop(behind);
    let device = Party::log_in(&world, ALICE).unwrap();
    assert_eq!(build(&device).damaged, 1);
    assert_eq!(found(&device, "tenor "), ["Choir"]);
}

#[test]
fn two_sessions_write_at_once_and_agree() {
    let (world, first) = mailbox();
    let second = Party::log_in(&world, ALICE).unwrap();
    let bob = Party::log_in(&world, BOB).unwrap();
    for session in [&first, &second] {
        build(session);
    }
    for round in 0..12 {
        let subject = format!("Round {round}");
        bob.send(draft(&["alice"], &subject, "carousel")).unwrap();
        // Both index what has come and write it down, without having heard of one another.
        for session in [&first, &second] {
            block_on(session.client.sync()).unwrap();
        }
        let before = parts(&world, &folder_ids(&first)).len();
        for session in [&first, &second] {
            block_on(session.client.save_index()).unwrap();
        }
        assert_eq!(parts(&world, &folder_ids(&first)).len(), before + 2);
        for session in [&first, &second] {
            block_on(session.client.sync()).unwrap();
            build(session);
            assert_eq!(search(session, "carousel ").total, round + 1);
        }
    }
    let left = parts(&world, &folder_ids(&first)).len();
    assert!(left < 8, "{left} parts are left of two dozen");
    let device = Party::log_in(&world, ALICE).unwrap();
    downloads(&device);
    assert_eq!(found(&device, "carousel ").len(), 12);
    assert_eq!(found(&device, "tenor "), ["Choir"]);
    assert_eq!(downloads(&device), left);
}

#[test]
fn a_merge_yields_to_who_was_faster() {
    let (world, alice) = mailbox();
    build(&alice);
    let bob = Party::log_in(&world, BOB).unwrap();
    for round in 0..3 {
        bob.send(draft(&["alice"], &format!("Round {round}"), "carousel"))
            .unwrap();
        block_on(alice.client.sync()).unwrap();
        for _ in 0..6 {
            block_on(alice.client.index_step()).unwrap();
        }
        block_on(alice.client.save_index()).unwrap();
    }
    // Four parts are due to be merged, and another session has written over every one of them.
    let shown = folder_ids(&alice);
    for part in parts(&world, &shown) {
        let mut behind = world.borrow_mut();
        let raised = smail_protocol::Item {
            version: part.version + 1,
            ..part
        };
        behind.data("alice").items.insert(raised.item_id, raised);
    }
    let before = parts(&world, &shown);
    assert!(before.len() >= 4);
    build(&alice);
    assert_eq!(parts(&world, &shown), before, "nothing is written over");
}

#[test]
fn the_build_goes_on_where_it_was_cut_off() {
    let (_world, alice) = mailbox();
    // Parts, walk, and then the connection is lost.
    block_on(alice.client.index_step()).unwrap();
    let lost = Fault {
        method: Method::Get,
        path: "/api/v1/",
        harm: Harm::Offline,
        times: 400,
    };
    alice.wire.harm(lost);
    let error = loop {
        if let Err(error) = block_on(alice.client.index_step()) {
            break error;
        }
    };
    assert_eq!(error.code(), "offline");
    alice.wire.heal();
    assert_eq!(build(&alice).indexed, 5);
    assert_eq!(found(&alice, "tenor "), ["Choir"]);
}

#[test]
fn messages_are_found_by_their_summaries_until_their_turn_comes() {
    let (_world, alice) = mailbox();
    alice.rows(FolderRole::Inbox);
    while search(&alice, "ferry ").hits.is_empty() {
        let progress = block_on(alice.client.index_step()).unwrap();
        assert!(!progress.done);
    }
    let progress = block_on(alice.client.index_step()).unwrap();
    assert!(progress.indexed <= 5);
}

#[test]
fn without_room_the_index_serves_this_session_and_says_so() {
    let (world, alice) = mailbox();
    let full = Fault {
        method: Method::Post,
        path: "/api/v1/blobs",
        harm: Harm::Refused(ProblemCode::QuotaExceeded, 507),
        times: 1,
    };
    alice.wire.harm(full);
    let mut progress = IndexProgress::default();
    while !progress.done {
        match block_on(alice.client.index_step()) {
            Ok(step) => progress = step,
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(found(&alice, "tenor "), ["Choir"]);
    assert_eq!(parts(&world, &folder_ids(&alice)).len(), 0);
    assert!(progress.unsaved.is_some());
}

#[test]
fn what_is_wrong_with_a_search_is_said() {
    let (_world, alice) = mailbox();
    let results = search(&alice, "boat form:bob");
    let problem = results.problem.unwrap();
    assert_eq!((problem.start, problem.end, results.hits.len()), (5, 10, 0));
    assert!(problem.text.contains("from:"));
    assert!(search(&alice, "  ").blank);
    let results = search(&alice, "x from:bob");
    assert_eq!(
        (results.filters[0].text.as_str(), results.filters[0].start),
        ("from:bob", 2)
    );
}

#[test]
fn saved_searches_are_the_same_everywhere() {
    let (world, alice) = mailbox();
    let other = Party::log_in(&world, ALICE).unwrap();
    block_on(alice.client.save_search(" Boats ", "boat is:unread")).unwrap();
    block_on(other.client.sync()).unwrap();
    block_on(other.client.save_search("choir", "tenor")).unwrap();
    block_on(other.client.save_search("Boats", "boat")).unwrap();
    block_on(alice.client.sync()).unwrap();
    let saved = alice.client.saved_searches().unwrap();
    let shown: Vec<(&str, &str)> = saved
        .iter()
        .map(|search| (search.name.as_str(), search.query.as_str()))
        .collect();
    assert_eq!(shown, [("Boats", "boat"), ("choir", "tenor")]);
    let left = block_on(alice.client.remove_search(&saved[0].id)).unwrap();
    assert_eq!(left.len(), 1);
    let error = block_on(alice.client.save_search(" ", "x")).unwrap_err();
    assert_eq!(
        (error.code(), error.field()),
        ("search-unnamed", Some("name"))
    );
    for at in 0..49 {
        block_on(alice.client.save_search(&format!("n{at}"), "x")).unwrap();
    }
    let error = block_on(alice.client.save_search("one more", "x")).unwrap_err();
    assert_eq!(error.code(), "too-many-searches");
}
