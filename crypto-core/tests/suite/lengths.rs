//! Lengths that are not true: nothing is reserved ahead of the data, and nothing comes of it but an error.

use crate::forge::{Forge, MADE, READ};
use crate::forged_message::{
    COMPRESSED, bob, both_refusals, encrypted_to, literal, packet, session_key_packet,
    session_key_packet_v6, streamed,
};
use smail_crypto_core::openpgp::{
    Certificate, Limits, TransferableSecretKey, decrypt, decrypt_with_password, verify_detached,
};
use std::process::Command;
use std::sync::Arc;

/// 4 GiB less one, for every kind of packet, in both forms that a header has.
fn claims() -> Vec<(u8, Vec<u8>)> {
    let new = (0..64).map(|tag| (tag, vec![0xc0 | tag, 0xff, 0xff, 0xff, 0xff, 0xff]));
    let old = (0..16).map(|tag| (tag, vec![0x80 | tag << 2 | 2, 0xff, 0xff, 0xff, 0xff]));
    new.chain(old).collect()
}

/// What a packet of each kind may begin with.
const BEGINNINGS: [&[u8]; 6] = [
    b"",
    b"b\0\0\0\0\0hello",
    &[6, 0, 25, 1, 2, 3, 4, 5, 6, 7, 8],
    &[4, 9, 3, 8, 1, 2, 3, 4, 5, 6, 7, 8, 96],
    &[
        2, 9, 3, 6, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
    ],
    &[4, 0x65, 0x53, 0xf1, 0, 22, 9, 0x2b, 6, 1],
];

#[test]
fn of_4_gib_on_every_kind_of_packet_of_a_message() {
    let bob = Arc::new(bob());
    let keys = [
        vec![],
        session_key_packet(bob.certificate()),
        session_key_packet_v6(bob.certificate()),
    ];
    for (tag, claim) in claims() {
        for begun in BEGINNINGS {
            for keys in &keys {
                let message = [&keys[..], &claim, begun].concat();
                assert!(decrypt(&message, &bob, &Limits::DEFAULT).is_err(), "{tag}");
                let with_password = decrypt_with_password(&message, b"", &Limits::DEFAULT);
                assert!(with_password.is_err(), "{tag}");
                assert!(streamed(&message, &bob, 7).is_err(), "{tag}");
            }
        }
    }
}

#[test]
fn of_4_gib_on_every_kind_of_packet_inside_a_message() {
    for (tag, claim) in claims() {
        for begun in BEGINNINGS {
            for before in [vec![], literal(b"hello")] {
                let packets = [&before[..], &claim, begun].concat();
                // What is compressed is not looked into as it comes.
                let streamed = if tag == COMPRESSED && before.is_empty() {
                    "decrypt-not-as-stream"
                } else {
                    "decrypt-malformed"
                };
                let codes = both_refusals(&packets).map(|refusal| refusal.code());
                assert_eq!(codes, ["decrypt-malformed", streamed], "{tag}");
            }
        }
    }
}

/// A packet that is cut off is no part of a certificate: what came before it stands.
#[test]
fn of_4_gib_on_every_kind_of_packet_of_keys_and_signatures() {
    let forge = || Forge::sound(330);
    let (certificate, keys) = (forge().certificate(), forge().secret_key());
    let (public, secret) = (certificate.to_bytes(), keys.to_bytes().unwrap());
    for (tag, claim) in claims() {
        for begun in BEGINNINGS {
            let more = [&claim[..], begun].concat();
            assert!(Certificate::from_bytes(&more).is_err(), "{tag}");
            assert!(TransferableSecretKey::from_bytes(&more).is_err(), "{tag}");
            assert!(verify_detached(b"", &more, &[], READ).is_err(), "{tag}");
            if let Ok(read) = Certificate::from_bytes(&[&public[..], &more].concat()) {
                assert_eq!(read, certificate, "{tag}");
            }
            let read = TransferableSecretKey::from_bytes(&[&secret[..], &more].concat());
            if let Ok(read) = read {
                assert_eq!(read.certificate(), &certificate, "{tag}");
            }
        }
    }
}

