//! The WebAssembly module has a lock file of its own. What is in it is what all else is tested with: the same version of each
//! package, from the same place.

use anyhow::{Context as _, Result};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const MODULE: &str = "crypto-wasm/module/Cargo.lock";
const WORKSPACE: &str = "Cargo.lock";

/// One line for each package that comes from a registry and that the workspace does not have, or not in this version.
///
/// # Errors
/// When a lock file cannot be read.
pub(super) fn check(root: &Path) -> Result<Vec<String>> {
    let read =
        |file: &str| fs::read_to_string(root.join(file)).with_context(|| format!("reading {file}"));
    Ok(check_texts(&read(MODULE)?, &read(WORKSPACE)?))
}

fn check_texts(module: &str, workspace: &str) -> Vec<String> {
    let tested: BTreeSet<Package<'_>> = fetched(workspace).collect();
    fetched(module)
        .filter(|package| !tested.contains(package))
        .map(|package| {
            format!(
                "{MODULE}: {} {} is not in {WORKSPACE} (cargo update -p {0} --precise)",
                package.name, package.version
            )
        })
        .collect()
}

/// A package that was fetched: its text has a checksum.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Package<'a> {
    name: &'a str,
    version: &'a str,
    checksum: &'a str,
}

fn fetched(lock: &str) -> impl Iterator<Item = Package<'_>> {
    lock.split("[[package]]").filter_map(|text| {
        Some(Package {
            name: field(text, "name = \"")?,
            version: field(text, "version = \"")?,
            checksum: field(text, "checksum = \"")?,
        })
    })
}

fn field<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    text.lines()
        .find_map(|line| line.strip_prefix(start)?.strip_suffix('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, version: &str, checksum: &str) -> String {
        format!(
            "[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nchecksum = \"{checksum}\"\n\n"
        )
    }

    #[test]
    fn another_version_is_found_and_another_package_of_a_version() {
        let workspace = ["one", "two"].map(|name| package(name, "1.0.0", "ab"));
        let module = [
            package("one", "1.0.0", "ab"),
            package("two", "1.0.1", "cd"),
            package("one", "1.0.0", "cd"),
        ];
        let findings = check_texts(&module.concat(), &workspace.concat());
        assert_eq!(findings.len(), 2);
        assert!(findings[0].starts_with("crypto-wasm/module/Cargo.lock: two 1.0.1 is not in"));
    }

    #[test]
    fn what_is_our_own_needs_no_other() {
        let own = "[[package]]\nname = \"dsa\"\nversion = \"0.6.3\"\n";
        assert!(check_texts(own, "").is_empty());
    }
}
