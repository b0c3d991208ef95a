//! Containers that others write, in all modes, held against what rPGP makes of them.

use crate::common::rng;
use crate::forged_message::{SEIPD, bob, literal, packet};
use aes::Aes256;
use aes::cipher::{AsyncStreamCipher as _, BlockDecrypt as _, KeyInit as _, KeyIvInit as _};
use pgp::composed::{
    Deserializable as _, Message, PlainSessionKey, RawSessionKey, SignedPublicKey,
};
use pgp::crypto::aead::{AeadAlgorithm, ChunkSize};
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::packet::{PacketTrait as _, PublicKeyEncryptedSessionKey, SymEncryptedProtectedData};
use pgp::ser::Serialize as _;
use sha1::{Digest as _, Sha1};
use smail_crypto_core::Plaintext;
use smail_crypto_core::openpgp::bulk::{Mode, Opening};
use smail_crypto_core::openpgp::{DecryptError, Limits, TransferableSecretKey, decrypt};
use std::io::Read as _;
use std::sync::LazyLock;

const AES: [SymmetricKeyAlgorithm; 3] = [
    SymmetricKeyAlgorithm::AES128,
    SymmetricKeyAlgorithm::AES192,
    SymmetricKeyAlgorithm::AES256,
];
const MODES: [AeadAlgorithm; 3] = [AeadAlgorithm::Ocb, AeadAlgorithm::Eax, AeadAlgorithm::Gcm];
/// The same octets for each cipher, as many as it takes.
const KEY: [u8; 32] = [0x5e; 32];
/// Of a container of version 2: version, cipher, mode, chunk size; salt.
const V2_HEAD_BYTES: usize = 4 + 32;

static BOB: LazyLock<TransferableSecretKey> = LazyLock::new(bob);

#[derive(Debug, Clone, Copy)]
enum Container {
    V1(SymmetricKeyAlgorithm),
    V2(SymmetricKeyAlgorithm, AeadAlgorithm, ChunkSize),
}

impl Container {
    fn cipher(self) -> SymmetricKeyAlgorithm {
        match self {
            Self::V1(cipher) | Self::V2(cipher, ..) => cipher,
        }
    }

    fn key(self) -> &'static [u8] {
        &KEY[..self.cipher().key_size()]
    }

    /// With these packets inside, and without its header.
    fn body(self, packets: &[u8]) -> Vec<u8> {
        let key = self.key();
        let sealed = match self {
            Self::V1(cipher) => {
                SymEncryptedProtectedData::encrypt_seipdv1(rng(71), cipher, key, packets)
            }
            Self::V2(cipher, mode, chunk) => SymEncryptedProtectedData::encrypt_seipdv2(
                rng(71),
                cipher,
                mode,
                chunk,
                key,
                packets,
            ),
        };
        sealed.unwrap().to_bytes().unwrap()
    }

    /// What holds its key for Bob.
    fn session_key(self) -> Vec<u8> {
        let public = SignedPublicKey::from_bytes(&BOB.certificate().to_bytes()[..]).unwrap();
        let subkey = &public.public_subkeys[0].key;
        let key = RawSessionKey::from(self.key());
        let made = match self {
            Self::V1(cipher) => {
                PublicKeyEncryptedSessionKey::from_session_key_v3(rng(70), &key, cipher, subkey)
            }
            Self::V2(..) => {
                PublicKeyEncryptedSessionKey::from_session_key_v6(rng(70), &key, subkey)
            }
        };
        let mut octets = vec![];
        made.unwrap().to_writer_with_header(&mut octets).unwrap();
        octets
    }

    /// The packets, as rPGP finds them.
    fn opened_by_rpgp(self, body: &[u8]) -> Option<Vec<u8>> {
        let octets = packet(SEIPD, body);
        let Ok(Message::Encrypted { mut edata, .. }) = Message::from_bytes(&octets[..]) else {
            return None;
        };
        let key = RawSessionKey::from(self.key());
        let key = match self {
            Self::V1(sym_alg) => PlainSessionKey::V3_4 { sym_alg, key },
            Self::V2(..) => PlainSessionKey::V6 { key },
        };
        edata.decrypt(&key).ok()?;
        let mut packets = vec![];
        edata.read_to_end(&mut packets).ok()?;
        Some(packets)
    }
}

