//! Message ids as threading needs them: the first eight bytes of each id's SHA-256. That is 11 characters instead of up
//! to 250, and a summary that does not grow with what a stranger writes.

use crate::message::ParsedMessage;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// Most references kept: the first, which is the conversation's root, and the last ones.
const MAX_REFERENCES: usize = 12;
const LEN_BYTES: usize = 8;

/// A Message-ID (RFC 5322, section 3.6.4), shortened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ShortId(pub(crate) u64);

impl ShortId {
    pub(crate) fn of(message_id: &str) -> Self {
        let digest: [u8; 32] = Sha256::digest(message_id.as_bytes()).into();
        let [a, b, c, d, e, f, g, h, ..] = digest;
        Self(u64::from_be_bytes([a, b, c, d, e, f, g, h]))
    }
}

/// How a message hangs together with others: its own id, and the ids of what came before it, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct ThreadIds {
    #[serde(default, skip_serializing_if = "Option::is_none", with = "one")]
    pub(crate) message_id: Option<ShortId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "several")]
    pub(crate) references: Vec<ShortId>,
}

impl ThreadIds {
    /// Those of a message with these fields; an empty id is none.
    pub(crate) fn new<'a>(
        message_id: &str,
        references: impl IntoIterator<Item = &'a String>,
        in_reply_to: Option<&'a str>,
    ) -> Self {
        let mut ids: Vec<ShortId> = Vec::new();
        let named = references
            .into_iter()
            .map(String::as_str)
            .chain(in_reply_to);
        for id in named.filter(|id| !id.is_empty()).map(ShortId::of) {
            if !ids.contains(&id) {
                ids.push(id);
            }
            if ids.len() > MAX_REFERENCES {
                ids.remove(1);
            }
        }
        let message_id = Some(message_id)
            .filter(|id| !id.is_empty())
            .map(ShortId::of);
        ids.retain(|id| Some(*id) != message_id);
        Self {
            message_id,
            references: ids,
        }
    }

    /// Whether nothing is known of it.
    pub(crate) const fn is_empty(&self) -> bool {
        self.message_id.is_none() && self.references.is_empty()
    }

    /// Those of a message that was read.
    pub(crate) fn of_message(message: &ParsedMessage) -> Self {
        Self::new(
            &message.message_id,
            &message.references,
            message.in_reply_to.as_deref(),
        )
    }
}

fn read(text: &str) -> Option<Vec<ShortId>> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (ids, rest) = bytes.as_chunks::<LEN_BYTES>();
    let ids = ids.iter().map(|id| ShortId(u64::from_be_bytes(*id)));
    rest.is_empty().then(|| ids.take(MAX_REFERENCES).collect())
}

fn written(ids: &[ShortId]) -> String {
    let bytes: Vec<u8> = ids.iter().flat_map(|id| id.0.to_be_bytes()).collect();
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Several ids as one string of base64url.
mod several {
    use super::{Deserialize, Deserializer, Serializer, ShortId, read, written};
    use serde::de::Error as _;

    pub(super) fn serialize<S: Serializer>(ids: &[ShortId], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&written(ids))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<ShortId>, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        read(&text).ok_or_else(|| D::Error::custom("no short ids"))
    }
}

/// One id as base64url.
mod one {
    use super::{Deserialize, Deserializer, Serializer, ShortId, read, written};
    use serde::de::Error as _;

    pub(super) fn serialize<S: Serializer>(id: &Option<ShortId>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&written(id.as_slice()))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<ShortId>, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        match read(&text).as_deref() {
            Some([id]) => Ok(Some(*id)),
            _ => Err(D::Error::custom("no short id")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(references: &[String]) -> ThreadIds {
        ThreadIds::new("own@localhost", references, Some("last@localhost"))
    }

    #[test]
    fn they_read_back_as_they_were_written() {
        let written = ids(&["a@b".to_owned(), "c@d".to_owned()]);
        let json = serde_json::to_string(&written).unwrap();
        assert_eq!(serde_json::from_str::<ThreadIds>(&json).unwrap(), written);
        let none = ThreadIds::default();
        assert_eq!(serde_json::to_string(&none).unwrap(), "{}");
        assert_eq!(serde_json::from_str::<ThreadIds>("{}").unwrap(), none);
    }

    #[test]
    fn of_ten_thousand_references_the_root_and_the_last_are_kept() {
        let many: Vec<String> = (0..10_000).map(|n| format!("{n}@localhost")).collect();
        let kept = ids(&many).references;
        assert_eq!(kept.len(), MAX_REFERENCES);
        assert_eq!(kept.first(), Some(&ShortId::of("0@localhost")));
        assert_eq!(kept.last(), Some(&ShortId::of("last@localhost")));
        assert!(kept.contains(&ShortId::of("9999@localhost")));
    }

    #[test]
    fn a_message_that_refers_to_itself_or_twice_to_another_says_so_once() {
        let odd = ids(&["own@localhost".into(), "a@b".into(), "a@b".into()]);
        assert_eq!(
            odd.references,
            [ShortId::of("a@b"), ShortId::of("last@localhost")]
        );
    }

    #[test]
    fn what_is_no_short_id_is_refused() {
        for json in [
            r#"{"message_id":"AAAA"}"#,
            r#"{"message_id":"AAAAAAAAAAAAAAAAAAAAAA"}"#,
            r#"{"references":"AAAA"}"#,
            r#"{"references":"!"}"#,
        ] {
            assert!(serde_json::from_str::<ThreadIds>(json).is_err(), "{json}");
        }
    }

    /// Frozen: the ids in summaries that have been filed.
    #[test]
    fn an_id_is_shortened_as_ever() {
        let ids = ThreadIds::new("m1@localhost", &["m0@localhost".to_owned()], None);
        assert_eq!(
            serde_json::to_string(&ids).unwrap(),
            r#"{"message_id":"ygXK-B-CZPg","references":"A-eC3dIy0Nk"}"#
        );
    }
}
