//! The log: structured events on standard error. No address, no name and no content is ever put into one.

use crate::config::LogFormat;
use std::io::Write as _;
use tracing_subscriber::EnvFilter;

/// Libraries that at their finer levels write out what passes through them, and so are kept to warnings. actix-http
/// tells of every stranger's malformed request as an error of its own, and writes out what a broken answer was made of.
const TALKATIVE: [&str; 4] = ["actix_http=off", "h2=warn", "rustls=warn", "sled=warn"];

/// The log cannot be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoggingError {
    /// The directives do not parse.
    #[error("--log: {0}")]
    Directives(#[from] tracing_subscriber::filter::ParseError),
    /// There is a log already.
    #[error("the log is set up already")]
    AlreadySetUp,
}

/// Sets up the process's log, and makes panics a line of it.
///
/// # Errors
/// See [`LoggingError`].
pub fn set_up(format: LogFormat, directives: &str) -> Result<(), LoggingError> {
    let mut filter = EnvFilter::builder().parse(directives)?;
    for directive in TALKATIVE {
        filter = filter.add_directive(directive.parse()?);
    }
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false);
    match format {
        LogFormat::Text => log.with_ansi(false).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    }
    .map_err(|_| LoggingError::AlreadySetUp)?;
    log_panics();
    Ok(())
}

/// Before there is a log, and for commands that have none: a panic is told by its place alone, as [`log_panics`] does.
pub fn tell_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let place = place.unwrap_or_default();
        // The last resort.
        let _ = writeln!(
            std::io::stderr(),
            "smail: a panic at {place}: this is a mistake in the program"
        );
    }));
}

/// A panic is logged by its place alone: its message may quote what was being worked on.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        tracing::error!(place, "a panic: this is a mistake in the program");
    }));
}