/// A body, opened with a session key that is computed once.
struct Reading {
    container: Container,
    session_key: Vec<u8>,
}

impl Reading {
    fn of(container: Container) -> Self {
        Self {
            container,
            session_key: container.session_key(),
        }
    }

    fn ours(&self, body: &[u8]) -> Result<Vec<u8>, DecryptError> {
        let message = [&self.session_key[..], &packet(SEIPD, body)].concat();
        let opened = decrypt(&message, &BOB, &Limits::DEFAULT)?;
        Ok(opened.plaintext().to_vec())
    }

    /// Whole, and as a platform opens it.
    fn expect_refused(&self, body: &[u8], what: &str) {
        let container = self.container;
        assert_eq!(container.opened_by_rpgp(body), None, "{what}");
        let ours = self.ours(body);
        assert_eq!(ours, Err(DecryptError::Tampered), "{container:?}: {what}");
        if let Some(theirs) = self.by_platform(body) {
            assert_eq!(theirs, Err(DecryptError::Tampered), "{container:?}: {what}");
        }
    }

    /// With a platform that has AES-CBC. `None`: not for it.
    fn by_platform(&self, body: &[u8]) -> Option<Result<Vec<u8>, DecryptError>> {
        let message = [&self.session_key[..], &packet(SEIPD, body)].concat();
        let begun = Opening::begin(&message, &BOB, &Limits::DEFAULT).unwrap();
        begun.map(opened_by_platform)
    }
}

fn opened_by_platform(mut opening: Opening<'_>) -> Result<Vec<u8>, DecryptError> {
    let cipher = opening.next_cipher()?.unwrap();
    let (calls, body) = opening.calls(&cipher)?;
    let mut packets = Plaintext::default();
    for call in &calls {
        let opened = match cipher.blocks(call, body) {
            Some(blocks) => {
                let deciphered = Plaintext::new(cbc(cipher.key(), blocks.cbc_input()));
                cipher.open_blocks(call, body, (&blocks, deciphered), &mut packets)
            }
            None => {
                assert!(cipher.mode() == Mode::Gcm || call.input.len() < 16 + 16);
                cipher.open_into(call, body, &mut packets)
            }
        };
        opened.ok_or(DecryptError::Tampered)?;
    }
    Ok(opening.finish(packets)?.plaintext().to_vec())
}

/// What AES-CBC gives under an initialization vector of zeros, its padding taken off.
fn cbc(key: &[u8], input: &[u8]) -> Vec<u8> {
    let mut output = vec![];
    let mut before = [0; 16];
    for block in input.chunks_exact(16) {
        let mut octets = aes::Block::clone_from_slice(block);
        match key.len() {
            16 => aes::Aes128::new_from_slice(key)
                .unwrap()
                .decrypt_block(&mut octets),
            _ => Aes256::new_from_slice(key)
                .unwrap()
                .decrypt_block(&mut octets),
        }
        output.extend(
            octets
                .iter()
                .zip(before)
                .map(|(octet, before)| octet ^ before),
        );
        before.copy_from_slice(block);
    }
    let padding = output.split_off(output.len() - 16);
    assert_eq!(padding, [16; 16], "a platform refuses other padding");
    output
}

fn octets(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 7 + (at >> 8)) as u8).collect()
}

fn all(chunk: ChunkSize) -> impl Iterator<Item = Container> {
    AES.into_iter().flat_map(move |cipher| {
        let v2 = MODES.map(|mode| Container::V2(cipher, mode, chunk));
        [Container::V1(cipher)].into_iter().chain(v2)
    })
}

