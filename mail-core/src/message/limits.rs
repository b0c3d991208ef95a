//! How much structure a message may have. Kept before the MIME parser runs, so that what a stranger sends costs
//! bounded time, memory and stack.

use super::parsed::ParseError;

/// Largest message, in bytes, decrypted. Leaves room in a blob for what encryption adds.
pub const MAX_MESSAGE_BYTES: usize = 31 * 1024 * 1024;
/// Largest header section of the whole message, in bytes.
pub const MAX_HEADER_BYTES: usize = 4 * 1024 * 1024;
/// Most parts, at all depths together.
pub const MAX_PARTS: usize = 256;

const CONTENT_TYPE: &[u8] = b"content-type";

/// Checks size, header size and the number of parts that can come of it. A part below another has a Content-Type
/// field to say so; lines that begin like one are counted, wherever they stand.
pub(super) fn check(message: &[u8]) -> Result<(), ParseError> {
    if message.len() > MAX_MESSAGE_BYTES {
        return Err(ParseError::TooLarge {
            limit_bytes: MAX_MESSAGE_BYTES,
        });
    }
    if header_len(message) > MAX_HEADER_BYTES {
        return Err(ParseError::HeaderTooLarge {
            limit_bytes: MAX_HEADER_BYTES,
        });
    }
    let fields = message
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .filter(|line| begins_like_content_type(line));
    if fields.count() > MAX_PARTS {
        return Err(ParseError::TooManyParts { limit: MAX_PARTS });
    }
    Ok(())
}

fn begins_like_content_type(line: &[u8]) -> bool {
    line.get(..CONTENT_TYPE.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(CONTENT_TYPE))
}

/// Length of the header section: up to the first empty line, or everything.
fn header_len(message: &[u8]) -> usize {
    let mut length = 0;
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        if matches!(line, b"\n" | b"\r\n") {
            break;
        }
        length += line.len();
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_that_would_cost_the_stack_is_refused() {
        let bomb = b"Content-Type: message/rfc822\r\n\r\n".repeat(100_000);
        assert_eq!(
            check(&bomb),
            Err(ParseError::TooManyParts { limit: MAX_PARTS })
        );
    }

    #[test]
    fn a_header_without_end_is_refused() {
        let endless = b"X-A: b\r\n".repeat(1_000_000);
        assert_eq!(
            check(&endless),
            Err(ParseError::HeaderTooLarge {
                limit_bytes: MAX_HEADER_BYTES
            })
        );
    }

    #[test]
    fn a_large_body_is_not_a_large_header() {
        let mut message = b"Subject: a\r\n\r\n".to_vec();
        message.extend(std::iter::repeat_n(b'x', 2 * MAX_HEADER_BYTES));
        assert_eq!(check(&message), Ok(()));
    }
}
