//! The places to search: a data directory, a log, recorded traffic, a live process.

use super::{Canaries, Finding, Scanner, http, memory};
use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Where to search. What is not given is not searched, and does not appear in the report.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// A directory with all below it.
    pub data: Option<PathBuf>,
    /// A log file.
    pub log: Option<PathBuf>,
    /// A directory of recorded HTTP/1.1: each file one direction of one connection, or one message.
    pub traffic: Option<PathBuf>,
    /// A live process.
    pub pid: Option<u32>,
}

/// How much was searched in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Searched {
    /// `data`, `log`, `traffic` or `memory`.
    pub place: String,
    /// Bytes, before anything was inflated.
    pub bytes: u64,
}

/// What a scan came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// What was searched: a place with no bytes proves nothing.
    pub searched: Vec<Searched>,
    /// What was found; empty is good.
    pub findings: BTreeSet<Finding>,
}

impl Report {
    fn search(
        &mut self,
        place: &str,
        parts: impl Iterator<Item = (String, Vec<u8>)>,
        scanner: &Scanner,
    ) {
        let mut bytes = 0;
        for (name, part) in parts {
            bytes += part.len() as u64;
            self.findings
                .extend(scanner.search(&format!("{place}: {name}"), &part));
        }
        self.searched.push(Searched {
            place: place.into(),
            bytes,
        });
    }
}

/// Searches these places for these canaries.
///
/// # Errors
/// A place that cannot be read.
pub fn scan(canaries: &Canaries, places: &Places) -> anyhow::Result<Report> {
    let scanner = Scanner::new(canaries)?;
    let mut report = Report::default();
    if let Some(directory) = &places.data {
        report.search("data", read_all(directory)?.into_iter(), &scanner);
    }
    if let Some(file) = &places.log {
        let bytes = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
        report.search(
            "log",
            std::iter::once((file.display().to_string(), bytes)),
            &scanner,
        );
    }
    if let Some(directory) = &places.traffic {
        let messages = read_all(directory)?;
        let bodies = messages.iter().flat_map(|(name, stream)| {
            http::bodies(stream)
                .into_iter()
                .map(move |body| (format!("a body in {name}"), body))
        });
        report.search(
            "traffic bodies",
            bodies.collect::<Vec<_>>().into_iter(),
            &scanner,
        );
        report.search("traffic", messages.into_iter(), &scanner);
    }
    if let Some(pid) = places.pid {
        let regions = memory::regions(pid)?;
        report.search(
            "memory",
            regions.map(|region| (region.name, region.bytes)),
            &scanner,
        );
    }
    Ok(report)
}

/// Every file below a directory, with its path and content.
fn read_all(directory: &Path) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for entry in
        fs::read_dir(directory).with_context(|| format!("reading {}", directory.display()))?
    {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(read_all(&path)?);
        } else if path.is_file() {
            let bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
            files.push((path.display().to_string(), bytes));
        }
    }
    Ok(files)
}
