//! Standing between cargo and the compiler while a module is built. cargo tells crates of one name apart by a hash, which
//! the compiler mixes into every symbol and orders by. For crates outside the workspace that is built it is of their
//! absolute path: in another folder, the same sources would give other octets. Ours are told apart by name alone.

use anyhow::{Context as _, Result};
use std::ffi::{OsStr, OsString};
use std::process::{Command, ExitCode};

/// Set while this program stands in for the compiler.
const STANDING_IN: (&str, &str) = ("S_MAIL_XTASK_IS_RUSTC", "1");
/// What the names of all of ours begin with.
const OURS: &str = "smail_";
const METADATA: &str = "metadata=";

/// Makes cargo call this program in place of the compiler.
///
/// # Errors
/// When the operating system does not say where this program is.
pub(super) fn stand_in(cargo: &mut Command) -> Result<()> {
    let this = std::env::current_exe().context("where this program is")?;
    cargo
        .env("RUSTC_WRAPPER", this)
        .env(STANDING_IN.0, STANDING_IN.1);
    Ok(())
}

/// Runs the compiler as cargo asks for, if this program stands in for it.
pub(crate) fn stood_in() -> Option<ExitCode> {
    std::env::var_os(STANDING_IN.0)?;
    let mut asked = std::env::args_os().skip(1);
    let compiler = asked.next()?;
    let status = Command::new(&compiler)
        .args(by_name(asked.collect()))
        .status();
    Some(match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {}: {error}", compiler.display());
            ExitCode::FAILURE
        }
    })
}

/// The compiler's arguments, with the crate's name in place of the hash if the crate is one of ours.
fn by_name(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let at = arguments.iter().position(|it| it == "--crate-name");
    let name = at.and_then(|at| arguments.get(at + 1)).cloned();
    let Some(name) = name.filter(|name| starts_with(name, OURS)) else {
        return arguments;
    };
    for argument in &mut arguments {
        if starts_with(argument, METADATA) {
            *argument = METADATA.into();
            argument.push(&name);
        }
    }
    arguments
}

fn starts_with(text: &OsStr, start: &str) -> bool {
    text.as_encoded_bytes().starts_with(start.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(name: &str) -> Vec<OsString> {
        [
            "--crate-name",
            name,
            "src/lib.rs",
            "-C",
            "metadata=8c36",
            "-C",
            "extra-filename=-1e",
        ]
        .map(OsString::from)
        .to_vec()
    }

    #[test]
    fn our_crates_are_told_apart_by_name_and_no_others() {
        let mut expected = given("smail_ciphers");
        expected[4] = "metadata=smail_ciphers".into();
        assert_eq!(by_name(given("smail_ciphers")), expected);
        assert_eq!(by_name(given("pgp")), given("pgp"));
        assert_eq!(by_name(vec!["-vV".into()]), [OsString::from("-vV")]);
    }
}
