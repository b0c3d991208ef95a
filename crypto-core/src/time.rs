//! Time as the caller tells it.

/// Seconds since 1970-01-01T00:00:00Z. OpenPGP counts them in 32 bits (RFC 9580, section 3.5), so this type holds
/// no more than that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixSeconds(u32);

impl UnixSeconds {
    /// The time this many seconds after 1970. Times after February 2106, which OpenPGP cannot write, become the last
    /// one it can.
    #[must_use]
    pub const fn new(seconds: u64) -> Self {
        if seconds > u32::MAX as u64 {
            return Self(u32::MAX);
        }
        Self(seconds as u32)
    }

    /// The time this many milliseconds after 1970, cut to whole seconds.
    #[must_use]
    pub const fn from_ms(milliseconds: u64) -> Self {
        Self::new(milliseconds / 1_000)
    }

    /// Seconds since 1970.
    #[must_use]
    pub fn get(self) -> u64 {
        u64::from(self.0)
    }

    pub(crate) fn from_openpgp(timestamp: pgp::types::Timestamp) -> Self {
        Self(timestamp.as_secs())
    }

    pub(crate) fn to_openpgp(self) -> pgp::types::Timestamp {
        pgp::types::Timestamp::from_secs(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_openpgp_cannot_write_become_its_last() {
        assert_eq!(UnixSeconds::new(u64::MAX).get(), u64::from(u32::MAX));
        assert_eq!(UnixSeconds::from_ms(1_999).get(), 1);
    }
}
