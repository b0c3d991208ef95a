//! Many requests at once: nothing is lost, nothing is done twice.

use super::fixture::{NOW_MS, bytes, credential, item_id, keys_with_prefix, on_every_store};
use crate::store::{CreateAccountError, CreateSessionError};
use smail_protocol::{CredentialKind, ObjectId, StateWriteRequest};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

#[test]
fn letters_that_arrive_at_once_all_arrive() {
    on_every_store(|store, alice, bob| {
        thread::scope(|scope| {
            for thread in 0..8_u8 {
                scope.spawn(move || {
                    for n in 1..=10 {
                        alice.send(store, thread * 10 + n, &[thread, n], &[bob]);
                    }
                });
            }
        });
        let page = store.item_page(bob.account, bob.inbox, None, 500).unwrap();
        assert_eq!((page.total, page.items.len()), (80, 80));
        let seqs: Vec<u64> = store
            .changes(bob.account, 0, 500)
            .unwrap()
            .changes
            .iter()
            .map(|change| change.seq)
            .collect();
        assert_eq!(seqs, (1..=80).collect::<Vec<_>>());
    });
}

#[test]
fn the_same_request_at_once_delivers_once() {
    on_every_store(|store, alice, bob| {
        let request = alice.letter(1, alice.upload(store, b"letter"), &[bob]);
        let send = || store.deliver(alice.account, &request, NOW_MS).unwrap();
        let answers = thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(send)).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect::<Vec<_>>()
        });
        assert!(answers.iter().all(|answer| *answer == answers[0]));
        assert_eq!(
            store
                .item_page(bob.account, bob.inbox, None, 9)
                .unwrap()
                .total,
            1
        );
    });
}

#[test]
fn of_many_who_want_a_name_one_gets_it() {
    on_every_store(|store, _, _| {
        let (made, taken) = (AtomicU32::new(0), AtomicU32::new(0));
        thread::scope(|scope| {
            for n in 10..18 {
                let (made, taken) = (&made, &taken);
                scope.spawn(move || {
                    match store
                        .create_account(&super::fixture::Person::new("carol", n).new_account())
                    {
                        Ok(()) => made.fetch_add(1, Ordering::Relaxed),
                        Err(error) => {
                            assert_eq!(error, CreateAccountError::UsernameTaken);
                            taken.fetch_add(1, Ordering::Relaxed)
                        }
                    };
                });
            }
        });
        assert_eq!((made.into_inner(), taken.into_inner()), (1, 7));
    });
}

#[test]
fn each_version_of_an_object_is_written_by_one() {
    on_every_store(|store, alice, _| {
        let object = ObjectId::from_bytes([1; 16]);
        let write = |base_version| StateWriteRequest {
            base_version,
            sealed: bytes("sealed"),
        };
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let mut written = 0;
                    while written < 10 {
                        let base = store
                            .state_object(alice.account, object)
                            .unwrap()
                            .map_or(0, |found| found.version);
                        written +=
                            u32::from(store.put_state(alice.account, object, &write(base)).is_ok());
                    }
                });
            }
        });
        assert_eq!(
            store
                .state_object(alice.account, object)
                .unwrap()
                .unwrap()
                .version,
            80
        );
        assert_eq!(keys_with_prefix(store, b'g'), 1);
    });
}

#[test]
fn blobs_that_come_and_go_at_once_leave_nothing() {
    on_every_store(|store, alice, bob| {
        thread::scope(|scope| {
            for n in 1..=8 {
                scope.spawn(move || {
                    for _ in 0..5 {
                        // Everybody sends the same octets, so that holders meet at one blob.
                        let blob = alice.upload(store, b"the same");
                        let mut letter = alice.letter(n, blob, &[]);
                        letter.idempotency_key = smail_protocol::IdempotencyKey::from_bytes(
                            crate::store::random_id().unwrap(),
                        );
                        // Another may have used up the claim in between: then it is uploaded again.
                        if store.deliver(alice.account, &letter, NOW_MS).is_ok() {
                            store.delete_item(alice.account, item_id(n), 1).unwrap();
                        }
                    }
                });
            }
        });
        store.sweep(u64::MAX).unwrap();
        let left = [b'b', b'd', b'h', b'i', b'l'].map(|prefix| keys_with_prefix(store, prefix));
        assert_eq!(left, [0; 5]);
        assert_eq!(
            store
                .item_page(bob.account, bob.inbox, None, 9)
                .unwrap()
                .total,
            0
        );
    });
}

#[test]
fn no_session_survives_a_new_password_that_comes_at_the_same_time() {
    on_every_store(|store, alice, _| {
        for round in 0..10 {
            let version = store
                .credential(alice.account, CredentialKind::Password)
                .unwrap()
                .unwrap()
                .version;
            let made = thread::scope(|scope| {
                let logins: Vec<_> = (0..4)
                    .map(|n| {
                        let mut session = alice.new_session(round * 4 + n + 1);
                        session.credential_version = version;
                        scope.spawn(move || (session.token_hash, store.create_session(&session)))
                    })
                    .collect();
                let kept = smail_protocol::SessionId::from_bytes([255; 16]);
                let new = credential("new");
                store
                    .set_credential(alice.account, CredentialKind::Password, &new, Some(kept))
                    .unwrap();
                logins
                    .into_iter()
                    .map(|login| login.join().unwrap())
                    .collect::<Vec<_>>()
            });
            for (token_hash, outcome) in made {
                assert!(matches!(
                    outcome,
                    Ok(()) | Err(CreateSessionError::CredentialChanged)
                ));
                assert_eq!(store.session(&token_hash, NOW_MS), Ok(None));
            }
        }
        let ids: BTreeSet<_> = store
            .sessions(alice.account, NOW_MS)
            .unwrap()
            .iter()
            .map(|s| s.session_id)
            .collect();
        assert!(ids.is_empty());
    });
}
