//! `cargo xtask bench NAME`: measures, prints a table, keeps it in target/bench/NAME.json and holds it against goals.

use crate::bench_store::{self, StoreOptions};
use crate::build;
use crate::npm;
use crate::process;
use crate::program::CHROMIUM;
use crate::server::{self, Profile, WORKSPACE_ARGUMENTS};
use crate::step::step;
use crate::wasm;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result, bail};
use cargo_metadata::Message;
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// What to measure, and whether goals must be met.
#[derive(Debug, Args)]
pub(crate) struct BenchOptions {
    /// What to measure
    #[arg(value_enum)]
    name: Bench,
    /// Fail when a goal is missed
    #[arg(long)]
    check: bool,
    /// webmail: messages in the mailbox; the goals are set for 1000, 10000 and 100000
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 10_000, 100_000])]
    messages: Vec<u64>,
    #[command(flatten)]
    store: StoreOptions,
}

/// The measurements there are.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Bench {
    /// From the click on "Log in" to an inbox of 100 messages, in Chromium
    Login,
    /// The crypto package beside its peers, in Chromium
    Crypto,
    /// Deliveries, reads, memory, disk use and growth of the store
    Store,
    /// What a person waits for in mailboxes of several sizes, in Chromium
    Webmail,
}

impl Bench {
    fn name(self) -> &'static str {
        match self {
            Self::Crypto => "crypto",
            Self::Login => "login",
            Self::Store => "store",
            Self::Webmail => "webmail",
        }
    }
}

/// One measured value.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    /// What was measured.
    name: String,
    /// The value.
    value: f64,
    /// The value's unit.
    unit: String,
    /// What it should be, in words or as a number; none for a value that is only told.
    #[serde(default)]
    goal: Option<serde_json::Value>,
    /// Whether it is; none without a goal.
    #[serde(default)]
    met: Option<bool>,
}

/// Builds the release binary, measures and reports.
///
/// # Errors
/// When the measurement fails or, with `--check`, misses a goal.
pub(crate) fn bench(workspace: &Workspace, options: &BenchOptions) -> Result<()> {
    let rows = match options.name {
        Bench::Crypto => crypto(workspace)?,
        Bench::Login => login(workspace)?,
        Bench::Store => bench_store::measure(workspace, &options.store)?,
        Bench::Webmail => webmail(workspace, &options.messages)?,
    };
    print_table(&rows);
    keep(workspace, options.name, &rows)?;
    let verdict = verdict(&rows);
    println!("{verdict}");
    if options.check && rows.iter().any(Row::is_missed) {
        std::process::exit(1); // the line above is the last
    }
    Ok(())
}

impl Row {
    fn is_missed(&self) -> bool {
        self.met == Some(false)
    }

    fn goal_text(&self) -> String {
        match &self.goal {
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => "-".into(),
        }
    }
}

/// The npm package, as it is published.
fn crypto(workspace: &Workspace) -> Result<Vec<Row>> {
    wasm::prepare(workspace)?;
    step("WebAssembly for the npm package", || {
        wasm::build(workspace, &wasm::NPM)
    })?;
    let native = native_argon2id(workspace)?;
    in_browser(workspace, "bench:crypto", |command| {
        command.env("NATIVE_ARGON2ID", native);
    })
}

/// Builds the program that says what crypto-core's Argon2id takes natively. It is run in turns with the browser.
fn native_argon2id(workspace: &Workspace) -> Result<PathBuf> {
    let mut cargo = process::cargo(workspace.root());
    cargo.arg("bench").args(WORKSPACE_ARGUMENTS);
    cargo.args(["--quiet", "--bench", "argon2id", "--no-run"]);
    cargo.arg("--message-format=json-render-diagnostics");
    let messages = process::output(&mut cargo)?;
    let program = Message::parse_stream(messages.as_bytes())
        .filter_map(Result::ok)
        .find_map(|message| match message {
            Message::CompilerArtifact(built) if built.target.name == "argon2id" => built.executable,
            _ => None,
        });
    let program = program.context("cargo does not say where the bench program is")?;
    Ok(program.into())
}

/// The web app of the release binary.
fn login(workspace: &Workspace) -> Result<Vec<Row>> {
    build::release_binary(workspace)?;
    step("tests' programs", || server::build_opponents(workspace))?;
    in_browser(workspace, "bench:login", |command| {
        server::name_programs(workspace, Profile::Release, command);
    })
}

/// The web app of the release binary, in mailboxes of these sizes.
fn webmail(workspace: &Workspace, messages: &[u64]) -> Result<Vec<Row>> {
    build::release_binary(workspace)?;
    step("maker of mailboxes", || {
        server::build_mailbox_maker(workspace)
    })?;
    let sizes: Vec<String> = messages.iter().map(u64::to_string).collect();
    in_browser(workspace, "bench:webmail", |command| {
        server::name_programs(workspace, Profile::Release, command);
        server::name_mailbox_maker(workspace, command);
        command.env("MESSAGES", sizes.join(","));
    })
}

/// Runs a measuring script of the tests package. It prints its rows as a JSON array in one line, the last such line
/// counts.
fn in_browser(
    workspace: &Workspace,
    script: &str,
    set_up: impl FnOnce(&mut Command),
) -> Result<Vec<Row>> {
    let mut rows = None;
    let mut command = npm::script(workspace, "tests", script);
    set_up(&mut command);
    command
        .env(CHROMIUM.variable, CHROMIUM.ensure()?)
        .env("NO_COLOR", "1");
    let status = process::run_with_lines(&mut command, |line| {
        if let Ok(found) = serde_json::from_str(line.trim()) {
            rows = Some(found);
        }
    })?;
    if !status.success() {
        bail!("`npm run {script}` failed ({status})");
    }
    rows.with_context(|| format!("`npm run {script}` printed no rows"))
}

fn keep(workspace: &Workspace, bench: Bench, rows: &[Row]) -> Result<()> {
    let file = workspace.target(&format!("bench/{}.json", bench.name()));
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&file, serde_json::to_string_pretty(rows)? + "\n")
        .with_context(|| format!("writing {}", file.display()))
}

fn print_table(rows: &[Row]) {
    let width = rows
        .iter()
        .map(|row| row.name.chars().count())
        .max()
        .unwrap_or(0);
    println!(
        "{:<width$}  {:>12}  {:<8}  {:<12}  met",
        "what", "value", "unit", "goal"
    );
    for row in rows {
        let met = row.met.map_or("-", |met| if met { "yes" } else { "NO" });
        println!(
            "{:<width$}  {:>12.2}  {:<8}  {:<12}  {met}",
            row.name,
            row.value,
            row.unit,
            row.goal_text()
        );
    }
}

fn verdict(rows: &[Row]) -> String {
    let missed: Vec<_> = rows
        .iter()
        .filter(|row| row.is_missed())
        .map(|row| row.name.as_str())
        .collect();
    if missed.is_empty() {
        "all goals met".into()
    } else {
        format!("missed: {}", missed.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_says_which_goal_was_missed() {
        let text = r#"[{"name":"click to inbox","value":1200,"unit":"ms","goal":"< 1000","met":false},
                       {"name":"KSF","value":190.5,"unit":"ms"}]"#;
        let rows: Vec<Row> = serde_json::from_str(text).unwrap();
        assert_eq!(verdict(&rows), "missed: click to inbox");
        assert_eq!(verdict(&rows[1..]), "all goals met");
    }
}
