//! What a message says of an attachment that is beside it.

use super::TransferError;
use crate::item::to_view;
use crate::message::safe_file_name;
use crate::views::DraftAttachment;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use smail_crypto_core::openpgp::bulk::SessionKey;
use smail_protocol::BlobId;
use smail_protocol::limits::MAX_ITEM_PARTS;
use std::sync::Arc;
use zeroize::{Zeroize as _, Zeroizing};

/// Version of the form written now.
const CUT_OFF_VERSION: u32 = 1;
/// Longest name read, in bytes; whoever shows it makes it safe and short.
const MAX_NAME_BYTES: usize = 4_096;
/// Longest media type (RFC 6838, section 4.2).
const MAX_MEDIA_TYPE_BYTES: usize = 127;
/// What a file is of which nobody knows more.
const UNKNOWN_MEDIA_TYPE: &str = "application/octet-stream";

/// An attachment that is beside its message. Secret: it has the session key.
#[derive(Debug, Clone)]
pub(crate) struct CutOff {
    /// File name, as its author's program wrote it.
    pub(crate) name: String,
    /// Media type, as its author's system named it.
    pub(crate) media_type: String,
    /// Size of the file.
    pub(crate) size_bytes: u64,
    /// SHA-256 of the file.
    pub(crate) sha256: [u8; 32],
    /// What opens it.
    pub(crate) session_key: Arc<SessionKey>,
    /// The pieces, in order.
    pub(crate) blobs: Vec<BlobId>,
}

impl PartialEq for CutOff {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.media_type, self.size_bytes, self.sha256)
            == (
                &other.name,
                &other.media_type,
                other.size_bytes,
                other.sha256,
            )
            && self.blobs == other.blobs
            && self.session_key.ct_eq(&other.session_key)
    }
}

/// The form in a message and in a handle.
#[derive(Serialize, Deserialize)]
struct Written {
    version: u32,
    name: String,
    media_type: String,
    size_bytes: u64,
    /// Of the file; hexadecimal, as a blob's id.
    sha256: BlobId,
    /// base64url.
    session_key: String,
    blobs: Vec<BlobId>,
}

impl Drop for Written {
    fn drop(&mut self) {
        self.session_key.zeroize();
    }
}

impl CutOff {
    /// JSON. Secret.
    pub(super) fn to_json(&self) -> Zeroizing<Vec<u8>> {
        let written = Written {
            version: CUT_OFF_VERSION,
            name: self.name.clone(),
            media_type: self.media_type.clone(),
            size_bytes: self.size_bytes,
            sha256: BlobId::from_sha256(self.sha256),
            // EXPOSE: this is what tells the key, and goes into a sealed message or envelope alone.
            session_key: URL_SAFE_NO_PAD.encode(self.session_key.expose()),
            blobs: self.blobs.clone(),
        };
        // Strings, numbers and lists of them: there is nothing in it that JSON cannot say.
        Zeroizing::new(serde_json::to_vec(&written).unwrap_or_default())
    }

    /// Reads what a stranger may have written. `None`: not this form, or nothing that an honest client writes.
    pub(super) fn from_json(json: &[u8]) -> Option<Self> {
        let written: Written = serde_json::from_slice(json).ok()?;
        let octets = Zeroizing::new(
            URL_SAFE_NO_PAD
                .decode(written.session_key.as_bytes())
                .ok()?,
        );
        let is_sound = written.version == CUT_OFF_VERSION
            && (1..=MAX_ITEM_PARTS).contains(&written.blobs.len())
            && written.size_bytes < 1 << 53
            && written.name.len() <= MAX_NAME_BYTES;
        is_sound.then_some(())?;
        Some(Self {
            name: written.name.clone(),
            media_type: media_type(&written.media_type),
            size_bytes: written.size_bytes,
            sha256: *written.sha256.as_bytes(),
            session_key: Arc::new(SessionKey::from_slice(&octets)?),
            blobs: written.blobs.clone(),
        })
    }

