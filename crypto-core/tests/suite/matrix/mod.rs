//! The certificate policy's matrix: one fault at a time, and what comes of it, to encrypt and to sign, before and after.

mod certificates;
mod hashes;
mod subkeys;

use crate::forge::{DAY_S, MADE};
use crate::forge::{Forge, READ, Signer, UNCHANGED, day, set_created};
use smail_crypto_core::openpgp::{CertificateError, SignatureVerdict, verify_detached};

/// A certificate, and what it is good for.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) forge: fn() -> Forge,
    /// By day: whether a message may be encrypted to it on that day, and what a signature is worth that was made on that
    /// day, however late it is read. `yes`, or what is wrong.
    pub(crate) days: &'static [(u32, &'static str, &'static str)],
}

const TEXT: &[u8] = b"hello\r\n";

/// Holds each case against the policy, the signatures made by this key.
#[track_caller]
pub(crate) fn check(by: Signer, cases: &[Case]) {
    let mut wrong = vec![];
    for case in cases {
        for &(days, encrypt, sign) in case.days {
            let forge = (case.forge)();
            let made = |config: &mut _| set_created(config, MADE + days * DAY_S);
            let signature = forge.signature(by, TEXT, &made);
            let certificate = forge.certificate();
            let encrypted = match certificate.usable_at(day(days)) {
                Ok(_) => "yes",
                Err(fault) => short(fault),
            };
            let signed = match verify_detached(TEXT, &signature, &[certificate], READ).unwrap() {
                SignatureVerdict::Valid(_) => "yes",
                SignatureVerdict::UnusableSigner { fault, .. } => short(fault),
                SignatureVerdict::Invalid { .. } => "invalid",
                other => panic!("{}: {other:?}", case.name),
            };
            if (encrypted, signed) != (encrypt, sign) {
                wrong.push(format!(
                    "{}, day {days}: encrypt {encrypted}, sign {signed}; not {encrypt}, {sign}",
                    case.name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn short(fault: CertificateError) -> &'static str {
    fault.code().strip_prefix("certificate-").unwrap()
}

/// A primary key with its User ID: certify, sign.
fn primary(change: crate::forge::Change<'_>) -> Forge {
    Forge::new(300).user("alice@example.org", change)
}

/// The same with an encryption subkey.
fn sound() -> Forge {
    primary(UNCHANGED).encryption_subkey(UNCHANGED)
}
