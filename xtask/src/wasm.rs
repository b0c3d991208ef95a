//! The WebAssembly modules: one crate, built once for the webmail's worker and once for the npm package. What comes out is
//! the same in every folder: `cargo xtask reproduce`.

mod paths;
mod rustc;
mod types;

pub(crate) use rustc::stood_in;

use crate::process;
use crate::stamp::{Inputs, Stamp};
use crate::step::{Done, step};
use crate::workspace::Workspace;
use crate::{npm, toolchain};
use anyhow::{Context as _, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

/// A workspace of its own, with its own lock file: crates stand in it for algorithms that the module does not have.
pub(crate) const FOLDER: &str = "crypto-wasm/module";
/// The package in it that is the module.
pub(crate) const PACKAGE: &str = "smail-crypto-module";
/// What the compiler calls the module.
const CRATE: &str = "smail_crypto_module";
/// What it, its loader and its types are called.
const MODULE: &str = "smail_crypto_wasm";
const PROFILE: &str = "wasm";
/// The profile for those who try what they write: larger and slower, but there in seconds.
const QUICK_PROFILE: &str = "quick";
const TARGET: &str = "wasm32-unknown-unknown";

/// Hostile input must not be able to take more than 1 GiB of memory. What `Debug` would write and where in the sources a
/// panic is are for programmers, who build their own module. The latter two are not stable flags: see [`UNSTABLE`].
const RUSTFLAGS: [&str; 3] = [
    "-Clink-arg=--max-memory=1073741824",
    "-Zfmt-debug=none",
    "-Zlocation-detail=none",
];
/// Lets a stable compiler take flags that are not: rust-toolchain.toml says which compiler it is.
const UNSTABLE: (&str, &str) = ("RUSTC_BOOTSTRAP", "1");
/// What stands between two flags in the variable that carries them.
const SEPARATOR: &str = "\u{1f}";

/// Functions by which the loader takes arguments, how they begin, and what they are to look at first.
const STRICT: [(&str, &str, &str); 4] = [
    (
        "function passArray8ToWasm0(",
        "function passArray8ToWasm0(arg, malloc) {\n",
        "function passArray8ToWasm0(arg, malloc) {
    if (Object.prototype.toString.call(arg) !== '[object Uint8Array]' || !ArrayBuffer.isView(arg)) {
        refuse('invalid-argument', 'a Uint8Array is expected');
    }
    arg = octetsOf(arg);
    if (arg.length > 201326592) refuse('limit-exceeded', 'at most 192 MiB are taken at once; a stream takes more');
",
    ),
    (
        "function passStringToWasm0(",
        "function passStringToWasm0(arg, malloc, realloc) {\n",
        "function passStringToWasm0(arg, malloc, realloc) {
    if (typeof arg !== 'string') refuse('invalid-argument', 'a string is expected');
    if (arg.length > 201326592) refuse('limit-exceeded', 'a string has at most 192 Mi characters here');
",
    ),
    (
        "function passArrayJsValueToWasm0(",
        "function passArrayJsValueToWasm0(array, malloc) {\n",
        "function passArrayJsValueToWasm0(array, malloc) {
    if (!Array.isArray(array)) refuse('invalid-argument', 'an array is expected');
",
    ),
    (
        "function _assertClass(",
        "        throw new Error(`expected instance of ${klass.name}`);\n",
        "        refuse('invalid-argument', `a ${klass.name} is expected`);\n",
    ),
];
/// What they call. A subclass may say of its length what it likes, and octets may have been transferred.
const HELPERS: &str = "
function refuse(code, message) {
    throw Object.assign(new Error(message), { name: 'SMailError', code });
}

const [bufferOf, offsetOf, lengthOf] = ['buffer', 'byteOffset', 'length'].map(
    (name) => Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), name).get,
);

function octetsOf(arg) {
    try {
        return new Uint8Array(bufferOf.call(arg), offsetOf.call(arg), lengthOf.call(arg));
    } catch {
        refuse('invalid-argument', 'the octets of this Uint8Array were transferred');
    }
}
";

