//! The canary scanner: looks for texts that must be nowhere, in every form that a program may have given them.
//!
//! A canary is a text unlike any other that was put through the system (a password, a subject). It is searched for raw
//! and in the encodings of [`encodings`], in the bytes of a place as they are and in whatever of them inflates.

mod encodings;
mod http;
mod inflate;
mod memory;
mod places;

pub use memory::{MemoryError, regions};
pub use places::{Places, Report, Searched, scan};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Texts to search for, by what each is: `password`, `subject`.
pub type Canaries = BTreeMap<String, String>;

/// A canary that was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// Which canary.
    pub canary: String,
    /// In which encoding.
    pub encoding: String,
    /// Where: a file, a message of the traffic, a region of memory.
    pub place: String,
}

/// All canaries in all encodings, ready to be searched for in one pass.
#[derive(Debug)]
pub struct Scanner {
    automaton: AhoCorasick,
    patterns: Vec<(String, &'static str)>,
}

impl Scanner {
    /// A scanner for these canaries.
    ///
    /// # Errors
    /// A canary shorter than [`MIN_CANARY_BYTES`], which chance alone would find, and none at all.
    pub fn new(canaries: &Canaries) -> anyhow::Result<Self> {
        anyhow::ensure!(!canaries.is_empty(), "no canary to search for");
        let mut patterns = Vec::new();
        let mut needles = Vec::new();
        for (name, text) in canaries {
            anyhow::ensure!(
                text.len() >= MIN_CANARY_BYTES,
                "the canary {name} is shorter than {MIN_CANARY_BYTES} bytes"
            );
            for (encoding, needle) in encodings::of(text) {
                patterns.push((name.clone(), encoding));
                needles.push(needle);
            }
        }
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(needles)?;
        Ok(Self {
            automaton,
            patterns,
        })
    }

    /// Searches these bytes, and all in them that inflates. `place` is what findings say of where.
    #[must_use]
    pub fn search(&self, place: &str, bytes: &[u8]) -> BTreeSet<Finding> {
        let mut found = self.search_as_is(place, bytes);
        for (offset, inflated) in inflate::members(bytes) {
            found.extend(self.search_as_is(&format!("{place}, inflated at {offset}"), &inflated));
        }
        found
    }

    fn search_as_is(&self, place: &str, bytes: &[u8]) -> BTreeSet<Finding> {
        self.automaton
            .find_overlapping_iter(bytes)
            .filter_map(|hit| self.patterns.get(hit.pattern().as_usize()))
            .map(|(canary, encoding)| Finding {
                canary: canary.clone(),
                encoding: (*encoding).into(),
                place: place.into(),
            })
            .collect()
    }
}

/// Shortest canary, in bytes.
pub const MIN_CANARY_BYTES: usize = 8;
