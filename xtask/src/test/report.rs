//! What has been run so far, step by step.

use super::web::{Half, Outcome};
use crate::step::{Done, seconds};
use crate::tally::Tally;
use anyhow::Result;
use serde::{Deserialize, Serialize};
use std::ops::AddAssign;
use std::time::Instant;

/// What a step's tests came to, and why those failed that did.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pub(super) tally: Tally,
    pub(super) reasons: Vec<String>,
}

impl From<Tally> for Counted {
    fn from(tally: Tally) -> Self {
        Self {
            tally,
            ..Self::default()
        }
    }
}

impl Counted {
    /// One failure, told at once and again at the end.
    pub(super) fn failure(error: &anyhow::Error) -> Self {
        let reason = format!("error: {error:#}");
        println!("{reason}");
        Self {
            tally: Tally {
                passed: 0,
                failed: 1,
            },
            reasons: vec![reason],
        }
    }
}

impl AddAssign for Counted {
    fn add_assign(&mut self, other: Self) {
        self.tally += other.tally;
        self.reasons.extend(other.reasons);
    }
}

/// What has been run so far.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Report {
    pub(super) total: Tally,
    /// What is known of each step that failed.
    reasons: Vec<String>,
    /// Name, outcome and duration of each step.
    lines: Vec<String>,
}

impl Report {
    /// A step that makes something that later ones need. Returns whether they have it.
    pub(super) fn build(
        &mut self,
        name: &str,
        ready: bool,
        work: impl FnOnce() -> Result<Done>,
    ) -> bool {
        self.tests(name, ready, || work().map(|_| Tally::ONE.into()))
    }

    /// A step that is one check.
    pub(super) fn check(&mut self, name: &str, ready: bool, work: impl FnOnce() -> Result<()>) {
        self.tests(name, ready, || work().map(|()| Tally::ONE.into()));
    }

    /// A step of many tests. One that is not ready, for want of what an earlier step should have made, has failed.
    pub(super) fn tests(
        &mut self,
        name: &str,
        ready: bool,
        work: impl FnOnce() -> Result<Counted>,
    ) -> bool {
        println!("==> {name}");
        let started = Instant::now();
        let outcome = if ready {
            work()
        } else {
            Err(anyhow::anyhow!("not run: an earlier step failed"))
        };
        let Counted { tally, reasons } = outcome.unwrap_or_else(|error| Counted::failure(&error));
        self.total += tally;
        if tally.failed > 0 {
            self.reasons.push(format!("==> {name}"));
            self.reasons.extend(reasons);
        }
        let verdict = if tally.failed == 0 { "ok" } else { "FAILED" };
        self.lines.push(format!(
            "{verdict:<6} {:>8}  {name}",
            seconds(started.elapsed())
        ));
        tally.failed == 0
    }

    /// Waits for the half that runs beside and adds what it tells. Returns whether it built the web app.
    pub(super) fn half(&mut self, name: &str, half: Option<Result<Half>>) -> bool {
        let waited = match half {
            Some(half) => half.and_then(Half::finish),
            None => Err(anyhow::anyhow!("not run: an earlier step failed")),
        };
        match waited {
            Ok(Outcome { report, app }) => {
                self.add(report);
                app
            }
            Err(error) => self.tests(name, true, || Err(error)),
        }
    }

    /// Adds what another report tells of.
    fn add(&mut self, other: Self) {
        self.total += other.total;
        self.reasons.extend(other.reasons);
        self.lines.extend(other.lines);
    }

    /// Each step, why what failed failed, and as the last line the count.
    pub(super) fn print(&self) {
        println!();
        for line in self.lines.iter().chain(&self.reasons) {
            println!("{line}");
        }
        println!("{} passed, {} failed", self.total.passed, self.total.failed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;

    #[test]
    fn a_failed_step_fails_what_needs_it() {
        let mut report = Report::default();
        let built = report.build("build", true, || bail!("no compiler"));
        report.check("check", true, || Ok(()));
        report.tests("tests", built, || {
            Ok(Tally {
                passed: 5,
                failed: 0,
            }
            .into())
        });
        let told = [
            "==> build",
            "error: no compiler",
            "==> tests",
            "error: not run: an earlier step failed",
        ];
        assert_eq!(report.reasons, told);
        assert_eq!(
            report.total,
            Tally {
                passed: 1,
                failed: 2
            }
        );
    }

    #[test]
    fn what_another_process_reported_counts() {
        let mut other = Report::default();
        other.check("theirs", true, || bail!("no"));
        let mut report = Report::default();
        report.check("ours", true, || Ok(()));
        report.add(serde_json::from_str(&serde_json::to_string(&other).unwrap()).unwrap());
        let both = Tally {
            passed: 1,
            failed: 1,
        };
        assert_eq!((report.total, report.lines.len()), (both, 2));
    }
}
