#![no_main]
//! Certificates and what policy says of them, transferable secret keys, detached signatures.

use libfuzzer_sys::fuzz_target;
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::{Certificate, Limits, TransferableSecretKey, verify_detached};
use smail_fuzz::ACCOUNT_MADE;

const LIMITS: Limits = Limits {
    s2k_memory_kib: 64,
    s2k_passes: 1,
    ..Limits::DEFAULT
};

fuzz_target!(|input: &[u8]| {
    let now = UnixSeconds::new(ACCOUNT_MADE + 1);
    if let Ok(certificate) = Certificate::from_bytes(input) {
        let addresses = certificate.addresses();
        if let Ok(usable) = certificate.usable_at(now) {
            assert!(
                usable
                    .addresses()
                    .iter()
                    .all(|address| addresses.contains(address))
            );
        }
        let again = Certificate::from_bytes(certificate.to_armored().as_bytes());
        assert!(again.is_ok_and(|again| again.fingerprint() == certificate.fingerprint()));
        drop(verify_detached(b"text", input, &[certificate], now));
    }
    if let Ok(keys) = TransferableSecretKey::from_bytes(input) {
        drop(keys.to_bytes());
    }
    drop(TransferableSecretKey::unlock(input, b"password", &LIMITS));
    drop(verify_detached(b"text", input, &[], now));
});
