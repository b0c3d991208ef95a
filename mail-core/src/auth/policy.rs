//! Which passwords an account takes. Strength is measured in the page, where the person sees it grow; here is what no
//! client lets through.

use smail_crypto_core::{Password, PasswordError};
use smail_protocol::Username;

/// Shortest new password, in characters.
pub const MIN_PASSWORD_CHARS: usize = 10;
/// Characters that must be left when the user name is taken out of the password.
const MIN_BESIDE_NAME_CHARS: usize = 4;

/// Why a new password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NewPasswordError {
    /// Shorter than [`MIN_PASSWORD_CHARS`].
    #[error("This password is too short. Use at least {MIN_PASSWORD_CHARS} characters.")]
    TooShort,
    /// Made of the user name and little else.
    #[error(
        "This password is made of the user name. Choose one that nobody who knows you would try first."
    )]
    LikeUsername,
    /// The same character over and over.
    #[error("This password repeats one character. Choose one that is harder to guess.")]
    OneCharacter,
    /// No password at all by RFC 8265.
    #[error("{}", password_sentence(*.0))]
    Malformed(#[source] PasswordError),
}

impl NewPasswordError {
    /// Stable word for this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooShort => "password-too-short",
            Self::LikeUsername => "password-like-username",
            Self::OneCharacter => "password-one-character",
            Self::Malformed(error) => error.code(),
        }
    }
}

/// The sentence for a text that is no password.
pub(super) fn password_sentence(error: PasswordError) -> String {
    match error {
        PasswordError::Empty => "Enter a password.".to_owned(),
        PasswordError::TooLong { limit_bytes } => format!("This password is too long. Use at most {limit_bytes} bytes."),
        _ => "This password has a character in it that cannot be typed the same way everywhere. Leave it out.".to_owned(),
    }
}

/// Takes a new password.
pub(crate) fn new_password(text: &str, username: &Username) -> Result<Password, NewPasswordError> {
    let password = Password::new(text).map_err(NewPasswordError::Malformed)?;
    if text.chars().count() < MIN_PASSWORD_CHARS {
        return Err(NewPasswordError::TooShort);
    }
    let mut characters = text.chars();
    let first = characters.next();
    if characters.all(|character| Some(character) == first) {
        return Err(NewPasswordError::OneCharacter);
    }
    // A copy of the password: wiped.
    let mut beside = zeroize::Zeroizing::new(text.to_lowercase());
    *beside = beside.replace(username.as_str(), "");
    if beside.chars().count() < MIN_BESIDE_NAME_CHARS {
        Err(NewPasswordError::LikeUsername)
    } else {
        Ok(password)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Option<NewPasswordError> {
        new_password(text, &"margarethe".parse().unwrap()).err()
    }

    #[test]
    fn each_fault_is_named() {
        assert_eq!(fault("ninechars"), Some(NewPasswordError::TooShort));
        assert_eq!(fault("ééééééééé"), Some(NewPasswordError::TooShort));
        assert_eq!(fault("Margarethe1"), Some(NewPasswordError::LikeUsername));
        assert_eq!(
            fault("margarethemargarethe"),
            Some(NewPasswordError::LikeUsername)
        );
        assert_eq!(fault("aaaaaaaaaaaa"), Some(NewPasswordError::OneCharacter));
        assert_eq!(
            fault(""),
            Some(NewPasswordError::Malformed(PasswordError::Empty))
        );
        assert_eq!(fault("margarethe rides a bicycle"), None);
    }

    /// A client must not be asked for more than the wire allows, nor refuse what the wire allows.
    #[test]
    fn both_sides_of_the_wire_have_one_ceiling_and_one_floor() {
        use smail_crypto_core::KsfParameters;
        use smail_protocol::limits;
        assert_eq!(
            KsfParameters::MAX_MEMORY_KIB,
            limits::KSF_CEILING_MEMORY_KIB
        );
        assert_eq!(
            KsfParameters::MAX_ITERATIONS,
            limits::KSF_CEILING_ITERATIONS
        );
        assert_eq!(KsfParameters::MIN_MEMORY_KIB, limits::KSF_FLOOR_MEMORY_KIB);
        assert_eq!(KsfParameters::MIN_ITERATIONS, limits::KSF_FLOOR_ITERATIONS);
    }
}
