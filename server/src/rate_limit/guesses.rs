//! How many wrong codes of a second factor are borne. A code has six digits only, and whoever guesses at it has the
//! password already, so that a delay is not enough: after some wrong ones no more is looked at for a while. Nobody is
//! locked out by it who has a recovery code, which cannot be guessed and is not counted.

use super::TooManyWaiting;
use smail_protocol::AccountId;
use std::collections::HashMap;

/// Wrong codes of an account that are looked at in each window. With three codes that count at a time that is a
/// chance of one in 33,000 an hour.
const GUESSES: u32 = 10;
/// How long a window is.
const WINDOW_MS: u64 = 3_600 * 1_000;
/// Most accounts that are remembered.
const MAX_ACCOUNTS: usize = 100_000;

/// The wrong codes of each account.
#[derive(Debug, Default)]
pub(super) struct Guesses(HashMap<AccountId, Window>);

#[derive(Debug, Clone, Copy)]
struct Window {
    began_ms: u64,
    guesses: u32,
}

impl Guesses {
    /// Counts a code, as wrong until [`Guesses::forgive`] says otherwise.
    ///
    /// # Errors
    /// [`TooManyWaiting`], and the code is not to be looked at.
    pub(super) fn count(&mut self, account: AccountId, now_ms: u64) -> Result<(), TooManyWaiting> {
        if self.0.len() >= MAX_ACCOUNTS {
            self.0
                .retain(|_, window| now_ms.saturating_sub(window.began_ms) < WINDOW_MS);
        }
        let new = Window {
            began_ms: now_ms,
            guesses: 0,
        };
        let window = self.0.entry(account).or_insert(new);
        let age_ms = now_ms.saturating_sub(window.began_ms);
        if age_ms >= WINDOW_MS {
            *window = new;
        } else if window.guesses >= GUESSES {
            return Err(TooManyWaiting {
                retry_after_s: (WINDOW_MS - age_ms).div_ceil(1_000),
            });
        }
        window.guesses += 1;
        Ok(())
    }

    /// The code was right: the wrong ones before it were its owner's.
    pub(super) fn forgive(&mut self, account: &AccountId) {
        self.0.remove(account);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: AccountId = AccountId::from_bytes([1; 16]);
    const BOB: AccountId = AccountId::from_bytes([2; 16]);

    #[test]
    fn ten_wrong_codes_an_hour_are_looked_at() {
        let mut guesses = Guesses::default();
        (0..GUESSES).for_each(|_| guesses.count(ALICE, 1_000).unwrap());
        let refused = guesses.count(ALICE, 61_000).unwrap_err();
        assert_eq!(refused.retry_after_s, 3_540);
        assert!(guesses.count(BOB, 61_000).is_ok(), "another's");
        assert!(guesses.count(ALICE, 1_000 + WINDOW_MS).is_ok());
    }

    #[test]
    fn a_right_code_forgives() {
        let mut guesses = Guesses::default();
        (0..GUESSES).for_each(|_| guesses.count(ALICE, 0).unwrap());
        guesses.forgive(&ALICE);
        assert!(guesses.count(ALICE, 0).is_ok());
    }
}
