//! Lists: every summary taken in, conversations over folders, orders and filters, and keeping up.

use crate::support::{ALICE, BOB, Fault, Harm, Party, World, draft};
use futures_executor::block_on;
use smail_mail_core::FlagChange;
use smail_mail_core::transport::Method;
use smail_mail_core::views::{
    Draft, FolderRole, LabelColour, ListFilter, ListPlace, ListRange, ListSpec, MessageRow,
    Operation, QuoteWords, SortOrder,
};
use std::cell::RefCell;
use std::rc::Rc;

fn pair() -> (Rc<RefCell<World>>, Party, Party) {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    (world, alice, bob)
}

fn spec(party: &Party, role: FolderRole) -> ListSpec {
    ListSpec {
        place: ListPlace::Folder {
            id: party.folder(role),
        },
        sort: SortOrder::Newest,
        filter: ListFilter::All,
        single: false,
    }
}

fn range(party: &Party, spec: &ListSpec) -> ListRange {
    block_on(party.client.list_range(spec, 0, 100, None)).unwrap()
}

fn inbox(party: &Party) -> Vec<MessageRow> {
    range(party, &spec(party, FolderRole::Inbox)).rows
}

fn subjects(rows: &[MessageRow]) -> Vec<&str> {
    rows.iter().map(|row| row.subject.as_str()).collect()
}

fn answer(party: &Party, row: &MessageRow, text: &str) -> MessageRow {
    let reply = block_on(party.client.reply_draft(&row.id, &QuoteWords::default())).unwrap();
    let text = text.to_owned();
    party.send(Draft { text, ..reply }).unwrap().row
}

/// Sends bob so many letters.
fn send_letters(alice: &Party, count: u32) {
    for number in 0..count {
        let subject = format!("Letter {number}");
        alice.send(draft(&["bob"], &subject, "t")).unwrap();
    }
}

/// Takes everything in; how many calls it took.
fn take_in_all(party: &Party) -> usize {
    (1..100)
        .find(|_| block_on(party.client.take_in_more()).unwrap().done)
        .unwrap()
}

fn flag(party: &Party, row: &MessageRow, change: FlagChange) {
    block_on(party.client.set_flags(&row.id, change)).unwrap();
}

const STAR: FlagChange = FlagChange {
    starred: Some(true),
    unread: None,
};

#[test]
fn a_conversation_is_one_row_over_all_folders() {
    let (_world, alice, bob) = pair();
    alice.send(draft(&["bob"], "Dinner", "At eight?")).unwrap();
    alice
        .send(draft(&["bob"], "Keys", "With the neighbour."))
        .unwrap();
    let first = inbox(&bob).pop().unwrap();
    answer(&bob, &first, "Yes.");
    block_on(alice.client.sync()).unwrap();
    answer(&alice, &inbox(&alice)[0], "Good.");
    block_on(bob.client.sync()).unwrap();

    let rows = inbox(&bob);
    assert_eq!(subjects(&rows), ["Re: Dinner", "Keys"]);
    let conversation = rows[0].conversation.as_ref().unwrap();
    assert_eq!((conversation.count, conversation.ids.len()), (3, 2));
    let people: Vec<&str> = conversation
        .people
        .iter()
        .map(|person| person.address.as_str())
        .collect();
    assert_eq!(people, ["alice@localhost", "bob@localhost"]);
    assert_eq!(rows[1].conversation, None);

    let opened = block_on(bob.client.conversation(&first.id)).unwrap();
    assert_eq!(opened.row, rows[0]);
    let snippets: Vec<&str> = opened
        .messages
        .iter()
        .map(|row| row.snippet.as_str())
        .collect();
    assert_eq!(snippets, ["At eight?", "Yes.", "Good."]);
}

#[test]
fn a_thrown_away_message_is_in_no_conversation_but_in_the_trash() {
    let (_world, alice, bob) = pair();
    alice.send(draft(&["bob"], "Dinner", "1")).unwrap();
    let first = inbox(&bob).remove(0);
    answer(&bob, &first, "2");
    block_on(
        bob.client
            .move_to(&first.id, &bob.folder(FolderRole::Trash)),
    )
    .unwrap();
    assert!(inbox(&bob).is_empty());
    let sent = range(&bob, &spec(&bob, FolderRole::Sent)).rows;
    assert_eq!(sent[0].conversation, None);
    let trash = range(&bob, &spec(&bob, FolderRole::Trash)).rows;
    assert_eq!((trash.len(), &trash[0].conversation), (1, &None));
}

#[test]
fn a_note_to_oneself_is_shown_once() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    alice.send(draft(&["alice"], "Note", "Milk.")).unwrap();
    let row = inbox(&alice).remove(0);
    range(&alice, &spec(&alice, FolderRole::Sent));
    assert_eq!(row.conversation, None);
    let opened = block_on(alice.client.conversation(&row.id)).unwrap();
    assert_eq!(opened.messages, inbox(&alice));
}

