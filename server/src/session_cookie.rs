//! The login session's token and the cookie that carries it (RFC 6265).
//!
//! The token is 256 random bits and secret: the store knows only its SHA-256. It is in one cookie that scripts cannot
//! read and other sites cannot make a browser send.

use actix_web::http::header::{COOKIE, HeaderMap};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{RngCore as _, rngs::OsRng};
use sha2::{Digest as _, Sha256};
use smail_protocol::limits::SESSION_ABSOLUTE_S;
use std::fmt;
use zeroize::{Zeroize as _, Zeroizing};

/// The prefix makes browsers refuse the cookie unless it is Secure, for this host alone and for every path.
const COOKIE_NAME: &str = "__Host-smail";
const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=Strict";

/// A login session's secret token.
pub(crate) struct SessionToken(Zeroizing<[u8; 32]>);

/// SHA-256 of a token: what the store keeps.
pub(crate) type TokenHash = [u8; 32];

impl SessionToken {
    /// A new random token.
    #[must_use]
    pub(crate) fn generate() -> Self {
        let mut token = Zeroizing::new([0; 32]);
        OsRng.fill_bytes(token.as_mut_slice());
        Self(token)
    }

    /// The token in a request's cookies. None when there is none, or more than one, or it is malformed.
    #[must_use]
    pub(crate) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let mut found = headers
            .get_all(COOKIE)
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| *name == COOKIE_NAME);
        let (_, value) = found.next()?;
        if found.next().is_some() {
            None
        } else {
            Self::parse(value)
        }
    }

    fn parse(value: &str) -> Option<Self> {
        let mut bytes = URL_SAFE_NO_PAD.decode(value).ok()?;
        let token = <[u8; 32]>::try_from(bytes.as_slice())
            .ok()
            .map(Zeroizing::new)
            .map(Self);
        bytes.zeroize();
        token
    }

    /// What the store keeps instead of the token.
    #[must_use]
    pub(crate) fn hash(&self) -> TokenHash {
        Sha256::digest(self.0.as_slice()).into()
    }

    /// `Set-Cookie` that gives the token to the browser.
    #[must_use]
    pub(crate) fn set_cookie(&self) -> String {
        // EXPOSE: the browser is who the token is for.
        let value = Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0.as_slice()));
        format!(
            "{COOKIE_NAME}={}; Max-Age={SESSION_ABSOLUTE_S}; {ATTRIBUTES}",
            value.as_str()
        )
    }
}

/// `Set-Cookie` that makes the browser forget its token.
#[must_use]
pub(crate) fn clear_cookie() -> String {
    format!("{COOKIE_NAME}=; Max-Age=0; {ATTRIBUTES}")
}

/// Redacted: whoever has the token is logged in.
impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn headers(cookies: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(COOKIE, HeaderValue::from_str(cookie).unwrap());
        }
        headers
    }

    #[test]
    fn a_token_comes_back_from_its_cookie() {
        let token = SessionToken::generate();
        let set = token.set_cookie();
        let pair = set.split(';').next().unwrap();
        let found =
            SessionToken::from_headers(&headers(&[&format!("theme=dark; {pair}")])).unwrap();
        assert_eq!(found.hash(), token.hash());
        assert!(
            set.ends_with("Path=/; Secure; HttpOnly; SameSite=Strict"),
            "attributes are fixed"
        );
    }

    #[test]
    fn what_is_not_exactly_one_token_is_none() {
        let pair = SessionToken::generate()
            .set_cookie()
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        let other = SessionToken::generate()
            .set_cookie()
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        let twice = format!("{pair}; {other}");
        let renamed = pair.replace("__Host-", "");
        for cookies in [
            &[][..],
            &["__Host-smail="],
            &["__Host-smail=AAAA"],
            &[&twice],
            &[&pair, &other],
            &[&renamed],
        ] {
            assert!(SessionToken::from_headers(&headers(cookies)).is_none());
        }
    }

    #[test]
    fn debug_shows_no_token() {
        assert_eq!(
            format!("{:?}", SessionToken::generate()),
            "SessionToken(..)"
        );
    }
}
