//! Whose messages may fetch what they refer to elsewhere. Fetching tells whoever keeps the picture that the message was
//! opened, when and from where, so that it is asked for; the answer can be kept for a sender. It counts for messages alone that
//! the sender has signed, by the key known for the address: anybody can write a name into From.

use crate::client::Client;
use crate::env::Randomness;
use crate::state::StateError;
use crate::transport::Transport;
use crate::views::{RemoteContent, RemoteContentRule, Security, SignatureState};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The state object's name.
const STATE_NAME: &str = "remote-content";
/// Most senders kept.
const MAX_SENDERS: usize = 500;

/// The senders, as sealed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Allowed {
    version: u32,
    senders: BTreeMap<String, Sender>,
}

/// One sender, by address in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Sender {
    since_ms: u64,
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Keeps or takes back that remote content is always shown for this sender.
    ///
    /// # Errors
    /// [`StateError`].
    pub async fn show_remote_content(&self, address: &str, always: bool) -> Result<(), StateError> {
        let address = &address.to_ascii_lowercase();
        let since_ms = self.env.now_ms();
        let is_full = std::cell::Cell::new(false);
        let change = |allowed: &mut Allowed| {
            allowed.version = 1;
            if !always {
                return allowed.senders.remove(address).is_some();
            }
            is_full.set(allowed.senders.len() >= MAX_SENDERS);
            if is_full.get() || allowed.senders.contains_key(address) {
                return false;
            }
            let sender = Sender { since_ms };
            allowed.senders.insert(address.to_owned(), sender);
            true
        };
        let allowed = self.change_state(STATE_NAME, change).await?;
        if is_full.get() && !allowed.senders.contains_key(address) {
            return Err(StateError::Full);
        }
        Ok(())
    }

    /// The senders that remote content is always shown for.
    ///
    /// # Errors
    /// [`StateError`].
    pub fn remote_content_senders(&self) -> Result<Vec<String>, StateError> {
        let allowed: Allowed = self.state(STATE_NAME)?.unwrap_or_default();
        Ok(allowed.senders.into_keys().collect())
    }

    /// What holds for a message by this author. State that does not open allows nothing.
    pub(crate) fn remote_content(&self, address: &str, security: &Security) -> RemoteContent {
        let rule = self.settings().unwrap_or_default().remote_content;
        if security.signature != SignatureState::Verified {
            return match rule {
                RemoteContentRule::Never => RemoteContent::Never,
                _ => RemoteContent::AskEachTime,
            };
        }
        let allowed: Allowed = self.state(STATE_NAME).ok().flatten().unwrap_or_default();
        match rule {
            _ if allowed.senders.contains_key(&address.to_ascii_lowercase()) => RemoteContent::Show,
            RemoteContentRule::Ask => RemoteContent::Ask,
            RemoteContentRule::Never => RemoteContent::Never,
            RemoteContentRule::Always => RemoteContent::ShowAll,
        }
    }
}
