//! Verdicts on signatures over data.

use crate::common::rng;
use crate::forge::{
    Change, DAY_S, Forge, MADE, Signer, UNCHANGED, day, expires_after, flags, notation, push,
    push_critical, set_created,
};
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::packet::{
    PacketTrait as _, PubKeyInner, PublicSubkey, RevocationCode, SignatureType, Subpacket,
    SubpacketData,
};
use pgp::ser::Serialize as _;
use pgp::types::{
    Duration, KeyDetails as _, KeyVersion, Password, PublicParams, SignatureBytes, SigningKey as _,
    Timestamp,
};
use sha2::{Digest as _, Sha256};
use smail_crypto_core::openpgp::{
    ArmorKind, Certificate, CertificateError, Limits, SignatureVerdict, VerifyError, armor,
    encrypt, open_signed, sign, sign_detached, verify_detached,
};

const TEXT: &[u8] = b"hello\r\n";

#[test]
fn armored_and_binary_are_the_same() {
    let alice = Forge::sound(40).secret_key();
    let known = [alice.certificate().clone()];
    let binary = sign_detached(TEXT, &alice, day(1), &mut rng(1)).unwrap();
    let text = armor(ArmorKind::Signature, &binary);
    for signature in [&binary[..], text.as_bytes()] {
        let verdict = verify_detached(TEXT, signature, &known, day(2)).unwrap();
        let SignatureVerdict::Valid(valid) = verdict else {
            panic!("{verdict:?}")
        };
        assert_eq!((valid.signer, valid.created), (alice.fingerprint(), day(1)));
    }
}

#[test]
fn a_signed_message_holds_what_was_signed() {
    let alice = Forge::sound(40).secret_key();
    let known = [alice.certificate().clone()];
    for text in [TEXT, b""] {
        let binary = sign(text, &alice, day(1), &mut rng(1)).unwrap();
        let armored = armor(ArmorKind::Message, &binary);
        for message in [&binary[..], armored.as_bytes()] {
            let opened = open_signed(message, &Limits::DEFAULT).unwrap();
            assert_eq!(opened.plaintext(), text);
            let verdict = opened.verify(&known, day(2));
            assert!(matches!(verdict, SignatureVerdict::Valid(_)), "{verdict:?}");
        }
    }
}

#[test]
fn a_signed_message_that_was_altered_is_not_valid() {
    let alice = Forge::sound(40).secret_key();
    let known = [alice.certificate().clone()];
    let message = sign(TEXT, &alice, day(1), &mut rng(1)).unwrap();
    let at = message
        .windows(TEXT.len())
        .position(|window| window == TEXT)
        .unwrap();
    let mut altered = message;
    altered[at] ^= 1;
    let opened = open_signed(&altered, &Limits::DEFAULT).unwrap();
    let verdict = opened.verify(&known, day(2));
    assert!(
        matches!(verdict, SignatureVerdict::Invalid { .. }),
        "{verdict:?}"
    );
}

#[test]
fn what_is_no_signed_message_is_refused_by_name() {
    let alice = Forge::sound(40).secret_key();
    let usable = alice.certificate().usable_at(day(1)).unwrap();
    let encrypted = encrypt(TEXT, &[usable], &mut rng(1)).unwrap();
    let refused = |message: &[u8]| {
        open_signed(message, &Limits::DEFAULT)
            .map(drop)
            .unwrap_err()
    };
    assert_eq!(refused(&encrypted), VerifyError::Encrypted);
    let detached = sign_detached(TEXT, &alice, day(1), &mut rng(1)).unwrap();
    for message in [&detached[..], b"", b"plain text", &[0xc0; 40]] {
        assert_eq!(refused(message), VerifyError::Malformed);
    }
    let small = Limits {
        plaintext_bytes: 10,
        ..Limits::DEFAULT
    };
    let message = sign(&[7; 600_000], &alice, day(1), &mut rng(1)).unwrap();
    let refused = open_signed(&message, &small).map(drop).unwrap_err();
    assert!(
        matches!(refused, VerifyError::LimitExceeded(_)),
        "{refused}"
    );
}

