//! `Content-Digest` (RFC 9530): what a client says the SHA-256 of its body is.

use actix_web::http::header::HeaderMap;
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// The field's name.
const CONTENT_DIGEST: &str = "content-digest";

/// A field that is no dictionary of digests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Content-Digest is malformed")]
pub(crate) struct MalformedDigest;

/// The SHA-256 that the request states. None when it states none; other algorithms are passed over (section 2).
///
/// # Errors
/// [`MalformedDigest`] when a `sha-256` member is not 32 bytes between colons, or the field is not text.
pub(crate) fn stated_sha256(headers: &HeaderMap) -> Result<Option<[u8; 32]>, MalformedDigest> {
    let mut stated = None;
    for field in headers.get_all(CONTENT_DIGEST) {
        for member in field.to_str().map_err(|_| MalformedDigest)?.split(',') {
            let (name, value) = member.trim().split_once('=').ok_or(MalformedDigest)?;
            if name == "sha-256" {
                stated = Some(byte_sequence(value).ok_or(MalformedDigest)?);
            }
        }
    }
    Ok(stated)
}

/// A byte sequence of structured fields (RFC 9651, section 3.3.5): base64 between colons.
fn byte_sequence(value: &str) -> Option<[u8; 32]> {
    let base64 = value.trim().strip_prefix(':')?.strip_suffix(':')?;
    STANDARD.decode(base64).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    /// The example of RFC 9530, appendix B.1: `{"hello": "world"}` and a line feed.
    const EXAMPLE: &str = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";

    fn stated(value: &str) -> Result<Option<[u8; 32]>, MalformedDigest> {
        let mut headers = HeaderMap::new();
        headers.insert(
            HeaderName::from_static(CONTENT_DIGEST),
            HeaderValue::from_str(value).unwrap(),
        );
        stated_sha256(&headers)
    }

    #[test]
    fn the_sha_256_member_is_found_among_others() {
        let digest = stated(EXAMPLE).unwrap().unwrap();
        assert_eq!(digest[..4], [0x44, 0xaf, 0xf4, 0xab]);
        assert_eq!(
            stated(&format!("sha-512=:AAAA:, {EXAMPLE}")).unwrap(),
            Some(digest)
        );
        assert_eq!(stated("sha-512=:AAAA:"), Ok(None));
        assert_eq!(stated_sha256(&HeaderMap::new()), Ok(None));
    }

    #[test]
    fn malformed_fields_are_refused() {
        for value in [
            "sha-256",
            "sha-256=",
            "sha-256=AAAA",
            "sha-256=:AAAA:",
            "sha-256=:!:",
            "",
        ] {
            assert_eq!(stated(value), Err(MalformedDigest), "{value}");
        }
    }
}
