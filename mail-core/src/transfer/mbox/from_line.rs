//! The line before each message of an mbox: `From sender date`, where the date is asctime's, in practice with a zone
//! before or behind the year, and where some programs leave out the sender or the date.

use mail_parser::DateTime;

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
/// Longest such line looked at, in bytes.
const MAX_BYTES: usize = 1_000;

/// What a line that begins with `From ` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FromLine {
    /// It has a date: it stands before a message.
    Dated {
        /// In milliseconds since 1970.
        ms: u64,
    },
    /// It has a sender at most: it stands before a message if a header follows.
    Bare,
    /// Words of a text.
    Words,
}

impl FromLine {
    /// Reads a line without its end; `None` when it does not begin so.
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        let rest = line.strip_prefix(b"From ").or_else(|| {
            // Programs that cut white space at the ends of lines.
            (line == b"From").then_some(b"")
        })?;
        let rest = String::from_utf8_lossy(rest.get(..MAX_BYTES).unwrap_or(rest));
        let words: Vec<&str> = rest.split_ascii_whitespace().collect();
        Some(match date(&words) {
            Some(ms) => Self::Dated { ms },
            None if words.len() < 2 => Self::Bare,
            None => Self::Words,
        })
    }
}

/// The date among the words, whatever their order.
fn date(words: &[&str]) -> Option<u64> {
    let month_at = words.iter().rposition(|word| month(word).is_some())?;
    let month = words.get(month_at).and_then(|word| month(word))?;
    let before = month_at.checked_sub(1).and_then(|at| words.get(at));
    let after = words.get(month_at + 1);
    let day = [after, before]
        .into_iter()
        .flatten()
        .find_map(|word| number(word.trim_end_matches(','), 1..=2, 1..=31))?;
    let dated = words.get(month_at..)?;
    let (hour, minute, second) = dated.iter().find_map(|word| time(word))?;
    let year = dated
        .iter()
        .find_map(|word| number(word, 4..=4, 1_970..=2_200))?;
    let (is_before, zone_hour, zone_minute) =
        dated.iter().find_map(|word| zone(word)).unwrap_or_default();
    let date = DateTime {
        year: u16::try_from(year).ok()?,
        month,
        day: u8::try_from(day).ok()?,
        hour,
        minute,
        second,
        tz_before_gmt: is_before,
        tz_hour: zone_hour,
        tz_minute: zone_minute,
    };
    let seconds = u64::try_from(date.to_timestamp()).ok()?;
    Some(seconds.saturating_mul(1_000))
}

fn month(word: &str) -> Option<u8> {
    (1..)
        .zip(MONTHS)
        .find_map(|(number, name)| name.eq_ignore_ascii_case(word).then_some(number))
}

/// `HH:MM` or `HH:MM:SS`.
fn time(word: &str) -> Option<(u8, u8, u8)> {
    let mut parts = word.split(':');
    let mut part = |most| {
        let number = number(parts.next()?, 1..=2, 0..=most)?;
        u8::try_from(number).ok()
    };
    let (hour, minute) = (part(23)?, part(59)?);
    Some((hour, minute, part(60).unwrap_or(0)))
}

/// `+HHMM` or `-HHMM`.
fn zone(word: &str) -> Option<(bool, u8, u8)> {
    let digits = word.strip_prefix(['+', '-'])?;
    let number = number(digits, 4..=4, 0..=1_459)?;
    let (hour, minute) = (number / 100, number % 100);
    Some((
        word.starts_with('-'),
        u8::try_from(hour).ok()?,
        u8::try_from(minute).ok()?,
    ))
}

fn number(
    word: &str,
    digits: std::ops::RangeInclusive<usize>,
    range: std::ops::RangeInclusive<u32>,
) -> Option<u32> {
    let is_number = digits.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
    let number = is_number.then(|| word.parse().ok()).flatten()?;
    range.contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_many_programs() {
        let ms = 820_631_134_000; // 1996-01-03 01:05:34 UTC
        for line in [
            "From alice@example.org Wed Jan  3 01:05:34 1996",
            "From alice@example.org  Wed Jan 03 01:05:34 +0000 1996",
            "From - Wed Jan  3 01:05:34 1996",
            "From MAILER-DAEMON Wed Jan  3 02:05:34 1996 +0100",
            "From 1799@xxx Tue Jan 02 20:05:34 -0500 1996",
            "From alice@example.org Wed, 3 Jan 1996 01:05:34 +0000",
            "From alice@example.org Wed Jan  3 01:05:34 GMT 1996",
            "From \"a b\"@example.org Wed Jan  3 01:05:34 1996 remote from here",
        ] {
            assert_eq!(
                FromLine::read(line.as_bytes()),
                Some(FromLine::Dated { ms }),
                "{line}"
            );
        }
    }

    #[test]
    fn what_has_no_date_is_told_apart_from_words() {
        for (line, is) in [
            ("From ", Some(FromLine::Bare)),
            ("From", Some(FromLine::Bare)),
            ("From - ", Some(FromLine::Bare)),
            ("From alice@example.org", Some(FromLine::Bare)),
            ("From here on it rained.", Some(FromLine::Words)),
            ("From 10:30 on 3 May we danced", Some(FromLine::Words)),
            ("From Jan 45 10:30 1996", Some(FromLine::Words)),
            ("From: alice@example.org", None),
            ("from alice Wed Jan  3 01:05:34 1996", None),
            ("Fromage", None),
        ] {
            assert_eq!(FromLine::read(line.as_bytes()), is, "{line}");
        }
    }
}