/// One of the two builds.
#[derive(Debug)]
pub(crate) struct Build {
    name: &'static str,
    features: &'static str,
    /// Where the module, its loader and its types go.
    destination: &'static str,
    /// Folders that decide what comes out.
    crates: &'static [&'static str],
}

/// The webmail's worker.
pub(crate) const WEBMAIL: Build = Build {
    name: "webmail",
    features: "mail",
    destination: "www/src/crypto/wasm",
    crates: &[
        "ciphers",
        "crypto-core",
        "mail-core",
        "protocol",
        "crypto-wasm",
    ],
};

/// The npm package.
pub(crate) const NPM: Build = Build {
    name: "npm",
    features: "crypto",
    destination: "crypto-wasm/npm/dist",
    crates: &["ciphers", "crypto-core", "opaque-server", "crypto-wasm"],
};

/// Builds both, with all that they need.
///
/// # Errors
/// When a step fails.
pub(crate) fn build_all(workspace: &Workspace) -> Result<()> {
    prepare(workspace)?;
    step("WebAssembly for the web app", || build(workspace, &WEBMAIL))?;
    step("WebAssembly for the npm package", || build(workspace, &NPM))
}

/// Builds the webmail's alone, quickly. The next ordinary build makes it anew.
///
/// # Errors
/// When a step fails.
pub(crate) fn build_quickly(workspace: &Workspace) -> Result<()> {
    prepare(workspace)?;
    step("WebAssembly for the web app, quickly", || {
        let stamp = stamp_file(workspace, &WEBMAIL);
        if stamp.exists() {
            fs::remove_file(&stamp).with_context(|| format!("removing {}", stamp.display()))?;
        }
        let module = compile(workspace, &WEBMAIL, QUICK_PROFILE)?;
        bind(&module, &workspace.path(WEBMAIL.destination))?;
        Ok(Done::Fresh)
    })
}

/// The compiler's target and the npm packages.
///
/// # Errors
/// When one of them cannot be had.
pub(crate) fn prepare(workspace: &Workspace) -> Result<()> {
    step("Rust's WebAssembly target", toolchain::ensure_wasm_target)?;
    step("npm packages", || npm::ensure_packages(workspace))
}

/// Makes one module, unless nothing that it is made from has changed.
///
/// # Errors
/// When the compiler or wasm-bindgen fails.
pub(crate) fn build(workspace: &Workspace, build: &Build) -> Result<Done> {
    let stamp = Stamp::new(stamp_file(workspace, build), &inputs(workspace, build)?);
    if stamp.is_current(&build.results(workspace)) {
        return Ok(Done::UpToDate);
    }
    let module = compile(workspace, build, PROFILE)?;
    bind(&module, &workspace.path(build.destination))?;
    stamp.keep()?;
    Ok(Done::Fresh)
}

fn stamp_file(workspace: &Workspace, build: &Build) -> PathBuf {
    workspace.target(&format!("xtask/wasm-{}.stamp", build.name))
}

impl Build {
    fn results(&self, workspace: &Workspace) -> Vec<PathBuf> {
        let folder = workspace.path(self.destination);
        ["_bg.wasm", ".js", ".d.ts"]
            .map(|ending| folder.join(format!("{MODULE}{ending}")))
            .into()
    }
}

fn inputs(workspace: &Workspace, build: &Build) -> Result<Inputs> {
    let mut inputs = Inputs::default();
    inputs
        .text(&RUSTFLAGS.join(SEPARATOR))
        .text(build.features)
        .text(include_str!("wasm.rs"))
        .text(include_str!("wasm/paths.rs"))
        .text(include_str!("wasm/rustc.rs"))
        .text(include_str!("wasm/types.rs"));
    inputs.text(&process::output(
        std::process::Command::new("rustc").arg("--version"),
    )?);
    for path in ["Cargo.toml", "rust-toolchain.toml"] {
        inputs.path(&workspace.path(path))?;
    }
    for path in ["Cargo.toml", "Cargo.lock", "src", "absent"] {
        inputs.path(&workspace.path(FOLDER).join(path))?;
    }
    for folder in build.crates {
        inputs
            .path(&workspace.path(folder).join("Cargo.toml"))?
            .path(&workspace.path(folder).join("src"))?;
    }
    Ok(inputs)
}

