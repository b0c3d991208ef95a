//! Who and what cryptography is bound to.

/// Whom an OPAQUE credential belongs to: a user name at a server's domain.
///
/// The client's OPAQUE identity is `username@domain`, the server's is `domain` (RFC 9807, section 4): a record made for
/// one account or server does not open for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity<'a> {
    /// The user name, as the server has it.
    pub username: &'a str,
    /// The server's domain.
    pub domain: &'a str,
}

impl Identity<'_> {
    /// The client's identity: the person's address.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}@{}", self.username, self.domain)
    }
}

/// The account a sealed envelope belongs to: its 16-byte id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Owner(pub [u8; 16]);

impl From<[u8; 16]> for Owner {
    fn from(id: [u8; 16]) -> Self {
        Self(id)
    }
}

/// The object a sealed envelope is: its 16-byte id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Object(pub [u8; 16]);

impl Object {
    /// For what an account has only one of, such as its keyring.
    pub const ONLY: Self = Self([0; 16]);
}

impl From<[u8; 16]> for Object {
    fn from(id: [u8; 16]) -> Self {
        Self(id)
    }
}
