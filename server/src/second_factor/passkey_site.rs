//! The site that a passkey is bound to. This server is not told where browsers reach it, so a passkey belongs to the origin of the
//! page that has it made, and proves a login for a page of that origin alone. What a program that is no browser says its
//! origin is does not matter: browsers write the true one into what is signed, and bind the signature to its domain.

use crate::config::Domain;
use std::str::FromStr;
use webauthn_rp::request::{AsciiDomain, RpId};

/// The origin of a page that may have passkeys (Web Authentication, section 5.1.3): over TLS, or of this machine; and with a
/// domain, since browsers bind no passkey to an address of the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PasskeySite {
    origin: String,
    domain: String,
}

/// Text that is no such origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("passkeys need a page over https with a domain name, or one of localhost")]
pub(crate) struct NoPasskeySite;

impl PasskeySite {
    /// The origin, as browsers write it.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// The domain that signatures are bound to.
    pub(crate) fn domain(&self) -> &str {
        &self.domain
    }

    /// The domain in the library's type.
    pub(super) fn rp_id(&self) -> Result<RpId, NoPasskeySite> {
        let domain = AsciiDomain::try_from(self.domain.clone());
        domain.map(RpId::Domain).map_err(|_| NoPasskeySite)
    }
}

impl FromStr for PasskeySite {
    type Err = NoPasskeySite;

    fn from_str(origin: &str) -> Result<Self, NoPasskeySite> {
        let (scheme, authority) = origin.split_once("://").ok_or(NoPasskeySite)?;
        let host = match authority.split_once(':') {
            Some((host, port)) if is_port(port) => host,
            Some(_) => return Err(NoPasskeySite),
            None => authority,
        };
        let domain: Domain = host.parse().map_err(|_| NoPasskeySite)?;
        let is_canonical = domain.as_str() == host;
        let is_secure = scheme == "https" || (scheme == "http" && is_of_this_machine(host));
        if !is_canonical || !is_secure || is_address(host) {
            return Err(NoPasskeySite);
        }
        Ok(Self {
            origin: origin.to_owned(),
            domain: host.to_owned(),
        })
    }
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>()
        .is_ok_and(|port| port.to_string() == text)
}

fn is_of_this_machine(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost")
}

/// Whether browsers take a host for an address of IPv4: its last label is a number (URL Standard, section 3.5).
fn is_address(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_decimal = last.bytes().all(|byte| byte.is_ascii_digit());
    let is_hexadecimal = last
        .strip_prefix("0x")
        .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    is_decimal || is_hexadecimal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_over_https_or_of_this_machine_has_a_site() {
        for (origin, domain) in [
            ("https://mail.example", "mail.example"),
            ("https://mail.example:8443", "mail.example"),
            ("https://xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("http://localhost:8080", "localhost"),
            ("http://smail.localhost", "smail.localhost"),
        ] {
            let site: PasskeySite = origin.parse().unwrap();
            assert_eq!((site.origin(), site.domain()), (origin, domain));
            assert!(site.rp_id().is_ok_and(|rp_id| *rp_id.as_ref() == *domain));
        }
    }

    #[test]
    fn other_pages_have_none() {
        for origin in [
            "",
            "null",
            "mail.example",
            "http://mail.example",
            "http://localhost.example",
            "https://127.0.0.1",
            "https://127.1:8080",
            "https://0x7f000001",
            "https://[::1]:8080",
            "https://Mail.Example",
            "https://mail.example:",
            "https://mail.example:080",
            "https://mail.example:80:80",
            "https://mail.example/",
            "https://alice@mail.example",
            "https://mail.example.",
            "ftp://mail.example",
        ] {
            assert_eq!(
                origin.parse::<PasskeySite>(),
                Err(NoPasskeySite),
                "{origin}"
            );
        }
    }
}
