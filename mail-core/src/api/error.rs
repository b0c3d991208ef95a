//! Why a call to the server gave nothing.

use smail_protocol::{Problem, ProblemCode};

/// A call that failed. Offline and refused are told apart: the first is worth trying again, the second says why not.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// No answer came, also after trying again.
    #[error("The server cannot be reached. Check your connection and try again.")]
    Offline,
    /// The server said no.
    #[error("{}", sentence(.0))]
    Refused(Box<Problem>),
    /// What came is not an answer of this API: something between here and the server, or a server of another version.
    #[error(
        "The server's answer could not be understood. Reload the page; if it stays so, tell whoever runs the server."
    )]
    Garbled {
        /// The answer's status.
        status: u16,
    },
    /// The request is larger than the server takes.
    #[error("This is larger than the server takes.")]
    TooLarge,
}

impl ApiError {
    /// Stable word for this error: the problem's code when the server refused.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Refused(problem) => problem_word(problem.code),
            Self::Garbled { .. } => "garbled-answer",
            Self::TooLarge => "too-large",
        }
    }

    /// When to try again, in seconds, if the server said.
    #[must_use]
    pub fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Refused(problem) => problem.retry_after_s,
            _ => None,
        }
    }

    /// The problem's code, when the server refused.
    #[must_use]
    pub fn problem_code(&self) -> Option<ProblemCode> {
        match self {
            Self::Refused(problem) => Some(problem.code),
            _ => None,
        }
    }

    /// Whether the server refused with this code.
    pub(crate) fn is(&self, code: ProblemCode) -> bool {
        self.problem_code() == Some(code)
    }

    /// Whether the server does not have a part that the request names.
    pub(crate) fn is_of_a_part(&self) -> bool {
        match self {
            Self::Refused(problem) => {
                problem.code == ProblemCode::NotFound && problem.field.as_deref() == Some("parts")
            }
            _ => false,
        }
    }

    /// Whether the server may take the same request later on.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Offline => true,
            Self::Refused(problem) => matches!(
                problem.code,
                ProblemCode::Unavailable
                    | ProblemCode::Internal
                    | ProblemCode::TooManyRequests
                    | ProblemCode::RequestTimeout
            ),
            _ => false,
        }
    }

    /// Whether the request may have been carried out although it failed: no answer, or a fault on the way to one.
    pub(crate) fn leaves_doubt(&self) -> bool {
        match self {
            Self::Offline | Self::Garbled { .. } => true,
            Self::Refused(problem) => {
                let is_sure = matches!(
                    problem.code,
                    ProblemCode::QuotaExceeded | ProblemCode::RecipientFull
                );
                problem.status >= 500 && !is_sure
            }
            Self::TooLarge => false,
        }
    }
}

fn sentence(problem: &Problem) -> String {
    match problem.code {
        ProblemCode::NoSession => "You have been logged out. Log in again to go on.".to_owned(),
        ProblemCode::LoginFailed => "The user name or the password is not right.".to_owned(),
        ProblemCode::FreshLoginRequired => {
            "Enter your password again before changing how you log in.".to_owned()
        }
        ProblemCode::NotFound => "This is no longer there.".to_owned(),
        ProblemCode::UnknownRecipient => "A recipient has no account on this server.".to_owned(),
        ProblemCode::UsernameTaken => "This name is taken. Choose another.".to_owned(),
        ProblemCode::VersionConflict => {
            "Another session changed this at the same time. Try again.".to_owned()
        }
        ProblemCode::TooLarge => "This is larger than the server takes.".to_owned(),
        ProblemCode::TooManyRequests => wait_sentence(problem.retry_after_s),
        ProblemCode::Internal => {
            "The server failed. Nothing was lost here; try again in a moment.".to_owned()
        }
        ProblemCode::Unavailable => {
            "The server is not available just now. Try again in a moment.".to_owned()
        }
        ProblemCode::StorageFull => {
            "The server has no space left. Tell whoever runs it.".to_owned()
        }
        ProblemCode::QuotaExceeded => {
            "There is not enough room left in your account. Delete messages you no longer need, and try again."
                .to_owned()
        }
        ProblemCode::RecipientFull => full_sentence(&problem.full),
        ProblemCode::RequestTimeout => {
            "The connection was too slow. Check it and try again.".to_owned()
        }
        _ => problem.title.clone(),
    }
}

