//! A small message, signed and encrypted to two, decrypted and verified: what `valgrind --tool=callgrind` is to look at.
//! Prints what each way takes on the average, in microseconds. Takes how often each is done.

#![allow(clippy::print_stdout, clippy::expect_used)] // whoever runs it reads there, and nothing else can be done

use rand::rngs::OsRng;
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::{
    Limits, SignatureVerdict, TransferableSecretKey, decrypt_and_verify, encrypt_and_sign,
};
use std::time::Instant;

const NOW: UnixSeconds = UnixSeconds::new(1_790_000_000);
const TEXT_BYTES: usize = 4_096;
const TIMES: u32 = 400;

fn main() {
    // Cargo adds an argument of its own.
    let times = std::env::args().find_map(|argument| argument.parse().ok());
    let times = times.unwrap_or(TIMES).max(1);
    let generate = |address| TransferableSecretKey::generate(address, NOW, &mut OsRng);
    let alice = generate("alice@example.org").expect("a key");
    let bob = generate("bob@example.org").expect("a key");
    let both = [alice.certificate(), bob.certificate()];
    let text = [7; TEXT_BYTES];
    let encrypt = || {
        let usable: Result<Vec<_>, _> = both.iter().map(|it| it.usable_at(NOW)).collect();
        let usable = usable.expect("usable certificates");
        encrypt_and_sign(&text, &alice, &usable, NOW, &mut OsRng).expect("a message")
    };
    let message = encrypt();
    let signers = [alice.certificate().clone()];
    let decrypt = || {
        let opened = decrypt_and_verify(&message, &bob, &signers, NOW, &Limits::DEFAULT);
        let opened = opened.expect("a message to bob");
        assert!(matches!(opened.signature, SignatureVerdict::Valid(_)));
    };
    decrypt();
    println!("encrypt {:.1} us", average(times, || drop(encrypt())));
    println!("decrypt {:.1} us", average(times, decrypt));
}

fn average(times: u32, work: impl Fn()) -> f64 {
    let begun = Instant::now();
    (0..times).for_each(|_| work());
    begun.elapsed().as_secs_f64() * 1e6 / f64::from(times)
}
