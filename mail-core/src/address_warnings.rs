//! Addresses in a message that could be taken for others: for their letters, or because this account knows one that they
//! look like.

use crate::client::Client;
use crate::env::Randomness;
use crate::message::{ParsedMessage, is_deceptive, resembled};
use crate::transport::Transport;
use crate::views::AddressWarning;

/// Most addresses of one message that are held against those known.
const MAX_ADDRESSES: usize = 20;

impl<T: Transport, R: Randomness> Client<T, R> {
    /// A warning for each address to be marked: author's and reply addresses, and the first recipients.
    pub(crate) fn address_warnings(&self, message: &ParsedMessage) -> Vec<AddressWarning> {
        let own = self.account.address();
        let mut known = self.pinned_addresses();
        known.push(own);
        let named = std::iter::once(&message.from)
            .chain(&message.reply_to)
            .chain(&message.to)
            .chain(&message.cc);
        let mut warnings: Vec<AddressWarning> = Vec::new();
        for person in named.take(MAX_ADDRESSES) {
            let address = &person.address;
            if known.contains(&address.to_ascii_lowercase())
                || warnings.iter().any(|warning| warning.address == *address)
            {
                continue;
            }
            let twin = resembled(address, known.iter().map(String::as_str));
            if let Some(text) = sentence(address, twin) {
                let address = address.clone();
                warnings.push(AddressWarning { address, text });
            }
        }
        warnings
    }
}

fn sentence(address: &str, twin: Option<&str>) -> Option<String> {
    match twin {
        _ if address.is_empty() => None,
        Some(twin) => Some(format!(
            "{address} looks like {twin}, which you know, and is another address."
        )),
        None if is_deceptive(address) => Some(format!(
            "{address} is written in letters that can be taken for others."
        )),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_twin_is_named_and_odd_letters_are_said() {
        let twin = sentence("a1ice@localhost", Some("alice@localhost")).unwrap();
        assert!(twin.contains("looks like alice@localhost"), "{twin}");
        let odd = sentence("аlice@example.org", None).unwrap();
        assert!(odd.contains("can be taken for others"), "{odd}");
        assert_eq!(sentence("bob@localhost", None), None);
        assert_eq!(sentence("", Some("x@y")), None);
    }
}
