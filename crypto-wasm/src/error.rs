//! Errors as JavaScript sees them: an `Error` with a stable `code`, and where it fits a `field` and `retryAfterS`.

use js_sys::{Error, JsString, Reflect};
use std::fmt;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "
/** What every function and method here throws when it fails. */
export interface SMailError extends Error {
    /** Which fault it is; stable. */
    code: ErrorCode;
    /** The input that is meant, for instance `password`. */
    field?: string;
    /** Seconds after which trying again makes sense. */
    retryAfterS?: number;
}
";

/// An error on its way to JavaScript.
#[derive(Clone)]
pub struct Thrown {
    code: &'static str,
    message: String,
    field: Option<&'static str>,
    retry_after_s: Option<u64>,
}

impl Thrown {
    /// An error of this code, with a sentence for a person.
    pub(crate) fn new(code: &'static str, message: impl fmt::Display) -> Self {
        Self {
            code,
            message: message.to_string(),
            field: None,
            retry_after_s: None,
        }
    }

    /// Names the input that is meant.
    #[cfg(feature = "mail")]
    pub(crate) fn with_field(self, field: Option<&'static str>) -> Self {
        Self { field, ..self }
    }

    /// Says when trying again makes sense.
    #[cfg(feature = "mail")]
    pub(crate) fn with_retry_after_s(self, retry_after_s: Option<u64>) -> Self {
        Self {
            retry_after_s,
            ..self
        }
    }
}

/// Without the sentence, which may repeat what a person typed.
impl fmt::Debug for Thrown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Thrown")
            .field("code", &self.code)
            .field("field", &self.field)
            .finish_non_exhaustive()
    }
}

impl From<Thrown> for JsValue {
    fn from(thrown: Thrown) -> Self {
        let error = Error::new(&thrown.message);
        error.set_name("SMailError");
        put(&error, "code", thrown.code.into());
        if let Some(field) = thrown.field {
            put(&error, "field", field.into());
        }
        if let Some(seconds) = thrown.retry_after_s {
            put(
                &error,
                "retryAfterS",
                u32::try_from(seconds).unwrap_or(u32::MAX).into(),
            );
        }
        error.into()
    }
}

fn put(error: &Error, name: &str, value: JsValue) {
    // A fresh Error takes any property.
    let _ = Reflect::set(error, &JsString::from(name), &value);
}

/// Each of these types tells its own code.
#[cfg(feature = "crypto")]
macro_rules! coded {
    ($($error:ty),+ $(,)?) => {
        $(impl From<$error> for Thrown {
            fn from(error: $error) -> Self {
                Self::new(error.code(), error)
            }
        })+
    };
}

#[cfg(feature = "crypto")]
coded!(
    smail_crypto_core::Argon2idError,
    smail_crypto_core::KsfError,
    smail_crypto_core::PasswordError,
    smail_crypto_core::envelope::OpenError,
    smail_crypto_core::envelope::SealError,
    smail_crypto_core::opaque::LoginError,
    smail_crypto_core::opaque::RegisterError,
    smail_crypto_core::openpgp::CertificateError,
    smail_crypto_core::openpgp::DearmorError,
    smail_crypto_core::openpgp::DecryptError,
    smail_crypto_core::openpgp::EncryptError,
    smail_crypto_core::openpgp::GenerateError,
    smail_crypto_core::openpgp::LockError,
    smail_crypto_core::openpgp::ParseCertificateError,
    smail_crypto_core::openpgp::ParseSecretKeyError,
    smail_crypto_core::openpgp::SignError,
    smail_crypto_core::openpgp::UnlockError,
    smail_crypto_core::openpgp::VerifyError,
    smail_opaque_server::LoginFailed,
    smail_opaque_server::MalformedMessage,
    smail_opaque_server::MalformedSetup,
    smail_opaque_server::StartLoginError,
);

/// What JavaScript gave is not of the declared type.
impl From<tsify::Error> for Thrown {
    fn from(error: tsify::Error) -> Self {
        Self::new("invalid-argument", error)
    }
}