#[test]
fn another_text_is_not_what_was_signed() {
    let alice = Forge::sound(40).secret_key();
    let signature = sign_detached(TEXT, &alice, day(1), &mut rng(1)).unwrap();
    let verdict = verify_detached(
        b"hellO\r\n",
        &signature,
        &[alice.certificate().clone()],
        day(2),
    )
    .unwrap();
    assert_eq!(
        verdict,
        SignatureVerdict::Invalid {
            signer: alice.fingerprint()
        }
    );
}

#[test]
fn a_stranger_is_named_by_the_claim() {
    let (alice, bob) = (Forge::sound(40).secret_key(), Forge::sound(41).secret_key());
    let signature = sign_detached(TEXT, &alice, day(1), &mut rng(1)).unwrap();
    let verdict = verify_detached(TEXT, &signature, &[bob.certificate().clone()], day(2)).unwrap();
    assert_eq!(
        verdict,
        SignatureVerdict::UnknownSigner {
            claimed: vec![alice.fingerprint()]
        }
    );
}

/// With a key that nobody here can use: whether the signature fits nobody can say, and it is as if the key were not there.
#[test]
fn a_key_of_an_unknown_algorithm_is_a_stranger_s() {
    let (algorithm, made) = (PublicKeyAlgorithm::from(99), Timestamp::from_secs(MADE));
    let params = PublicParams::Unknown {
        data: vec![7; 40].into(),
    };
    let inner = PubKeyInner::new(KeyVersion::V4, algorithm, made, None, params).unwrap();
    let subkey = PublicSubkey::from_inner(inner).unwrap();
    let forge = Forge::sound(47);
    let mut config = forge.config(SignatureType::SubkeyBinding);
    push(&mut config, SubpacketData::KeyFlags(flags("sign")));
    let (primary, none) = (&forge.primary, Password::empty());
    let binding = config.sign_subkey_binding(primary, primary.public_key(), &none, &subkey);
    let by_subkey = forge.signature(Signer::Primary, TEXT, &|config| {
        let is_issuer = |part: &Subpacket| matches!(part.data, SubpacketData::IssuerFingerprint(_));
        config.hashed_subpackets.retain(|part| !is_issuer(part));
        let issuer = SubpacketData::IssuerFingerprint(subkey.fingerprint());
        push(config, issuer);
    });
    let by_primary = forge.signature(Signer::Primary, TEXT, UNCHANGED);
    let mut bytes = forge.certificate().to_bytes();
    subkey.to_writer_with_header(&mut bytes).unwrap();
    binding.unwrap().to_writer_with_header(&mut bytes).unwrap();
    let certificate = Certificate::from_bytes(&bytes).unwrap();
    assert_eq!(certificate.to_bytes(), bytes, "the subkey is kept");
    let mut as_primary = vec![];
    subkey.to_writer_with_header(&mut as_primary).unwrap();
    // Tag 14 becomes 6, and behind it comes a User ID.
    assert_eq!(as_primary[0], 0xce);
    as_primary[0] = 0xc6;
    as_primary.extend([0xcd, 1, b'x']);
    let unknown = Certificate::from_bytes(&as_primary).unwrap();
    assert_eq!(
        unknown.usable_at(day(2)).unwrap_err(),
        CertificateError::WeakAlgorithm
    );
    for known in [certificate.clone(), unknown] {
        let verdict = verify_detached(TEXT, &by_subkey, &[known], day(2)).unwrap();
        let SignatureVerdict::UnknownSigner { claimed } = verdict else {
            panic!("{verdict:?}")
        };
        assert_eq!(claimed.len(), 1);
        assert_eq!(claimed[0].as_bytes(), subkey.fingerprint().as_bytes());
    }
    let verdict = verify_detached(TEXT, &by_primary, &[certificate], day(2)).unwrap();
    assert_eq!(verdict.code(), "signature-valid");
}

