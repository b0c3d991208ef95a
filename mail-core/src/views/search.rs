//! What a search shows.

use super::MessageRow;
use serde::{Deserialize, Serialize};

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Piece {
    /// The piece, as it was written.
    pub text: String,
    /// Whether it is what was looked for.
    pub hit: bool,
}

/// A message that was found. What was looked for is marked where it can be seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SearchHit {
    /// The message's row.
    pub row: MessageRow,
    /// Whether this account wrote it: then `people` are who it is to.
    pub outgoing: bool,
    /// The author, or who it is to.
    pub people: Vec<Piece>,
    /// The subject; empty when there is none.
    pub subject: Vec<Piece>,
    /// The beginning of the text.
    pub snippet: Vec<Piece>,
    /// Whether none of the words can be seen in these: they are further on in the message, or in a file's name.
    pub hidden: bool,
}

/// Where a search cannot be read, and why. Places count UTF-16 code units, as JavaScript's strings do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct QueryProblem {
    /// One sentence for a person.
    pub text: String,
    /// Where it begins.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
}

/// An operator with its value, in what was typed. Places count UTF-16 code units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct QueryFilter {
    /// As typed.
    pub text: String,
    /// Where it begins.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SearchResults {
    /// The latest messages, as many as were asked for.
    pub hits: Vec<SearchHit>,
    /// Whether there are more.
    pub more: bool,
    /// Messages found in all; at most so many when `more` and not all of them have been looked at.
    pub total: u32,
    /// Whether `total` is the very number.
    pub exact: bool,
    /// Why the search cannot be read; nothing is looked for then.
    pub problem: Option<QueryProblem>,
    /// The operators in it.
    pub filters: Vec<QueryFilter>,
    /// Whether it asks for nothing at all.
    pub blank: bool,
}

/// How far the search index has come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct IndexProgress {
    /// Messages that are in it.
    pub indexed: u32,
    /// Messages there are, as far as is known.
    pub total: u32,
    /// Whether every message is in it.
    pub done: bool,
    /// Parts that did not open: what they held is indexed anew.
    pub damaged: u32,
    /// Why it cannot be kept on the server for now, as one sentence: the next device has to build its own.
    pub unsaved: Option<String>,
}

/// A search that was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SavedSearch {
    /// Its id.
    pub id: String,
    /// What the person calls it.
    pub name: String,
    /// What is looked for, as typed.
    pub query: String,
}
