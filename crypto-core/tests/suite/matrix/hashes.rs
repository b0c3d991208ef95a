//! Weak hashes and weak keys.

use super::{Case, check, primary};
use crate::forge::{Forge, MADE, Signer, UNCHANGED, day, flags, push};
use crate::forged_message::packet;
use pgp::composed::{KeyType, SignedPublicSubKey};
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::packet::{
    PacketTrait as _, PubKeyInner, PublicSubkey, SignatureConfig, SignatureType, SubpacketData,
};
use pgp::ser::Serialize as _;
use pgp::types::{KeyVersion, Mpi, Password, PublicParams, Timestamp};
use smail_crypto_core::openpgp::{Certificate, CertificateError, verify_detached};

const WEAK: [HashAlgorithm; 4] = [
    HashAlgorithm::Md5,
    HashAlgorithm::Sha1,
    HashAlgorithm::Ripemd160,
    HashAlgorithm::Sha224,
];
const STRONG: [HashAlgorithm; 5] = [
    HashAlgorithm::Sha256,
    HashAlgorithm::Sha384,
    HashAlgorithm::Sha512,
    HashAlgorithm::Sha3_256,
    HashAlgorithm::Sha3_512,
];

fn with(hash: HashAlgorithm) -> impl Fn(&mut SignatureConfig) {
    move |config| config.hash_alg = hash
}

fn usable(forge: Forge) -> Result<(), CertificateError> {
    forge.certificate().usable_at(day(1)).map(|_| ())
}

#[test]
fn a_weak_hash_certifies_and_binds_nothing_and_still_revokes() {
    let sound = || Forge::rsa().user("alice@example.org", UNCHANGED);
    for (hashes, certified, bound) in [
        (
            &WEAK[..],
            Err(CertificateError::NotBound),
            Err(CertificateError::NoEncryptionKey),
        ),
        (&STRONG[..], Ok(()), Ok(())),
    ] {
        for hash in hashes.iter().copied() {
            let user = Forge::rsa().user("alice@example.org", &with(hash));
            assert_eq!(
                usable(user.encryption_subkey(UNCHANGED)),
                certified,
                "{hash}"
            );
            assert_eq!(
                usable(sound().encryption_subkey(&with(hash))),
                bound,
                "{hash}"
            );
            let revoked = sound()
                .encryption_subkey(UNCHANGED)
                .revoked_as(None, 10, &with(hash));
            assert_eq!(usable(revoked), Err(CertificateError::Revoked), "{hash}");
        }
    }
}

#[test]
fn a_weak_hash_signs_nothing() {
    let forge = Forge::rsa().user("alice@example.org", UNCHANGED);
    let verdict = |hash| {
        let signature = forge.signature(Signer::Primary, b"hello", &with(hash));
        let mut certificate = Forge::rsa();
        certificate.users.clone_from(&forge.users);
        verify_detached(b"hello", &signature, &[certificate.certificate()], day(1)).unwrap()
    };
    for hash in WEAK {
        assert_eq!(verdict(hash).code(), "signature-invalid", "{hash}");
    }
    for hash in STRONG {
        assert_eq!(verdict(hash).code(), "signature-valid", "{hash}");
    }
}

/// The signature of a subkey in return, when the subkey is an RSA key.
#[test]
fn a_weak_hash_is_no_consent() {
    let usable_to_sign = |hash| {
        let mut forge = primary(UNCHANGED);
        let subkey = Forge::rsa_as_subkey();
        let back = forge.back_signature(&subkey, &with(hash));
        let binding = forge.binding(&forge.primary, &subkey, &|config| {
            push(config, SubpacketData::KeyFlags(flags("sign")));
            push(
                config,
                SubpacketData::EmbeddedSignature(Box::new(back.clone())),
            );
        });
        forge.subkeys.push(pgp::composed::SignedSecretSubKey::new(
            subkey,
            vec![binding],
        ));
        let signature = forge.signature(Signer::Subkey(0), b"hello", UNCHANGED);
        verify_detached(b"hello", &signature, &[forge.certificate()], day(1)).unwrap()
    };
    for hash in WEAK {
        assert_eq!(
            usable_to_sign(hash).code(),
            "signature-unusable-signer",
            "{hash}"
        );
    }
    assert_eq!(
        usable_to_sign(HashAlgorithm::Sha256).code(),
        "signature-valid"
    );
}

#[test]
fn an_rsa_key_of_1_024_bits() {
    let cases = [
        Case {
            name: "1,024 bits",
            forge: || {
                Forge::of_type(304, KeyType::Rsa(1_024), MADE)
                    .user("alice@example.org", UNCHANGED)
                    .encryption_subkey(UNCHANGED)
            },
            days: &[(1, "weak-algorithm", "weak-algorithm")],
        },
        Case {
            name: "2,048 bits",
            forge: || {
                Forge::rsa()
                    .user("alice@example.org", UNCHANGED)
                    .encryption_subkey(UNCHANGED)
            },
            days: &[(1, "yes", "yes")],
        },
    ];
    check(Signer::Primary, &cases);
}