#[test]
fn the_first_rows_come_at_once_and_the_rest_in_the_background() {
    let (world, alice, bob) = pair();
    send_letters(&alice, 60);
    // All have been seen once, so that there are summaries.
    block_on(
        bob.client
            .list(&bob.folder(FolderRole::Inbox), None, Some(100)),
    )
    .unwrap();
    world.borrow_mut().items_a_page = 50;
    let device = Party::log_in(&world, BOB).unwrap();
    let first = range(&device, &spec(&device, FolderRole::Inbox));
    assert_eq!(
        (first.rows.len(), first.count, first.whole),
        (50, 60, false)
    );
    assert_eq!(device.wire.asked("/blobs/"), 0);
    take_in_all(&device);
    let all = range(&device, &spec(&device, FolderRole::Inbox));
    assert_eq!((all.rows.len(), all.count, all.whole), (60, 60, true));
    assert!(all.version > first.version);
    assert_eq!(block_on(device.client.folders()).unwrap()[0].unread, 60);
    // And once it is all there, nobody asks again.
    let before = device.wire.log.borrow().len();
    assert_eq!(take_in_all(&device), 1);
    range(&device, &spec(&device, FolderRole::Inbox));
    assert_eq!(device.wire.log.borrow().len(), before);
}

#[test]
fn messages_never_seen_are_opened_in_the_background() {
    let (_world, alice, bob) = pair();
    send_letters(&alice, 55);
    assert_eq!(inbox(&bob).len(), 50);
    assert_eq!(bob.wire.asked("GET /api/v1/blobs/"), 50);
    take_in_all(&bob);
    assert_eq!(bob.wire.asked("GET /api/v1/blobs/"), 55);
    assert_eq!(inbox(&bob).len(), 55);
}

#[test]
fn what_cannot_be_fetched_just_now_is_a_row_all_the_same_and_tried_again() {
    let (_world, alice, bob) = pair();
    alice.send(draft(&["bob"], "Letter", "t")).unwrap();
    let busy = Fault {
        method: Method::Get,
        path: "/api/v1/blobs/",
        harm: Harm::Status(503, None),
        times: 100,
    };
    bob.wire.harm(busy);
    assert!(inbox(&bob)[0].fault.is_some());
    take_in_all(&bob);
    bob.wire.heal();
    take_in_all(&bob);
    let row = inbox(&bob).remove(0);
    assert_eq!((row.subject.as_str(), row.fault), ("Letter", None));
}

#[test]
fn orders_and_filters() {
    let (_world, alice, bob) = pair();
    bob.send(draft(&["alice"], "Beta", &"long ".repeat(2_000)))
        .unwrap();
    alice.send(draft(&["alice"], "Re: alpha", "t")).unwrap();
    bob.send(draft(&["alice"], "Gamma", "t")).unwrap();
    let newest = inbox(&alice);
    flag(&alice, &newest[2], STAR);
    alice.read(&newest[0]);
    let listed = |sort, filter| {
        let spec = ListSpec {
            sort,
            filter,
            ..spec(&alice, FolderRole::Inbox)
        };
        let range = range(&alice, &spec);
        assert_eq!(range.count as usize, range.rows.len());
        subjects(&range.rows).join(" ")
    };
    let all = ListFilter::All;
    assert_eq!(listed(SortOrder::Newest, all), "Gamma Re: alpha Beta");
    assert_eq!(listed(SortOrder::Oldest, all), "Beta Re: alpha Gamma");
    assert_eq!(listed(SortOrder::Subject, all), "Re: alpha Beta Gamma");
    assert_eq!(listed(SortOrder::Sender, all), "Re: alpha Gamma Beta");
    assert!(listed(SortOrder::Size, all).starts_with("Beta"));
    assert_eq!(listed(SortOrder::Newest, ListFilter::Starred), "Beta");
    assert_eq!(listed(SortOrder::Newest, ListFilter::Attachments), "");
    assert_eq!(
        listed(SortOrder::Oldest, ListFilter::Unread),
        "Beta Re: alpha"
    );
}

#[test]
fn a_label_lists_what_has_it_in_any_folder() {
    let (_world, alice, bob) = pair();
    for subject in ["One", "Two", "Three"] {
        alice.send(draft(&["bob"], subject, "t")).unwrap();
    }
    let rows = inbox(&bob);
    let label = block_on(bob.client.make_label("Urgent", LabelColour::Red)).unwrap();
    let ids = vec![rows[0].id.clone(), rows[2].id.clone()];
    let operation = Operation::Label {
        label_id: label.id.clone(),
    };
    block_on(bob.client.organise(&ids, &operation, None)).unwrap();
    block_on(
        bob.client
            .move_to(&rows[2].id, &bob.folder(FolderRole::Archive)),
    )
    .unwrap();
    let labelled = ListSpec {
        place: ListPlace::Label { id: label.id },
        ..spec(&bob, FolderRole::Inbox)
    };
    let listed = range(&bob, &labelled);
    assert_eq!(subjects(&listed.rows), ["Three", "One"]);
    assert_eq!((listed.count, listed.messages), (2, 2));
}

