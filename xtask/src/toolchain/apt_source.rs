//! The Debian mirror this machine already uses, read from apt's own configuration (sources.list(5)).

use std::fs;
use std::path::Path;

/// A Debian archive and the keyring it is checked against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mirror {
    uri: String,
    /// None when apt's common keyring holds the key.
    signed_by: Option<String>,
}

impl Mirror {
    /// The first Debian archive in a configuration folder such as /etc/apt.
    pub(super) fn of_machine(configuration: &Path) -> Option<Self> {
        let mut files = vec![configuration.join("sources.list")];
        let parts = fs::read_dir(configuration.join("sources.list.d"))
            .into_iter()
            .flatten()
            .flatten();
        files.extend(parts.map(|entry| entry.path()));
        files.sort();
        files
            .iter()
            .filter_map(|file| fs::read_to_string(file).ok())
            .find_map(|text| Self::from_text(&text))
    }

    /// One line for a sources.list: the packages of `suite` in this archive.
    pub(super) fn line(&self, suite: &str) -> String {
        let key = self
            .signed_by
            .as_ref()
            .map(|keyring| format!(" signed-by={keyring}"))
            .unwrap_or_default();
        format!("deb [target=Packages{key}] {} {suite} main\n", self.uri)
    }

    fn from_text(text: &str) -> Option<Self> {
        text.lines()
            .find_map(Self::from_one_line)
            .or_else(|| text.split("\n\n").find_map(Self::from_stanza))
    }

    /// `deb [signed-by=/x.gpg] http://host/debian suite main`
    fn from_one_line(line: &str) -> Option<Self> {
        let rest = line.trim().strip_prefix("deb ")?.trim_start();
        let (options, rest) = match rest.strip_prefix('[') {
            Some(rest) => rest.split_once(']')?,
            None => ("", rest),
        };
        let signed_by = options
            .split_whitespace()
            .find_map(|option| option.strip_prefix("signed-by="));
        Self::when_debian(rest.split_whitespace().next()?, signed_by)
    }

    /// `URIs: http://host/debian`, `Signed-By: /x.gpg`, each on a line of its own.
    fn from_stanza(stanza: &str) -> Option<Self> {
        let field = |name: &str| {
            stanza
                .lines()
                .find_map(|line| line.strip_prefix(name))
                .map(str::trim)
        };
        let signed_by = field("Signed-By:").filter(|value| value.starts_with('/'));
        field("URIs:")?
            .split_whitespace()
            .find_map(|uri| Self::when_debian(uri, signed_by))
    }

    fn when_debian(uri: &str, signed_by: Option<&str>) -> Option<Self> {
        let uri = uri.trim_end_matches('/');
        uri.ends_with("/debian").then(|| Self {
            uri: uri.to_owned(),
            signed_by: signed_by.map(str::to_owned),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_line_form_is_read() {
        let text = "# a comment\ndeb http://mirror.example/debian-security x main\n\
                    deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian/ bookworm main contrib\n";
        let mirror = Mirror::from_text(text).unwrap();
        assert_eq!(
            mirror.line("sid"),
            "deb [target=Packages signed-by=/k.gpg] http://mirror.example/debian sid main\n"
        );
    }

    #[test]
    fn the_stanza_form_is_read() {
        let text = "Types: deb\nURIs: http://other.example/ubuntu\n\n\
                    Types: deb\n# note\nURIs: http://mirror.example/debian\nSuites: bookworm\nSigned-By: /k.gpg\n";
        let mirror = Mirror::from_text(text).unwrap();
        assert_eq!(
            mirror.line("sid"),
            "deb [target=Packages signed-by=/k.gpg] http://mirror.example/debian sid main\n"
        );
    }

    #[test]
    fn without_a_keyring_of_its_own_the_common_one_counts() {
        let mirror = Mirror::from_text("deb http://mirror.example/debian bookworm main").unwrap();
        assert_eq!(
            mirror.line("sid"),
            "deb [target=Packages] http://mirror.example/debian sid main\n"
        );
    }

    #[test]
    fn other_archives_are_not_debian() {
        assert_eq!(
            Mirror::from_text("deb http://mirror.example/ubuntu noble main"),
            None
        );
        assert_eq!(Mirror::from_text(""), None);
    }
}