#[test]
fn of_any_length_they_are_read_as_rpgp_reads_them() {
    for container in all(ChunkSize::C64B) {
        let reading = Reading::of(container);
        // Literal data's header and fields have twelve octets: from one block to four chunks, and their ends.
        for length in (0..60).chain(110..125).chain([180, 244, 245]) {
            let data = octets(length);
            let body = container.body(&literal(&data));
            let by_rpgp = container.opened_by_rpgp(&body);
            assert_eq!(by_rpgp, Some(literal(&data)), "{container:?}, {length}");
            assert_eq!(reading.ours(&body), Ok(data), "{container:?}, {length}");
            if let Some(read) = reading.by_platform(&body) {
                assert_eq!(read, reading.ours(&body), "{container:?}, {length}");
            }
        }
    }
}

#[test]
fn long_ones_are_read() {
    for container in all(ChunkSize::C256KiB) {
        let reading = Reading::of(container);
        for length in [1 << 18, (1 << 19) - 12, (1 << 19) + 5] {
            let data = octets(length);
            let body = container.body(&literal(&data));
            assert!(reading.ours(&body).unwrap() == data, "{container:?}");
            if let Some(read) = reading.by_platform(&body) {
                assert!(read.unwrap() == data, "{container:?}");
            }
        }
    }
}

#[test]
fn which_go_by_a_platform() {
    for container in all(ChunkSize::C4KiB) {
        let reading = Reading::of(container);
        let is_for_platforms = match container {
            Container::V1(_) | Container::V2(_, AeadAlgorithm::Eax, _) => false,
            Container::V2(cipher, ..) => cipher != SymmetricKeyAlgorithm::AES192,
        };
        let read = reading.by_platform(&container.body(&literal(b"hello")));
        assert_eq!(read.is_some(), is_for_platforms, "{container:?}");
    }
}

#[test]
fn of_nothing_they_hold_no_message() {
    let empty = DecryptError::Malformed {
        field: "literal data",
    };
    for container in all(ChunkSize::C64B) {
        let body = container.body(b"");
        assert_eq!(container.opened_by_rpgp(&body), Some(vec![]));
        assert_eq!(
            Reading::of(container).ours(&body),
            Err(empty),
            "{container:?}"
        );
    }
}

#[test]
fn altered_at_any_octet_they_are_refused() {
    let packets = literal(&octets(130));
    for container in all(ChunkSize::C64B) {
        let reading = Reading::of(container);
        let body = container.body(&packets);
        let from = match container {
            Container::V1(_) => 1,
            Container::V2(..) => V2_HEAD_BYTES,
        };
        for at in from..body.len() {
            let mut altered = body.clone();
            altered[at] ^= 0x40;
            reading.expect_refused(&altered, &format!("octet {at}"));
        }
    }
}

#[test]
fn cut_off_or_lengthened_they_are_refused() {
    let packets = literal(&octets(130));
    for container in all(ChunkSize::C64B) {
        let reading = Reading::of(container);
        let body = container.body(&packets);
        let from = match container {
            Container::V1(_) => 1,
            Container::V2(..) => V2_HEAD_BYTES,
        };
        for length in from..body.len() {
            reading.expect_refused(&body[..length], &format!("{length} octets"));
        }
        reading.expect_refused(&[&body[..], b"x"].concat(), "an octet more");
    }
}

#[test]
fn chunks_that_change_places_are_refused() {
    let step = 64 + 16;
    for container in all(ChunkSize::C64B) {
        if matches!(container, Container::V1(_)) {
            continue;
        }
        let mut body = container.body(&literal(&octets(130)));
        let (first, second) = body[V2_HEAD_BYTES..].split_at_mut(step);
        first.swap_with_slice(&mut second[..step]);
        Reading::of(container).expect_refused(&body, "moved");
    }
}

/// A container of version 1 with this plaintext, whatever it is.
fn v1_of(plaintext: &[u8]) -> Vec<u8> {
    let mut octets = plaintext.to_vec();
    cfb_mode::Encryptor::<Aes256>::new(&KEY.into(), &[0; 16].into()).encrypt(&mut octets);
    [&[1], &octets[..]].concat()
}

