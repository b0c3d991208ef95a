//! User names: the local part of a person's address on this server.

use crate::limits::{MAX_USERNAME_CHARS, MIN_USERNAME_CHARS};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use std::fmt;
use std::str::FromStr;

/// Why a text is no user name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MalformedUsername {
    /// Shorter than [`MIN_USERNAME_CHARS`].
    #[error("a user name has at least {MIN_USERNAME_CHARS} characters")]
    TooShort,
    /// Longer than [`MAX_USERNAME_CHARS`].
    #[error("a user name has at most {MAX_USERNAME_CHARS} characters")]
    TooLong,
    /// A character outside a-z, 0-9, dot, hyphen and underscore.
    #[error("a user name is made of the letters a to z, digits, dots, hyphens and underscores")]
    Character,
    /// Does not begin and end with a letter or digit, or has two dots in a row.
    #[error("a user name begins and ends with a letter or digit and has no two dots in a row")]
    Shape,
}

/// A user name in its one spelling: ASCII letters in lower case, digits, `.`, `-`, `_`; ASCII alone so that no two
/// names look alike. Parsing folds capitals.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[a-z0-9._-]{2,32}$"))]
#[serde(transparent)]
pub struct Username(String);

impl Username {
    /// The name in its one spelling.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Username {
    type Err = MalformedUsername;

    fn from_str(text: &str) -> Result<Self, MalformedUsername> {
        let name = text.to_ascii_lowercase();
        if !name
            .chars()
            .all(|c| matches!(c, 'a'..='z' | '0'..='9' | '.' | '-' | '_'))
        {
            return Err(MalformedUsername::Character);
        }
        match name.len() {
            ..MIN_USERNAME_CHARS => return Err(MalformedUsername::TooShort),
            MIN_USERNAME_CHARS..=MAX_USERNAME_CHARS => {}
            _ => return Err(MalformedUsername::TooLong),
        }
        let edge = |c: char| c.is_ascii_alphanumeric();
        if !name.starts_with(edge) || !name.ends_with(edge) || name.contains("..") {
            return Err(MalformedUsername::Shape);
        }
        Ok(Self(name))
    }
}

impl<'de> Deserialize<'de> for Username {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Redacted: a name is a person's, and `Debug` ends up in logs.
impl fmt::Debug for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Username(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_fold_into_one_spelling() {
        assert_eq!(
            "Alice.B-1".parse::<Username>().map(|name| name.to_string()),
            Ok("alice.b-1".into())
        );
    }

    #[test]
    fn each_fault_is_named() {
        let cases = [
            ("a", MalformedUsername::TooShort),
            ("", MalformedUsername::TooShort),
            (&"a".repeat(33), MalformedUsername::TooLong),
            ("al ice", MalformedUsername::Character),
            ("alíce", MalformedUsername::Character),
            ("a@b", MalformedUsername::Character),
            (".alice", MalformedUsername::Shape),
            ("alice-", MalformedUsername::Shape),
            ("al..ice", MalformedUsername::Shape),
        ];
        for (text, fault) in cases {
            assert_eq!(text.parse::<Username>(), Err(fault), "{text}");
        }
    }

    #[test]
    fn debug_shows_no_name() {
        assert_eq!(
            "alice".parse::<Username>().map(|name| format!("{name:?}")),
            Ok("Username(..)".into())
        );
    }
}
