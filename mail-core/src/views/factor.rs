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
    /// The passkeys, oldest first.
    pub passkeys: Vec<Passkey>,
    /// How many recovery codes were not used yet.
    pub recovery_codes_left: u32,
}

/// A passkey, as its owner knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Passkey {
    /// Its id.
    pub id: String,
    /// What its owner calls it; empty when no name is known.
    pub name: String,
    /// When it was added, in milliseconds since 1970.
    pub added_ms: u64,
    /// When it last proved a log-in, in milliseconds since 1970; none before the first.
    #[cfg_attr(feature = "typescript", tsify(optional))]
    pub used_ms: Option<u64>,
}

/// A passkey as the browser knows it. Octets are base64url without padding, here and below.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct PasskeyDescriptor {
    /// The authenticator's name for it.
    pub credential_id: String,
    /// How the browser reaches the authenticator.
    pub transports: Vec<String>,
}

/// What the browser is to be asked for when a passkey is added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct PasskeyCreation {
    /// Names the passkey that is to be.
    pub passkey_id: String,
    /// To be signed.
    pub challenge: String,
    /// The domain that it is bound to.
    pub rp_id: String,
    /// What the authenticator knows the account by: random.
    pub user_handle: String,
    /// What the device shows its owner beside the passkey: the account's address.
    pub user_name: String,
    /// Signature algorithms that will do (COSE), the best first.
    pub algorithms: Vec<i32>,
    /// The passkeys that there are: an authenticator that has one of them makes no second.
    pub passkeys: Vec<PasskeyDescriptor>,
    /// The time there is for it, in seconds.
    pub expires_in_s: u64,
}

/// A passkey that the browser has made, and its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct NewPasskey {
    /// From [`PasskeyCreation`].
    pub passkey_id: String,
    /// What its owner calls it.
    pub name: String,
    /// `clientDataJSON`.
    pub client_data: String,
    /// `attestationObject`.
    pub attestation: String,
    /// `getTransports()`.
    pub transports: Vec<String>,
}

/// What one of the passkeys is to sign for a log-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct PasskeyQuestion {
    /// To be signed.
    pub challenge: String,
    /// The domain that the passkeys are bound to.
    pub rp_id: String,
    /// The passkeys that will do.
    pub passkeys: Vec<PasskeyDescriptor>,
    /// The time there is for it, in seconds.
    pub expires_in_s: u64,
}

/// What a passkey has signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct PasskeyAnswer {
    /// `rawId`.
    pub credential_id: String,
    /// `clientDataJSON`.
    pub client_data: String,
    /// `authenticatorData`.
    pub authenticator_data: String,
    /// `signature`.
    pub signature: String,
    /// `userHandle`, where the authenticator keeps it.
    #[cfg_attr(feature = "typescript", tsify(optional))]
    pub user_handle: Option<String>,
}

impl From<smail_protocol::PasskeyDescriptor> for PasskeyDescriptor {
    fn from(passkey: smail_protocol::PasskeyDescriptor) -> Self {
        Self {
            credential_id: passkey.credential_id.to_string(),
            transports: passkey.transports,
        }
    }
}

impl From<smail_protocol::PasskeyAsked> for PasskeyQuestion {
    fn from(asked: smail_protocol::PasskeyAsked) -> Self {
        Self {
            challenge: asked.challenge.to_string(),
            rp_id: asked.rp_id,
            passkeys: asked.passkeys.into_iter().map(Into::into).collect(),
            expires_in_s: asked.expires_in_s,
        }
    }
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