#[test]
fn what_is_being_read_stays_in_the_list_of_what_is_unread_until_that_is_left() {
    let (_world, alice, bob) = pair();
    alice.send(draft(&["bob"], "One", "t")).unwrap();
    alice.send(draft(&["bob"], "Two", "t")).unwrap();
    let unread = ListSpec {
        filter: ListFilter::Unread,
        ..spec(&bob, FolderRole::Inbox)
    };
    let before = range(&bob, &unread);
    bob.read(&before.rows[0]);
    let after = range(&bob, &unread);
    assert_eq!(subjects(&after.rows), ["Two", "One"]);
    assert!(!after.rows[0].unread && after.version > before.version);
    inbox(&bob);
    assert_eq!(subjects(&range(&bob, &unread).rows), ["One"]);
}

#[test]
fn a_list_keeps_up_and_says_where_a_row_has_gone() {
    let (_world, alice, bob) = pair();
    for subject in ["One", "Two", "Three"] {
        alice.send(draft(&["bob"], subject, "t")).unwrap();
    }
    let listing = spec(&bob, FolderRole::Inbox);
    let before = range(&bob, &listing);
    let anchor = before.rows[1].id.clone();
    alice.send(draft(&["bob"], "Four", "t")).unwrap();
    block_on(bob.client.delete(&before.rows[0].id)).unwrap();
    block_on(bob.client.delete(&before.rows[2].id)).unwrap();
    block_on(bob.client.sync()).unwrap();
    let after = block_on(bob.client.list_range(&listing, 1, 2, Some(&anchor))).unwrap();
    assert_eq!((after.count, after.anchor), (2, Some(1)));
    assert_eq!(subjects(&after.rows), ["Two"]);
    let same = block_on(bob.client.list_range(&listing, 1, 2, Some(&anchor))).unwrap();
    assert_eq!(same, after);
}

#[test]
fn an_item_removed_while_its_page_was_on_the_way_does_not_come_back() {
    let (world, alice, bob) = pair();
    send_letters(&alice, 55);
    take_in_all(&bob);
    world.borrow_mut().items_a_page = 50;
    let device = Party::log_in(&world, BOB).unwrap();
    range(&device, &spec(&device, FolderRole::Inbox));
    let oldest = range(&bob, &spec(&bob, FolderRole::Inbox))
        .rows
        .pop()
        .unwrap();
    let held = world.borrow_mut().data("bob").items[&oldest.id.parse().unwrap()].clone();
    block_on(bob.client.delete(&oldest.id)).unwrap();
    block_on(device.client.sync()).unwrap();
    // The server answers with the page as it was before.
    world
        .borrow_mut()
        .data("bob")
        .items
        .insert(held.item_id, held);
    take_in_all(&device);
    let rows = inbox(&device);
    assert_eq!(rows.len(), 54);
    assert!(rows.iter().all(|row| row.id != oldest.id));
}

#[test]
fn a_page_that_was_fetched_ahead_is_asked_for_anew_once_something_has_changed() {
    let (world, alice, bob) = pair();
    send_letters(&alice, 255);
    take_in_all(&bob);
    world.borrow_mut().items_a_page = 250;
    let oldest = block_on(
        bob.client
            .list_range(&spec(&bob, FolderRole::Inbox), 250, 255, None),
    );
    let oldest = oldest.unwrap().rows.pop().unwrap();
    let device = Party::log_in(&world, BOB).unwrap();
    let pages = |party: &Party| party.wire.asked("GET /api/v1/mailboxes/");
    // The second page of the inbox comes with the first.
    while pages(&device) < 2 {
        block_on(device.client.take_in_more()).unwrap();
    }
    block_on(bob.client.delete(&oldest.id)).unwrap();
    block_on(device.client.sync()).unwrap();
    take_in_all(&device);
    let inbox = block_on(device.client.folders()).unwrap();
    let inbox = inbox
        .iter()
        .find(|it| it.role == FolderRole::Inbox)
        .unwrap();
    assert_eq!(inbox.total, 254);
}

#[test]
fn the_first_page_of_the_inbox_is_there_before_its_list_is_asked_for() {
    let (world, alice, bob) = pair();
    send_letters(&alice, 3);
    take_in_all(&bob);
    let device = Party::log_in(&world, BOB).unwrap();
    block_on(device.client.begin_inbox()).unwrap();
    let pages = || device.wire.asked("/items?");
    assert_eq!(pages(), 1);
    let spec = spec(&device, FolderRole::Inbox);
    assert_eq!(range(&device, &spec).rows.len(), 3);
    block_on(device.client.begin_inbox()).unwrap();
    assert_eq!(pages(), 1);
}

#[test]
fn of_a_first_page_so_many_are_opened_as_have_no_summary_wherever_they_stand() {
    let (world, alice, bob) = pair();
    send_letters(&alice, 80);
    let folder = bob.folder(FolderRole::Inbox);
    block_on(bob.client.list(&folder, None, Some(50))).unwrap();
    let device = Party::log_in(&world, BOB).unwrap();
    assert_eq!(inbox(&device).len(), 80);
    assert_eq!(device.wire.asked("GET /api/v1/blobs/"), 30);
}
