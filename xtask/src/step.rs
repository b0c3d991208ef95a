//! Progress: one line when a step begins and one when it ends, with its duration.

use anyhow::Result;
use std::time::{Duration, Instant};

/// What a step found to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// It did its work.
    Fresh,
    /// Nothing had changed since the last time.
    UpToDate,
}

/// Runs a step between its two lines.
///
/// # Errors
/// Those of the step.
pub(crate) fn step(name: &str, work: impl FnOnce() -> Result<Done>) -> Result<()> {
    println!("==> {name}");
    let started = Instant::now();
    let outcome = work();
    let seconds = seconds(started.elapsed());
    match &outcome {
        Ok(Done::Fresh) => println!("    {name}: done in {seconds}"),
        Ok(Done::UpToDate) => println!("    {name}: up to date ({seconds})"),
        Err(_) => println!("    {name}: FAILED after {seconds}"),
    }
    outcome.map(drop)
}

/// A duration as people read it.
pub(crate) fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}
