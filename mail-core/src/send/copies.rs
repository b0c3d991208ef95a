//! The ciphertexts of one message. To, Cc and the sender share one, also with Bcc, so that it tells nobody whether there
//! is any; each Bcc recipient has one alone, and so has then the sender, whose copy is the only one that names them.

use super::SendError;
use crate::client::Client;
use crate::env::Randomness;
use crate::message::{Enclosed, Outer, Outgoing, build_with};
use crate::recipients::Ready;
use crate::transport::Transport;
use crate::views::{Draft, Person};
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::{UsableCertificate, encrypt_and_sign};
use smail_protocol::Username;

/// The recipients of a message, each in one field.
#[derive(Debug)]
pub(super) struct Addressed {
    pub(super) to: Vec<Ready>,
    pub(super) cc: Vec<Ready>,
    pub(super) bcc: Vec<Ready>,
}

impl Addressed {
    /// Puts Bcc into an order that says nothing of how it was typed.
    pub(super) fn sort_bcc(&mut self) {
        self.bcc
            .sort_by(|one, other| one.username.cmp(&other.username));
    }

    /// Addresses and fingerprints of all.
    pub(super) fn pins(&self) -> Vec<(String, String)> {
        let all = self.to.iter().chain(&self.cc).chain(&self.bcc);
        all.map(|ready| {
            (
                ready.person.address.clone(),
                ready.certificate.fingerprint().to_string(),
            )
        })
        .collect()
    }

    fn visible(&self) -> Vec<&Ready> {
        self.to.iter().chain(&self.cc).collect()
    }
}

/// What is uploaded.
#[derive(Debug)]
pub(super) struct Copies {
    /// Ciphertexts and who gets each.
    pub(super) deliveries: Vec<(Vec<Username>, Vec<u8>)>,
    /// The sender's own, when it is not the first of the deliveries.
    pub(super) own: Option<Vec<u8>>,
    /// The Message-ID of all of them.
    pub(super) message_id: String,
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Builds and encrypts every copy.
    pub(super) fn encrypt_copies(
        &self,
        draft: &Draft,
        enclosed: &Enclosed,
        addressed: &Addressed,
        now_ms: u64,
    ) -> Result<Copies, SendError> {
        let own = self
            .account
            .keyring()
            .certificate()
            .usable_at(UnixSeconds::from_ms(now_ms))
            .map_err(SendError::OwnKey)?;
        let mut message = self.outgoing(draft, addressed, now_ms);
        let shown = build_with(&message, enclosed, Outer::None)?;
        let visible = addressed.visible();
        let names = |ready: &[&Ready]| {
            ready
                .iter()
                .map(|ready| ready.username.clone())
                .collect::<Vec<_>>()
        };
        if addressed.bcc.is_empty() {
            let readers = certificates(&visible, Some(&own));
            let deliveries = vec![(names(&visible), self.encrypt(&shown, &readers, now_ms)?)];
            return Ok(Copies {
                deliveries,
                own: None,
                message_id: message.message_id,
            });
        }
        let mut deliveries = Vec::with_capacity(addressed.bcc.len() + 1);
        if !visible.is_empty() {
            deliveries.push((
                names(&visible),
                self.encrypt(&shown, &certificates(&visible, Some(&own)), now_ms)?,
            ));
        }
        for hidden in &addressed.bcc {
            let readers = certificates(&[hidden], None);
            deliveries.push((names(&[hidden]), self.encrypt(&shown, &readers, now_ms)?));
        }
        message.bcc = people(&addressed.bcc);
        let own_copy = self.encrypt(
            &build_with(&message, enclosed, Outer::None)?,
            &[own],
            now_ms,
        )?;
        Ok(Copies {
            deliveries,
            own: Some(own_copy),
            message_id: message.message_id,
        })
    }

    fn outgoing(&self, draft: &Draft, addressed: &Addressed, now_ms: u64) -> Outgoing {
        let id: String = self
            .env
            .random_id()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Outgoing {
            from: self.own_name(),
            to: people(&addressed.to),
            cc: people(&addressed.cc),
            bcc: Vec::new(),
            subject: draft.subject.clone(),
            text: draft.text.clone(),
            date_s: now_ms / 1_000,
            message_id: format!("{id}@{}", self.account.domain),
            in_reply_to: draft.in_reply_to.clone(),
            references: draft.references.clone(),
        }
    }

    fn encrypt(
        &self,
        entity: &[u8],
        readers: &[UsableCertificate],
        now_ms: u64,
    ) -> Result<Vec<u8>, SendError> {
        let now = UnixSeconds::from_ms(now_ms);
        let keyring = self.account.keyring();
        self.env
            .with_rng(|rng| encrypt_and_sign(entity, keyring.own(), readers, now, rng))
            .map_err(SendError::Encrypt)
    }
}

/// The readers' certificates, each once.
fn certificates(readers: &[&Ready], own: Option<&UsableCertificate>) -> Vec<UsableCertificate> {
    let mut certificates: Vec<UsableCertificate> = readers
        .iter()
        .map(|ready| ready.certificate.clone())
        .collect();
    if let Some(own) = own.filter(|own| {
        !certificates
            .iter()
            .any(|one| one.fingerprint() == own.fingerprint())
    }) {
        certificates.push(own.clone());
    }
    certificates
}

fn people(ready: &[Ready]) -> Vec<Person> {
    ready.iter().map(|ready| ready.person.clone()).collect()
}
