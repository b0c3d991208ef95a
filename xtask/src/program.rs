//! The programs that tests run against: browsers, GnuPG and others that speak OpenPGP. What is installed, else Debian's packages.

use crate::process;
use anyhow::{Result, bail};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A program that tests need and that is not ours.
#[derive(Debug)]
pub(crate) struct Program {
    /// The variable that tells the tests, and this program, where it is.
    pub(crate) variable: &'static str,
    programs: &'static [&'static str],
    package: &'static str,
}

/// Chromium, or what is made from it.
pub(crate) const CHROMIUM: Program = Program {
    variable: "CHROMIUM",
    programs: &["chromium", "chromium-browser", "google-chrome"],
    package: "chromium",
};

/// Firefox.
pub(crate) const FIREFOX: Program = Program {
    variable: "FIREFOX",
    programs: &["firefox-esr", "firefox"],
    package: "firefox-esr",
};

/// GnuPG, which must read what we write and write what we read.
pub(crate) const GNUPG: Program = Program {
    variable: "GPG",
    programs: &["gpg"],
    package: "gnupg",
};

/// Sequoia's program for the stateless OpenPGP interface.
pub(crate) const SQOP: Program = Program {
    variable: "SQOP",
    programs: &["sqop"],
    package: "sqop",
};

/// RNP; rnpkeys comes with it.
pub(crate) const RNP: Program = Program {
    variable: "RNP",
    programs: &["rnp"],
    package: "rnp",
};

/// What mounts file systems in user space for those who are not root.
pub(crate) const FUSERMOUNT: Program = Program {
    variable: "FUSERMOUNT_PATH",
    programs: &["fusermount3", "fusermount"],
    package: "fuse3",
};

/// A web server to hold ours against.
pub(crate) const NGINX: Program = Program {
    variable: "NGINX",
    programs: &["nginx"],
    package: "nginx-light",
};

impl Program {
    /// Where the program is; installs it with apt-get when it is missing and this user may.
    ///
    /// # Errors
    /// When it is missing and cannot be installed: says what to install.
    pub(crate) fn ensure(&self) -> Result<PathBuf> {
        if let Some(program) = self.find() {
            return Ok(program);
        }
        let advice = format!(
            "install {} (or set {} to the program)",
            self.programs.join(" or "),
            self.variable
        );
        if let Err(error) = self.install() {
            bail!(
                "{} is needed for the tests: {advice}; {error:#}",
                self.package
            );
        }
        match self.find() {
            Some(program) => Ok(program),
            None => bail!("apt-get brought no {}: {advice}", self.package),
        }
    }

    fn find(&self) -> Option<PathBuf> {
        let named = std::env::var_os(self.variable)
            .map(PathBuf::from)
            .filter(|program| program.is_file());
        named.or_else(|| {
            self.programs
                .iter()
                .find_map(|program| process::find(program))
        })
    }

    fn install(&self) -> Result<()> {
        println!("    installing {} with apt-get", self.package);
        // One broken source among many need not keep the package from coming: what counts is the installation.
        let updated = process::run(apt_get()?.arg("update"));
        let arguments = ["install", "--yes", "--no-install-recommends", self.package];
        match process::run(apt_get()?.args(arguments)) {
            Ok(()) => Ok(()),
            Err(error) => Err(updated.err().unwrap_or(error)),
        }
    }
}

/// apt-get with the rights it needs.
fn apt_get() -> Result<Command> {
    if !process::is_installed("apt-get") {
        bail!("there is no apt-get to install it with");
    }
    let mut command = if process::is_root()? {
        Command::new("apt-get")
    } else if may_sudo() {
        let mut sudo = Command::new("sudo");
        sudo.args([
            "--non-interactive",
            "--preserve-env=DEBIAN_FRONTEND",
            "apt-get",
        ]);
        sudo
    } else {
        bail!("only root, or a user of sudo without a password, could install it from here");
    };
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .arg("--quiet");
    Ok(command)
}

fn may_sudo() -> bool {
    let mut sudo = Command::new("sudo");
    let status = sudo
        .args(["--non-interactive", "true"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}