/// Compiles the crate. Both builds share one folder for their dependencies' sake, and cargo gives a cdylib one file name
/// whatever its features: what the other build left is removed first.
fn compile(workspace: &Workspace, build: &Build, profile: &str) -> Result<PathBuf> {
    let target_dir = workspace.target("wasm");
    let folder = target_dir.join(TARGET).join(profile);
    let file = format!("{CRATE}.wasm");
    for stale in [folder.join(&file), folder.join("deps").join(&file)] {
        if stale.exists() {
            fs::remove_file(&stale).with_context(|| format!("removing {}", stale.display()))?;
        }
    }
    let mut cargo = process::cargo(&workspace.path(FOLDER));
    cargo.args(["build", "--lib", "--profile", profile, "--target", TARGET]);
    cargo
        .args(["--no-default-features", "--features", build.features])
        .arg("--target-dir")
        .arg(&target_dir);
    let mut flags = RUSTFLAGS.map(str::to_owned).to_vec();
    // In another folder other flags would have all be built anew, which those who are in a hurry can do without.
    if profile == PROFILE {
        flags.extend(paths::remapped(workspace, FOLDER)?);
    }
    cargo
        .arg("--locked")
        .env(UNSTABLE.0, UNSTABLE.1)
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join(SEPARATOR))
        .env_remove("RUSTFLAGS");
    rustc::stand_in(&mut cargo)?;
    process::run(&mut cargo)?;
    Ok(folder.join(file))
}

/// Writes the module's loader and types beside it (what the wasm-bindgen program does with `--target web`).
fn bind(module: &Path, destination: &Path) -> Result<()> {
    if destination.exists() {
        fs::remove_dir_all(destination)
            .with_context(|| format!("removing {}", destination.display()))?;
    }
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(module)
        .out_name(MODULE)
        .web(true)?
        .omit_default_module_path(false)
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen
        .generate(destination)
        .with_context(|| format!("wasm-bindgen on {}", module.display()))?;
    let loader = destination.join(format!("{MODULE}.js"));
    fs::write(&loader, strict(&fs::read_to_string(&loader)?)?)
        .with_context(|| format!("writing {}", loader.display()))?;
    let types = destination.join(format!("{MODULE}.d.ts"));
    fs::write(&types, types::corrected(&fs::read_to_string(&types)?))
        .with_context(|| format!("writing {}", types.display()))
}

/// A loader that refuses arguments of another type than is declared. As wasm-bindgen writes it, it makes octets of
/// whatever it is given: zeros of a string's letters, nothing of an `ArrayBuffer`.
///
/// # Errors
/// When wasm-bindgen has come to write something else.
fn strict(loader: &str) -> Result<String> {
    let mut loader = loader.to_owned();
    for (function, before, after) in STRICT {
        let is_there = loader.contains(function);
        let count = loader.matches(before).count();
        ensure!(
            count == usize::from(is_there),
            "wasm-bindgen no longer writes: {before}"
        );
        loader = loader.replace(before, after);
    }
    loader.push_str(HELPERS);
    Ok(loader)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loader_that_is_written_otherwise_is_not_passed_over() {
        let written = STRICT.map(|(function, before, _)| format!("{function}\n{before}"));
        let [octets, _string, _array, class] = &written;
        // One of them is in what is called.
        assert_eq!(strict(octets).unwrap().matches("refuse('").count(), 3);
        assert_eq!(strict(octets).unwrap().matches(" octetsOf(").count(), 2);
        assert_eq!(strict(class).unwrap().matches("refuse('").count(), 2);
        assert!(strict("function passArray8ToWasm0(arg) {").is_err());
    }
}
