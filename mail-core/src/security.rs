//! What the reader says of a message's protection, in one sentence. "Verified" is in it only when everything holds:
//! encrypted, signed by the key known for the address in From, and signed for this reader.

use crate::item::to_view;
use crate::views::{Security, SignatureState};
use smail_crypto_core::openpgp::{Fingerprint, SignatureVerdict};

/// What is known of the address in From.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It has a certificate, which the signature was checked against.
    Known,
    /// Its certificate is another than the one seen first.
    ChangedKey,
    /// Its certificate breaks policy.
    UnusableKey,
    /// There is no such account on this server.
    NoAccount,
    /// It is on another server, whose keys are not known.
    Outside,
    /// There is no address in From.
    Nobody,
}

const ENCRYPTED: &str = "Encrypted end to end.";
/// What is said instead of a message that the person brought in.
const BROUGHT: &str = "Brought in from a file: how it came there is not known.";

/// The verdict on a message that was decrypted.
pub(crate) fn security(verdict: &SignatureVerdict, address: &str, standing: Standing) -> Security {
    let state = state(verdict, standing);
    Security {
        encrypted: true,
        signature: state,
        text: format!(
            "{ENCRYPTED} {}",
            sentence(state, verdict, address, standing)
        ),
        signer_fingerprint: signer(verdict).map(|fingerprint| fingerprint.to_string()),
        signed_at_ms: signed_at_ms(verdict),
        signed_with: None,
        encrypted_with: None,
        sender_verified: false,
        key_change: None,
    }
}

impl Security {
    /// The same of a message that the person brought in from a file: it was encrypted here, and says nothing of its way.
    pub(crate) fn of_brought(self) -> Self {
        Self {
            encrypted: false,
            text: self.text.replacen(ENCRYPTED, BROUGHT, 1),
            encrypted_with: None,
            ..self
        }
    }
}

fn signed_at_ms(verdict: &SignatureVerdict) -> Option<f64> {
    match verdict {
        SignatureVerdict::Valid(signature) | SignatureVerdict::OtherRecipient(signature) => {
            Some(to_view(signature.created.get().saturating_mul(1_000)))
        }
        _ => None,
    }
}

const fn state(verdict: &SignatureVerdict, standing: Standing) -> SignatureState {
    match (verdict, standing) {
        (SignatureVerdict::Unsigned, _) => SignatureState::Unsigned,
        (SignatureVerdict::Valid(_), Standing::Known) => SignatureState::Verified,
        (SignatureVerdict::OtherRecipient(_), Standing::Known) => SignatureState::WrongRecipient,
        (SignatureVerdict::Invalid { .. }, _) => SignatureState::Invalid,
        (SignatureVerdict::UnusableSigner { .. }, _) | (_, Standing::UnusableKey) => {
            SignatureState::UnusableKey
        }
        (SignatureVerdict::UnknownSigner { .. }, Standing::Known) => SignatureState::WrongSender,
        _ => SignatureState::UnknownKey,
    }
}

fn sentence(
    state: SignatureState,
    verdict: &SignatureVerdict,
    address: &str,
    standing: Standing,
) -> String {
    match state {
        SignatureState::Verified => format!("Verified: signed by {address}."),
        SignatureState::Unsigned => {
            "Not signed: anyone could have written this in the sender's name.".to_owned()
        }
        SignatureState::Invalid => {
            "The signature does not match: the message was changed, or someone else wrote it."
                .to_owned()
        }
        SignatureState::WrongSender => {
            format!(
                "Signed by someone else's key, not by {address}'s: do not trust the sender's name."
            )
        }
        SignatureState::WrongRecipient => {
            format!("Signed by {address} for other readers: someone may have passed it on to you.")
        }
        SignatureState::UnusableKey => match verdict {
            SignatureVerdict::UnusableSigner { fault, .. } => {
                format!("Signed by a key of {address} that must not be used: {fault}.")
            }
            _ => format!("Who signed it is not certain: the key of {address} must not be used."),
        },
        SignatureState::UnknownKey => match standing {
            Standing::ChangedKey => {
                format!(
                    "Who signed it is not certain: the key of {address} is not the one seen before."
                )
            }
            Standing::NoAccount => {
                format!("Who signed it is not known: there is no account {address} on this server.")
            }
            Standing::Nobody => "Signed, but it does not say who wrote it.".to_owned(),
            _ => format!("Who signed it is not known: this server has no key for {address}."),
        },
    }
}

fn signer(verdict: &SignatureVerdict) -> Option<Fingerprint> {
    match verdict {
        SignatureVerdict::Valid(signature) | SignatureVerdict::OtherRecipient(signature) => {
            Some(signature.signer)
        }
        SignatureVerdict::Invalid { signer } | SignatureVerdict::UnusableSigner { signer, .. } => {
            Some(*signer)
        }
        SignatureVerdict::UnknownSigner { claimed } => claimed.first().copied(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use smail_crypto_core::UnixSeconds;
    use smail_crypto_core::openpgp::{CertificateError, VerifiedSignature};

    const SIGNER: Fingerprint = Fingerprint::V4([0xab; 20]);

    fn verdicts() -> Vec<SignatureVerdict> {
        let signature = VerifiedSignature {
            signer: SIGNER,
            created: UnixSeconds::new(7),
            intended_recipients: Vec::new(),
        };
        vec![
            SignatureVerdict::Unsigned,
            SignatureVerdict::UnknownSigner {
                claimed: vec![SIGNER],
            },
            SignatureVerdict::Invalid { signer: SIGNER },
            SignatureVerdict::UnusableSigner {
                signer: SIGNER,
                fault: CertificateError::Expired,
            },
            SignatureVerdict::OtherRecipient(signature.clone()),
            SignatureVerdict::Valid(signature),
        ]
    }

    const STANDINGS: [Standing; 6] = [
        Standing::Known,
        Standing::ChangedKey,
        Standing::UnusableKey,
        Standing::NoAccount,
        Standing::Outside,
        Standing::Nobody,
    ];

    #[test]
    fn verified_is_said_exactly_once() {
        let mut verified = 0;
        for verdict in verdicts() {
            for standing in STANDINGS {
                let security = security(&verdict, "alice@localhost", standing);
                let says = security.text.to_lowercase().contains("verified");
                assert_eq!(
                    says,
                    security.signature == SignatureState::Verified,
                    "{verdict:?} {standing:?}"
                );
                assert!(security.encrypted && security.text.starts_with(ENCRYPTED));
                verified += usize::from(says);
            }
        }
        assert_eq!(verified, 1);
    }

    #[test]
    fn the_sentence_names_who_signed() {
        let valid = verdicts().pop().unwrap();
        let security = security(&valid, "alice@localhost", Standing::Known);
        assert_eq!(
            security.text,
            "Encrypted end to end. Verified: signed by alice@localhost."
        );
        assert!(
            security
                .signer_fingerprint
                .unwrap()
                .starts_with("ABAB ABAB")
        );
    }

    #[test]
    fn someone_else_s_key_is_told_from_an_unknown_one() {
        let claimed = SignatureVerdict::UnknownSigner {
            claimed: vec![SIGNER],
        };
        assert_eq!(
            security(&claimed, "a@b", Standing::Known).signature,
            SignatureState::WrongSender
        );
        assert_eq!(
            security(&claimed, "a@b", Standing::Outside).signature,
            SignatureState::UnknownKey
        );
    }
}
