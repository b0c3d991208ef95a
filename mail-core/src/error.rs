//! What every error of this crate can tell besides its sentence.

/// An error with a stable word, so that a program can branch on it, and with what a page needs to show it in the right
/// place. The `Display` text is one or two sentences for the person who asked for the operation: it may repeat what
/// that person typed, and is not for logs. `Debug` shows no person's words.
pub trait CodedError: std::error::Error {
    /// Stable, kebab-case.
    fn code(&self) -> &'static str;

    /// Which of the form's fields is meant: `username`, `password`, `to`, and so on.
    fn field(&self) -> Option<&'static str> {
        None
    }

    /// When to try again, in seconds.
    fn retry_after_s(&self) -> Option<u64> {
        None
    }
}

impl CodedError for crate::ApiError {
    fn code(&self) -> &'static str {
        Self::code(self)
    }

    fn retry_after_s(&self) -> Option<u64> {
        Self::retry_after_s(self)
    }
}

/// What a person typed, for the sentence shown to the same person. `Debug` ends up in logs and shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Typed(String);

/// Longest echo of what was typed, in characters.
const MAX_ECHO_CHARS: usize = 80;

impl Typed {
    pub(crate) fn new(text: &str) -> Self {
        Self(crate::message::ellipsis(
            &crate::message::neutral_text(text),
            MAX_ECHO_CHARS,
        ))
    }
}

impl std::fmt::Display for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Typed(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_does_not_repeat_what_was_typed() {
        assert_eq!(
            format!("{:?} {}", Typed::new("alice"), Typed::new("a\u{202e}b")),
            "Typed(..) ab"
        );
    }
}
