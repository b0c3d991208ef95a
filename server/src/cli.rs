//! The command line: `smail serve`, and what an operator does beside it.

use crate::commands::backup::BackupArgs;
use crate::commands::check::CheckArgs;
use crate::commands::restore::RestoreArgs;
use crate::commands::stats::StatsArgs;
use crate::config::Config;
use clap::error::ErrorKind;
use clap::{Args as _, Command, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use std::ffi::OsString;
use std::path::Path;

/// End-to-end encrypted mail in one program
#[derive(Debug, Parser)]
#[command(name = "smail", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub action: Action,
}

/// What the program does.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Serve mail and the web app until SIGTERM or SIGINT
    Serve(Box<Config>),
    /// Write everything the server keeps into one file, while it serves or not
    Backup(BackupArgs),
    /// Make a data directory from a backup
    Restore(RestoreArgs),
    /// Look at every chunk, reference and count, say what is wrong, and repair what can be. The server is to be stopped
    Check(CheckArgs),
    /// Say how much there is of everything, and what it takes on the disk
    Stats(StatsArgs),
    /// Print the OpenAPI document of the HTTP API
    Openapi,
}

impl Cli {
    /// Reads the command line, the environment and the configuration file that they name, if any.
    ///
    /// # Errors
    /// What clap says, also for faults in the file: each error names the setting, and prints itself.
    pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let arguments: Vec<OsString> = arguments.into_iter().collect();
        let cli = Self::try_parse_from(&arguments)?;
        match &cli.action {
            Action::Serve(config) => match &config.config {
                Some(file) => Self::read_with_file(file, &arguments),
                None => Ok(cli),
            },
            _ => Ok(cli),
        }
    }

    /// Reads again, with the file's values for defaults: so flag and environment still win, and a value in the file
    /// is parsed, and refused, exactly as a flag's is.
    fn read_with_file(file: &Path, arguments: &[OsString]) -> Result<Self, clap::Error> {
        let mut command = Self::command();
        let settings = settings_of(file).map_err(|fault| command.error(ErrorKind::Io, fault))?;
        let known = Config::augment_args(Command::new("file"));
        for (name, value) in settings {
            let Some(id) = known
                .get_arguments()
                .find(|arg| arg.get_long() == Some(&name))
                .map(|arg| arg.get_id().clone())
            else {
                let fault = format!("{} has the unknown setting `{name}`", file.display());
                return Err(command.error(ErrorKind::UnknownArgument, fault));
            };
            command = command.mut_subcommand("serve", |serve| {
                serve.mut_arg(id, |arg| arg.default_value(value))
            });
        }
        Self::from_arg_matches(&command.try_get_matches_from(arguments)?)
    }
}

/// The file's settings, each as its flag would be written.
fn settings_of(file: &Path) -> Result<Vec<(String, String)>, String> {
    let text =
        std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let table: toml::Table = text
        .parse()
        .map_err(|error| format!("{}: {error}", file.display()))?;
    table
        .into_iter()
        .map(|(name, value)| match value {
            toml::Value::String(text) => Ok((name, text)),
            toml::Value::Integer(number) => Ok((name, number.to_string())),
            toml::Value::Boolean(is) => Ok((name, is.to_string())),
            _ => Err(format!(
                "{}: `{name}` is to be a string, a whole number, true or false",
                file.display()
            )),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn read(arguments: &[&str]) -> Result<Config, String> {
        match Cli::read(arguments.iter().map(OsString::from))
            .map_err(|error| error.to_string())?
            .action
        {
            Action::Serve(config) => Ok(*config),
            other => Err(format!("{other:?}")),
        }
    }

    fn file_with(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    #[test]
    fn the_command_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_flag_wins_over_the_file_and_the_file_over_the_default() {
        let file = file_with("domain = \"file.example\"\nsignups-per-minute = 7\n");
        let path = file.path().to_str().unwrap();
        let config = read(&[
            "smail",
            "serve",
            "--config",
            path,
            "--domain",
            "flag.example",
        ])
        .unwrap();
        assert_eq!(config.domain.as_str(), "flag.example");
        assert_eq!(config.signups_per_minute.get(), 7);
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    }

    #[test]
    fn proxies_are_named_one_by_one_or_together_in_the_file() {
        let config = read(&[
            "smail",
            "serve",
            "--trusted-proxy",
            "10.0.0.1",
            "--trusted-proxy",
            "::1",
        ]);
        assert_eq!(config.unwrap().trusted_proxy.len(), 2);
        let file = file_with("trusted-proxy = \"10.0.0.1,::1\"\nproxy-header = \"forwarded\"\n");
        let config = read(&["smail", "serve", "--config", file.path().to_str().unwrap()]).unwrap();
        assert_eq!(config.trusted_proxy.len(), 2);
        assert_eq!(
            config.proxy_header,
            crate::forwarded::ProxyHeader::Forwarded
        );
    }

    #[test]
    fn names_that_speak_for_the_domain_are_reserved_unless_the_operator_says_otherwise() {
        let names = |config: Config| -> Vec<String> {
            let names = config.reserved_names.iter();
            names.map(|name| name.as_str().to_owned()).collect()
        };
        let default = names(read(&["smail", "serve"]).unwrap());
        assert!(default.contains(&"postmaster".to_owned()), "{default:?}");
        let file = file_with("reserved-names = \"Abuse,noc\"\noffline-app = false\n");
        let config = read(&["smail", "serve", "--config", file.path().to_str().unwrap()]).unwrap();
        assert!(!config.offline_app);
        assert_eq!(names(config), ["abuse", "noc"]);
    }

    #[test]
    fn a_fault_in_the_file_is_named() {
        let cases = [
            ("domian = \"x\"", "unknown setting `domian`"),
            ("domain = \"a b\"", "--domain"),
            ("offline-app = 1", "--offline-app"),
            ("reserved-names = \"a b\"", "--reserved-names"),
            ("domain = [1]", "`domain` is to be a string"),
            ("domain", "expected"),
        ];
        for (text, part) in cases {
            let file = file_with(text);
            let error =
                read(&["smail", "serve", "--config", file.path().to_str().unwrap()]).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
        assert!(
            read(&["smail", "serve", "--config", "/nonexistent/smail.toml"])
                .unwrap_err()
                .contains("/nonexistent")
        );
    }
}
