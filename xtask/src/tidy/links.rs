//! Relative links in documents lead to a file that is there, and to a heading that is in it.

use anyhow::{Context as _, Result};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// One line for each link that leads nowhere.
///
/// # Errors
/// When a document cannot be read.
pub(super) fn check(root: &Path, files: &[PathBuf]) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| is_document(file)) {
        let text = read(&root.join(file))?;
        for link in links(&text) {
            if let Some(fault) = fault(root, file, &link)? {
                findings.push(format!("{}: {link}: {fault}", file.display()));
            }
        }
    }
    Ok(findings)
}

fn is_document(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending == "md")
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))
}

/// What is wrong with a link in a document, if anything. Links to other sites are not followed.
fn fault(root: &Path, document: &Path, link: &str) -> Result<Option<&'static str>> {
    if link.contains("://") || link.starts_with("mailto:") {
        return Ok(None);
    }
    let (path, heading) = link.split_once('#').unwrap_or((link, ""));
    let folder = document.parent().unwrap_or(Path::new(""));
    let target = match path {
        "" => root.join(document),
        _ => root.join(folder).join(path),
    };
    if !target.exists() {
        return Ok(Some("no such file"));
    }
    let has_heading = heading.is_empty()
        || !is_document(&target)
        || anchors(&read(&target)?)
            .iter()
            .any(|known| known == heading);
    Ok((!has_heading).then_some("no such heading"))
}

/// The targets of inline links and link definitions (CommonMark 0.31, 6.3 and 4.7).
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in prose(text) {
        if let Some((_, target)) = line
            .trim_start()
            .strip_prefix('[')
            .and_then(|rest| rest.split_once("]: "))
        {
            found.extend(target.split_whitespace().next().map(str::to_owned));
        }
        for rest in line.split("](").skip(1) {
            let target = rest.split(')').next().unwrap_or_default();
            found.extend(
                target
                    .split_whitespace()
                    .next()
                    .map(|target| target.trim_matches(['<', '>']).to_owned()),
            );
        }
    }
    found
}

/// The names by which a document's headings are linked to, as code hosts make them.
fn anchors(text: &str) -> Vec<String> {
    let mut seen = BTreeMap::new();
    let headings = prose(text).into_iter().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let name = anchor(line.trim_start_matches('#').trim());
            let count = seen
                .entry(name.clone())
                .and_modify(|count| *count += 1)
                .or_insert(0);
            if *count == 0 {
                name
            } else {
                format!("{name}-{count}")
            }
        })
        .collect()
}

fn anchor(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase)
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// The lines outside fenced code, without their code spans. Headings keep theirs: anchors are made from them.
fn prose(text: &str) -> Vec<String> {
    let mut fenced = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if line.starts_with('#') && !fenced {
            lines.push(line.to_owned());
        } else if !fenced {
            lines.push(line.split('`').step_by(2).collect());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_outside_code() {
        let text = "See [a](a.md), ![b](<b.png> \"title\") and `[c](c.md)`.\n```\n[d](d.md)\n```\n[e]: e.md\n";
        assert_eq!(links(text), ["a.md", "b.png", "e.md"]);
    }

    #[test]
    fn anchors_are_made_as_code_hosts_do() {
        assert_eq!(
            anchors("# The `Envelope`, v1\ntext\n## Why\n## Why\n"),
            ["the-envelope-v1", "why", "why-1"]
        );
    }

    #[test]
    fn a_link_that_leads_nowhere_is_found() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("docs")).unwrap();
        let text = "[1](b.md#here) [2](../README.md) [3](none.md) [4](b.md#gone) [5](#gone) [6](https://a.example/x)";
        fs::write(folder.path().join("docs/a.md"), text).unwrap();
        fs::write(folder.path().join("docs/b.md"), "# Here\n").unwrap();
        fs::write(folder.path().join("README.md"), "").unwrap();
        let findings = check(folder.path(), &["docs/a.md".into(), "docs/b.md".into()]).unwrap();
        let expected = [
            "none.md: no such file",
            "b.md#gone: no such heading",
            "#gone: no such heading",
        ];
        assert_eq!(
            findings,
            expected.map(|finding| format!("docs/a.md: {finding}"))
        );
    }
}
