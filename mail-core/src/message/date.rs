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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_times() {
        assert_eq!(date_text(0), "1970-01-01 00:00 UTC");
        assert_eq!(date_text(951_827_696), "2000-02-29 12:34 UTC");
        assert!(date_text(u64::MAX).ends_with("UTC"));
    }
}
