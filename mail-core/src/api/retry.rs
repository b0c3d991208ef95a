//! Which failures are worth another try, and how long to wait before it: exponential back-off with jitter.

use crate::transport::HttpResponse;
use rand::{Rng, RngCore};

/// Whether a request may be sent again when its answer is in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Retry {
    /// Sending it twice does no more than sending it once.
    Safe,
    /// Sent once. What came of it is for the caller to find out.
    Never,
}

/// Requests sent for one call, the first one included.
pub(super) const MAX_ATTEMPTS: u32 = 4;
/// The first wait's upper end, in milliseconds; it doubles with each attempt.
const BASE_MS: u32 = 300;
/// The longest wait, in milliseconds.
const MAX_WAIT_MS: u32 = 5_000;
/// The longest Retry-After that is waited for; with a longer one the person is told instead.
const MAX_RETRY_AFTER_S: u64 = 5;

/// Whether an answer of this status may be another one next time.
const fn is_passing(status: u16) -> bool {
    matches!(status, 429 | 500 | 502 | 503 | 504)
}

/// How long to wait after this outcome (`None`: no answer) of the attempt with this number, from 0; `None` when it
/// stands.
pub(super) fn wait_ms(
    policy: Retry,
    attempt: u32,
    outcome: Option<&HttpResponse>,
    rng: &mut impl RngCore,
) -> Option<u32> {
    if policy == Retry::Never || attempt + 1 >= MAX_ATTEMPTS {
        return None;
    }
    match outcome {
        Some(response) if !is_passing(response.status) => None,
        Some(HttpResponse {
            retry_after_s: Some(seconds),
            ..
        }) if *seconds > MAX_RETRY_AFTER_S => None,
        Some(HttpResponse {
            retry_after_s: Some(seconds),
            ..
        }) => {
            let at_least_ms = u32::try_from(seconds.saturating_mul(1_000)).unwrap_or(MAX_WAIT_MS);
            Some(at_least_ms + rng.gen_range(0..=BASE_MS))
        }
        _ => Some(jittered(attempt, rng)),
    }
}

fn jittered(attempt: u32, rng: &mut impl RngCore) -> u32 {
    let ceiling = BASE_MS
        .saturating_mul(1 << attempt.min(10))
        .min(MAX_WAIT_MS);
    rng.gen_range(ceiling / 2..=ceiling)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    fn answer(status: u16, retry_after_s: Option<u64>) -> HttpResponse {
        HttpResponse {
            status,
            content_type: String::new(),
            retry_after_s,
            body: Vec::new(),
        }
    }

    #[test]
    fn waits_grow_and_end() {
        let rng = &mut ChaCha20Rng::seed_from_u64(1);
        for attempt in 0..MAX_ATTEMPTS - 1 {
            let wait = wait_ms(Retry::Safe, attempt, None, rng).unwrap();
            assert!((BASE_MS << attempt) / 2 <= wait && wait <= BASE_MS << attempt);
        }
        assert_eq!(wait_ms(Retry::Safe, MAX_ATTEMPTS - 1, None, rng), None);
    }

    #[test]
    fn retry_after_is_kept_or_passed_on() {
        let rng = &mut ChaCha20Rng::seed_from_u64(1);
        assert!(wait_ms(Retry::Safe, 0, Some(&answer(429, Some(2))), rng).unwrap() >= 2_000);
        assert_eq!(
            wait_ms(Retry::Safe, 0, Some(&answer(503, Some(60))), rng),
            None
        );
    }

    #[test]
    fn what_stands_is_not_asked_again() {
        let rng = &mut ChaCha20Rng::seed_from_u64(1);
        assert_eq!(wait_ms(Retry::Safe, 0, Some(&answer(409, None)), rng), None);
        assert_eq!(wait_ms(Retry::Never, 0, None, rng), None);
    }
}
