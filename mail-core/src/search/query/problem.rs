//! Why a query cannot be read, and where.

use std::ops::Range;

/// What is wrong with a query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ProblemKind {
    /// Near to an operator, and none.
    #[error("There is no filter “{typed}:”. Did you mean “{meant}:”?")]
    UnknownOperator { typed: String, meant: &'static str },
    /// An operator with nothing behind it.
    #[error("Say what to look for after “{operator}:”, without a space.")]
    MissingValue { operator: String },
    /// No date.
    #[error(
        "“{operator}:” takes a date such as 2026-03-31, 2026-03 or 2026, “today” or “yesterday”."
    )]
    NoDate { operator: String },
    /// Not what `is:` takes.
    #[error("“is:” takes “unread”, “read” or “starred”.")]
    NoState,
    /// Not what `has:` takes.
    #[error("“has:” takes “attachment”.")]
    NoProperty,
    /// `OR` with nothing on one side.
    #[error("“OR” stands between two words. Write it small to search for the word itself.")]
    LooseOr,
    /// More than anyone types.
    #[error("This search is too long: at most {limit} words and filters.")]
    TooLong { limit: usize },
}

/// A problem and its place in what was typed, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) kind: ProblemKind,
    pub(crate) range: Range<usize>,
}
