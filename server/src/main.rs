//! The `smail` program.

use smail_server::cli::{Action, Cli};
use smail_server::commands::{backup, check, restore, stats};
use smail_server::config::Config;
use smail_server::serve::{self, ServeError};
use smail_server::{logging, openapi};
use std::fmt::Display;
use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    logging::tell_panics();
    match Cli::read(std::env::args_os()) {
        Ok(cli) => match cli.action {
            Action::Serve(config) => outcome(run(&config)),
            Action::Backup(args) => outcome(backup::run(&args)),
            Action::Restore(args) => outcome(restore::run(&args)),
            Action::Check(args) => outcome(check::run(&args)),
            Action::Stats(args) => outcome(stats::run(&args)),
            Action::Openapi => outcome(std::io::stdout().write_all(openapi::document().as_bytes())),
        },
        // Clap prints help and version to standard output and faults to standard error, each with its exit code.
        Err(error) => error.exit(),
    }
}

fn run(config: &Config) -> Result<(), Box<dyn std::error::Error>> {
    logging::set_up(config.log_format, &config.log)?;
    let system = actix_web::rt::System::new();
    let outcome = system.block_on(serve::serve(config));
    if let Err(ServeError::Stalled) = outcome {
        // Taking the system down in order would wait for the threads that the disk does not answer.
        std::mem::forget(system);
    }
    Ok(outcome?)
}

fn outcome(result: Result<(), impl Display>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The last resort: the log may not be there yet.
            let _ = writeln!(std::io::stderr(), "smail: {error}");
            ExitCode::FAILURE
        }
    }
}
