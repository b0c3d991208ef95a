//! Who is behind a reverse proxy, if the operator says that it can be trusted to tell.
//!
//! A header is believed only as far as it was written by proxies that are trusted: from its end up to the first address
//! that is not one of theirs. What stands before that is what the client has sent, and may be anything.

use actix_web::http::header::HeaderMap;
use clap::ValueEnum;
use std::net::{IpAddr, SocketAddr};

/// Which header the proxies write. One alone is looked at: proxies pass on the other as the client sent it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ProxyHeader {
    /// `X-Forwarded-For`: addresses, joined by commas
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239): its `for` parameters
    Forwarded,
}

/// The proxies between the clients and this server.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies {
    /// Their addresses.
    pub addresses: Vec<IpAddr>,
    /// What they write.
    pub header: ProxyHeader,
}

impl TrustedProxies {
    /// The client's address: the connection's other end, or, if that is a trusted proxy, whoever it speaks for.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        for told in self.told(headers).iter().rev() {
            if !self.is_trusted(client) {
                break;
            }
            match told {
                Some(address) => client = address.to_canonical(),
                None => break,
            }
        }
        client
    }

    fn is_trusted(&self, address: IpAddr) -> bool {
        let is_it = |trusted: &IpAddr| trusted.to_canonical() == address;
        self.addresses.iter().any(is_it)
    }

    /// The addresses in the header, in order; none for what is no address.
    fn told(&self, headers: &HeaderMap) -> Vec<Option<IpAddr>> {
        if self.addresses.is_empty() {
            return Vec::new();
        }
        let (name, read): (_, fn(&str) -> Option<IpAddr>) = match self.header {
            ProxyHeader::XForwardedFor => ("x-forwarded-for", address),
            ProxyHeader::Forwarded => ("forwarded", forwarded_for),
        };
        let fields = headers.get_all(name);
        fields
            .flat_map(|field| field.to_str().unwrap_or_default().split(','))
            .map(|element| read(element.trim()))
            .collect()
    }
}

/// The `for` parameter of one element (RFC 7239, section 4).
fn forwarded_for(element: &str) -> Option<IpAddr> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("for")
            .then(|| address(value.trim().trim_matches('"')))?
    })
}

/// An address, with or without a port, IPv6 with or without brackets.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    bare.parse()
        .or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    const PROXY: &str = "10.0.0.1";

    fn client(
        header: ProxyHeader,
        trusted: &[&str],
        peer: &str,
        fields: &[(&str, &str)],
    ) -> String {
        let request = fields.iter().fold(TestRequest::get(), |request, field| {
            request.append_header(*field)
        });
        let proxies = TrustedProxies {
            addresses: trusted.iter().map(|text| text.parse().unwrap()).collect(),
            header,
        };
        let request = request.to_http_request();
        proxies
            .client(peer.parse().unwrap(), request.headers())
            .to_string()
    }

    fn by_list(trusted: &[&str], peer: &str, field: &str) -> String {
        let fields = [("x-forwarded-for", field)];
        client(ProxyHeader::XForwardedFor, trusted, peer, &fields)
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(by_list(&[], "10.0.0.1", "192.0.2.7"), "10.0.0.1");
        assert_eq!(by_list(&[PROXY], "10.0.0.2", "192.0.2.7"), "10.0.0.2");
        assert_eq!(by_list(&[PROXY], "10.0.0.1", "192.0.2.7"), "192.0.2.7");
        assert_eq!(
            by_list(&[PROXY], "::ffff:10.0.0.1", "192.0.2.7"),
            "192.0.2.7"
        );
    }

    #[test]
    fn what_the_client_itself_has_sent_is_not_believed() {
        assert_eq!(by_list(&[PROXY], PROXY, "1.1.1.1, 192.0.2.7"), "192.0.2.7");
        let two = [PROXY, "10.0.0.2"];
        assert_eq!(
            by_list(&two, PROXY, "1.1.1.1, 192.0.2.7, 10.0.0.2"),
            "192.0.2.7"
        );
        let fields = [
            ("x-forwarded-for", "1.1.1.1"),
            ("x-forwarded-for", "192.0.2.7"),
            ("forwarded", "for=1.1.1.2"),
        ];
        let seen = client(ProxyHeader::XForwardedFor, &[PROXY], PROXY, &fields);
        assert_eq!(seen, "192.0.2.7");
    }

    #[test]
    fn where_nothing_or_nonsense_is_told_the_last_known_hop_counts() {
        assert_eq!(by_list(&[PROXY], PROXY, ""), PROXY);
        assert_eq!(by_list(&[PROXY], PROXY, "192.0.2.7, unknown"), PROXY);
        assert_eq!(client(ProxyHeader::Forwarded, &[PROXY], PROXY, &[]), PROXY);
    }

    #[test]
    fn rfc_7239_is_read() {
        for (field, seen) in [
            ("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"),
            ("For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
            ("proto=https; for=\"192.0.2.43:80\"", "192.0.2.43"),
            ("for=1.1.1.1, for=198.51.100.17", "198.51.100.17"),
            ("for=_hidden", PROXY),
        ] {
            let fields = [("forwarded", field)];
            assert_eq!(
                client(ProxyHeader::Forwarded, &[PROXY], PROXY, &fields),
                seen,
                "{field}"
            );
        }
    }
}
