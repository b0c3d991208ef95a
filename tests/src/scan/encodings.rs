//! The forms a text may take on its way through a program.

use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// Every form of this text: the form's name and its bytes. Base64 has three forms of each alphabet, for the three
/// places in a group of three bytes where the text may begin.
pub(super) fn of(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let raw = text.as_bytes();
    let mut forms = vec![
        ("raw", raw.to_vec()),
        (
            "utf-16le",
            text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ),
        (
            "utf-16be",
            text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        ),
        ("hex", each(raw, |byte| format!("{byte:02x}"))),
        ("hex upper-case", each(raw, |byte| format!("{byte:02X}"))),
        ("percent", each(raw, |byte| percent(byte, "%20"))),
        ("percent lower-case", each(raw, percent_lower)),
        ("form", each(raw, |byte| percent(byte, "+"))),
        (
            "percent, every byte",
            each(raw, |byte| format!("%{byte:02X}")),
        ),
        (
            "percent lower-case, every byte",
            each(raw, |byte| format!("%{byte:02x}")),
        ),
        ("json escapes", json_escaped(text)),
    ];
    for offset in 0..3 {
        forms.push(("base64", base64_inside(&STANDARD_NO_PAD, raw, offset)));
        forms.push(("base64url", base64_inside(&URL_SAFE_NO_PAD, raw, offset)));
    }
    forms
}

fn each(bytes: &[u8], write: impl Fn(u8) -> String) -> Vec<u8> {
    bytes
        .iter()
        .map(|byte| write(*byte))
        .collect::<String>()
        .into_bytes()
}

/// RFC 3986, section 2.1: all but unreserved characters as `%XX`; a blank as `space`.
fn percent(byte: u8, space: &str) -> String {
    match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).into()
        }
        b' ' => space.into(),
        _ => format!("%{byte:02X}"),
    }
}

/// As [`percent`], with the digits of an escape in lower case.
fn percent_lower(byte: u8) -> String {
    let written = percent(byte, "%20");
    if written.len() > 1 {
        written.to_lowercase()
    } else {
        written
    }
}

/// RFC 8259, section 7: what is not ASCII as `\uXXXX`.
fn json_escaped(text: &str) -> Vec<u8> {
    let escape = |unit: u16| match u8::try_from(unit) {
        Ok(byte @ (b'"' | b'\\')) => format!("\\{}", char::from(byte)),
        Ok(byte @ 0x20..0x7f) => char::from(byte).into(),
        _ => format!("\\u{unit:04x}"),
    };
    text.encode_utf16()
        .map(escape)
        .collect::<String>()
        .into_bytes()
}

/// The characters of base64 that these bytes alone decide when `offset` other bytes precede them in their group.
fn base64_inside(alphabet: &impl base64::Engine, bytes: &[u8], offset: usize) -> Vec<u8> {
    let mut shifted = vec![0; offset];
    shifted.extend_from_slice(bytes);
    let first = (8 * offset).div_ceil(6);
    let last = 8 * shifted.len() / 6;
    alphabet
        .encode(shifted)
        .into_bytes()
        .get(first..last)
        .unwrap_or_default()
        .to_vec()
}
