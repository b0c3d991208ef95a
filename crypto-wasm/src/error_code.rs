//! Every code that can be thrown, as a TypeScript union. A test holds it against the sources of the crates below.

use wasm_bindgen::prelude::wasm_bindgen;

/// Declares the codes once, for TypeScript and for the test.
macro_rules! codes {
    ($list:ident, $types:ident, $name:literal, $($code:literal),+ $(,)?) => {
        #[cfg(test)]
        const $list: &[&str] = &[$($code),+];

        #[wasm_bindgen(typescript_custom_section)]
        const $types: &str = concat!("export type ", $name, " =", $("\n    | \"", $code, "\"",)+ ";\n");
    };
}

codes!(
    CRYPTO_CODES,
    CRYPTO_TYPES,
    "CryptoErrorCode",
    "already-finished",
    "argon2id-above-ceiling",
    "argon2id-parameters",
    "armor-malformed",
    "certificate-expired",
    "certificate-malformed",
    "certificate-more-than-one",
    "certificate-no-encryption-key",
    "certificate-no-signing-key",
    "certificate-not-bound",
    "certificate-not-yet-valid",
    "certificate-revoked",
    "certificate-too-long",
    "certificate-unsupported-version",
    "certificate-weak-algorithm",
    "cleared",
    "decrypt-malformed",
    "decrypt-no-matching-key",
    "decrypt-not-as-stream",
    "decrypt-not-encrypted",
    "decrypt-tampered",
    "decrypt-unprotected",
    "encrypt-failed",
    "encrypt-no-recipients",
    "encrypt-not-as-stream",
    "fingerprint-malformed",
    "generate-failed",
    "generate-malformed-address",
    "invalid-argument",
    "ksf-above-ceiling",
    "ksf-below-floor",
    "limit-exceeded",
    "lock-empty-passphrase",
    "lock-failed",
    "login-malformed",
    "login-reflected",
    "login-stretching",
    "login-wrong-password",
    "not-initialized",
    "opaque-login-failed",
    "opaque-malformed-message",
    "opaque-malformed-record",
    "opaque-malformed-setup",
    "open-malformed",
    "open-tampered",
    "open-unknown-format",
    "password-empty",
    "password-forbidden-character",
    "password-too-long",
    "platform-failed",
    "recovery-code-foreign-character",
    "recovery-code-mistyped",
    "recovery-code-wrong-length",
    "register-malformed",
    "register-reflected",
    "register-stretching",
    "renew-too-many-subkeys",
    "seal-too-long",
    "secret-key-locked",
    "secret-key-malformed",
    "secret-key-too-long",
    "secret-key-unsupported-version",
    "secret-wrong-length",
    "sign-failed",
    "sign-unusable-key",
    "unlock-wrong-password",
    "verify-encrypted",
    "verify-malformed",
);

