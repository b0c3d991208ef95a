//! What a person types as a recipient, and what it means on this server.

use crate::views::Person;
use smail_protocol::Username;

/// Longest addr-spec, in octets (RFC 5321, section 4.5.3.1.3, without the angle brackets).
pub(crate) const MAX_ADDRESS_BYTES: usize = 254;
/// Longest local part, in octets (RFC 5321, section 4.5.3.1.1).
const MAX_LOCAL_BYTES: usize = 64;
/// Longest label of a domain, in octets (RFC 1035, section 2.3.4).
const MAX_LABEL_BYTES: usize = 63;

/// Someone mail can be addressed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// An account of this server.
    Local(Username),
    /// Someone on another server.
    Outside,
}

/// A recipient as read from what was typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Addressee {
    /// Name, when one was given, and addr-spec.
    pub person: Person,
    /// Where it leads.
    pub recipient: Recipient,
}

/// Text that is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This is not an address. Write a user name of this server, or name@domain.")]
pub struct MalformedAddress;

/// Reads `bob`, `bob@domain` or `Bob <bob@domain>`. A bare user name means one on this server.
///
/// # Errors
/// [`MalformedAddress`].
pub fn read_addressee(typed: &str, domain: &str) -> Result<Addressee, MalformedAddress> {
    let (name, address) = split_name(typed.trim())?;
    let (local, host) = address.rsplit_once('@').unwrap_or((address, domain));
    if host.eq_ignore_ascii_case(domain) {
        let username: Username = local.parse().map_err(|_| MalformedAddress)?;
        let person = Person {
            name,
            address: format!("{username}@{domain}"),
        };
        return Ok(Addressee {
            person,
            recipient: Recipient::Local(username),
        });
    }
    if !is_local_part(local) || !is_domain(host) || address.len() > MAX_ADDRESS_BYTES {
        return Err(MalformedAddress);
    }
    let address = format!("{local}@{}", host.to_ascii_lowercase());
    Ok(Addressee {
        person: Person { name, address },
        recipient: Recipient::Outside,
    })
}

/// The user name behind a bare addr-spec, when it is one of this server. Takes none of what people may type around one.
pub(crate) fn local_username(address: &str, domain: &str) -> Option<Username> {
    let (local, host) = address.rsplit_once('@')?;
    host.eq_ignore_ascii_case(domain)
        .then(|| local.parse().ok())
        .flatten()
}

fn split_name(typed: &str) -> Result<(String, &str), MalformedAddress> {
    let Some((name, rest)) = typed.split_once('<') else {
        return Ok((String::new(), typed));
    };
    let address = rest.strip_suffix('>').ok_or(MalformedAddress)?;
    let name = name.trim().trim_matches('"');
    Ok((crate::message::neutral_name(name, address), address))
}

/// Dot-atom (RFC 5322, section 3.2.3). Quoted local parts are not taken.
fn is_local_part(local: &str) -> bool {
    let is_atext =
        |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    local.len() <= MAX_LOCAL_BYTES
        && local
            .split('.')
            .all(|atom| !atom.is_empty() && atom.bytes().all(is_atext))
}

fn is_domain(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=MAX_LABEL_BYTES).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.contains('.') && host.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(typed: &str) -> Result<(String, bool), MalformedAddress> {
        let addressee = read_addressee(typed, "localhost")?;
        Ok((
            addressee.person.address,
            addressee.recipient != Recipient::Outside,
        ))
    }

    #[test]
    fn a_bare_name_is_one_of_this_server() {
        for typed in [
            "bob",
            " Bob ",
            "bob@localhost",
            "BOB@LOCALHOST",
            "Bob B. <bob@localhost>",
            "<bob>",
        ] {
            assert_eq!(
                address(typed),
                Ok(("bob@localhost".to_owned(), true)),
                "{typed}"
            );
        }
    }

    #[test]
    fn other_domains_are_outside() {
        assert_eq!(
            address("o'neil+x@Mail.Example.ORG"),
            Ok(("o'neil+x@mail.example.org".to_owned(), false))
        );
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("a@{}.org", "b".repeat(64));
        for typed in [
            "",
            "@",
            "bob@",
            "@localhost",
            "b b",
            "a@b",
            "a..b@example.org",
            "a@-b.org",
            "a@b..org",
            "bob <bob",
            "a@b@c d.org",
            "a\r\nBcc: eve@localhost",
            "bob@localhost\u{202e}",
            &long,
        ] {
            assert_eq!(address(typed), Err(MalformedAddress), "{typed}");
        }
    }

    #[test]
    fn a_user_name_is_behind_a_bare_address_only() {
        let alice = local_username("Alice@LOCALHOST", "localhost").map(|name| name.to_string());
        assert_eq!(alice.as_deref(), Some("alice"));
        for address in [
            "alice@localhost<mallory@localhost>",
            "<alice@localhost>",
            "Alice <alice@localhost>",
            "alice",
            " alice@localhost",
            "alice @localhost",
            "alice@localhost ",
            "a@alice@localhost",
            "alice@example.org",
        ] {
            assert_eq!(local_username(address, "localhost"), None, "{address}");
        }
    }

    #[test]
    fn a_name_is_kept_and_neutral() {
        let addressee = read_addressee("\"Bob\u{202e} B\" <bob@localhost>", "localhost").unwrap();
        assert_eq!(addressee.person.name, "Bob B");
    }
}
