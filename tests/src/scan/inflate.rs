//! Finds gzip and zlib members anywhere in bytes, and inflates them.

use flate2::read::{GzDecoder, ZlibDecoder};
use std::io::Read;

/// Most that is inflated of one member, in bytes.
const MAX_INFLATED_BYTES: u64 = 4 * 1024 * 1024;
/// Fewer inflated bytes than this are chance: two bytes of any data look like a zlib header often.
const MIN_INFLATED_BYTES: usize = 16;

/// Every member: where it begins and what it inflates to, as far as it can be inflated.
pub(super) fn members(bytes: &[u8]) -> impl Iterator<Item = (usize, Vec<u8>)> {
    bytes
        .windows(3)
        .enumerate()
        .filter_map(move |(offset, start)| {
            let rest = bytes.get(offset..)?;
            let inflated = match start {
                [0x1f, 0x8b, 8] => as_far_as_it_goes(GzDecoder::new(rest)),
                [cmf @ 0x78, flg, _] if is_zlib_header(*cmf, *flg) => {
                    as_far_as_it_goes(ZlibDecoder::new(rest))
                }
                _ => return None,
            };
            (inflated.len() >= MIN_INFLATED_BYTES).then_some((offset, inflated))
        })
}

/// RFC 1950, section 2.2: the two bytes are a multiple of 31, and no preset dictionary is asked for.
fn is_zlib_header(cmf: u8, flg: u8) -> bool {
    u16::from_be_bytes([cmf, flg]).is_multiple_of(31) && flg & 0x20 == 0
}

/// Reads until the end, the limit or the first fault. What came before a fault counts.
pub(super) fn as_far_as_it_goes(reader: impl Read) -> Vec<u8> {
    let mut read = Vec::new();
    let mut reader = reader.take(MAX_INFLATED_BYTES);
    let mut chunk = [0; 4096];
    while let Ok(len @ 1..) = reader.read(&mut chunk) {
        read.extend_from_slice(chunk.get(..len).unwrap_or_default());
    }
    read
}
