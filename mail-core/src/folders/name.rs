//! Names that a person gives to folders and labels.

use crate::message::{is_hidden, neutral_text};

/// Longest name, in characters.
pub(crate) const MAX_NAME_CHARS: usize = 60;
/// Longest name, in octets of UTF-8: what is sealed has a size.
const MAX_NAME_BYTES: usize = 200;

/// Why a text cannot be a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// Nothing in it.
    #[error("Enter a name.")]
    Empty,
    /// Too long.
    #[error("This name is too long. A name has at most {MAX_NAME_CHARS} characters.")]
    TooLong,
    /// It holds characters that turn their neighbours around, or that nobody sees.
    #[error("This name has hidden characters, such as ones that reverse text. Type it anew.")]
    Hidden,
}

impl NameError {
    /// Stable word for this error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "name-empty",
            Self::TooLong => "name-too-long",
            Self::Hidden => "name-hidden",
        }
    }
}

/// What was typed as a name: white space at its ends goes, and runs inside become one space.
pub(crate) fn read_name(typed: &str) -> Result<String, NameError> {
    if typed.len() > 4 * MAX_NAME_BYTES {
        return Err(NameError::TooLong);
    }
    if typed.chars().any(is_hidden) {
        return Err(NameError::Hidden);
    }
    let name = neutral_text(typed);
    if name.is_empty() {
        Err(NameError::Empty)
    } else if name.chars().count() > MAX_NAME_CHARS || name.len() > MAX_NAME_BYTES {
        Err(NameError::TooLong)
    } else {
        Ok(name)
    }
}

/// Whether two names would be taken for the same.
pub(crate) fn is_same_name(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_made_even() {
        assert_eq!(read_name(" \tTax  2026 "), Ok("Tax 2026".to_owned()));
        assert!(is_same_name("ÄRZTE", "ärzte"));
    }

    #[test]
    fn what_cannot_be_a_name_is_told_apart() {
        assert_eq!(read_name(" \n "), Err(NameError::Empty));
        assert_eq!(read_name(&"x".repeat(61)), Err(NameError::TooLong));
        assert_eq!(read_name(&"👩‍🚀".repeat(30)), Err(NameError::TooLong));
        assert_eq!(read_name(&" ".repeat(100_000)), Err(NameError::TooLong));
        for hidden in ["a\u{202e}b", "\u{2067}a", "a\u{200b}", "a\u{0}b"] {
            assert_eq!(read_name(hidden), Err(NameError::Hidden), "{hidden:?}");
        }
        assert_eq!(read_name("क्‍ष").as_deref(), Ok("क्‍ष"));
    }
}
