#![no_main]
//! OpenPGP messages: from outside; from inside, sealed to a known key; under a password.

use libfuzzer_sys::fuzz_target;
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::{Limits, decrypt_and_verify, decrypt_with_password};
use smail_fuzz::{ACCOUNT_MADE, Reader};
use std::sync::LazyLock;

static READER: LazyLock<Reader> = LazyLock::new(Reader::new);

/// Small enough for thousands of runs a second.
const LIMITS: Limits = Limits {
    plaintext_bytes: 4 * 1024 * 1024,
    session_key_packets: 100,
    s2k_memory_kib: 64,
    s2k_passes: 1,
    ..Limits::DEFAULT
};

fuzz_target!(|input: &[u8]| {
    let now = UnixSeconds::new(ACCOUNT_MADE + 1);
    let known = [READER.keys.certificate().clone()];
    drop(decrypt_and_verify(
        input,
        &READER.keys,
        &known,
        now,
        &LIMITS,
    ));
    drop(decrypt_with_password(input, b"password", &LIMITS));
    let sealed = READER.sealed(input);
    drop(decrypt_and_verify(
        &sealed,
        &READER.keys,
        &known,
        now,
        &LIMITS,
    ));
});
