//! Dates that can be right.

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
