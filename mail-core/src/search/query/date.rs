//! Dates as a query names them.

const DAY_MS: i64 = 86_400_000;

/// The time of who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Today {
    /// Now, in milliseconds since 1970.
    pub(crate) now_ms: u64,
    /// How far the clock on the wall is ahead of UTC, in minutes.
    pub(crate) utc_offset_min: i32,
}

impl Today {
    /// The beginning of the day, month or year that is named, in milliseconds since 1970; `None` when it is no date.
    pub(super) fn beginning_of(self, word: &str) -> Option<u64> {
        let offset_ms = i64::from(self.utc_offset_min) * 60_000;
        let days = match word.to_lowercase().as_str() {
            "today" => self.day(offset_ms)?,
            "yesterday" => self.day(offset_ms)? - 1,
            word => days_since_1970(word)?,
        };
        let local_ms = days.checked_mul(DAY_MS)?;
        Some(u64::try_from(local_ms - offset_ms).unwrap_or(0))
    }

    fn day(self, offset_ms: i64) -> Option<i64> {
        let now_ms = i64::try_from(self.now_ms).ok()?;
        Some((now_ms + offset_ms).div_euclid(DAY_MS))
    }
}

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, with any of `-`, `/` and `.` between.
fn days_since_1970(word: &str) -> Option<i64> {
    let mut parts = word.split(['-', '/', '.']);
    let year = number(parts.next()?, 4..=4)?;
    let month = parts.next().map_or(Some(1), |month| number(month, 1..=2))?;
    let day = parts.next().map_or(Some(1), |day| number(day, 1..=2))?;
    let is_date = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    (is_date && parts.next().is_none()).then(|| civil_days(year, month, day))
}

fn number(digits: &str, lengths: std::ops::RangeInclusive<usize>) -> Option<i64> {
    let is_number =
        lengths.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from 1970-01-01 in the Gregorian calendar. Counted in years that begin with March, whose months then follow
/// one rule.
const fn civil_days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month <= 2 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leap_days + (153 * month + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Today = Today {
        now_ms: 1_774_958_400_000, // 2026-03-31T12:00:00Z
        utc_offset_min: 0,
    };

    #[test]
    fn days_months_and_years_begin_where_they_should() {
        for (word, seconds) in [
            ("1970", 0),
            ("1970-01-02", 86_400),
            ("2000-02-29", 951_782_400),
            ("2026-03-31", 1_774_915_200),
            ("2026/3", 1_772_323_200),
            ("today", 1_774_915_200),
            ("Yesterday", 1_774_828_800),
        ] {
            assert_eq!(NOON.beginning_of(word), Some(seconds * 1_000), "{word}");
        }
        for word in [
            "",
            "26",
            "2026-13",
            "2026-02-29",
            "2026-1-1-1",
            "2026-",
            "tomorrow",
            "٢٠٢٦",
        ] {
            assert_eq!(NOON.beginning_of(word), None, "{word}");
        }
    }

    #[test]
    fn a_day_begins_by_the_clock_on_the_wall() {
        let tokyo = Today {
            utc_offset_min: 9 * 60,
            ..NOON
        };
        assert_eq!(tokyo.beginning_of("2026-04-01"), Some(1_774_969_200_000));
        let late = Today {
            utc_offset_min: 13 * 60,
            ..NOON
        };
        assert_eq!(late.beginning_of("today"), late.beginning_of("2026-04-01"));
    }
}
