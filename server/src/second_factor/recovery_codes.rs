//! Recovery codes: what stands in for a lost phone or passkey. Ten of 80 random bits each, in base 32 without letters
//! that look like digits, shown once. Kept are their hashes: with so many bits a plain one will do.

use crate::store::RecoveryCodeHash;
use rand::Rng as _;
use sha2::{Digest as _, Sha256};
use smail_protocol::AccountId;

/// How many there are.
pub(crate) const COUNT: usize = 10;
/// Characters of a code, of 5 bits each.
const CHARACTERS: usize = 16;
/// Characters between two hyphens.
const GROUP: usize = 4;
/// Digits and letters but I, L, O and U.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// New codes, as they are shown.
pub(crate) fn make() -> Vec<String> {
    let mut rng = rand::rngs::OsRng;
    let mut one = || -> String {
        (0..CHARACTERS)
            .flat_map(|at| {
                let hyphen = (at > 0 && at % GROUP == 0).then_some('-');
                let index = rng.gen_range(0..ALPHABET.len());
                let character = ALPHABET.get(index).map(|byte| char::from(*byte));
                hyphen.into_iter().chain(character)
            })
            .collect()
    };
    (0..COUNT).map(|_| one()).collect()
}

/// What is kept of a code as it was shown or typed; none of what cannot be one.
pub(crate) fn hash(account: AccountId, typed: &str) -> Option<RecoveryCodeHash> {
    let code: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_lowercase() {
            'i' | 'l' => '1',
            'o' => '0',
            other => other,
        })
        .collect();
    let is_code = code.len() == CHARACTERS && code.bytes().all(|byte| ALPHABET.contains(&byte));
    is_code.then(|| {
        let hash = Sha256::new_with_prefix(b"s-mail/v1/second-factor/recovery-code")
            .chain_update(account.as_bytes())
            .chain_update(code);
        hash.finalize().into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const ALICE: AccountId = AccountId::from_bytes([1; 16]);

    #[test]
    fn codes_are_in_groups_and_differ() {
        let codes = make();
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), COUNT);
        for code in &codes {
            assert_eq!(code.split('-').map(str::len).collect::<Vec<_>>(), [4; 4]);
            assert!(hash(ALICE, code).is_some());
        }
    }

    #[test]
    fn how_a_code_is_typed_does_not_matter() {
        let code = "0123-4567-89ab-cdef";
        let kept = hash(ALICE, code);
        assert!(kept.is_some());
        assert_eq!(hash(ALICE, " o1234567 89ABCDEF "), kept);
        assert_eq!(hash(ALICE, " oi23 4567 89AB CDEF "), kept);
        assert_ne!(
            hash(AccountId::from_bytes([2; 16]), code),
            kept,
            "another's"
        );
        for none in [
            "",
            "0123",
            "0123-4567-89ab-cdeu",
            "0123-4567-89ab-cde\u{e9}",
        ] {
            assert_eq!(hash(ALICE, none), None, "{none}");
        }
    }
}
