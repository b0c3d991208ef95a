//! Opaque identifiers: 128 random bits each, written as 32 lower-case hexadecimal digits. None carries meaning.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;
use std::str::FromStr;

/// Text that is not an id: anything but exactly 32 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is 32 lower-case hexadecimal digits")]
pub struct MalformedId;

/// Writes bytes as lower-case hexadecimal digits.
pub(crate) fn write_hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

/// Reads exactly `N` bytes of lower-case hexadecimal digits; `None` for anything else.
pub(crate) fn read_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = pair
            .iter()
            .try_fold(0_u8, |value, digit| Some(value << 4 | nibble(*digit)?))?;
    }
    Some(bytes)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[0-9a-f]{32}$"))]
        pub struct $name([u8; Self::LEN_BYTES]);

        impl $name {
            /// Length in bytes.
            pub const LEN_BYTES: usize = 16;

            /// The id made of these (random) bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; Self::LEN_BYTES]) -> Self {
                Self(bytes)
            }

            /// The id's bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; Self::LEN_BYTES] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hex(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = MalformedId;

            fn from_str(text: &str) -> Result<Self, MalformedId> {
                read_hex(text).map(Self).ok_or(MalformedId)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(D::Error::custom)
            }
        }
    };
}

id!(
    /// An account. Made by the client at sign-up, so that sealed envelopes can name their owner before it exists.
    AccountId
);
id!(
    /// A mailbox (folder) of one account. Its name is sealed state; the server knows the id alone.
    MailboxId
);
id!(
    /// An item: one message, or one draft, in one mailbox of one account.
    ItemId
);
id!(
    /// A sealed state object of one account (settings, folder names, pins).
    ObjectId
);
id!(
    /// A login session as shown in the session list. Not the secret in the cookie.
    SessionId
);
id!(
    /// A passkey of an account, as its owner's client and the server call it. Not the authenticator's credential id.
    PasskeyId
);
id!(
    /// A login under way: between KE2 and KE3, or, then under another id, until its second factor is proved.
    LoginId
);
id!(
    /// Names one attempt to deliver, so that a repeated request is carried out once.
    IdempotencyKey
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_wrote() {
        let id = ItemId::from_bytes([0xa5; 16]);
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn anything_but_32_lower_case_digits_is_refused() {
        for text in [
            "",
            "a5",
            &"A5".repeat(16),
            &"a5".repeat(17),
            &"é".repeat(16),
            &"0g".repeat(16),
        ] {
            assert_eq!(text.parse::<ItemId>(), Err(MalformedId), "{text}");
        }
    }
}
