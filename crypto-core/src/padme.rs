//! Padme padding (Nikitin and others, "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs",
//! PoPETs 2019, section 4): a length gives away O(log log n) bits instead of all, for at most 12 % more bytes.

const MARK: u8 = 0x80;

/// The length that `len_bytes` is padded to.
pub(crate) const fn padded_len_bytes(len_bytes: usize) -> usize {
    if len_bytes < 2 {
        return len_bytes;
    }
    let exponent = len_bytes.ilog2();
    let mantissa_bits = exponent.ilog2() + 1;
    // `exponent` is below 64 and never below its own bit length minus one.
    let zero_bits = exponent.saturating_sub(mantissa_bits);
    let mask = (1_usize << zero_bits) - 1;
    match len_bytes.checked_add(mask) {
        Some(sum) => sum & !mask,
        None => len_bytes,
    }
}

/// Appends a mark and as many zeros as make the length a Padme length.
pub(crate) fn pad(content: &mut Vec<u8>) {
    content.push(MARK);
    content.resize(padded_len_bytes(content.len()), 0);
}

/// Length of the content in front of the padding; none when this is not what [`pad`] makes.
pub(crate) fn content_len_bytes(padded: &[u8]) -> Option<usize> {
    let mark = padded.iter().rposition(|&byte| byte != 0)?;
    let canonical = padded.get(mark) == Some(&MARK) && padded_len_bytes(mark + 1) == padded.len();
    canonical.then_some(mark)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lengths_are_those_of_the_paper() {
        for (len_bytes, padded) in [
            (0, 0),
            (1, 1),
            (2, 2),
            (9, 10),
            (100, 104),
            (1_000, 1_024),
            (1_025, 1_088),
            (1_000_000, 1_015_808),
        ] {
            assert_eq!(padded_len_bytes(len_bytes), padded, "{len_bytes}");
        }
    }

    #[test]
    fn padding_that_is_not_ours_is_refused() {
        for padded in [&b""[..], &[0; 8], b"abc", &[0x80, 0, 0, 0, 0, 0, 0]] {
            assert_eq!(content_len_bytes(padded), None, "{padded:?}");
        }
    }

    proptest! {
        #[test]
        fn padding_comes_off_again(content in proptest::collection::vec(any::<u8>(), 0..2_000)) {
            let mut padded = content.clone();
            pad(&mut padded);
            prop_assert_eq!(content_len_bytes(&padded), Some(content.len()));
        }

        #[test]
        fn overhead_is_small(len_bytes in 16_usize..100_000_000) {
            let padded = padded_len_bytes(len_bytes);
            prop_assert!(padded >= len_bytes);
            prop_assert!((padded - len_bytes) * 100 <= len_bytes * 12);
        }
    }
}
