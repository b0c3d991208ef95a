//! Source files: not too long, and nothing put off.

use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};

const MAX_LINES: usize = 600;

/// Endings of files that people write and read as code.
const CODE: [&str; 10] = [
    "rs", "ts", "js", "mjs", "svelte", "css", "html", "sh", "py", "toml",
];

/// Made by programs.
const GENERATED: [&str; 1] = ["www/src/api/schema.d.ts"];

/// Marks of work put off, in two parts so that this file holds none.
const PUT_OFF: [(&str, &str); 3] = [("TO", "DO"), ("FIX", "ME"), ("XX", "X")];

/// One line for each file that is too long, and for each mark.
///
/// # Errors
/// When a file cannot be read.
pub(super) fn check(root: &Path, files: &[PathBuf]) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| is_code(file)) {
        // Test data of any ending need not be text.
        if let Ok(text) = String::from_utf8(fs::read(root.join(file))?) {
            findings.extend(check_text(&file.display().to_string(), &text));
        }
    }
    Ok(findings)
}

fn is_code(file: &Path) -> bool {
    let ending = file.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| CODE.contains(&ending))
        && !GENERATED
            .iter()
            .any(|generated| file == Path::new(generated))
}

fn check_text(name: &str, text: &str) -> Vec<String> {
    let mut findings = Vec::new();
    let lines = text.lines().count();
    if lines > MAX_LINES {
        findings.push(format!(
            "{name}: {lines} lines, more than {MAX_LINES}: one concept a file"
        ));
    }
    for (number, line) in text.lines().enumerate() {
        for mark in PUT_OFF.map(|(head, tail)| [head, tail].concat()) {
            if has_word(line, &mark) {
                findings.push(format!(
                    "{name}:{}: {mark}: do it or write an issue",
                    number + 1
                ));
            }
        }
    }
    findings
}

fn has_word(line: &str, word: &str) -> bool {
    line.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|found| found == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_is_found() {
        assert!(check_text("a.rs", &"x\n".repeat(600)).is_empty());
        assert_eq!(
            check_text("a.rs", &"x\n".repeat(601)),
            ["a.rs: 601 lines, more than 600: one concept a file"]
        );
    }

    #[test]
    fn a_mark_is_found_with_its_line() {
        let mark = ["TO", "DO"].concat();
        let findings = check_text(
            "a.rs",
            &format!("fn a() {{}}\n// {mark}: later\nlet m{mark} = 1;"),
        );
        assert_eq!(
            findings,
            [format!("a.rs:2: {mark}: do it or write an issue")]
        );
    }

    #[test]
    fn what_programs_make_is_left_alone() {
        assert!(is_code(Path::new("www/src/main.ts")));
        assert!(!is_code(Path::new("www/src/api/schema.d.ts")));
        assert!(!is_code(Path::new("package-lock.json")));
    }
}
