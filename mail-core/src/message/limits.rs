//! How much structure a message may have. Kept before the MIME parser runs, so that what a stranger sends costs
//! bounded time, memory and stack.

use super::parsed::ParseError;
use mail_parser::{ContentType, MessageParser};

/// Largest message, in bytes, decrypted. Leaves room in a blob for what encryption adds.
pub const MAX_MESSAGE_BYTES: usize = 31 * 1024 * 1024;
/// Largest header section of the whole message, in bytes.
pub const MAX_HEADER_BYTES: usize = 4 * 1024 * 1024;
/// Most parts, at all depths together.
pub const MAX_PARTS: usize = 256;
/// Largest HTML part that is shown as HTML, in bytes. Pictures may stand in it as `data:` addresses.
pub const MAX_HTML_BYTES: usize = 6 * 1024 * 1024;
/// Most tags in a part that is shown as HTML: what a page cleans and lays out in well under a second.
pub const MAX_HTML_TAGS: usize = 40_000;

const CONTENT_TYPE: [u8; 12] = *b"content-type";

/// Most different boundaries. More say that the message is no honest one.
const MAX_BOUNDARIES: usize = 64;
/// Longest Content-Type field looked at, in bytes.
pub(super) const MAX_FIELD_BYTES: usize = 64 * 1024;

/// Checks size, header size and the number of parts that can come of it. A part below another has a Content-Type
/// field to say so, and a part beside another has a boundary before it: both are counted, wherever they stand.
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
    let too_many = Err(ParseError::TooManyParts { limit: MAX_PARTS });
    let fields: Vec<&[u8]> = content_types(message).take(MAX_PARTS + 1).collect();
    if fields.len() > MAX_PARTS {
        return too_many;
    }
    let Some(boundaries) = boundaries(&fields) else {
        return too_many;
    };
    // Each multipart, itself a part, has one delimiter more than parts.
    if delimiters(message, &boundaries)
        .nth(2 * MAX_PARTS)
        .is_some()
    {
        return too_many;
    }
    Ok(())
}

/// What follows the name of each Content-Type field and its colon.
fn content_types(message: &[u8]) -> impl Iterator<Item = &[u8]> {
    content_type_places(message).filter_map(|place| message.get(place..))
}

/// Where the value of each Content-Type field begins. As the parser does, takes white space within a name for nothing,
/// and a name behind something else on its line for a name.
pub(super) fn content_type_places(message: &[u8]) -> impl Iterator<Item = usize> {
    let mut name = [0; CONTENT_TYPE.len()];
    message
        .iter()
        .enumerate()
        .filter_map(move |(place, byte)| match byte {
            b':' if name == CONTENT_TYPE => Some(place + 1),
            b'\n' => {
                name.fill(0);
                None
            }
            byte if byte.is_ascii_whitespace() => None,
            byte => {
                name.rotate_left(1);
                if let Some(last) = name.last_mut() {
                    *last = byte.to_ascii_lowercase();
                }
                None
            }
        })
}

/// The boundaries that these fields declare, each once, as the parser will read them. `None` when there are too many,
/// or a field is too long to tell.
fn boundaries(fields: &[&[u8]]) -> Option<Vec<Vec<u8>>> {
    let mut boundaries: Vec<Vec<u8>> = Vec::new();
    for field in fields {
        let start = field.get(..MAX_FIELD_BYTES).unwrap_or(field);
        let is_cut = start.len() < field.len() && !has_end(start);
        let content_type = read_content_type(start);
        let is_multipart = content_type
            .as_ref()
            .is_none_or(|content_type| content_type.ctype().eq_ignore_ascii_case("multipart"));
        if is_cut && is_multipart {
            return None;
        }
        let boundary = content_type
            .as_ref()
            .and_then(|content_type| content_type.attribute("boundary"));
        let Some(boundary) = boundary.filter(|boundary| !boundary.is_empty()) else {
            continue;
        };
        if !boundaries.iter().any(|known| known == boundary.as_bytes()) {
            boundaries.push(boundary.as_bytes().to_vec());
        }
    }
    (boundaries.len() <= MAX_BOUNDARIES).then_some(boundaries)
}

/// A Content-Type field's value as the parser reads it, from its first bytes on.
pub(super) fn read_content_type(value: &[u8]) -> Option<ContentType<'static>> {
    let header = [b"Content-Type:", value, b"\n\n"].concat();
    let parsed = MessageParser::default().parse_headers(&header)?;
    let field = parsed.headers().first()?.clone().into_owned();
    field.value.into_content_type()
}

/// Whether a field ends in this: at a line break that no white space follows (RFC 5322, section 2.2.3).
fn has_end(text: &[u8]) -> bool {
    text.windows(2)
        .any(|pair| matches!(pair, [b'\n', after] if !matches!(after, b' ' | b'\t')))
}

/// Places where the parser may see one of these boundaries. It does not ask that they begin a line.
fn delimiters<'a>(message: &'a [u8], boundaries: &'a [Vec<u8>]) -> impl Iterator<Item = usize> {
    let dashes = message.windows(2).enumerate();
    dashes.filter_map(|(place, pair)| {
        let rest = message.get(place + 2..).filter(|_| pair == b"--")?;
        let is_delimiter = boundaries.iter().any(|boundary| rest.starts_with(boundary));
        is_delimiter.then_some(place)
    })
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
    fn empty_parts_that_would_cost_the_memory_are_refused() {
        for declared in ["boundary=b", "boundary=\"b\"", "x=y;\r\n BOUNDARY=b"] {
            for part in ["--b\n\n", "x --b\n\n"] {
                let mut bomb = format!("Content -Type : multipart/mixed; {declared}\r\n\r\n");
                bomb.push_str(&part.repeat(100_000));
                assert_eq!(
                    check(bomb.as_bytes()),
                    Err(ParseError::TooManyParts { limit: MAX_PARTS }),
                    "{declared} {part}"
                );
            }
        }
    }

    #[test]
    fn rules_in_a_text_are_no_parts() {
        let mut message = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n".to_vec();
        message.extend(b"--- a\n".repeat(10_000));
        message.extend(b"--b--\n");
        assert_eq!(check(&message), Ok(()));
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