    /// What a page may show, with this handle.
    pub(super) fn view(&self, handle: String) -> DraftAttachment {
        DraftAttachment {
            name: file_name(&self.name),
            media_type: self.media_type.clone(),
            size_bytes: to_view(self.size_bytes),
            handle,
            content_id: None,
        }
    }
}

/// The blobs of all of them, as an item names them.
pub(crate) fn parts_of(attachments: &[CutOff]) -> Result<Vec<BlobId>, TransferError> {
    let mut parts: Vec<BlobId> = attachments
        .iter()
        .flat_map(|attachment| attachment.blobs.iter().copied())
        .collect();
    parts.sort_unstable();
    parts.dedup();
    if parts.len() > MAX_ITEM_PARTS {
        return Err(TransferError::TooMany);
    }
    Ok(parts)
}

/// The name under which a file is attached.
pub(super) fn file_name(name: &str) -> String {
    safe_file_name(name, "attachment").text
}

/// A media type in its plain form (RFC 6838, section 4.2), or that nothing is known.
pub(super) fn media_type(text: &str) -> String {
    let text = text
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    match text.split_once('/') {
        Some((kind, subtype))
            if is_name(kind) && is_name(subtype) && text.len() <= MAX_MEDIA_TYPE_BYTES =>
        {
            text
        }
        _ => UNKNOWN_MEDIA_TYPE.to_owned(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) fn sample() -> CutOff {
    CutOff {
        name: "report.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size_bytes: 5,
        sha256: [1; 32],
        session_key: Arc::new(SessionKey::from_slice(&[2; 32]).unwrap()),
        blobs: vec![BlobId::from_sha256([3; 32]), BlobId::from_sha256([4; 32])],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frozen: messages out there are written so.
    #[test]
    fn the_first_version_reads_and_is_written() {
        let json = format!(
            r#"{{"version":1,"name":"report.pdf","media_type":"application/pdf","size_bytes":5,"sha256":"{}","session_key":"{}","blobs":["{}","{}"]}}"#,
            "01".repeat(32),
            "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI",
            "03".repeat(32),
            "04".repeat(32),
        );
        assert_eq!(CutOff::from_json(json.as_bytes()), Some(sample()));
        assert_eq!(
            String::from_utf8(sample().to_json().to_vec()).unwrap(),
            json
        );
    }

    #[test]
    fn what_no_honest_client_writes_is_refused() {
        let json = String::from_utf8(sample().to_json().to_vec()).unwrap();
        let blobs = r#""blobs":["#;
        for (from, to) in [
            (r#""version":1"#, r#""version":2"#.to_owned()),
            (r#""session_key":"AgI"#, r#""session_key":"AgIA"#.to_owned()),
            (
                r#""size_bytes":5"#,
                r#""size_bytes":9007199254740992"#.to_owned(),
            ),
            (
                blobs,
                format!("{blobs}{}", format!("\"{}\",", "03".repeat(32)).repeat(300)),
            ),
            (r#""sha256":"01"#, r#""sha256":"0g"#.to_owned()),
        ] {
            let other = json.replacen(from, &to, 1);
            assert_ne!(other, json);
            assert_eq!(CutOff::from_json(other.as_bytes()), None, "{to:.40}");
        }
    }

    #[test]
    fn a_debug_text_has_no_key() {
        assert!(!format!("{:?}", sample()).contains("2, 2"));
    }

    #[test]
    fn a_media_type_is_one_or_none() {
        for (given, kept) in [
            ("Image/PNG", "image/png"),
            ("text/plain; charset=utf-8", "text/plain"),
            ("text", UNKNOWN_MEDIA_TYPE),
            ("text/pl ain", UNKNOWN_MEDIA_TYPE),
            ("", UNKNOWN_MEDIA_TYPE),
        ] {
            assert_eq!(media_type(given), kept, "{given:?}");
        }
    }
}
