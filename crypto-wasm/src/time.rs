//! Time: the caller's, else the clock's.

use smail_crypto_core::UnixSeconds;

/// The time given in milliseconds since 1970, as JavaScript counts it; the clock's when none is given.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // saturates: times before 1970 become 1970
pub(crate) fn at(now_ms: Option<f64>) -> UnixSeconds {
    UnixSeconds::from_ms(now_ms.unwrap_or_else(js_sys::Date::now) as u64)
}
