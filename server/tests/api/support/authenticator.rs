//! An authenticator in software, with keys that are real: what it makes and signs is laid out here from Web Authentication,
//! section 6, and by none of the server's code.

use super::bytes;
use ed25519_dalek::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use sha2::{Digest as _, Sha256};
use smail_protocol::{FactorProof, PasskeyAsked, PasskeyStartResponse, PasskeyWriteRequest};

/// Flags: somebody was there, was recognised, the key may be backed up, it is, and is told here.
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
pub(crate) const BACKUP_ELIGIBLE: u8 = 0x08;
pub(crate) const BACKED_UP: u8 = 0x10;
const KEY_FOLLOWS: u8 = 0x40;

/// The kind of key.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Algorithm {
    P256,
    Ed25519,
}

enum Key {
    P256(SigningKey),
    Ed25519(ed25519_dalek::SigningKey),
}

/// One passkey on its device.
pub(crate) struct Authenticator {
    key: Key,
    pub(crate) credential_id: Vec<u8>,
    /// Given back with signatures, if the device keeps it.
    pub(crate) user_handle: Option<Vec<u8>>,
    /// The next signature's.
    pub(crate) counter: u32,
    pub(crate) flags: u8,
}

impl Authenticator {
    /// A device with a key that no other `number` has.
    pub(crate) fn new(algorithm: Algorithm, number: u8) -> Self {
        let secret = [number; 32];
        Self {
            key: match algorithm {
                Algorithm::P256 => Key::P256(SigningKey::from_slice(&secret).unwrap()),
                Algorithm::Ed25519 => Key::Ed25519(ed25519_dalek::SigningKey::from_bytes(&secret)),
            },
            credential_id: vec![number; 20],
            user_handle: None,
            counter: 1,
            flags: PRESENT | VERIFIED,
        }
    }

    /// `navigator.credentials.create()` on a page of this origin.
    pub(crate) fn create(
        &mut self,
        asked: &PasskeyStartResponse,
        origin: &str,
    ) -> PasskeyWriteRequest {
        self.create_for(asked, origin, &asked.rp_id)
    }

    /// The same, with the domain that the device is told.
    pub(crate) fn create_for(
        &mut self,
        asked: &PasskeyStartResponse,
        origin: &str,
        rp_id: &str,
    ) -> PasskeyWriteRequest {
        let challenge = asked.challenge.to_string();
        let mut data = self.data(rp_id, KEY_FOLLOWS);
        data.extend([0; 16]);
        data.extend(
            u16::try_from(self.credential_id.len())
                .unwrap()
                .to_be_bytes(),
        );
        data.extend(&self.credential_id);
        data.extend(self.cose_key());
        let mut attestation = vec![0xa3];
        attestation.extend(cbor_text("fmt"));
        attestation.extend(cbor_text("none"));
        attestation.extend(cbor_text("attStmt"));
        attestation.push(0xa0);
        attestation.extend(cbor_text("authData"));
        attestation.extend(cbor_bytes(&data));
        PasskeyWriteRequest {
            client_data: bytes(&client_data("webauthn.create", &challenge, origin)),
            attestation: bytes(&attestation),
            transports: vec!["usb".to_owned(), "telepathy".to_owned()],
        }
    }

    /// `navigator.credentials.get()` on a page of this origin.
    pub(crate) fn sign(&mut self, asked: &PasskeyAsked, origin: &str) -> FactorProof {
        self.sign_for(asked, origin, &asked.rp_id)
    }

    /// The same, with the domain that the device is told.
    pub(crate) fn sign_for(
        &mut self,
        asked: &PasskeyAsked,
        origin: &str,
        rp_id: &str,
    ) -> FactorProof {
        let data = self.data(rp_id, 0);
        let client = client_data("webauthn.get", &asked.challenge.to_string(), origin);
        let signed = [&data[..], &Sha256::digest(&client)[..]].concat();
        let signature = match &self.key {
            Key::P256(key) => {
                let signature: Signature = key.sign(&signed);
                signature.to_der().as_bytes().to_vec()
            }
            Key::Ed25519(key) => key.sign(&signed).to_bytes().to_vec(),
        };
        FactorProof::Passkey {
            credential_id: bytes(&self.credential_id),
            client_data: bytes(&client),
            authenticator_data: bytes(&data),
            signature: bytes(&signature),
            user_handle: self.user_handle.as_deref().map(bytes),
        }
    }

    fn data(&mut self, rp_id: &str, flags: u8) -> Vec<u8> {
        let mut data = Sha256::digest(rp_id).to_vec();
        data.push(self.flags | flags);
        data.extend(self.counter.to_be_bytes());
        self.counter += 1;
        data
    }

    /// The public key (RFC 9053, section 7), as a map in the order of CTAP 2.
    fn cose_key(&self) -> Vec<u8> {
        match &self.key {
            Key::P256(key) => {
                let point = key.verifying_key().to_encoded_point(false);
                let mut map = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21];
                map.extend(cbor_bytes(point.x().unwrap()));
                map.push(0x22);
                map.extend(cbor_bytes(point.y().unwrap()));
                map
            }
            Key::Ed25519(key) => {
                let mut map = vec![0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21];
                map.extend(cbor_bytes(key.verifying_key().as_bytes()));
                map
            }
        }
    }
}

fn client_data(kind: &str, challenge: &str, origin: &str) -> Vec<u8> {
    format!(
        r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#
    )
    .into_bytes()
}

fn cbor_text(text: &str) -> Vec<u8> {
    cbor(0x60, text.as_bytes())
}

fn cbor_bytes(bytes: &[u8]) -> Vec<u8> {
    cbor(0x40, bytes)
}

/// A string of up to 65,535 bytes (RFC 8949, section 3.1).
fn cbor(major: u8, bytes: &[u8]) -> Vec<u8> {
    let len = bytes.len();
    let mut encoded = match u8::try_from(len) {
        Ok(len) if len < 24 => vec![major | len],
        Ok(len) => vec![major | 24, len],
        Err(_) => {
            let [high, low] = u16::try_from(len).unwrap().to_be_bytes();
            vec![major | 25, high, low]
        }
    };
    encoded.extend(bytes);
    encoded
}
