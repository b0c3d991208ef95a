//! State objects and their versions.

use super::fixture::{bytes, on_every_store};
use crate::store::engine::Batch;
use crate::store::{WriteStateError, layout};
use smail_protocol::limits::MAX_STATE_OBJECTS;
use smail_protocol::{ObjectId, StateWriteRequest};

fn write(base_version: u64, text: &str) -> StateWriteRequest {
    StateWriteRequest {
        base_version,
        sealed: bytes(text),
    }
}

fn object_id(n: u8) -> ObjectId {
    ObjectId::from_bytes([n; 16])
}

#[test]
fn an_object_is_made_replaced_and_removed() {
    on_every_store(|store, alice, bob| {
        let made = store
            .put_state(alice.account, object_id(1), &write(0, "one"))
            .unwrap();
        assert_eq!((made.version, &made.sealed), (1, &bytes("one")));
        let replaced = store
            .put_state(alice.account, object_id(1), &write(1, "two"))
            .unwrap();
        assert_eq!(replaced.version, 2);
        assert_eq!(
            store.state_object(alice.account, object_id(1)),
            Ok(Some(replaced))
        );
        assert_eq!(store.state_object(bob.account, object_id(1)), Ok(None));
        store.delete_state(alice.account, object_id(1), 2).unwrap();
        assert_eq!(store.state_object(alice.account, object_id(1)), Ok(None));
    });
}

#[test]
fn who_names_an_old_version_gets_the_object_as_it_is() {
    on_every_store(|store, alice, _| {
        let current = store
            .put_state(alice.account, object_id(1), &write(0, "one"))
            .unwrap();
        let conflict = WriteStateError::Conflict(Box::new(current));
        for base_version in [0, 9] {
            let outcome = store.put_state(alice.account, object_id(1), &write(base_version, "two"));
            assert_eq!(outcome, Err(conflict.clone()));
        }
        let outcome = store.delete_state(alice.account, object_id(1), 9);
        assert_eq!(outcome, Err(conflict));
    });
}

#[test]
fn an_object_that_is_not_there_is_not_found() {
    on_every_store(|store, alice, _| {
        let outcome = store.put_state(alice.account, object_id(1), &write(1, "one"));
        assert_eq!(outcome, Err(WriteStateError::NotFound));
        assert_eq!(
            store.delete_state(alice.account, object_id(1), 0),
            Err(WriteStateError::NotFound)
        );
        assert_eq!(
            store.delete_state(alice.account, object_id(1), 1),
            Err(WriteStateError::NotFound)
        );
    });
}

#[test]
fn a_page_holds_every_object_of_the_account() {
    on_every_store(|store, alice, bob| {
        store
            .put_state(bob.account, object_id(9), &write(0, "bob's"))
            .unwrap();
        for n in [3, 1, 2] {
            store
                .put_state(alice.account, object_id(n), &write(0, &"x".repeat(60_000)))
                .unwrap();
        }
        let page = store.state_page(alice.account).unwrap();
        let ids: Vec<_> = page.objects.iter().map(|object| object.object_id).collect();
        assert_eq!(ids, [1, 2, 3].map(object_id));
        assert!(
            page.objects
                .iter()
                .all(|object| object.sealed.as_slice().len() == 60_000)
        );
        assert_eq!(page.seq, 3);
    });
}

#[test]
fn an_account_has_so_many_objects_and_no_more() {
    on_every_store(|store, alice, bob| {
        let sealed = write(0, "x");
        let first = store
            .put_state(alice.account, object_id(0), &sealed)
            .unwrap();
        let stored = store
            .engine()
            .get(&layout::state_object(alice.account, first.object_id));
        let stored = stored.unwrap().unwrap();
        let numbered = |n: usize| {
            let mut id = [1; 16];
            id[..8].copy_from_slice(&(n as u64).to_be_bytes());
            ObjectId::from_bytes(id)
        };
        let mut batch = Batch::default();
        (1..MAX_STATE_OBJECTS - 1).for_each(|n| {
            batch.put(
                layout::state_object(alice.account, numbered(n)),
                stored.clone(),
            );
        });
        store.apply(&batch).unwrap();
        let put = |n| store.put_state(alice.account, numbered(n), &sealed);
        put(MAX_STATE_OBJECTS).unwrap();
        assert_eq!(put(MAX_STATE_OBJECTS + 1), Err(WriteStateError::TooMany));
        store
            .put_state(alice.account, first.object_id, &write(1, "replaced"))
            .unwrap();
        store.put_state(bob.account, object_id(1), &sealed).unwrap();
        store
            .delete_state(alice.account, first.object_id, 2)
            .unwrap();
        put(MAX_STATE_OBJECTS + 1).unwrap();
    });
}
