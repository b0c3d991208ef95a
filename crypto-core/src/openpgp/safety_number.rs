//! Safety numbers: sixty digits that two people compare to be sure that each holds the other's key. Made as Signal's
//! numeric fingerprint is: thirty digits of an iterated SHA-512 for each of the two, the smaller thirty first, so that both
//! see the same number.

use super::fingerprint::Fingerprint;
use sha2::{Digest as _, Sha512};
use std::fmt;

/// What keeps these hashes apart from all others.
const LABEL: &[u8] = b"s-mail/v1/safety-number";
/// Rounds of SHA-512 for each half. They make it dear to look for a key whose digits resemble another's.
const ROUNDS: u32 = 5_200;
/// Digits that one group has.
const GROUP_DIGITS: usize = 5;
/// Octets that one group is made of.
const GROUP_BYTES: usize = 5;
/// Groups for each of the two.
const GROUPS: usize = 6;

/// One of the two: a key, and the address that it is taken to be of.
#[derive(Debug, Clone, Copy)]
pub struct SafetyParty<'a> {
    /// The certificate's fingerprint.
    pub fingerprint: &'a Fingerprint,
    /// The address. Upper and lower case make no difference.
    pub address: &'a str,
}

/// Sixty digits, the same for both. Written in twelve groups of five. Not secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SafetyNumber {
    groups: Vec<String>,
}

impl SafetyNumber {
    /// The number of these two, in whichever order.
    #[must_use]
    pub fn new(one: SafetyParty<'_>, other: SafetyParty<'_>) -> Self {
        let mut halves = [half(one), half(other)];
        halves.sort();
        Self {
            groups: halves.concat(),
        }
    }

    /// The sixty digits without spaces.
    #[must_use]
    pub fn digits(&self) -> String {
        self.groups.concat()
    }
}

impl fmt::Display for SafetyNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.groups.join(" "))
    }
}

fn half(party: SafetyParty<'_>) -> Vec<String> {
    let fingerprint = party.fingerprint.as_bytes();
    let first = Sha512::new()
        .chain_update(LABEL)
        .chain_update([u8::try_from(fingerprint.len()).unwrap_or(u8::MAX)])
        .chain_update(fingerprint)
        .chain_update(party.address.to_lowercase())
        .finalize();
    let digest = (1..ROUNDS).fold(first, |digest, _| {
        Sha512::new()
            .chain_update(digest)
            .chain_update(fingerprint)
            .finalize()
    });
    let (groups, _) = digest.as_slice().as_chunks::<GROUP_BYTES>();
    groups.iter().take(GROUPS).map(group).collect()
}

fn group(bytes: &[u8; GROUP_BYTES]) -> String {
    let number = bytes
        .iter()
        .fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    format!("{:0width$}", number % 100_000, width = GROUP_DIGITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: Fingerprint = Fingerprint::V4([0xa1; 20]);
    const BOB: Fingerprint = Fingerprint::V6([0xb0; 32]);

    fn number(one: (&Fingerprint, &str), other: (&Fingerprint, &str)) -> SafetyNumber {
        let party = |(fingerprint, address)| SafetyParty {
            fingerprint,
            address,
        };
        SafetyNumber::new(party(one), party(other))
    }

    /// Frozen: made by a program of another language from the description in docs/FORMATS.md.
    #[test]
    fn the_number_is_the_one_described() {
        let number = number((&ALICE, "alice@localhost"), (&BOB, "bob@localhost"));
        assert_eq!(
            number.to_string(),
            "42883 22305 40634 41565 37735 01694 98502 99991 38358 34633 85636 39200"
        );
        assert_eq!(number.digits().len(), 60);
    }

    #[test]
    fn both_see_the_same_and_nobody_else_does() {
        let ours = number((&ALICE, "alice@localhost"), (&BOB, "bob@localhost"));
        let theirs = number((&BOB, "Bob@LOCALHOST"), (&ALICE, "alice@localhost"));
        assert_eq!(ours, theirs);
        let mallory = Fingerprint::V4([0xa2; 20]);
        for other in [
            number((&mallory, "alice@localhost"), (&BOB, "bob@localhost")),
            number((&ALICE, "alice2@localhost"), (&BOB, "bob@localhost")),
            number((&ALICE, "bob@localhost"), (&BOB, "alice@localhost")),
        ] {
            assert_ne!(ours, other);
        }
    }
}
