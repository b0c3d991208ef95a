//! The WebAssembly target of the Rust toolchain, which is not on every machine and cannot be fetched on every machine.

mod apt_source;
mod build_std;
mod debian;

use crate::process;
use crate::step::Done;
use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const TARGET: &str = "wasm32-unknown-unknown";
const RUSTUP_LIMIT: Duration = Duration::from_secs(180);

/// The compiler that builds the workspace.
#[derive(Debug)]
struct Rustc {
    /// As `1.95.0`.
    version: String,
    /// Where the toolchain is.
    sysroot: PathBuf,
    /// Where the target's libraries belong.
    target_libdir: PathBuf,
}

impl Rustc {
    fn resolve() -> Result<Self> {
        Ok(Self {
            version: release(&ask_rustc(&["--version", "--verbose"])?)?,
            sysroot: ask_rustc(&["--print", "sysroot"])?.into(),
            target_libdir: ask_rustc(&["--print", "target-libdir", "--target", TARGET])?.into(),
        })
    }

    fn has_target(&self) -> bool {
        holds_std(&self.target_libdir)
    }
}

/// Makes sure that this toolchain compiles for WebAssembly: uses what is there, else rustup, else the sources that
/// Debian packages.
///
/// # Errors
/// When none of these ways leads there; the message says what to install.
pub(crate) fn ensure_wasm_target() -> Result<Done> {
    let rustc = Rustc::resolve()?;
    if rustc.has_target() {
        return Ok(Done::UpToDate);
    }
    let mut failures = Vec::new();
    for (way, attempt) in [
        ("rustup", with_rustup as fn(&Rustc) -> Result<()>),
        ("Debian's rust-src", with_debian),
    ] {
        println!("    {TARGET} is missing: trying {way}");
        match attempt(&rustc) {
            Ok(()) if rustc.has_target() => return Ok(Done::Fresh),
            Ok(()) => failures.push(format!(
                "{way}: ended well, and the target is still missing"
            )),
            Err(error) => failures.push(format!("{way}: {error:#}")),
        }
    }
    bail!(
        "Rust {} has no standard library for {TARGET}. Install it with `rustup target add {TARGET}`, or with the system's \
         package for it (Debian: libstd-rust-dev-wasm32, of the same version as rustc).\nTried:\n  {}",
        rustc.version,
        failures.join("\n  ")
    )
}

fn with_rustup(_rustc: &Rustc) -> Result<()> {
    process::run_within(
        Command::new("rustup").args(["target", "add", TARGET]),
        RUSTUP_LIMIT,
    )
}

fn with_debian(rustc: &Rustc) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let library = debian::fetch_library(&rustc.version, scratch.path())?;
    build_std::install_sources(&library, &rustc.sysroot)?;
    build_std::build(TARGET, &rustc.target_libdir, scratch.path())
}

fn ask_rustc(arguments: &[&str]) -> Result<String> {
    let answer = process::output(Command::new("rustc").args(arguments))
        .context("install Rust (https://rustup.rs)")?;
    Ok(answer.trim().to_owned())
}

fn release(verbose_version: &str) -> Result<String> {
    let release = verbose_version
        .lines()
        .find_map(|line| line.strip_prefix("release: "));
    Ok(release
        .context("rustc does not say its release")?
        .to_owned())
}

/// Whether the folder holds a compiled standard library.
fn holds_std(libdir: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(libdir) else {
        return false;
    };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_release_is_read() {
        let text = "rustc 1.95.0 (59807616e 2026-04-14)\nbinary: rustc\nrelease: 1.95.0\nLLVM version: 21.1.0\n";
        assert_eq!(release(text).unwrap(), "1.95.0");
        assert!(release("").is_err());
    }

    #[test]
    fn a_target_is_there_when_std_is() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!holds_std(&folder.path().join("none")));
        std::fs::write(folder.path().join("libcore-1.rlib"), "").unwrap();
        assert!(!holds_std(folder.path()));
        std::fs::write(folder.path().join("libstd-1.rlib"), "").unwrap();
        assert!(holds_std(folder.path()));
    }
}
