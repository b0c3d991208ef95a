//! The standard library's sources from Debian's package rust-src: fetched and unpacked, not installed, and through
//! lists and caches of their own, so that the machine's are left as they are.

use super::apt_source::Mirror;
use crate::process;
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const SUITES: [&str; 4] = ["trixie-backports", "trixie", "forky", "sid"];
const APT_LIMIT: Duration = Duration::from_secs(300);

/// Fetches the sources that fit rustc's version and returns the folder `library`.
///
/// # Errors
/// When this is no Debian, its mirror cannot be reached or has no such version.
pub(super) fn fetch_library(rustc_version: &str, scratch: &Path) -> Result<PathBuf> {
    let mirror =
        Mirror::of_machine(Path::new("/etc/apt")).context("apt knows no Debian mirror here")?;
    let apt = Apt::prepare(&mirror, scratch)?;
    // A suite that the mirror lacks makes this fail, though the others have come.
    let updated = process::run_within(
        apt.command("apt-get").args(["--quiet", "update"]),
        APT_LIMIT,
    );
    let known = process::output(apt.command("apt-cache").args(["madison", "rust-src"]))?;
    let Some(version) = fitting_version(&known, rustc_version) else {
        updated?;
        bail!(
            "no suite of {} has rust-src {rustc_version}",
            SUITES.join(", ")
        );
    };
    let package = format!("rust-src={version}");
    process::run_within(
        apt.command("apt-get")
            .args(["--quiet", "download", &package]),
        APT_LIMIT,
    )?;
    unpack(scratch)
}

/// apt with a folder of its own for sources, lists and cache.
#[derive(Debug)]
struct Apt {
    folder: PathBuf,
}

impl Apt {
    fn prepare(mirror: &Mirror, scratch: &Path) -> Result<Self> {
        for folder in ["lists/partial", "cache/archives/partial"] {
            fs::create_dir_all(scratch.join(folder))?;
        }
        let lines: String = SUITES.iter().map(|suite| mirror.line(suite)).collect();
        fs::write(scratch.join("sources.list"), lines)?;
        Ok(Self {
            folder: scratch.to_owned(),
        })
    }

    fn command(&self, program: &str) -> Command {
        let mut command = process::command(program, &self.folder);
        let options = [
            ("Dir::Etc::sourcelist", self.folder.join("sources.list")),
            ("Dir::Etc::sourceparts", "-".into()),
            ("Dir::State::lists", self.folder.join("lists")),
            ("Dir::Cache", self.folder.join("cache")),
            // apt's own user could not write into this folder.
            ("APT::Sandbox::User", "root".into()),
        ];
        for (name, value) in options {
            command.arg("-o").arg(format!("{name}={}", value.display()));
        }
        command
    }
}

/// The first version in `apt-cache madison`'s table that packages this rustc: `1.95.0` or `1.95.0+dfsg1-2`, not `1.95.01`.
fn fitting_version<'a>(madison: &'a str, rustc_version: &str) -> Option<&'a str> {
    let versions = madison
        .lines()
        .filter_map(|line| line.split('|').nth(1))
        .map(str::trim);
    versions.into_iter().find(|version| {
        version
            .strip_prefix(rustc_version)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit() || c == '.'))
    })
}

fn unpack(scratch: &Path) -> Result<PathBuf> {
    let packages = fs::read_dir(scratch)?.flatten().map(|entry| entry.path());
    let package = packages
        .into_iter()
        .find(|path| path.extension().is_some_and(|extension| extension == "deb"));
    let package = package.context("apt-get downloaded nothing")?;
    let unpacked = scratch.join("unpacked");
    process::run(
        process::command("dpkg-deb", scratch)
            .arg("--extract")
            .args([&package, &unpacked]),
    )?;
    let sources = fs::read_dir(unpacked.join("usr/src")).context("rust-src has no usr/src")?;
    let libraries = sources.flatten().map(|entry| entry.path().join("library"));
    libraries
        .into_iter()
        .find(|path| path.join("std/Cargo.toml").is_file())
        .context("rust-src has no library/std")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MADISON: &str = "\
  rust-src | 1.97.1+dfsg1-1 | http://mirror.example/debian sid/main amd64 Packages
  rust-src | 1.95.0+dfsg1-2~bpo13+1 | http://mirror.example/debian trixie-backports/main amd64 Packages
  rust-src | 1.85.10 | http://mirror.example/debian trixie/main amd64 Packages
";

    #[test]
    fn only_the_same_release_fits() {
        assert_eq!(
            fitting_version(MADISON, "1.95.0"),
            Some("1.95.0+dfsg1-2~bpo13+1")
        );
        assert_eq!(fitting_version(MADISON, "1.85.1"), None);
        assert_eq!(fitting_version("", "1.95.0"), None);
    }
}