/// Counts inside packets, which have up to four octets.
fn counts() -> [(&'static str, Vec<u8>); 6] {
    const ALL: [u8; 4] = [0xff; 4];
    let made = MADE.to_be_bytes();
    let signature = |version: u8, area: &[u8]| {
        packet(
            2,
            &[&[version, 0x13, 27, 8], area, &[5, 2, 1, 2, 3, 4]].concat(),
        )
    };
    [
        (
            "public key version 6",
            packet(6, &[&[6][..], &made, &[27], &ALL, &[1; 32]].concat()),
        ),
        (
            "public key version 6 of an unknown algorithm",
            packet(6, &[&[6][..], &made, &[99], &ALL, &[1; 32]].concat()),
        ),
        ("signature version 6, hashed area", signature(6, &ALL)),
        (
            "signature version 6, other area",
            signature(6, &[&[0; 4][..], &ALL].concat()),
        ),
        (
            "subpacket",
            signature(4, &[&[0, 9, 0xff][..], &ALL, &[20, 0, 0]].concat()),
        ),
        (
            "user attribute",
            packet(17, &[&[0xff][..], &ALL, &[1, 16, 0, 1, 1]].concat()),
        ),
    ]
}

#[test]
fn of_4_gib_inside_a_packet() {
    let certificate = Forge::sound(330).certificate();
    for (name, octets) in counts() {
        let certificate_of_it = Certificate::from_bytes(&octets);
        assert!(
            certificate_of_it.is_err() || certificate_of_it.unwrap().usable_at(READ).is_err(),
            "{name}"
        );
        assert!(verify_detached(b"", &octets, &[], READ).is_err(), "{name}");
        let with_more = [certificate.to_bytes(), octets.clone()].concat();
        if let Ok(read) = Certificate::from_bytes(&with_more) {
            assert_eq!(read.fingerprint(), certificate.fingerprint(), "{name}");
        }
        for refusal in both_refusals(&[literal(b"hello"), octets].concat()) {
            assert_eq!(refusal.code(), "decrypt-malformed", "{name}");
        }
    }
}

#[test]
fn a_number_longer_than_its_packet() {
    let bob = bob();
    // An RSA session key of 65,535 bits, in a packet of 20 octets.
    let mut session_key = vec![3, 1, 2, 3, 4, 5, 6, 7, 8, 1, 0xff, 0xff];
    session_key.extend([9; 8]);
    let message = [
        packet(1, &session_key),
        encrypted_to(bob.certificate(), &literal(b"")),
    ];
    assert!(decrypt(&message.concat(), &bob, &Limits::DEFAULT).is_err());
}

/// Runs the tests above in a process of their own and looks at how much memory it ever asked for.
#[test]
#[cfg(target_os = "linux")]
fn nothing_is_reserved_ahead_of_the_data() {
    let tests = Command::new(std::env::current_exe().unwrap())
        .args([
            "lengths::measured",
            "--exact",
            "--ignored",
            "--test-threads=1",
        ])
        .output()
        .unwrap();
    let report = String::from_utf8_lossy(&tests.stdout);
    assert!(tests.status.success(), "{report}");
    assert!(report.contains("1 passed"), "{report}");
}

/// By so much the memory asked for may grow, in KiB: far less than what is claimed, and room for an address sanitizer.
#[cfg(target_os = "linux")]
const MOST_GROWTH_KIB: u64 = 1024 * 1024;

#[test]
#[ignore = "run by the test above, in a process of its own"]
#[cfg(target_os = "linux")]
fn measured() {
    // What all that follow need is made first.
    assert_eq!(both_refusals(b"")[0].code(), "decrypt-malformed");
    let before = peak_kib();
    of_4_gib_on_every_kind_of_packet_of_a_message();
    of_4_gib_on_every_kind_of_packet_inside_a_message();
    of_4_gib_on_every_kind_of_packet_of_keys_and_signatures();
    of_4_gib_inside_a_packet();
    crate::endless::all();
    let growth = peak_kib() - before;
    assert!(growth < MOST_GROWTH_KIB, "{growth} KiB");
}

/// The most virtual memory that this process ever had.
#[cfg(target_os = "linux")]
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmPeak:"));
    let digits = line.unwrap().split_whitespace().nth(1).unwrap();
    digits.parse().unwrap()
}
