//! Dates, for people.

use mail_parser::DateTime;

/// The time in words that need no locale: `2026-11-22 04:28 UTC`.
pub(crate) fn date_text(date_s: u64) -> String {
    let date = DateTime::from_timestamp(i64::try_from(date_s).unwrap_or(0));
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02} UTC",
        date.year, date.month, date.day, date.hour, date.minute
    )
}

/// Before this there was no mail with such a header: 1980.
const EARLIEST_S: u64 = 315_532_800;
/// How far a clock may be ahead: two days, as time zones and carelessness allow.
const MAX_AHEAD_S: u64 = 2 * 24 * 3_600;

/// Whether a message that came at this time can have been written at that one.
pub(crate) const fn is_plausible(date_s: u64, arrival_s: u64) -> bool {
    date_s >= EARLIEST_S && date_s <= arrival_s.saturating_add(MAX_AHEAD_S)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_times() {
        assert_eq!(date_text(0), "1970-01-01 00:00 UTC");
        assert_eq!(date_text(951_827_696), "2000-02-29 12:34 UTC");
        assert!(date_text(u64::MAX).ends_with("UTC"));
    }

    #[test]
    fn clocks_that_are_far_wrong_are_seen() {
        let arrival_s = 1_795_324_800;
        for (date_s, is) in [
            (0, false),
            (86_400, false),
            (951_827_696, true),
            (arrival_s + 3_600, true),
            (4_070_908_800, false),
            (u64::MAX, false),
        ] {
            assert_eq!(is_plausible(date_s, arrival_s), is, "{date_s}");
        }
    }
}
