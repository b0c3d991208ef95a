//! Messages that wait to be sent, and formatted ones.

use crate::support::{ALICE, BOB, Fault, Harm, Party, World, draft, only_row};
use futures_executor::block_on;
use smail_mail_core::transport::Method;
use smail_mail_core::views::{BodyView, Draft, FolderRole, MessageRow, QuoteWords};
use smail_mail_core::{CodedError, NewAttachment, ScheduleError};

const HOUR_MS: u32 = 3_600_000;

impl Party {
    fn later(&self, draft: Draft) -> Result<MessageRow, ScheduleError> {
        block_on(self.client.send_later(draft, f64::from(HOUR_MS), |_| {}))
    }

    fn syncs(&self) {
        block_on(self.client.sync()).unwrap();
    }
}

fn begun(text: &str) -> Draft {
    Draft {
        id: Some("0123456789abcdef0123456789abcdef".to_owned()),
        ..draft(&["bob"], "later", text)
    }
}

#[test]
fn it_waits_in_a_folder_of_its_own_and_goes_out_by_itself() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let saved = block_on(alice.client.save_draft(begun("t"))).unwrap();
    let draft = Draft {
        version: Some(saved.version),
        ..begun("t, and more")
    };
    let row = alice.later(draft).unwrap();
    assert_eq!(row.id, saved.id, "the draft itself waits");
    assert!(row.snoozed_until_ms.unwrap() >= world.borrow().now_ms as f64);
    assert!(alice.rows(FolderRole::Drafts).is_empty());
    assert_eq!(only_row(alice.rows(FolderRole::Scheduled)).subject, "later");
    assert!(bob.rows(FolderRole::Inbox).is_empty());

    world.borrow_mut().wait(HOUR_MS.into());
    alice.syncs();
    assert!(alice.rows(FolderRole::Scheduled).is_empty());
    assert_eq!(only_row(alice.rows(FolderRole::Sent)).subject, "later");
    let arrived = only_row(bob.rows(FolderRole::Inbox));
    assert_eq!(bob.read(&arrived).text.trim_end(), "t, and more");
}

#[test]
fn what_is_called_off_is_a_draft_again_and_never_goes_out() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let row = alice.later(begun("t")).unwrap();
    let draft = block_on(alice.client.call_off(&row.id)).unwrap();
    assert_eq!((draft.text.as_str(), draft.to.len()), ("t", 1));
    assert_eq!(
        only_row(alice.rows(FolderRole::Drafts)).snoozed_until_ms,
        None
    );
    world.borrow_mut().wait(HOUR_MS.into());
    alice.syncs();
    assert!(bob.rows(FolderRole::Inbox).is_empty());
    alice.send(draft).unwrap();
    assert!(alice.rows(FolderRole::Drafts).is_empty());
    assert_eq!(bob.rows(FolderRole::Inbox).len(), 1);
}

#[test]
fn what_went_out_meanwhile_cannot_be_called_off() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let row = alice.later(begun("t")).unwrap();
    world.borrow_mut().wait(HOUR_MS.into());
    let error = block_on(alice.client.call_off(&row.id)).unwrap_err();
    assert_eq!(error.code(), "send-went-out");
    assert_eq!(bob.rows(FolderRole::Inbox).len(), 1);
}

#[test]
fn it_can_be_sent_at_once() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let row = alice.later(begun("t")).unwrap();
    let receipt = block_on(alice.client.send_scheduled(&row.id, |_| {})).unwrap();
    assert_eq!(receipt.row.subject, "later");
    assert!(alice.rows(FolderRole::Scheduled).is_empty());
    assert_eq!(bob.rows(FolderRole::Inbox).len(), 1);
    world.borrow_mut().wait(HOUR_MS.into());
    assert_eq!(bob.rows(FolderRole::Inbox).len(), 1);
}

#[test]
fn a_lost_answer_lets_it_wait_once() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let lost = |times| Fault {
        method: Method::Put,
        path: "/api/v1/scheduled",
        harm: Harm::AnswerLost,
        times,
    };
    alice.wire.harm(lost(1));
    alice.later(begun("one")).unwrap();
    assert_eq!(alice.rows(FolderRole::Scheduled).len(), 1);
    // Lost to the end: the person does it again.
    let other = Draft {
        id: Some("f".repeat(32)),
        ..begun("two")
    };
    alice.wire.harm(lost(4));
    let error = alice.later(other.clone()).unwrap_err();
    assert_eq!(error.code(), "send-unconfirmed");
    alice.later(other).unwrap();
    assert_eq!(alice.rows(FolderRole::Scheduled).len(), 2);
    world.borrow_mut().wait(HOUR_MS.into());
    assert_eq!(bob.rows(FolderRole::Inbox).len(), 2);
}

#[test]
fn no_time_is_beyond_a_year() {
    let world = World::new();
    let (alice, _bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    for wrong in [-1.0, f64::NAN, 4e10] {
        let refused = block_on(alice.client.send_later(begun("t"), wrong, |_| {}));
        assert_eq!(refused.unwrap_err().code(), "time-passed");
    }
}

#[test]
fn formatted_text_and_its_pictures_arrive_and_are_kept_in_drafts() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let new = NewAttachment {
        name: "dog.png".to_owned(),
        media_type: "image/png".to_owned(),
    };
    let mut picture = block_on(alice.client.attach(&b"picture"[..], &new, &())).unwrap();
    picture.content_id = Some("d0g@s-mail".to_owned());
    let html = "<div><strong>My</strong> <img src=\"cid:d0g@s-mail\" alt=\"dog\"></div>";
    let formatted = Draft {
        html: Some(html.to_owned()),
        attachments: vec![picture],
        ..begun("My [dog]")
    };
    let saved = block_on(alice.client.save_draft(formatted.clone())).unwrap();
    let opened = block_on(alice.client.open_draft(&saved.id)).unwrap();
    assert_eq!(opened.html, formatted.html);
    assert_eq!(opened.attachments, formatted.attachments);
    alice.send(opened).unwrap();

    let row = only_row(bob.rows(FolderRole::Inbox));
    let view = bob.read(&row);
    assert_eq!(view.text.trim_end(), "My [dog]");
    assert!(view.notes.is_empty(), "{:?}", view.notes);
    assert!(
        matches!(&view.formatted[..], [BodyView::Html { html: shown }] if shown.contains(html))
    );
    let [shown] = &view.attachments[..] else {
        panic!("not one");
    };
    assert_eq!(
        (shown.inline, shown.content_id.as_deref()),
        (true, Some("d0g@s-mail"))
    );
    let octets = block_on(bob.client.attachment(&row.id, shown.index, |_| {})).unwrap();
    assert_eq!(octets, b"picture");
    let quote = block_on(bob.client.reply_draft(&row.id, &QuoteWords::default()))
        .unwrap()
        .quote;
    assert_eq!(quote.unwrap().bodies.len(), 1);
}
