//! Compiling the standard library for a target from its sources.

use crate::process;
use anyhow::{Context as _, Result};
use std::fs;
use std::path::Path;

/// What cargo would pass on to the build from the task that runs here, and must not.
const FOREIGN_VARIABLES: [&str; 4] = [
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_BUILD_RUSTFLAGS",
];

/// Puts the sources where cargo's build-std looks for them: all of them or, when this is interrupted, none.
///
/// # Errors
/// When the toolchain's folder cannot be written.
pub(super) fn install_sources(library: &Path, sysroot: &Path) -> Result<()> {
    let folder = sysroot.join("lib/rustlib/src/rust");
    let (place, unfinished) = (folder.join("library"), folder.join("library.unfinished"));
    if place.exists() {
        return Ok(());
    }
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)?;
    }
    copy_folder(library, &unfinished)
        .and_then(|()| Ok(fs::rename(&unfinished, &place)?))
        .with_context(|| format!("copying sources to {}", place.display()))
}

/// Builds an empty crate with the standard library and keeps the library.
///
/// # Errors
/// When the build fails or the toolchain's folder cannot be written.
pub(super) fn build(target: &str, target_libdir: &Path, scratch: &Path) -> Result<()> {
    let folder = scratch.join("empty");
    fs::create_dir_all(folder.join("src"))?;
    fs::write(
        folder.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nedition = \"2024\"\n[workspace]\n",
    )?;
    fs::write(folder.join("src/lib.rs"), "#![no_std]\n")?;

    let mut cargo = process::cargo(&folder);
    cargo.args([
        "build",
        "--release",
        "--target",
        target,
        "-Z",
        "build-std=std,panic_abort,proc_macro",
    ]);
    cargo
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", folder.join("target"));
    for variable in FOREIGN_VARIABLES {
        cargo.env_remove(variable);
    }
    process::run(&mut cargo)?;
    keep_libraries(
        &folder.join("target").join(target).join("release/deps"),
        target_libdir,
    )
}

fn keep_libraries(built: &Path, target_libdir: &Path) -> Result<()> {
    fs::create_dir_all(target_libdir)
        .with_context(|| format!("making {}", target_libdir.display()))?;
    for entry in fs::read_dir(built)? {
        let file = entry?.path();
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.starts_with("lib") && name.ends_with(".rlib") && !name.starts_with("libempty-") {
            fs::copy(&file, target_libdir.join(&name))
                .with_context(|| format!("copying {name}"))?;
        }
    }
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if fs::metadata(entry.path())?.is_dir() {
            copy_folder(&entry.path(), &place)?;
        } else {
            fs::copy(entry.path(), &place)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_are_kept_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let (built, libdir) = (folder.path().join("deps"), folder.path().join("lib"));
        fs::create_dir(&built).unwrap();
        for name in [
            "libstd-1.rlib",
            "libstd-1.rmeta",
            "libempty-1.rlib",
            "std-1.d",
        ] {
            fs::write(built.join(name), "").unwrap();
        }
        keep_libraries(&built, &libdir).unwrap();
        let kept: Vec<_> = fs::read_dir(&libdir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(kept, ["libstd-1.rlib"]);
    }

    #[test]
    fn sources_are_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let (library, sysroot) = (folder.path().join("library"), folder.path().join("sysroot"));
        let rust = sysroot.join("lib/rustlib/src/rust");
        fs::create_dir_all(library.join("std")).unwrap();
        fs::write(library.join("std/Cargo.toml"), "").unwrap();
        fs::create_dir_all(rust.join("library.unfinished/left-over")).unwrap();

        install_sources(&library, &sysroot).unwrap();
        assert!(rust.join("library/std/Cargo.toml").is_file());
        assert!(!rust.join("library/left-over").exists());
        assert!(!rust.join("library.unfinished").exists());
        install_sources(&folder.path().join("none"), &sysroot).unwrap();
    }

    #[test]
    fn folders_are_copied_whole() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("a/b")).unwrap();
        fs::write(folder.path().join("a/b/c"), "text").unwrap();
        copy_folder(&folder.path().join("a"), &folder.path().join("z/a")).unwrap();
        assert_eq!(
            fs::read_to_string(folder.path().join("z/a/b/c")).unwrap(),
            "text"
        );
    }
}
