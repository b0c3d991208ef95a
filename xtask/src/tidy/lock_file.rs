//! package-lock.json names no registry, so that it serves wherever packages are fetched from.

use anyhow::{Context as _, Result};
use std::fs;
use std::path::Path;

/// One line for each package whose place is fixed.
///
/// # Errors
/// When the lock file cannot be read.
pub(super) fn check(root: &Path) -> Result<Vec<String>> {
    let text =
        fs::read_to_string(root.join("package-lock.json")).context("reading package-lock.json")?;
    check_text(&text)
}

fn check_text(text: &str) -> Result<Vec<String>> {
    let lock: serde_json::Value = serde_json::from_str(text).context("in package-lock.json")?;
    let packages = lock
        .get("packages")
        .and_then(|packages| packages.as_object())
        .into_iter()
        .flatten();
    let fixed = packages.filter(|(_, package)| {
        let resolved = package
            .get("resolved")
            .and_then(|resolved| resolved.as_str());
        resolved.is_some_and(|resolved| resolved.contains("://")) // a workspace's own packages name a folder
    });
    Ok(fixed
        .map(|(name, _)| {
            format!("package-lock.json: {name} has a resolved URL (npm install with .npmrc)")
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_urls_are_found() {
        let lock = r#"{"packages": {"": {}, "a": {"resolved": "https://registry.example/a.tgz"},
                       "node_modules/www": {"resolved": "www", "link": true}, "b": {"version": "1.0.0"}}}"#;
        assert_eq!(
            check_text(lock).unwrap(),
            ["package-lock.json: a has a resolved URL (npm install with .npmrc)"]
        );
    }
}