#[cfg(feature = "mail")]
codes!(
    MAIL_CODES,
    MAIL_TYPES,
    "MailErrorCode",
    "account-key-damaged",
    "already-exists",
    "attachment-altered",
    "attachment-gone",
    "attachment-not-sealed",
    "attachment-too-large",
    "blob-altered",
    "built-in",
    "cancelled",
    "change-unconfirmed",
    "changed-key",
    "conflict",
    "contact-empty",
    "contact-too-long",
    "contacts-full",
    "cross-site",
    "deletion-unconfirmed",
    "device-too-weak",
    "digest-mismatch",
    "dishonest-server",
    "display-name-holds-address",
    "display-name-too-long",
    "draft-malformed",
    "file-empty",
    "file-too-large",
    "file-unreadable",
    "folder-gone",
    "foreign-certificate",
    "fresh-login-required",
    "garbled-answer",
    "idempotency-mismatch",
    "internal",
    "into-itself",
    "invalid-value",
    "is-draft",
    "item-altered",
    "key-already-there",
    "key-cannot-decrypt",
    "key-gone",
    "keyring-damaged",
    "keyring-full",
    "keyring-not-sealed",
    "keys-not-made",
    "label-gone",
    "login-failed",
    "mailbox-in-use",
    "malformed-address",
    "malformed-id",
    "malformed-recipient",
    "malformed-request",
    "malformed-username",
    "message-header-too-large",
    "message-too-complex",
    "message-too-large",
    "method-not-allowed",
    "name-empty",
    "name-hidden",
    "name-taken",
    "name-too-long",
    "no-cards",
    "no-key",
    "no-recipients",
    "no-session",
    "no-such-attachment",
    "not-a-draft",
    "not-a-message",
    "not-empty",
    "not-found",
    "nothing-to-undo",
    "offline",
    "outbox-damaged",
    "outside-recipient",
    "passkey-elsewhere",
    "passkey-refused",
    "passkey-unnamed",
    "password-like-username",
    "password-one-character",
    "password-too-short",
    "quota-exceeded",
    "recipient-full",
    "refused",
    "request-timeout",
    "resume-stale",
    "search-unnamed",
    "second-factor-expired",
    "second-factor-failed",
    "second-factor-malformed",
    "second-factor-required",
    "secret-key-damaged",
    "send-unconfirmed",
    "send-went-out",
    "setting-unknown",
    "sign-up-unconfirmed",
    "signature-gone",
    "signature-name",
    "signature-too-long",
    "state-full",
    "state-malformed",
    "state-tampered",
    "storage-full",
    "time-passed",
    "too-deep",
    "too-large",
    "too-many",
    "too-many-attachments",
    "too-many-groups",
    "too-many-passkeys",
    "too-many-recipients",
    "too-many-requests",
    "too-many-searches",
    "too-many-signatures",
    "unavailable",
    "unknown-attachment",
    "unknown-recipient",
    "unsupported-media-type",
    "unusable-key",
    "username-taken",
    "version-conflict",
);

#[cfg(not(feature = "mail"))]
#[wasm_bindgen(typescript_custom_section)]
const ERROR_CODE: &str = "/** What can go wrong. */\nexport type ErrorCode = CryptoErrorCode;\n";

#[cfg(feature = "mail")]
#[wasm_bindgen(typescript_custom_section)]
const ERROR_CODE: &str =
    "/** What can go wrong. */\nexport type ErrorCode = CryptoErrorCode | MailErrorCode;\n";

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    /// Codes that are made in this crate or its package's JavaScript and not below it.
    const OWN: [&str; 5] = [
        "already-finished",
        "cleared",
        "invalid-argument",
        "not-initialized",
        "platform-failed",
    ];

    /// The strings in the bodies of all functions below a folder that tell an error's code.
    fn codes_in(folder: &Path) -> BTreeSet<String> {
        let mut codes = BTreeSet::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                codes.extend(codes_in(&path));
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                codes.extend(codes_in_text(&fs::read_to_string(&path).unwrap()));
            }
        }
        codes
    }

    fn codes_in_text(text: &str) -> Vec<String> {
        let functions = text
            .split("fn code(")
            .skip(1) // what stands before the first function
            .chain(text.split("fn problem_word(").skip(1)); // likewise
        let bodies = functions.map(|rest| {
            rest.split("\n    }\n")
                .next()
                .unwrap()
                .split("\n}\n")
                .next()
                .unwrap()
        });
        bodies
            .flat_map(|body| body.split('"').skip(1).step_by(2)) // every second piece is inside quotes
            .map(str::to_owned)
            .collect()
    }

    fn crate_folder(name: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .join(name)
            .join("src")
    }

    #[test]
    fn the_union_of_cryptography_is_complete_and_has_nothing_else() {
        let mut expected = codes_in(&crate_folder("crypto-core"));
        expected.extend(codes_in(&crate_folder("opaque-server")));
        expected.retain(|code| !code.starts_with("signature-")); // verdicts are no errors
        expected.extend(OWN.map(str::to_owned));
        let declared: BTreeSet<String> =
            CRYPTO_CODES.iter().map(|code| (*code).to_owned()).collect();
        assert_eq!(declared, expected);
    }

    #[cfg(feature = "mail")]
    #[test]
    fn the_union_of_the_mail_client_is_complete_and_has_nothing_else() {
        let mut expected = codes_in(&crate_folder("mail-core"));
        expected.retain(|code| !CRYPTO_CODES.contains(&code.as_str()));
        let declared: BTreeSet<String> = MAIL_CODES.iter().map(|code| (*code).to_owned()).collect();
        assert_eq!(declared, expected);
    }
}
