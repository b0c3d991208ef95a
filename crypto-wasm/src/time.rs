//! Time: the caller's, else the clock's.

use crate::error::Thrown;
use smail_crypto_core::UnixSeconds;

/// One more than the last second that OpenPGP has (RFC 9580, section 3.5), in milliseconds.
const END_MS: f64 = 4_294_967_296_000.0;

/// The time given in milliseconds since 1970, as JavaScript counts it; the clock's when none is given.
///
/// # Errors
/// What is no time, or one that OpenPGP does not have: before 1970, after 2106.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // it is in range
pub(crate) fn at(now_ms: Option<f64>) -> Result<UnixSeconds, Thrown> {
    let now_ms = now_ms.unwrap_or_else(js_sys::Date::now);
    if (0.0..END_MS).contains(&now_ms) {
        Ok(UnixSeconds::from_ms(now_ms as u64))
    } else {
        let message = "a time is in milliseconds since 1970, and before 2106";
        Err(Thrown::new("invalid-argument", message))
    }
}
