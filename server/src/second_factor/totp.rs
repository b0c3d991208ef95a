//! Codes of authenticator apps (RFC 6238): SHA-1, six digits, steps of 30 seconds, which is what all apps can do. The
//! algorithm itself is `totp-lite`'s.

use subtle::ConstantTimeEq as _;
use totp_lite::{Sha1, totp_custom};

/// Seconds of a step.
const STEP_S: u64 = 30;
/// Digits of a code.
const DIGITS: u32 = 6;
/// Steps on either side of now whose codes count: clocks differ, and people take their time.
const DRIFT_STEPS: u64 = 1;

/// The step whose code this is, at most one away from now; none when it is no such step's. The same work whichever it is.
pub(crate) fn matching_step(secret: &[u8], code: &str, now_ms: u64) -> Option<u64> {
    let now = now_ms / 1_000 / STEP_S;
    (now.saturating_sub(DRIFT_STEPS)..=now.saturating_add(DRIFT_STEPS)).fold(None, |found, step| {
        let expected = totp_custom::<Sha1>(STEP_S, DIGITS, secret, step * STEP_S);
        let is_it = expected.as_bytes().ct_eq(code.as_bytes());
        if bool::from(is_it) { Some(step) } else { found }
    })
}

/// A code as typed: blanks between the digits do not matter.
pub(crate) fn read_code(typed: &str) -> Option<String> {
    let code: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let is_code = code.len() == DIGITS as usize && code.bytes().all(|b| b.is_ascii_digit());
    is_code.then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, SHA-1: the last six of its eight digits.
    const VECTORS: [(u64, &str); 6] = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];
    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn the_vectors_of_the_rfc_match_at_their_time() {
        for (time_s, code) in VECTORS {
            let step = matching_step(SECRET, code, time_s * 1_000);
            assert_eq!(step, Some(time_s / STEP_S), "{time_s}");
        }
    }

    #[test]
    fn a_code_counts_one_step_early_and_one_late_and_no_more() {
        let (time_s, code) = VECTORS[3];
        let step = time_s / STEP_S;
        for (at_step, found) in [
            (step - 2, None),
            (step - 1, Some(step)),
            (step + 1, Some(step)),
            (step + 2, None),
        ] {
            assert_eq!(matching_step(SECRET, code, at_step * STEP_S * 1_000), found);
        }
        assert_eq!(
            matching_step(b"another secret of 20", code, time_s * 1_000),
            None
        );
    }

    #[test]
    fn a_code_is_six_digits_however_they_are_spaced() {
        assert_eq!(read_code(" 123 456\n").as_deref(), Some("123456"));
        for none in ["12345", "1234567", "12345a", "١٢٣٤٥٦", ""] {
            assert_eq!(read_code(none), None, "{none}");
        }
    }
}
