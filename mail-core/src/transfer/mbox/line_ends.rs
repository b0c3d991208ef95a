//! Line ends: a message has CR LF (RFC 5322, section 2.1), a file of messages mostly LF alone.

/// The message with CR LF at the end of each line, when its first line ends with LF alone. One that begins with CR LF
/// stays as it is: a bare LF further down is part of something.
pub(in crate::transfer) fn with_crlf(message: Vec<u8>) -> Vec<u8> {
    let first = message.iter().position(|byte| *byte == b'\n');
    let has_crlf = |at: usize| at > 0 && message.get(at - 1) == Some(&b'\r');
    if first.is_none_or(has_crlf) {
        return message;
    }
    let ends = message.iter().filter(|byte| **byte == b'\n').count();
    let mut converted = Vec::with_capacity(message.len() + ends);
    let mut before = 0;
    for byte in message {
        if byte == b'\n' && before != b'\r' {
            converted.push(b'\r');
        }
        converted.push(byte);
        before = byte;
    }
    converted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_one_kind() {
        for (given, made) in [
            ("A: b\n\nc\n", "A: b\r\n\r\nc\r\n"),
            ("A: b\n\nc\r\n", "A: b\r\n\r\nc\r\n"),
            ("A: b\r\n\r\nc\nd", "A: b\r\n\r\nc\nd"),
            ("\n", "\r\n"),
            ("", ""),
        ] {
            assert_eq!(with_crlf(given.into()), made.as_bytes());
        }
    }
}
