//! Sessions: their limits, their end, and who is told of it.

use super::fixture::{DAY_MS, NOW_MS, Person, credential, on_every_store};
use crate::store::{CreateSessionError, NewSession, Store};
use smail_protocol::limits::MAX_SESSIONS;
use smail_protocol::{CredentialKind, SessionId};

fn session_id(n: u8) -> SessionId {
    SessionId::from_bytes([n; 16])
}

#[test]
fn a_session_is_found_by_its_token_alone() {
    on_every_store(|store, alice, _| {
        store.create_session(&alice.new_session(7)).unwrap();
        let session = store.session(&[7; 32], NOW_MS).unwrap().unwrap();
        assert_eq!(
            (session.session_id, session.account),
            (session_id(7), alice.account)
        );
        assert_eq!(session.client, "Firefox on Linux");
        assert_eq!(store.session(&[8; 32], NOW_MS), Ok(None));
    });
}

#[test]
fn a_session_id_is_given_once() {
    on_every_store(|store, alice, _| {
        store.create_session(&alice.new_session(7)).unwrap();
        assert_eq!(
            store.create_session(&alice.new_session(7)),
            Err(CreateSessionError::SessionExists)
        );
    });
}

#[test]
fn one_session_too_many_ends_the_oldest() {
    let store = Store::in_memory();
    let alice = Person::sign_up(&store, "alice", 1);
    for n in 100..=100 + MAX_SESSIONS {
        let n = u8::try_from(n).unwrap();
        let now_ms = NOW_MS + u64::from(n);
        let new = alice.new_session(n);
        store.create_session(&NewSession { now_ms, ..new }).unwrap();
    }
    let sessions = store.sessions(alice.account, NOW_MS + 300).unwrap();
    assert_eq!(sessions.len(), MAX_SESSIONS);
    assert_eq!(store.session(&[100; 32], NOW_MS + 300), Ok(None));
    assert!(store.session(&[101; 32], NOW_MS + 300).unwrap().is_some());
}

#[test]
fn a_session_ends_when_it_is_idle() {
    on_every_store(|store, alice, _| {
        store.create_session(&alice.new_session(7)).unwrap();
        assert!(
            store
                .session(&[7; 32], NOW_MS + 13 * DAY_MS)
                .unwrap()
                .is_some()
        );
        assert_eq!(store.session(&[7; 32], NOW_MS + 14 * DAY_MS), Ok(None));
    });
}

#[test]
fn use_keeps_a_session_but_not_for_ever() {
    on_every_store(|store, alice, _| {
        store.create_session(&alice.new_session(7)).unwrap();
        (1..=9).for_each(|n| {
            store
                .touch_session(&[7; 32], NOW_MS + n * 10 * DAY_MS - 1)
                .unwrap()
        });
        assert!(
            store
                .session(&[7; 32], NOW_MS + 90 * DAY_MS - 1)
                .unwrap()
                .is_some()
        );
        assert_eq!(store.session(&[7; 32], NOW_MS + 90 * DAY_MS), Ok(None));
    });
}

#[test]
fn use_is_kept_to_the_minute() {
    on_every_store(|store, alice, _| {
        store.create_session(&alice.new_session(7)).unwrap();
        store.touch_session(&[7; 32], NOW_MS + 200_000).unwrap();
        let used_ms = store.session(&[7; 32], NOW_MS).unwrap().unwrap().used_ms;
        assert_eq!(used_ms % 60_000, 0);
        assert!(used_ms <= NOW_MS + 200_000 && used_ms > NOW_MS + 140_000);
    });
}

#[test]
fn sessions_are_listed_latest_used_first() {
    on_every_store(|store, alice, bob| {
        store.create_session(&alice.new_session(7)).unwrap();
        store.create_session(&alice.new_session(8)).unwrap();
        store.create_session(&bob.new_session(9)).unwrap();
        store.touch_session(&[7; 32], NOW_MS + 600_000).unwrap();
        let listed = store.sessions(alice.account, NOW_MS).unwrap();
        let ids: Vec<_> = listed.iter().map(|session| session.session_id).collect();
        assert_eq!(ids, [session_id(7), session_id(8)]);
    });
}

#[test]
fn what_is_left_with_a_session_goes_with_it() {
    on_every_store(|store, alice, _| {
        store.create_session(&alice.new_session(7)).unwrap();
        let resume = super::fixture::bytes("sealed");
        assert_eq!(store.set_resume(&[7; 32], &resume), Ok(true));
        assert_eq!(
            store.session(&[7; 32], NOW_MS).unwrap().unwrap().resume,
            Some(resume.clone())
        );
        assert_eq!(store.end_session(alice.account, session_id(7)), Ok(true));
        assert_eq!(store.set_resume(&[7; 32], &resume), Ok(false));
    });
}

#[test]
fn nobody_ends_the_session_of_another() {
    on_every_store(|store, alice, bob| {
        store.create_session(&alice.new_session(7)).unwrap();
        assert_eq!(store.end_session(bob.account, session_id(7)), Ok(false));
        assert!(store.session(&[7; 32], NOW_MS).unwrap().is_some());
    });
}

#[test]
fn an_open_stream_hears_that_its_session_has_ended() {
    on_every_store(|store, alice, _| {
        store.create_session(&alice.new_session(7)).unwrap();
        store.create_session(&alice.new_session(8)).unwrap();
        let ended = store
            .subscribe(alice.account, session_id(7))
            .unwrap()
            .unwrap()
            .session_ended;
        let kept = store
            .subscribe(alice.account, session_id(8))
            .unwrap()
            .unwrap()
            .session_ended;
        store
            .end_other_sessions(alice.account, session_id(8))
            .unwrap();
        assert!(*ended.borrow());
        assert!(!*kept.borrow());
        assert!(
            store
                .subscribe(alice.account, session_id(7))
                .unwrap()
                .is_none()
        );
    });
}

#[test]
fn a_new_password_ends_the_other_sessions() {
    on_every_store(|store, alice, bob| {
        for session in [
            alice.new_session(7),
            alice.new_session(8),
            bob.new_session(9),
        ] {
            store.create_session(&session).unwrap();
        }
        let password = CredentialKind::Password;
        store
            .set_credential(
                alice.account,
                password,
                &credential("new"),
                Some(session_id(8)),
            )
            .unwrap();
        let live = [7, 8, 9].map(|n| store.session(&[n; 32], NOW_MS).unwrap().is_some());
        assert_eq!(live, [false, true, true]);
    });
}

#[test]
fn a_login_begun_under_the_old_password_ends_in_no_session() {
    on_every_store(|store, alice, _| {
        let begun_before = alice.new_session(7);
        let password = CredentialKind::Password;
        store
            .set_credential(alice.account, password, &credential("new"), None)
            .unwrap();
        assert_eq!(
            store.create_session(&begun_before),
            Err(CreateSessionError::CredentialChanged)
        );
        let mut by_recovery = alice.new_session(8);
        by_recovery.credential = CredentialKind::Recovery;
        assert_eq!(
            store.create_session(&by_recovery),
            Err(CreateSessionError::CredentialChanged)
        );
    });
}
