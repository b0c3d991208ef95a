//! The archive's form, frozen, and every way of not being one.

use super::{ArchiveCounts, ArchiveError, ArchiveHeader, ArchiveReader, ArchiveWriter, push_write};
use crate::store::engine::Entry;
use proptest::prelude::*;

/// One entry, one batch that replaces it and deletes a key, and one more entry.
fn sample() -> Vec<u8> {
    let header = ArchiveHeader {
        layout: 1,
        made_ms: 0x0102_0304,
        domain: "mail.example".to_owned(),
    };
    let entry = |key: &str, value: &str| Entry {
        key: key.into(),
        value: value.into(),
    };
    let mut bytes = Vec::new();
    let mut writer = ArchiveWriter::begin(&mut bytes, &header).unwrap();
    writer.entries(&[entry("a", "old")]).unwrap();
    let mut batch = Vec::new();
    push_write(&mut batch, b"a", Some(b"new"));
    push_write(&mut batch, b"b", None);
    writer.batch(2, &batch).unwrap();
    writer.entries(&[entry("c", "")]).unwrap();
    writer.finish().unwrap();
    bytes
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn verify(bytes: &[u8]) -> Result<ArchiveCounts, ArchiveError> {
    ArchiveReader::open(bytes)?.verify(|_| ())
}

fn code(bytes: &[u8]) -> &'static str {
    verify(bytes).unwrap_err().code()
}

#[test]
fn format_1_stays_as_it_is() {
    let frozen = "534d41494c42414b 0001 00000001 0000000001020304 0c 6d61696c2e6578616d706c65 efc8412c \
        01 0000000b 01 0001 61 00000003 6f6c64 2b5cb775 \
        02 0000000f 01 0001 61 00000003 6e6577 00 0001 62 60010b69 \
        01 00000008 01 0001 63 00000000 b05ee3b9 \
        03 00000038 0000000000000002 0000000000000001 0000000000000002 \
        0a014ff737178a7e8b7d4af6c25ed71302bdddb95b4cc07a51a7269ea8c8f4cd bd9613ed";
    assert_eq!(hex(&sample()), frozen.replace(' ', ""));
}

#[test]
fn what_was_written_is_read() {
    let bytes = sample();
    let mut reader = ArchiveReader::open(&bytes[..]).unwrap();
    assert_eq!(reader.header().domain, "mail.example");
    let mut writes = Vec::new();
    while let Some(part) = reader.next_part().unwrap() {
        writes.extend(part.writes);
    }
    let put = |key: &str, value: &str| (key.into(), Some(value.into()));
    let expected: Vec<(Vec<u8>, Option<Vec<u8>>)> = vec![
        put("a", "old"),
        put("a", "new"),
        (b"b".to_vec(), None),
        put("c", ""),
    ];
    assert_eq!(writes, expected);
    let counts = ArchiveCounts {
        entries: 2,
        batches: 1,
        writes: 2,
        len_bytes: bytes.len() as u64,
    };
    assert_eq!(reader.counts(), counts);
}

#[test]
fn cut_off_anywhere_it_is_refused() {
    let bytes = sample();
    for len in 0..bytes.len() {
        let expected = if len < 8 {
            "backup-foreign"
        } else {
            "backup-truncated"
        };
        assert_eq!(code(&bytes[..len]), expected, "{len}");
    }
}

#[test]
fn another_file_and_a_newer_backup_are_told_apart() {
    assert_eq!(code(b"PK\x03\x04 and so on"), "backup-foreign");
    let mut newer = sample();
    newer[9] = 2;
    assert_eq!(code(&newer), "backup-newer-format");
    let mut writer = ArchiveHeader {
        layout: u32::MAX,
        made_ms: 0,
        domain: String::new(),
    };
    let mut bytes = Vec::new();
    let archive = ArchiveWriter::begin(&mut bytes, &writer).unwrap();
    archive.finish().unwrap();
    assert_eq!(code(&bytes), "backup-newer-layout");
    writer.layout = 1;
    let mut bytes = Vec::new();
    let archive = ArchiveWriter::begin(&mut bytes, &writer).unwrap();
    archive.finish().unwrap();
    assert!(verify(&bytes).is_ok());
}

#[test]
fn what_comes_after_the_end_is_damage() {
    assert_eq!(code(&[&sample()[..], b"x"].concat()), "backup-damaged");
}

#[test]
fn a_frame_left_out_or_exchanged_is_damage() {
    let bytes = sample();
    let header = 8 + 2 + 4 + 8 + 1 + 12 + 4;
    let lengths = [0x0b, 0x0f, 0x08, 0x38].map(|payload| 5 + payload + 4);
    let mut frames = Vec::new();
    let mut rest = &bytes[header..];
    for length in lengths {
        let (frame, after) = rest.split_at(length);
        frames.push(frame);
        rest = after;
    }
    assert!(rest.is_empty());
    for order in [&[0, 1, 3][..], &[0, 2, 1, 3], &[0, 1, 2, 2, 3], &[3]] {
        let mut altered = bytes[..header].to_vec();
        for frame in order {
            altered.extend_from_slice(frames[*frame]);
        }
        assert_eq!(code(&altered), "backup-damaged", "{order:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_flipped_bit_anywhere_is_noticed(at in 0..sample().len(), bit in 0_u8..8) {
        let mut bytes = sample();
        bytes[at] ^= 1 << bit;
        prop_assert!(verify(&bytes).is_err());
    }

    #[test]
    fn nonsense_is_refused_and_no_more(bytes in proptest::collection::vec(any::<u8>(), 0..200), after in 0..sample().len()) {
        let spoilt = [&sample()[..after], &bytes].concat();
        prop_assert!(spoilt == sample() || verify(&spoilt).is_err());
    }
}