#[test]
fn void_signatures() {
    let faults: [(&str, Change<'_>); 5] = [
        ("made in the future", &|config| {
            set_created(config, MADE + 100 * DAY_S)
        }),
        ("expired", &|config| {
            push(
                config,
                SubpacketData::SignatureExpirationTime(Duration::from_secs(60)),
            );
        }),
        ("critical unknown notation", &|config| {
            push_critical(config, notation())
        }),
        ("critical unknown subpacket", &|config| {
            push_critical(config, SubpacketData::Experimental(101, vec![1].into()));
        }),
        ("not said when", &|config| {
            let (times, rest) = config
                .hashed_subpackets
                .drain(..)
                .partition(|part| matches!(part.data, SubpacketData::SignatureCreationTime(_)));
            (config.unhashed_subpackets, config.hashed_subpackets) = (times, rest);
        }),
    ];
    for (name, change) in faults {
        let forge = Forge::sound(42);
        let mut config = forge.config(SignatureType::Binary);
        change(&mut config);
        let signature = config
            .sign(&forge.primary, &Password::empty(), TEXT)
            .unwrap();
        let mut packet = vec![];
        signature.to_writer_with_header(&mut packet).unwrap();
        let certificate = forge.certificate();
        let signer = certificate.fingerprint();
        let verdict = verify_detached(TEXT, &packet, &[certificate], day(2)).unwrap();
        assert_eq!(verdict, SignatureVerdict::Invalid { signer }, "{name}");
    }
}

/// Signatures over keys and names, offered as signatures over data.
#[test]
fn signatures_over_other_things() {
    let forge = || Forge::sound(45).direct(UNCHANGED).revoked(None, 1);
    let made = forge();
    let all = [
        &made.direct[0],
        &made.users[0].signatures[0],
        &made.subkeys[0].signatures[0],
        &made.revocations[0],
    ];
    let certificate = Forge::sound(45).certificate();
    let signer = certificate.fingerprint();
    let known = [certificate];
    for signature in all {
        let mut packet = vec![];
        signature.to_writer_with_header(&mut packet).unwrap();
        let verdict = verify_detached(TEXT, &packet, &known, day(2)).unwrap();
        assert_eq!(verdict, SignatureVerdict::Invalid { signer });
    }
}

/// Version 3 says when it was made and by whom, and nothing else. Old programs still write it (RFC 9580, section 5.2).
#[test]
fn a_signature_of_version_3() {
    let forge = Forge::sound(46);
    let signed = |typ: u8| {
        let made = (MADE + DAY_S).to_be_bytes();
        let digest = Sha256::digest([TEXT, &[typ], &made].concat());
        let (none, hash) = (Password::empty(), HashAlgorithm::Sha256);
        let SignatureBytes::Mpis(numbers) = forge.primary.sign(&none, hash, &digest).unwrap()
        else {
            panic!("not two numbers")
        };
        let key_id = forge.primary.legacy_key_id();
        let mut body = [&[3, 5, typ][..], &made, key_id.as_ref(), &[22, 8]].concat();
        body.extend_from_slice(&digest[..2]);
        for number in numbers {
            body.extend(number.to_bytes().unwrap());
        }
        crate::forged_message::packet(2, &body)
    };
    let (binary, other) = (signed(0), signed(0xff));
    let known = [forge.certificate()];
    let verdict = |text, signature| verify_detached(text, signature, &known, day(2)).unwrap();
    assert_eq!(verdict(TEXT, &binary).code(), "signature-valid");
    assert_eq!(verdict(b"hellO\r\n", &binary).code(), "signature-invalid");
    assert_eq!(verdict(TEXT, &other).code(), "signature-invalid");
}

#[test]
fn a_key_s_state_counts_when_the_signature_was_made() {
    let signed_on_day_5 = |forge: Forge| {
        let certificate = forge.certificate();
        let alice = Forge::sound(43).secret_key();
        let signature = sign_detached(TEXT, &alice, day(5), &mut rng(1)).unwrap();
        verify_detached(TEXT, &signature, &[certificate], day(30)).unwrap()
    };
    let expired = |days| {
        Forge::new(43)
            .user("alice@example.org", &move |config| {
                push(config, expires_after(days))
            })
            .encryption_subkey(UNCHANGED)
    };
    assert_eq!(signed_on_day_5(expired(10)).code(), "signature-valid");
    assert_eq!(
        signed_on_day_5(expired(4)).code(),
        "signature-unusable-signer"
    );
    let retired = |days| Forge::sound(43).revoked(Some(RevocationCode::KeyRetired), days);
    assert_eq!(signed_on_day_5(retired(10)).code(), "signature-valid");
    assert_eq!(
        signed_on_day_5(retired(4)).code(),
        "signature-unusable-signer"
    );
    let compromised =
        signed_on_day_5(Forge::sound(43).revoked(Some(RevocationCode::KeyCompromised), 10));
    assert!(matches!(
        compromised,
        SignatureVerdict::UnusableSigner {
            fault: CertificateError::Revoked,
            ..
        }
    ));
}

#[test]
fn a_key_whose_self_signatures_were_renewed_is_judged_as_it_is_now() {
    let alice = Forge::sound(43).secret_key();
    let renewed = Forge::new(43)
        .user("alice@example.org", &|config| {
            set_created(config, MADE + 20 * DAY_S)
        })
        .encryption_subkey(UNCHANGED)
        .certificate();
    let signature = sign_detached(TEXT, &alice, day(5), &mut rng(1)).unwrap();
    let verdict = verify_detached(TEXT, &signature, &[renewed], day(30)).unwrap();
    assert_eq!(verdict.code(), "signature-valid");
}

#[test]
fn a_signature_older_than_its_key_is_not_believed() {
    let forge = Forge::sound(44);
    let mut config = forge.config(SignatureType::Binary);
    set_created(&mut config, MADE - DAY_S);
    let signature = config
        .sign(&forge.primary, &Password::empty(), TEXT)
        .unwrap();
    let mut packet = vec![];
    signature.to_writer_with_header(&mut packet).unwrap();
    let verdict = verify_detached(TEXT, &packet, &[forge.certificate()], day(2)).unwrap();
    assert_eq!(verdict.code(), "signature-unusable-signer");
}

#[test]
fn of_several_the_best_counts() {
    let (alice, bob) = (Forge::sound(40).secret_key(), Forge::sound(41).secret_key());
    let by_alice = sign_detached(b"other", &alice, day(1), &mut rng(1)).unwrap();
    let by_bob = sign_detached(TEXT, &bob, day(1), &mut rng(1)).unwrap();
    let both = [by_alice, by_bob].concat();
    let known = [alice.certificate().clone(), bob.certificate().clone()];
    let verdict = verify_detached(TEXT, &both, &known, day(2)).unwrap();
    assert!(matches!(verdict, SignatureVerdict::Valid(valid) if valid.signer == bob.fingerprint()));
}

#[test]
fn what_is_no_signature_is_refused() {
    let alice = Forge::sound(40).secret_key();
    let certificate = alice.certificate().to_bytes();
    for input in [&b""[..], b"hello", &[0x80], &certificate] {
        assert_eq!(
            verify_detached(TEXT, input, &[], day(1)),
            Err(VerifyError::Malformed)
        );
    }
    let signature = sign_detached(TEXT, &alice, day(1), &mut rng(1)).unwrap();
    let refused = verify_detached(TEXT, &signature.repeat(17), &[], day(1)).unwrap_err();
    assert_eq!(refused.code(), "limit-exceeded");
    for len_bytes in 1..signature.len() {
        assert_eq!(
            verify_detached(TEXT, &signature[..len_bytes], &[], day(1)),
            Err(VerifyError::Malformed),
            "{len_bytes}"
        );
    }
}
