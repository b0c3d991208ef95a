//! Writes a few well-formed inputs for each target to `fuzz/corpus`, so that the fuzzer need not find the formats out.

use pgp::composed::MessageBuilder;
use pgp::types::CompressionAlgorithm;
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;
use smail_crypto_core::envelope::{self, Binding, Kind};
use smail_crypto_core::openpgp::{encrypt_and_sign, sign_detached};
use smail_crypto_core::{EnvelopeKey, Object, Owner, RecoveryCode, UnixSeconds};
use smail_fuzz::{ACCOUNT_MADE, Reader};
use std::error::Error;
use std::fs;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let reader = Reader::new();
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    let now = UnixSeconds::new(ACCOUNT_MADE);

    let binding = Binding {
        kind: Kind::Draft,
        owner: Owner([1; 16]),
        object: Object([2; 16]),
        version: 3,
    };
    let sealed = envelope::seal(
        &EnvelopeKey::from_slice(&[9; 32])?,
        &binding,
        b"hello",
        &mut rng,
    )?;
    write("envelope", "sealed", &sealed)?;
    let code = RecoveryCode::generate(&mut rng);
    write("envelope", "recovery-code", code.expose_text().as_bytes())?;

    let recipient = reader.keys.certificate().usable_at(now)?;
    let message = encrypt_and_sign(b"hello", &reader.keys, &[recipient], now, &mut rng)?;
    write("message", "version-2", &message)?;
    let mut inside = MessageBuilder::from_bytes("", &b"hello"[..]);
    write(
        "message",
        "literal",
        &MessageBuilder::from_bytes("", &b"hello"[..]).to_vec(&mut rng)?,
    )?;
    inside.compression(CompressionAlgorithm::ZLIB);
    let inside = inside.to_vec(&mut rng)?;
    write("message", "compressed", &inside)?;
    write("message", "version-1", &reader.sealed(&inside))?;
    // The last octet says how long the pieces are.
    write("stream", "version-2", &[&message[..], &[40]].concat())?;
    let literal = MessageBuilder::from_bytes("", &b"hello"[..]).to_vec(&mut rng)?;
    write("stream", "inside", &[&literal[..], &[3]].concat())?;

    write(
        "certificate",
        "certificate",
        &reader.keys.certificate().to_bytes(),
    )?;
    write(
        "certificate",
        "armored",
        reader.keys.certificate().to_armored().as_bytes(),
    )?;
    write("certificate", "secret-key", &reader.keys.to_bytes()?)?;
    let signature = sign_detached(b"text", &reader.keys, now, &mut rng)?;
    write("certificate", "signature", &signature)?;
    for (name, text) in MIME {
        write("mime", name, text.replace('\n', "\r\n").as_bytes())?;
    }
    Ok(())
}

/// Messages of each form that is read in a way of its own.
const MIME: [(&str, &str); 4] = [
    (
        "plain",
        "From: Bob <bob@localhost>\nTo: alice@localhost, =?utf-8?q?J=C3=BCrgen?= <j@localhost>\nSubject: =?utf-8?b?R3LDvMOfZQ==?=\n\
         Date: Mon, 2 Mar 2026 10:00:00 +0100\nMessage-ID: <1@localhost>\nReferences: <0@localhost>\nMIME-Version: 1.0\n\
         Content-Type: text/plain; charset=utf-8; hp=\"cipher\"\nContent-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=C3=9Fe,\n> quoted=\n on\n",
    ),
    (
        "alternative",
        "From: bob@localhost\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/plain\n\n\
         text\n--x\nContent-Type: text/html\n\n<p>web &amp; <a href=\"https://a.example/\">link</a><table><tr><td>1</table>\n--x--\n",
    ),
    (
        "nested",
        "From: bob@localhost\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\ntext\n--x\nContent-Type: message/rfc822\n\
         Content-Transfer-Encoding: base64\n\nRnJvbTogYUBiCgpoaQo=\n--x\nContent-Type: application/pdf; name=\"a.pdf\"\n\
         Content-Disposition: attachment; filename*=utf-8''%C3%A4.pdf\nContent-Transfer-Encoding: base64\n\nAAAA\n--x--\n",
    ),
    (
        "encrypted",
        "From: bob@localhost\nSubject: [...]\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=x\n\n\
         --x\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n--x\nContent-Type: application/octet-stream\n\n\
         -----BEGIN PGP MESSAGE-----\n\nyxBiAGhlbGxv\n-----END PGP MESSAGE-----\n--x--\n",
    ),
];

fn write(target: &str, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(name), bytes)
}
