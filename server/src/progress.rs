//! Progress bars where a person waits: on standard error, and only when that is a terminal.

use indicatif::{ProgressBar, ProgressStyle};
use std::time::Duration;

/// How often a bar is drawn again although nothing has moved.
const TICK: Duration = Duration::from_millis(250);
/// What [`share_of_keys`] gives for the end.
pub const WHOLE: u64 = 10_000;

/// A bar, gone from the screen when it is dropped.
#[derive(Debug)]
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar over a known number of bytes.
    #[must_use]
    pub fn of_bytes(what: &'static str, len_bytes: u64) -> Self {
        Self::new(
            what,
            len_bytes,
            "{msg} [{bar:32}] {bytes} of {total_bytes}, {binary_bytes_per_sec}, {eta} left",
        )
    }

    /// A bar over all keys of a store; see [`share_of_keys`].
    #[must_use]
    pub fn of_keys(what: &'static str) -> Self {
        Self::new(
            what,
            WHOLE,
            "{msg} [{bar:32}] {percent} %, {elapsed}, {eta} left",
        )
    }

    fn new(what: &'static str, length: u64, template: &str) -> Self {
        let bar = ProgressBar::new(length).with_message(what);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        if !bar.is_hidden() {
            bar.enable_steady_tick(TICK);
        }
        Self(bar)
    }

    /// Takes it off the screen while something else is printed.
    pub fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        self.0.suspend(print)
    }

    /// Moves it.
    pub fn set(&self, position: u64) {
        self.0.set_position(position);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// How far a walk through all keys in their order has come, of [`WHOLE`]. Nearly all that a store holds is chunks,
/// under keys that begin with `d` and random bytes.
#[must_use]
pub fn share_of_keys(key: &[u8]) -> u64 {
    match key {
        [b'd', high, low, ..] => {
            u64::from(u16::from_be_bytes([*high, *low])) * WHOLE / u64::from(u16::MAX)
        }
        [prefix, ..] if *prefix > b'd' => WHOLE,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_grows_with_the_keys() {
        let keys: [&[u8]; 6] = [b"", b"a9", b"d\0\0", b"d\x80\0", b"d\xff\xff", b"x"];
        assert_eq!(keys.map(share_of_keys), [0, 0, 0, 5_000, WHOLE, WHOLE]);
    }
}
