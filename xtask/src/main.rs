//! Every task of the project as one grammar: `cargo xtask run`, `test`, `build`, `tidy`, ... Each task is a file here.

#![allow(clippy::print_stdout, clippy::print_stderr)] // a command-line tool speaks there
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod bench;
mod bench_store;
mod build;
mod crash;
mod fmt;
mod npm;
mod openapi;
mod process;
mod program;
mod reproduce;
mod run;
mod server;
mod stamp;
mod step;
mod tally;
mod test;
mod tidy;
mod toolchain;
mod wasm;
mod workspace;
mod www;

use clap::{Parser, Subcommand};
use std::process::ExitCode;
use workspace::Workspace;

/// Tasks of the S-Mail project.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Build everything (release) and serve it.
    Run(run::RunOptions),
    /// Build the one self-contained release binary, web app inside.
    Build,
    /// Every check and test there is; what continuous integration runs.
    Test(test::TestOptions),
    /// Check what compilers do not: dependency direction, what the server may not hold, docs links, file sizes.
    Tidy,
    /// Renew www/openapi.json and the TypeScript client made from it.
    Openapi,
    /// Measure: results as a table and in target/bench/NAME.json.
    Bench(bench::BenchOptions),
    /// Tear the server away at random moments and compare what is left with what was acknowledged.
    Crash(crash::CrashOptions),
    /// Make the npm package twice, in two folders, and compare the two octet for octet.
    Reproduce,
    /// Format all code.
    Fmt,
    /// Build the WebAssembly modules alone.
    Wasm {
        /// The webmail's alone, larger and slower, but built in a fraction of the time: to try what one writes.
        #[arg(long)]
        quick: bool,
    },
    /// Make sure that Rust can compile for wasm32-unknown-unknown.
    Toolchain,
}

fn main() -> ExitCode {
    if let Some(code) = wasm::stood_in() {
        return code;
    }
    let outcome = Workspace::find().and_then(|workspace| dispatch(Cli::parse().task, &workspace));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(task: Task, workspace: &Workspace) -> anyhow::Result<()> {
    match task {
        Task::Run(options) => run::run(workspace, &options),
        Task::Build => build::build(workspace),
        Task::Test(options) => test::test(workspace, &options),
        Task::Tidy => tidy::tidy(workspace),
        Task::Openapi => openapi::renew(workspace),
        Task::Bench(options) => bench::bench(workspace, &options),
        Task::Crash(options) => crash::crash(workspace, &options),
        Task::Reproduce => reproduce::reproduce(workspace),
        Task::Fmt => fmt::fmt(workspace),
        Task::Wasm { quick: false } => wasm::build_all(workspace),
        Task::Wasm { quick: true } => wasm::build_quickly(workspace),
        Task::Toolchain => step::step("Rust's WebAssembly target", toolchain::ensure_wasm_target),
    }
}
