//! What a message that was brought is known again by: a digest of what makes it this message. Line ends, and header
//! fields that programs add on its way through archives, are no part of it.

use super::fields::{Fields, body, ended, lines};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

const LEN_BYTES: usize = 12;
/// Fields that are part of it.
const NAMES: [&str; 8] = [
    "message-id",
    "from",
    "to",
    "cc",
    "date",
    "subject",
    "content-type",
    "content-transfer-encoding",
];

/// The first twelve bytes of a SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Digest([u8; LEN_BYTES]);

impl Digest {
    /// That of a message (RFC 5322).
    pub(super) fn of(message: &[u8], fields: &Fields) -> Self {
        let mut sha256 = Sha256::new();
        for name in NAMES {
            let value = fields.first(name).unwrap_or_default();
            // Programs fold long fields anew.
            let value = value.iter().filter(|byte| !byte.is_ascii_whitespace());
            sha256.update(value.copied().collect::<Vec<u8>>());
            sha256.update(b"\n");
        }
        let mut empty_lines = 0_u32;
        for line in lines(body(message)).map(ended) {
            if line.is_empty() {
                empty_lines += 1;
                continue;
            }
            // Empty lines at the end do not count: an mbox adds and loses some.
            (0..std::mem::take(&mut empty_lines)).for_each(|_| sha256.update(b"\n"));
            sha256.update(line);
            sha256.update(b"\n");
        }
        Self::first_of(sha256)
    }

    /// That of anything else.
    pub(super) fn of_octets<'a>(octets: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut sha256 = Sha256::new();
        octets
            .into_iter()
            .for_each(|octets| sha256.update(Sha256::digest(octets)));
        Self::first_of(sha256)
    }

    fn first_of(sha256: Sha256) -> Self {
        let digest: [u8; 32] = sha256.finalize().into();
        let mut first = [0; LEN_BYTES];
        first
            .iter_mut()
            .zip(digest)
            .for_each(|(to, from)| *to = from);
        Self(first)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        let octets = URL_SAFE_NO_PAD.decode(text.as_bytes()).ok();
        let digest = octets.and_then(|octets| octets.try_into().ok());
        digest
            .map(Self)
            .ok_or_else(|| D::Error::custom("no digest of a message"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(message: &str) -> Digest {
        Digest::of(message.as_bytes(), &Fields::of(message.as_bytes()))
    }

    #[test]
    fn line_ends_and_added_fields_make_no_other_message() {
        let one = of("From: a@b\r\nMessage-ID: <1@x>\r\n\r\none\r\n\r\ntwo\r\n");
        assert_eq!(
            one,
            of("X-Mozilla-Status: 0001\nMessage-ID: <1@x>\nFrom: a@b\n\none\n\ntwo\n\n\n")
        );
        for other in [
            "From: a@b\nMessage-ID: <1@x>\n\none\ntwo\n",
            "From: a@b\nMessage-ID: <2@x>\n\none\n\ntwo\n",
            "From: a@b\nMessage-ID: <1@x>\n\none\n\ntwo two\n",
            "From: a@b\nSubject: s\nMessage-ID: <1@x>\n\none\n\ntwo\n",
        ] {
            assert_ne!(one, of(other), "{other:?}");
        }
    }

    /// Frozen: summaries out there hold it.
    #[test]
    fn it_is_written_and_read() {
        let json = serde_json::to_string(&of("From: a@b\r\n\r\ntext\r\n")).unwrap();
        assert_eq!(json.len(), 18);
        assert_eq!(
            serde_json::from_str::<Digest>(&json).unwrap(),
            of("From: a@b\n\ntext")
        );
        assert!(serde_json::from_str::<Digest>("\"AAAA\"").is_err());
    }
}