/// A key that is strong enough is asked who vouches for it next.
#[test]
fn where_weak_rsa_ends() {
    for (modulus, fault) in [
        (
            [&[0x7f][..], &[0xff; 255]].concat(),
            CertificateError::WeakAlgorithm,
        ),
        (
            [&[0x80][..], &[0xff; 255]].concat(),
            CertificateError::NotBound,
        ),
    ] {
        let numbers = [&modulus[..], &[1, 0, 1]].map(|number| Mpi::from_slice(number).to_bytes());
        let numbers = numbers.map(Result::unwrap).concat();
        let certificate = Certificate::from_bytes(&public_key(6, 1, &numbers)).unwrap();
        assert_eq!(certificate.usable_at(day(1)).unwrap_err(), fault);
    }
}

fn numbers(bits: &[usize]) -> Vec<u8> {
    let written = bits
        .iter()
        .map(|bits| Mpi::from_slice(&vec![0xff; bits / 8]).to_bytes().unwrap());
    written.collect::<Vec<_>>().concat()
}

/// The parameters of keys that cannot be used here, by algorithm.
fn unusable_params() -> Vec<(&'static str, u8, Vec<u8>)> {
    // brainpoolP256r1, and an object identifier that names no curve.
    let brainpool = [&[9, 0x2b, 0x24, 3, 3, 2, 8, 1, 1, 7][..], &numbers(&[520])].concat();
    let no_curve = [&[3, 0x2a, 3, 4][..], &numbers(&[520])].concat();
    let kdf = [3, 1, 8, 9];
    vec![
        ("Elgamal, to encrypt", 16, numbers(&[2_048, 8, 2_048])),
        (
            "Elgamal, to encrypt and sign",
            20,
            numbers(&[2_048, 8, 2_048]),
        ),
        ("ECDSA over a curve not known here", 19, brainpool.clone()),
        ("ECDSA over no curve", 19, no_curve.clone()),
        ("ECDH over no curve", 18, [&no_curve[..], &kdf].concat()),
        ("EdDSA over no curve", 22, no_curve),
        ("a private algorithm", 100, vec![1; 40]),
        ("an algorithm that nobody knows", 99, vec![1; 40]),
    ]
}

/// RFC 9580 knows these curves and rPGP does not.
#[test]
fn an_encryption_subkey_that_cannot_be_used() {
    let curves: [(&[u8], usize); 3] = [
        (&[9, 0x2b, 0x24, 3, 3, 2, 8, 1, 1, 7], 520),
        (&[9, 0x2b, 0x24, 3, 3, 2, 8, 1, 1, 11], 776),
        (&[9, 0x2b, 0x24, 3, 3, 2, 8, 1, 1, 13], 1_032),
    ];
    let forge = primary(UNCHANGED);
    for (oid, bits) in curves {
        let params = [oid, &numbers(&[bits]), &[3, 1, 8, 9]].concat();
        let (algorithm, made) = (PublicKeyAlgorithm::ECDH, Timestamp::from_secs(MADE));
        let params = PublicParams::try_from_reader(algorithm, None, &params[..]).unwrap();
        let inner = PubKeyInner::new(KeyVersion::V4, algorithm, made, None, params).unwrap();
        let subkey = PublicSubkey::from_inner(inner).unwrap();
        let mut config = forge.config(SignatureType::SubkeyBinding);
        push(&mut config, SubpacketData::KeyFlags(flags("encrypt")));
        let (by, none) = (&forge.primary, Password::empty());
        let binding = config.sign_subkey_binding(by, by.public_key(), &none, &subkey);
        let mut public = primary(UNCHANGED).signed_secret_key().to_public_key();
        public
            .public_subkeys
            .push(SignedPublicSubKey::new(subkey, vec![binding.unwrap()]));
        let certificate = Certificate::from_bytes(&public.to_bytes().unwrap()).unwrap();
        assert_eq!(
            certificate.usable_at(day(1)).unwrap_err(),
            CertificateError::NoEncryptionKey,
            "{bits}"
        );
    }
}

fn public_key(tag: u8, algorithm: u8, params: &[u8]) -> Vec<u8> {
    packet(
        tag,
        &[&[4][..], &MADE.to_be_bytes(), &[algorithm], params].concat(),
    )
}

#[test]
fn primary_keys_that_cannot_be_used() {
    for (name, algorithm, params) in unusable_params() {
        let user = packet(13, b"alice@example.org");
        let signature = Forge::sound(305).users.remove(0).signatures.remove(0);
        let mut signed = vec![];
        signature.to_writer_with_header(&mut signed).unwrap();
        let bytes = [public_key(6, algorithm, &params), user, signed].concat();
        let certificate = Certificate::from_bytes(&bytes).expect(name);
        assert_eq!(
            certificate.usable_at(day(1)).unwrap_err(),
            CertificateError::WeakAlgorithm,
            "{name}"
        );
    }
}
