//! What the pages about the second factor show.

use serde::{Deserialize, Serialize};

/// What can prove a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum FactorKind {
    /// A code of an authenticator app.
    Totp,
    /// One of the recovery codes.
    RecoveryCode,
    /// A passkey.
    Passkey,
}

impl From<smail_protocol::FactorKind> for FactorKind {
    fn from(kind: smail_protocol::FactorKind) -> Self {
        match kind {
            smail_protocol::FactorKind::Totp => Self::Totp,
            smail_protocol::FactorKind::RecoveryCode => Self::RecoveryCode,
            smail_protocol::FactorKind::Passkey => Self::Passkey,
        }
    }
}

/// What a log-in waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SecondFactorAsked {
    /// What will do.
    pub kinds: Vec<FactorKind>,
    /// The time there is for it, in seconds.
    pub expires_in_s: u64,
}

/// The account's second factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SecondFactor {
    /// When the authenticator app was set up, in milliseconds since 1970; none when there is none.
    #[cfg_attr(feature = "typescript", tsify(optional))]
    pub totp_since_ms: Option<u64>,
    /// How many recovery codes were not used yet.
    pub recovery_codes_left: u32,
}

/// A secret for an authenticator app, to show once. Secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TotpSetup {
    /// The secret in base 32, to type.
    pub secret: String,
    /// An `otpauth:` address with all that the app wants to know, to draw as a QR code.
    pub uri: String,
}

/// What was added, or made anew. Secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FactorAdded {
    /// The second factor from now on.
    pub second_factor: SecondFactor,
    /// New recovery codes, to show once; none when those that there were go on.
    pub recovery_codes: Vec<String>,
}

/// Records with secrets show nothing.
macro_rules! redacted {
    ($($name:ident),+) => {
        $(impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        })+
    };
}

redacted!(TotpSetup, FactorAdded);
