//! Records that JavaScript gives or gets besides the views of `smail_mail_core`.

use serde::{Deserialize, Serialize};
use tsify::Tsify;
use zeroize::Zeroizing;

/// A name and the password that goes with it, as typed.
#[derive(Deserialize, Tsify)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Credentials {
    /// User name.
    pub username: String,
    /// Password.
    #[tsify(type = "string")]
    pub password: SecretText,
}

/// What "Forgot password" asks for.
#[derive(Deserialize, Tsify)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Recovery {
    /// User name.
    pub username: String,
    /// The recovery code, as printed or typed.
    #[tsify(type = "string")]
    pub recovery_code: SecretText,
    /// The password from now on.
    #[tsify(type = "string")]
    pub new_password: SecretText,
}

/// Which flags to change; the others stay.
#[derive(Debug, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FlagChange {
    /// Not read yet.
    #[tsify(optional)]
    pub unread: Option<bool>,
    /// Marked with a star.
    #[tsify(optional)]
    pub starred: Option<bool>,
}

/// A recovery code, to show once.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryKit {
    /// The code in groups.
    pub code: String,
}

/// A text that is wiped when it has been used.
#[derive(Deserialize)]
#[serde(from = "String")]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// The text itself.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
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

redacted!(Credentials, Recovery, RecoveryKit, SecretText);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let credentials = Credentials {
            username: "alice".into(),
            password: String::from("hunter2").into(),
        };
        assert_eq!(
            format!("{credentials:?} {:?}", credentials.password),
            "Credentials(..) SecretText(..)"
        );
    }
}