fn with_mdc(plaintext: &[u8], header: [u8; 2]) -> Vec<u8> {
    let digested = [plaintext, &header].concat();
    [&digested[..], &Sha1::digest(&digested)].concat()
}

const PREFIX: [u8; 18] = *b"sixteen octets!!!!";
const MDC: [u8; 2] = [0xd3, 0x14];

#[test]
fn an_mdc_that_is_wrong_or_missing_is_seen() {
    let reading = Reading::of(Container::V1(SymmetricKeyAlgorithm::AES256));
    let sound = [&PREFIX[..], &literal(b"hello")].concat();
    let whole = with_mdc(&sound, MDC);
    assert_eq!(reading.ours(&v1_of(&whole)), Ok(b"hello".to_vec()));

    let digest_of_packets = Sha1::digest(&sound[PREFIX.len()..]);
    let mut other = whole.clone();
    other[PREFIX.len() + 8] ^= 1;
    for (plaintext, what) in [
        (sound.clone(), "no MDC"),
        (whole[..whole.len() - 1].to_vec(), "an MDC that is cut off"),
        (with_mdc(&sound, [0xd3, 0x15]), "another length"),
        (with_mdc(&sound, [0xd2, 0x14]), "another packet"),
        (
            [&sound[..], &MDC, &digest_of_packets].concat(),
            "without the prefix",
        ),
        (other, "of something else"),
        (with_mdc(&PREFIX[..17], MDC), "shorter than its prefix"),
        (with_mdc(b"", MDC), "no prefix"),
        (PREFIX.to_vec(), "a prefix"),
        (vec![], "nothing"),
    ] {
        reading.expect_refused(&v1_of(&plaintext), what);
    }
}

/// Or whoever alters a message learns from the answer what is in it.
#[test]
fn the_octets_for_a_quick_check_are_not_looked_at() {
    let reading = Reading::of(Container::V1(SymmetricKeyAlgorithm::AES256));
    let mut prefix = PREFIX;
    prefix[17] ^= 1;
    let plaintext = with_mdc(&[&prefix[..], &literal(b"hello")].concat(), MDC);
    assert_eq!(reading.ours(&v1_of(&plaintext)), Ok(b"hello".to_vec()));
}

#[test]
fn the_session_key_that_fits_is_found_among_others() {
    let right = Container::V1(SymmetricKeyAlgorithm::AES256);
    let wrong = Container::V1(SymmetricKeyAlgorithm::AES128);
    let old = Container::V1(SymmetricKeyAlgorithm::CAST5);
    let newer = Container::V2(
        SymmetricKeyAlgorithm::AES256,
        AeadAlgorithm::Ocb,
        ChunkSize::C64B,
    );
    for container in [right, newer] {
        let others = [wrong, old, right, newer].map(Container::session_key);
        let body = container.body(&literal(b"hello"));
        let message = [&others.concat()[..], &packet(SEIPD, &body)].concat();
        let opened = decrypt(&message, &BOB, &Limits::DEFAULT).unwrap();
        assert_eq!(opened.plaintext(), b"hello", "{container:?}");
    }
}

#[test]
fn older_ciphers_are_read_as_ever() {
    for cipher in [
        SymmetricKeyAlgorithm::TripleDES,
        SymmetricKeyAlgorithm::CAST5,
        SymmetricKeyAlgorithm::Camellia256,
        SymmetricKeyAlgorithm::Twofish,
    ] {
        let container = Container::V1(cipher);
        let reading = Reading::of(container);
        let body = container.body(&literal(b"hello"));
        assert_eq!(reading.ours(&body), Ok(b"hello".to_vec()), "{cipher:?}");
        let mut altered = body.clone();
        *altered.last_mut().unwrap() ^= 1;
        reading.expect_refused(&altered, "an octet of the MDC");
    }
}