/// Names who has no room: the sender has named them before.
fn full_sentence(full: &[String]) -> String {
    match full {
        [] => "A recipient's mailbox is full. Nothing was sent to anybody; remove the recipient, or try again later."
            .to_owned(),
        [one] => format!(
            "The mailbox of {one} is full. Nothing was sent to anybody; remove the recipient, or try again later."
        ),
        several => format!(
            "The mailboxes of {} are full. Nothing was sent to anybody; remove the recipient, or try again later.",
            several.join(", ")
        ),
    }
}

fn wait_sentence(retry_after_s: Option<u64>) -> String {
    match retry_after_s {
        Some(1) => "Too many attempts. Try again in 1 second.".to_owned(),
        Some(seconds) if seconds < 120 => {
            format!("Too many attempts. Try again in {seconds} seconds.")
        }
        Some(seconds) => format!(
            "Too many attempts. Try again in {} minutes.",
            seconds.div_ceil(60)
        ),
        None => "Too many attempts. Try again in a moment.".to_owned(),
    }
}

fn problem_word(code: ProblemCode) -> &'static str {
    match code {
        ProblemCode::MalformedRequest => "malformed-request",
        ProblemCode::DigestMismatch => "digest-mismatch",
        ProblemCode::NoSession => "no-session",
        ProblemCode::LoginFailed => "login-failed",
        ProblemCode::SecondFactorFailed => "second-factor-failed",
        ProblemCode::SecondFactorExpired => "second-factor-expired",
        ProblemCode::CrossSite => "cross-site",
        ProblemCode::FreshLoginRequired => "fresh-login-required",
        ProblemCode::NotFound => "not-found",
        ProblemCode::UnknownRecipient => "unknown-recipient",
        ProblemCode::MethodNotAllowed => "method-not-allowed",
        ProblemCode::UsernameTaken => "username-taken",
        ProblemCode::AlreadyExists => "already-exists",
        ProblemCode::VersionConflict => "version-conflict",
        ProblemCode::MailboxInUse => "mailbox-in-use",
        ProblemCode::IdempotencyMismatch => "idempotency-mismatch",
        ProblemCode::TooLarge => "too-large",
        ProblemCode::UnsupportedMediaType => "unsupported-media-type",
        ProblemCode::InvalidValue => "invalid-value",
        ProblemCode::TooManyRequests => "too-many-requests",
        ProblemCode::Internal => "internal",
        ProblemCode::Unavailable => "unavailable",
        ProblemCode::StorageFull => "storage-full",
        ProblemCode::QuotaExceeded => "quota-exceeded",
        ProblemCode::RecipientFull => "recipient-full",
        ProblemCode::RequestTimeout => "request-timeout",
        _ => "refused",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_the_one_on_the_wire() {
        for code in [
            ProblemCode::MalformedRequest,
            ProblemCode::NoSession,
            ProblemCode::FreshLoginRequired,
            ProblemCode::IdempotencyMismatch,
            ProblemCode::StorageFull,
            ProblemCode::QuotaExceeded,
            ProblemCode::RecipientFull,
            ProblemCode::RequestTimeout,
            ProblemCode::SecondFactorFailed,
            ProblemCode::SecondFactorExpired,
        ] {
            assert_eq!(serde_json::to_value(code).unwrap(), problem_word(code));
        }
    }

    #[test]
    fn who_has_no_room_is_named() {
        let names = |names: &[&str]| {
            full_sentence(
                &names
                    .iter()
                    .map(|name| (*name).to_owned())
                    .collect::<Vec<_>>(),
            )
        };
        assert!(names(&["bob"]).starts_with("The mailbox of bob is full. Nothing was sent"));
        assert!(names(&["bob", "carol"]).starts_with("The mailboxes of bob, carol are full."));
    }

    #[test]
    fn the_wait_is_told_in_seconds_then_minutes() {
        assert!(wait_sentence(Some(30)).contains("30 seconds"));
        assert!(wait_sentence(Some(121)).contains("3 minutes"));
    }
}
