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
    fn other_lines_count_for_nothing() {
        assert_eq!(
            tally("3 passed the door\nhello\n12\n\n1 flaky\n2 skipped\nTests are fun"),
            (0, 0)
        );
    }
}
