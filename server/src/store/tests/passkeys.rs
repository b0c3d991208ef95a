//! Passkeys as they are kept: bounded, each once, and a state that two logins do not both go on from.

use super::fixture::{NOW_MS, on_every_store, passkey};
use crate::store::{ChangeFactorError, SecondFactor};
use smail_protocol::limits::MAX_PASSKEYS;
use smail_protocol::{AccountId, PasskeyId};

const CODES: &[[u8; 32]] = &[[1; 32], [2; 32]];

#[test]
fn passkeys_come_back_as_they_were_kept_and_go_with_their_codes() {
    on_every_store(|store, alice, bob| {
        let of = |who: AccountId| store.second_factor(who).unwrap();
        assert_eq!(
            store.add_passkey(alice.account, &passkey(2), CODES),
            Ok(true)
        );
        assert_eq!(
            store.add_passkey(alice.account, &passkey(1), CODES),
            Ok(false)
        );
        let expected = SecondFactor {
            totp: None,
            passkeys: vec![passkey(1), passkey(2)],
            recovery_codes_left: 2,
        };
        assert_eq!(of(alice.account), Some(expected));
        assert_eq!(of(bob.account), None);
        let other = passkey(1).passkey_id;
        assert_eq!(
            store.remove_passkey(bob.account, other),
            Err(ChangeFactorError::NoFactor)
        );
        store.remove_passkey(alice.account, other).unwrap();
        assert!(of(alice.account).unwrap().is_on());
        store
            .remove_passkey(alice.account, passkey(2).passkey_id)
            .unwrap();
        assert_eq!(of(alice.account), None);
        let nobody = AccountId::from_bytes([9; 16]);
        assert_eq!(
            store.add_passkey(nobody, &passkey(1), CODES),
            Err(ChangeFactorError::NoAccount)
        );
    });
}

#[test]
fn there_are_so_many_and_none_twice() {
    on_every_store(|store, alice, _| {
        for number in 1..=MAX_PASSKEYS {
            let number = u8::try_from(number).unwrap();
            store
                .add_passkey(alice.account, &passkey(number), CODES)
                .unwrap();
        }
        assert_eq!(
            store.add_passkey(alice.account, &passkey(100), CODES),
            Err(ChangeFactorError::TooManyPasskeys)
        );
        store
            .remove_passkey(alice.account, passkey(1).passkey_id)
            .unwrap();
        let mut same_key = passkey(2);
        same_key.passkey_id = PasskeyId::from_bytes([100; 16]);
        let mut same_id = passkey(100);
        same_id.passkey_id = passkey(2).passkey_id;
        for twice in [same_key, same_id] {
            assert_eq!(
                store.add_passkey(alice.account, &twice, CODES),
                Err(ChangeFactorError::PasskeyThere)
            );
        }
    });
}

#[test]
fn a_use_goes_on_from_the_state_that_was_checked() {
    on_every_store(|store, alice, bob| {
        store
            .add_passkey(alice.account, &passkey(1), CODES)
            .unwrap();
        let (checked, later) = (passkey(1), NOW_MS + 5);
        let next = [1, 0, 9, 0, 0, 0, 0];
        let use_it = |state| store.use_passkey(alice.account, &checked, state, later);
        assert_eq!(use_it(next), Ok(true));
        let kept = store
            .second_factor(alice.account)
            .unwrap()
            .unwrap()
            .passkeys;
        assert_eq!((kept[0].state, kept[0].used_ms), (next, Some(later)));
        assert_eq!(
            use_it([1, 0, 10, 0, 0, 0, 0]),
            Ok(false),
            "a copy was quicker"
        );
        let others = store.use_passkey(bob.account, &kept[0], next, later);
        assert_eq!(others, Ok(false));
        store
            .remove_passkey(alice.account, checked.passkey_id)
            .unwrap();
        let removed = store.use_passkey(alice.account, &kept[0], next, later);
        assert_eq!(removed, Ok(false));
        assert_eq!(store.second_factor(alice.account), Ok(None));
    });
}
