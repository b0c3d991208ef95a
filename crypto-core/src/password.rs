//! A password, brought to one form (PRECIS OpaqueString, RFC 8265, section 4).

use precis_profiles::OpaqueString;
use precis_profiles::precis_core::profile::PrecisFastInvocation as _;
use std::fmt;
use zeroize::Zeroizing;

/// Longest password, in bytes of UTF-8 after preparation. Far above any that is typed; keeps pasted files out.
pub const MAX_PASSWORD_BYTES: usize = 1024;

/// A password in the one form that stands for all ways to type it. Wiped when dropped.
pub struct Password(Zeroizing<String>);

/// A text that cannot be a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PasswordError {
    /// Nothing was given.
    #[error("a password is needed")]
    Empty,
    /// Longer than [`MAX_PASSWORD_BYTES`].
    #[error("this password is too long: at most {limit_bytes} bytes")]
    TooLong {
        /// The limit, in bytes of UTF-8.
        limit_bytes: usize,
    },
    /// Holds a control character, or a code point that Unicode has not assigned.
    #[error("this password has a character in it that cannot be typed the same way everywhere")]
    ForbiddenCharacter,
}

impl PasswordError {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "password-empty",
            Self::TooLong { .. } => "password-too-long",
            Self::ForbiddenCharacter => "password-forbidden-character",
        }
    }
}

impl Password {
    /// Prepares a password as RFC 8265, section 4.2.2 says: other spaces become U+0020, then Unicode normalization
    /// form C. Case and everything else stay. Strength is not judged here.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub fn new(text: &str) -> Result<Self, PasswordError> {
        const TOO_LONG: PasswordError = PasswordError::TooLong {
            limit_bytes: MAX_PASSWORD_BYTES,
        };
        if text.is_empty() {
            return Err(PasswordError::Empty);
        }
        if text.len() > MAX_PASSWORD_BYTES {
            return Err(TOO_LONG);
        }
        let prepared = OpaqueString::enforce(text)
            .map(|prepared| Zeroizing::new(prepared.into_owned()))
            .map_err(|_| PasswordError::ForbiddenCharacter)?;
        if prepared.len() > MAX_PASSWORD_BYTES {
            return Err(TOO_LONG);
        }
        Ok(Self(prepared))
    }

    /// The password itself. Each call says why it is needed.
    pub(crate) fn expose(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        insta::assert_snapshot!(format!("{:?}", Password::new("hunter2").unwrap()), @"Password(..)");
    }

    #[test]
    fn ways_to_type_it_become_one() {
        let composed = Password::new("caf\u{e9} \u{1f435}").unwrap();
        let decomposed = Password::new("cafe\u{301}\u{3000}\u{1f435}").unwrap();
        // EXPOSE: compared in a test.
        assert_eq!(composed.expose(), decomposed.expose());
    }

    #[test]
    fn case_and_spaces_count() {
        // EXPOSE: compared in a test.
        assert_eq!(Password::new(" Aa ").unwrap().expose(), b" Aa ");
    }

    #[test]
    fn the_profile_s_own_examples_hold() {
        // RFC 8265, section 4.3.
        for accepted in [
            "correct horse battery staple",
            "Correct Horse Battery Staple",
            "\u{3c0}\u{df}\u{e5}",
            "Jack of \u{2666}s",
        ] {
            assert!(Password::new(accepted).is_ok(), "{accepted}");
        }
        // EXPOSE: compared in a test.
        assert_eq!(
            Password::new("foo\u{1680}bar").unwrap().expose(),
            b"foo bar"
        );
        assert_eq!(Password::new("").unwrap_err(), PasswordError::Empty);
        assert_eq!(
            Password::new("my cat is a \u{9}by").unwrap_err(),
            PasswordError::ForbiddenCharacter
        );
    }

    #[test]
    fn a_pasted_file_is_refused() {
        let refused = Password::new(&"a".repeat(MAX_PASSWORD_BYTES + 1)).unwrap_err();
        assert_eq!(refused.code(), "password-too-long");
    }
}
