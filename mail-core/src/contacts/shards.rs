//! The sixteen state objects that contacts are kept in. A contact's id says by its first digit which one it is in; a new
//! contact goes where there is most room.

use super::entry::Entry;
use crate::client::Client;
use crate::env::Randomness;
use crate::state::StateError;
use crate::transport::Transport;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many there are.
pub(super) const SHARDS: usize = 16;
/// Largest content of one, in octets of JSON: sealed and padded it stays below 64 KiB.
pub(super) const MAX_SHARD_BYTES: usize = 62_000;
/// Length of a contact's id, in hexadecimal digits: among ten thousand, chance does not meet itself.
const ID_DIGITS: usize = 12;

/// The contacts of one, as sealed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Shard {
    pub(super) version: u32,
    pub(super) contacts: BTreeMap<String, Entry>,
}

impl Shard {
    /// Whether it has become too large to be sealed.
    pub(super) fn is_too_large(&self) -> bool {
        serde_json::to_vec(self).is_ok_and(|json| json.len() > MAX_SHARD_BYTES)
    }
}

/// The state object's name of a contact with this id; `None` when it is no id.
pub(super) fn shard_name(id: &str) -> Option<String> {
    let is_id = id.len() == ID_DIGITS
        && id
            .bytes()
            .all(|digit| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit));
    let first = id.get(..1).filter(|_| is_id)?;
    Some(format!("contacts/{first}"))
}

/// The state objects' names.
pub(super) fn shard_names() -> impl Iterator<Item = String> {
    (0..SHARDS).map(|shard| format!("contacts/{shard:x}"))
}

/// How full each is, to find room for what is new.
#[derive(Debug)]
pub(super) struct Room {
    used_bytes: Vec<usize>,
}

impl Room {
    /// The shard with most room, which an entry of this many octets is then counted in; `None` when no shard has as much.
    pub(super) fn take(&mut self, entry_bytes: usize) -> Option<usize> {
        let (shard, used) = self
            .used_bytes
            .iter_mut()
            .enumerate()
            .min_by_key(|(_, used)| **used)?;
        let after = *used + entry_bytes;
        (after <= MAX_SHARD_BYTES).then(|| {
            *used = after;
            shard
        })
    }
}

/// Octets that an entry takes in its shard.
pub(super) fn entry_bytes(entry: &Entry) -> usize {
    let json = serde_json::to_vec(entry).map_or(MAX_SHARD_BYTES, |json| json.len());
    json + ID_DIGITS + 4
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Every contact with its id, and how many shards do not open.
    pub(super) fn all_entries(&self) -> (Vec<(String, Entry)>, u32) {
        let mut entries = Vec::new();
        let mut damaged = 0;
        for name in shard_names() {
            match self.state::<Shard>(&name) {
                Ok(shard) => entries.extend(shard.unwrap_or_default().contacts),
                Err(_) => damaged += 1,
            }
        }
        (entries, damaged)
    }

    pub(super) fn room(&self) -> Room {
        let used = shard_names().map(|name| match self.state::<Shard>(&name) {
            Ok(shard) => serde_json::to_vec(&shard.unwrap_or_default())
                .map_or(MAX_SHARD_BYTES, |json| json.len()),
            // Nothing can be written where nothing can be read.
            Err(_) => MAX_SHARD_BYTES,
        });
        Room {
            used_bytes: used.collect(),
        }
    }

    /// A new contact's id, in this shard.
    pub(super) fn new_contact_id(&self, shard: usize) -> String {
        let random = self.env.random_id();
        let hex: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let rest = hex.get(..ID_DIGITS - 1).unwrap_or_default();
        format!("{shard:x}{rest}")
    }

    /// Writes contacts of one shard; `change` says whether anything is to be written.
    pub(super) async fn change_shard(
        &self,
        name: &str,
        change: impl Fn(&mut BTreeMap<String, Entry>),
    ) -> Result<(), StateError> {
        let full = std::cell::Cell::new(false);
        self.change_state(name, |shard: &mut Shard| {
            let before = shard.contacts.clone();
            change(&mut shard.contacts);
            shard.version = 1;
            full.set(shard.is_too_large() && shard.contacts != before);
            shard.contacts != before && !full.get()
        })
        .await?;
        if full.get() {
            return Err(StateError::Full);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_names_its_shard() {
        assert_eq!(shard_name("a0123456789f").as_deref(), Some("contacts/a"));
        for none in [
            "",
            "a",
            "g0123456789f",
            "A0123456789f",
            "é0123456789",
            "a0123456789ff",
        ] {
            assert_eq!(shard_name(none), None, "{none}");
        }
    }

    #[test]
    fn what_is_new_goes_where_there_is_room() {
        let mut room = Room {
            used_bytes: vec![100, 50, 200],
        };
        assert_eq!(room.take(100), Some(1));
        assert_eq!(room.take(10), Some(0));
        assert_eq!(room.take(MAX_SHARD_BYTES), None);
    }

    /// Frozen: what version 1 wrote must open for ever.
    #[test]
    fn the_first_version_reads() {
        let json = r#"{"version":1,"contacts":{"a0123456789f":{"name":"Bob","addresses":["bob@localhost"]}}}"#;
        let shard: Shard = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&shard).unwrap(), json);
    }
}
