//! The query language: what a person types into the search field, read.
//!
//! ```text
//! invoice march                 both words, wherever they stand; the last one may be unfinished
//! "terms of use"                these words beside one another
//! -draft                        not this one
//! alice OR bob                  either; binds closer than what stands side by side
//! from: to: subject: filename:  a word, or a phrase in quotes, in one place
//! has:attachment  is:unread  is:read  is:starred  in:FOLDER  label:LABEL
//! before:2026-03-31  after:2026-03  before:today
//! ```

mod date;
mod lexer;
mod operator;
mod parser;
mod problem;

pub(crate) use date::Today;
pub(crate) use parser::parse;
pub(crate) use problem::Problem;

use super::field::FieldSet;
use std::ops::Range;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Query {
    /// Every one of these; of none, everything.
    All(Vec<Query>),
    /// At least one of these.
    Any(Vec<Query>),
    /// Not this.
    Not(Box<Query>),
    /// A word. With `prefix`, also one that begins so.
    Word {
        fields: FieldSet,
        token: String,
        prefix: bool,
    },
    /// Tokens beside one another.
    Phrase {
        fields: FieldSet,
        tokens: Vec<String>,
    },
    /// Something is attached.
    Attachment,
    /// Written before this time, in milliseconds since 1970.
    Before(u64),
    /// Written at this time or later.
    Since(u64),
    /// What the item is like now.
    Now(Condition),
}

/// What an item is like at the moment, whatever is in the message.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Condition {
    Unread,
    Starred,
    /// In a folder of this name, as typed.
    In(String),
    /// With a label of this name, as typed.
    Label(String),
    /// Wherever it is, also where it is not looked for otherwise.
    Anywhere,
}

/// A query, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parsed {
    pub(crate) query: Query,
    /// Where in what was typed an operator stands with its value, in bytes.
    pub(crate) filters: Vec<Range<usize>>,
}

impl Parsed {
    /// Whether it asks for nothing.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(&self.query, Query::All(parts) if parts.is_empty())
    }
}

impl Query {
    /// Calls `take` with each part that has no parts, and whether it is asked for or excluded.
    pub(crate) fn each_leaf(&self, wanted: bool, take: &mut dyn FnMut(&Self, bool)) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().for_each(|part| part.each_leaf(wanted, take));
            }
            Self::Not(part) => part.each_leaf(!wanted, take),
            leaf => take(leaf, wanted),
        }
    }

    /// Whether it says itself where to look.
    pub(crate) fn names_place(&self) -> bool {
        let mut names = false;
        self.each_leaf(true, &mut |leaf, _| {
            names |= matches!(leaf, Self::Now(Condition::In(_) | Condition::Anywhere));
        });
        names
    }
}
