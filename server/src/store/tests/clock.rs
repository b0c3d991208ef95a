//! A clock that goes back: nothing is lost, nothing ends early, nothing panics.

use super::fixture::{DAY_MS, NOW_MS, on_every_store};
use crate::store::SweepReport;

/// Before the clock was set.
const EARLIER_MS: u64 = NOW_MS - 30 * DAY_MS;

#[test]
fn letters_of_an_earlier_time_arrive_and_are_told_of() {
    on_every_store(|store, alice, bob| {
        for (n, now_ms) in [(1, NOW_MS), (2, EARLIER_MS), (3, 0)] {
            let letter = alice.letter(n, alice.upload(store, &[n]), &[bob]);
            store.deliver(alice.account, &letter, now_ms).unwrap();
        }
        let (mut arrivals, mut before) = (Vec::new(), None);
        loop {
            let page = store
                .item_page(bob.account, bob.inbox, before.as_deref(), 1)
                .unwrap();
            arrivals.extend(page.items.iter().map(|item| item.arrival_ms));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(arrivals, [NOW_MS, EARLIER_MS, 0], "by arrival as it was");
        let changes = store.changes(bob.account, 0, 9).unwrap().changes;
        let seqs: Vec<u64> = changes.iter().map(|change| change.seq).collect();
        assert_eq!(seqs, [1, 2, 3], "by order as it was");
    });
}

#[test]
fn the_same_request_is_known_at_an_earlier_time() {
    on_every_store(|store, alice, bob| {
        let letter = alice.letter(1, alice.upload(store, b"letter"), &[bob]);
        let first = store.deliver(alice.account, &letter, NOW_MS).unwrap();
        let again = store.deliver(alice.account, &letter, EARLIER_MS).unwrap();
        assert_eq!(first, again);
        assert_eq!(store.newest_seq(bob.account), Ok(1));
    });
}

#[test]
fn a_session_lives_on_and_its_use_is_not_taken_back() {
    on_every_store(|store, alice, _| {
        let session = alice.new_session(1);
        store.create_session(&session).unwrap();
        store
            .touch_session(&session.token_hash, EARLIER_MS)
            .unwrap();
        store.touch_session(&session.token_hash, 0).unwrap();
        let found = store.session(&session.token_hash, EARLIER_MS).unwrap();
        let used_ms = found.unwrap().used_ms;
        assert!(used_ms > EARLIER_MS, "{used_ms}");
        assert_eq!(store.sweep(EARLIER_MS), Ok(SweepReport::default()));
        assert!(
            store
                .session(&session.token_hash, NOW_MS)
                .unwrap()
                .is_some()
        );
    });
}

#[test]
fn an_upload_over_the_change_can_be_finished_and_named() {
    on_every_store(|store, alice, bob| {
        let mut writer = store.blob_writer(alice.account, NOW_MS).unwrap();
        writer.write(&[7; 1_000_000]).unwrap();
        assert_eq!(store.sweep(EARLIER_MS), Ok(SweepReport::default()));
        let blob = writer.finish(None).unwrap().blob_id;
        let letter = alice.letter(1, blob, &[bob]);
        store.deliver(alice.account, &letter, EARLIER_MS).unwrap();
        assert_eq!(store.sweep(EARLIER_MS), Ok(SweepReport::default()));
    });
}
