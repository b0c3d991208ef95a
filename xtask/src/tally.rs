//! Counting tests from what test runners print.

use serde::{Deserialize, Serialize};
use std::ops::AddAssign;

/// Tests that passed and tests that did not.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tally {
    /// Passed.
    pub(crate) passed: usize,
    /// Did not.
    pub(crate) failed: usize,
}

impl Tally {
    /// One check, passed.
    pub(crate) const ONE: Self = Self {
        passed: 1,
        failed: 0,
    };

    /// Takes account of a line of a test runner's summary; any other line says nothing.
    pub(crate) fn add_line(&mut self, line: &str) {
        let line = line.trim();
        if let Some(counts) = line.strip_prefix("test result:") {
            self.add_counts(counts); // cargo: `test result: ok. 3 passed; 1 failed; 0 ignored`
        } else if let Some(counts) = line.strip_prefix("Tests ") {
            self.add_counts(counts); // vitest: `Tests  1 failed | 3 passed (4)`
        } else if let Some(count) = line.strip_prefix(['ℹ', '#']) {
            self.add_node_count(count); // node --test: `ℹ pass 3`, `# fail 1`
        } else if line.starts_with(|c: char| c.is_ascii_digit()) {
            self.add_first(line); // Playwright: `3 passed (2.1s)`
        }
    }

    fn add_node_count(&mut self, text: &str) {
        match text.trim().split_once(' ') {
            Some(("pass", count)) => self.passed += number(count),
            Some(("fail", count)) => self.failed += number(count),
            _ => {}
        }
    }

    fn add_counts(&mut self, text: &str) {
        for part in text.split([';', '|', '.']) {
            self.add_first(part);
        }
    }

    /// Adds `N passed` or `N failed` at the beginning of a text.
    fn add_first(&mut self, text: &str) {
        let mut words = text.split_whitespace();
        let (count, what) = (words.next().map_or(0, number), words.next());
        // Anything after, but a time or a total in brackets, makes it a sentence and no summary.
        if words.next().is_some_and(|rest| !rest.starts_with('(')) {
            return;
        }
        match what {
            Some("passed") => self.passed += count,
            Some("failed") => self.failed += count,
            _ => {}
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Most lines that are shown again for one failure, and for all failures of a test program.
const LINES_OF_A_FAILURE: usize = 12;
const LINES_OF_ALL: usize = 60;

/// Why tests failed, picked out of what a test runner prints, to be shown again where it is not overlooked: at the end.
#[derive(Debug, Default)]
pub(crate) struct Reasons {
    lines: Vec<String>,
    /// How many more lines belong to the failure that is being told of.
    more: usize,
}

impl Reasons {
    /// Takes account of a line that a test runner printed.
    pub(crate) fn add_line(&mut self, line: &str) {
        if begins_failure(line) {
            self.more = LINES_OF_A_FAILURE;
        }
        if self.more > 0 && !line.trim().is_empty() && self.lines.len() < LINES_OF_ALL {
            self.lines.push(line.to_owned());
            self.more -= 1;
        }
    }

    /// The lines, in the order in which they came.
    pub(crate) fn into_lines(self) -> Vec<String> {
        self.lines
    }
}

fn begins_failure(line: &str) -> bool {
    let line = line.trim_start();
    let is_playwrights = line
        .split_once(") [")
        .is_some_and(|(number, _)| number.parse::<usize>().is_ok());
    is_playwrights // `1) [firefox] › a.spec.ts:3:1 › x`
        || (line.starts_with("thread '") && line.contains("panicked at")) // cargo
        || line.starts_with("FAIL ") // vitest
        || line.starts_with("not ok ") // node --test, as TAP
        || line.starts_with('✖') // node --test
}

fn number(text: &str) -> usize {
    text.trim().parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(text: &str) -> (usize, usize) {
        let mut tally = Tally::default();
        text.lines().for_each(|line| tally.add_line(line));
        (tally.passed, tally.failed)
    }

    #[test]
    fn each_runner_is_understood() {
        let cargo = "running 4 tests\ntest result: FAILED. 3 passed; 1 failed; 2 ignored; 0 measured\n\
                     test result: ok. 5 passed; 0 failed; 0 ignored";
        assert_eq!(tally(cargo), (8, 1));
        assert_eq!(
            tally(" Test Files  2 passed (2)\n      Tests  1 failed | 11 passed (12)\n"),
            (11, 1)
        );
        assert_eq!(tally("ℹ tests 7\nℹ pass 5\nℹ fail 2\n"), (5, 2));
        assert_eq!(tally("# Subtest: pass 9\n# pass 5\n# fail 2\n"), (5, 2));
        assert_eq!(
            tally(
                "Running 4 tests using 1 worker\n  1 failed\n    a.ts:3 › x\n  3 passed (2.1s)\n"
            ),
            (3, 1)
        );
    }

    #[test]
    fn each_runners_failures_are_shown_again() {
        let mut reasons = Reasons::default();
        let said = "running 1 test\nthread 'a::b' (7) panicked at src/a.rs:3:9:\nassertion failed\n\n  1) [firefox] › a.ts:3 › x\n";
        said.lines().for_each(|line| reasons.add_line(line));
        (0..20).for_each(|_| reasons.add_line("    Error: not there"));
        let lines = reasons.into_lines();
        assert_eq!(lines[0], "thread 'a::b' (7) panicked at src/a.rs:3:9:");
        assert_eq!(lines[1], "assertion failed");
        assert_eq!(lines[2], "  1) [firefox] › a.ts:3 › x");
        assert_eq!(lines.len(), 2 + LINES_OF_A_FAILURE);
    }

    #[test]
    fn other_lines_count_for_nothing() {
        assert_eq!(
            tally("3 passed the door\nhello\n12\n\n1 flaky\n2 skipped\nTests are fun"),
            (0, 0)
        );
    }
}
