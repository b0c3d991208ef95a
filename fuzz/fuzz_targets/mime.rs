#![no_main]
//! MIME messages: what a person wrote who may lie about its form, as it stands when it has been decrypted.

use libfuzzer_sys::fuzz_target;
use smail_mail_core::message::{
    MAX_MESSAGE_BYTES, canonical_text, html_to_text, parse, snippet, unwrap,
};

fuzz_target!(|input: &[u8]| {
    if let Ok(message) = parse(input) {
        assert!(message.text.len() <= 2 * MAX_MESSAGE_BYTES);
        drop(snippet(&message.text));
    }
    drop(unwrap(input));
    let text = String::from_utf8_lossy(input);
    drop(html_to_text(&text));
    let canonical = canonical_text(&text);
    assert_eq!(canonical_text(&canonical), canonical);
});
