//! Fingerprints (RFC 9580, section 5.5.4): the name of a key that cannot be forged.

use pgp::types::{Fingerprint as OpenPgp, KeyDetails};
use std::fmt::{self, Write as _};
use std::str::FromStr;

const GROUP_DIGITS: usize = 4;

/// The fingerprint of a version 4 (20 bytes) or version 6 (32 bytes) key. Written as upper-case hexadecimal digits in
/// groups of four.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Fingerprint {
    /// SHA-1 of a version 4 key.
    V4([u8; 20]),
    /// SHA-256 of a version 6 key.
    V6([u8; 32]),
}

/// A text that is not a fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint is 40 or 64 hexadecimal digits")]
pub struct MalformedFingerprint;

impl MalformedFingerprint {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "fingerprint-malformed"
    }
}

impl Fingerprint {
    /// The fingerprint's bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::V4(bytes) => bytes,
            Self::V6(bytes) => bytes,
        }
    }

    /// None for versions other than 4 and 6.
    pub(super) fn from_openpgp(fingerprint: &OpenPgp) -> Option<Self> {
        match fingerprint {
            OpenPgp::V4(bytes) => Some(Self::V4(*bytes)),
            OpenPgp::V6(bytes) => Some(Self::V6(*bytes)),
            _ => None,
        }
    }

    pub(super) fn of(key: &impl KeyDetails) -> Option<Self> {
        Self::from_openpgp(&key.fingerprint())
    }

    pub(super) fn to_openpgp(self) -> OpenPgp {
        match self {
            Self::V4(bytes) => OpenPgp::V4(bytes),
            Self::V6(bytes) => OpenPgp::V6(bytes),
        }
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        match bytes.len() {
            20 => bytes.try_into().ok().map(Self::V4),
            32 => bytes.try_into().ok().map(Self::V6),
            _ => None,
        }
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, pair) in self.as_bytes().chunks(GROUP_DIGITS / 2).enumerate() {
            if place > 0 {
                f.write_char(' ')?;
            }
            for byte in pair {
                write!(f, "{byte:02X}")?;
            }
        }
        Ok(())
    }
}

impl FromStr for Fingerprint {
    type Err = MalformedFingerprint;

    /// Reads what [`Display`](fmt::Display) writes; spaces and case do not matter.
    fn from_str(text: &str) -> Result<Self, MalformedFingerprint> {
        let digits: Option<Vec<u32>> = text
            .chars()
            .filter(|character| !character.is_whitespace())
            .map(|character| character.to_digit(16))
            .collect();
        let digits = digits.ok_or(MalformedFingerprint)?;
        let (pairs, rest) = digits.as_chunks::<2>();
        let bytes: Option<Vec<u8>> = pairs
            .iter()
            .map(|[high, low]| u8::try_from(high * 16 + low).ok())
            .collect();
        match (bytes, rest) {
            (Some(bytes), []) => Self::from_bytes(&bytes).ok_or(MalformedFingerprint),
            _ => Err(MalformedFingerprint),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_in_groups_of_four_and_read_again() {
        let fingerprint = Fingerprint::V4([
            0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff,
        ]);
        let text = fingerprint.to_string();
        assert_eq!(text, "0123 4567 89AB CDEF 0000 0000 0000 0000 0000 00FF");
        assert_eq!(text.parse(), Ok(fingerprint));
        assert_eq!(
            text.to_lowercase().replace(' ', "").parse(),
            Ok(fingerprint)
        );
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "0123",
            "0123456789ABCDEF",
            &"Z".repeat(40),
            &"0".repeat(41),
        ] {
            assert_eq!(
                text.parse::<Fingerprint>(),
                Err(MalformedFingerprint),
                "{text}"
            );
        }
    }
}
