//! Everything an operator can set, in one struct: the same names as flag, as environment variable (`SMAIL_*`) and in
//! the configuration file.

use crate::forwarded::ProxyHeader;
use clap::{Args, ValueEnum};
use smail_protocol::Username;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::str::FromStr;

/// Settings of `smail serve`. A flag wins over the environment, the environment over the file, the file over the
/// defaults.
#[derive(Debug, Clone, Args)]
pub struct Config {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(
        long,
        env = "SMAIL_LISTEN",
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:8080"
    )]
    pub listen: SocketAddr,

    /// What follows the @ in the addresses of this server's accounts. Logins are bound to it: it cannot be changed later
    #[arg(
        long,
        env = "SMAIL_DOMAIN",
        value_name = "DOMAIN",
        default_value = "localhost"
    )]
    pub domain: Domain,

    /// Directory that holds everything the server keeps; made when it is not there
    #[arg(
        long,
        env = "SMAIL_DATA",
        value_name = "DIRECTORY",
        default_value = "data"
    )]
    pub data: PathBuf,

    /// Certificate chain, PEM. With it and --tls-key the server speaks TLS alone
    #[arg(long, env = "SMAIL_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,

    /// Private key of the certificate, PEM
    #[arg(long, env = "SMAIL_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,

    /// Configuration file, TOML: the long names of these settings, for instance `tls-cert = "/etc/smail/cert.pem"`
    #[arg(long, env = "SMAIL_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Form of the log on standard error
    #[arg(long, env = "SMAIL_LOG_FORMAT", value_enum, value_name = "FORMAT", default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,

    /// What to log, as tracing directives: a level, or target=level, comma-separated
    #[arg(
        long,
        env = "SMAIL_LOG",
        value_name = "DIRECTIVES",
        default_value = "info"
    )]
    pub log: String,

    /// Sign-ups one address may make in a minute before its further ones are delayed
    #[arg(
        long,
        env = "SMAIL_SIGNUPS_PER_MINUTE",
        value_name = "COUNT",
        default_value = "30"
    )]
    pub signups_per_minute: NonZeroU32,

    /// User names that nobody can sign up with, comma-separated: addresses whose owner others take to speak for the
    /// domain (RFC 2142), for instance to have certificates issued for it. Those who have one keep it
    #[arg(
        long = "reserved-names",
        env = "SMAIL_RESERVED_NAMES",
        value_name = "NAMES",
        value_delimiter = ',',
        default_value = "abuse,admin,administrator,hostmaster,mailer-daemon,noc,postmaster,root,security,webmaster"
    )]
    pub reserved_names: Vec<Username>,

    /// Failed logins of one account name before its further ones are delayed
    #[arg(
        long,
        env = "SMAIL_LOGINS_BEFORE_DELAY",
        value_name = "COUNT",
        default_value = "5"
    )]
    pub logins_before_delay: NonZeroU32,

    /// Requests one account may make in a minute before its further ones are delayed
    #[arg(
        long,
        env = "SMAIL_REQUESTS_PER_MINUTE",
        value_name = "COUNT",
        default_value = "12000"
    )]
    pub requests_per_minute: NonZeroU32,

    /// Addresses of reverse proxies, comma-separated. Requests from them count as of whoever they speak for
    #[arg(
        long = "trusted-proxy",
        env = "SMAIL_TRUSTED_PROXY",
        value_name = "ADDRESSES",
        value_delimiter = ','
    )]
    pub trusted_proxy: Vec<IpAddr>,

    /// Header that the trusted proxies write
    #[arg(long, env = "SMAIL_PROXY_HEADER", value_enum, value_name = "HEADER", default_value_t = ProxyHeader::XForwardedFor)]
    pub proxy_header: ProxyHeader,

    /// Most that one account may store, in MiB: its messages and drafts, each once, and their sealed summaries. 0 sets
    /// no limit
    #[arg(
        long,
        env = "SMAIL_QUOTA_MB",
        value_name = "MIB",
        default_value = "10240"
    )]
    pub quota_mb: u32,

    /// Largest attachment that clients send, in MiB
    #[arg(
        long,
        env = "SMAIL_MAX_ATTACHMENT_MB",
        value_name = "MIB",
        default_value = "100"
    )]
    pub max_attachment_mb: NonZeroU32,

    /// Whether browsers keep the web app, so that it opens without a network. `false` has them delete what they kept
    #[arg(
        long,
        env = "SMAIL_OFFLINE_APP",
        value_name = "BOOL",
        default_value_t = true,
        action = clap::ArgAction::Set
    )]
    pub offline_app: bool,

    /// Seconds that open requests get to finish after SIGTERM or SIGINT
    #[arg(
        long,
        env = "SMAIL_SHUTDOWN_TIMEOUT_S",
        value_name = "SECONDS",
        default_value = "10"
    )]
    pub shutdown_timeout_s: u16,
}

impl Config {
    /// Largest attachment that clients send, in bytes.
    #[must_use]
    pub const fn max_attachment_bytes(&self) -> u64 {
        self.max_attachment_mb.get() as u64 * 1024 * 1024
    }

    /// Most that one account may store, in bytes.
    #[must_use]
    pub const fn quota_bytes(&self) -> u64 {
        match self.quota_mb {
            0 => u64::MAX,
            quota_mb => quota_mb as u64 * 1024 * 1024,
        }
    }
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One readable line an event
    Text,
    /// One JSON object an event
    Json,
}

/// A domain name in its one spelling: letters, digits and hyphens in labels, lower case (RFC 1123, section 2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain(String);

/// Text that is no domain name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a domain is made of labels of letters, digits and hyphens, joined by dots")]
pub struct MalformedDomain;

impl Domain {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Domain {
    type Err = MalformedDomain;

    fn from_str(text: &str) -> Result<Self, MalformedDomain> {
        let name = text.to_ascii_lowercase();
        let is_label = |label: &str| {
            (1..=63).contains(&label.len())
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        if name.len() <= 253 && name.split('.').all(is_label) {
            Ok(Self(name))
        } else {
            Err(MalformedDomain)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_folds_into_lower_case() {
        assert_eq!(
            "Mail.Example".parse::<Domain>().map(|domain| domain.0),
            Ok("mail.example".into())
        );
    }

    #[test]
    fn what_is_no_domain_is_refused() {
        for text in [
            "",
            ".",
            "a..b",
            "-a",
            "a-",
            "a b",
            "a@b",
            "ä.example",
            &"a".repeat(64),
            &"a.".repeat(130),
        ] {
            assert_eq!(text.parse::<Domain>(), Err(MalformedDomain), "{text}");
        }
    }
}
