//! What a run comes to.

use std::fmt;
use std::ops::AddAssign;

/// Counts over a whole run. Prints as the run's last line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Operations that the server said were done: uploads, deliveries, writes, removals.
    pub acknowledged: u64,
    /// Objects that are not there, or not as new as acknowledged, or back after their removal.
    pub lost: u64,
    /// Objects that nobody wrote like this, blobs whose octets are not what their name says, listings that disagree.
    pub corrupt: u64,
    /// Deliveries that some got and some did not, or got twice.
    pub half_delivered: u64,
}

impl Tally {
    /// Whether nothing is wrong.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.lost == 0 && self.corrupt == 0 && self.half_delivered == 0
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            acknowledged,
            lost,
            corrupt,
            half_delivered,
        } = self;
        write!(
            f,
            "acknowledged {acknowledged}, lost {lost}, corrupt {corrupt}, half-delivered {half_delivered}"
        )
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.acknowledged += other.acknowledged;
        self.lost += other.lost;
        self.corrupt += other.corrupt;
        self.half_delivered += other.half_delivered;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_what_readers_of_it_expect() {
        let tally = Tally {
            acknowledged: 7,
            half_delivered: 1,
            ..Tally::default()
        };
        assert_eq!(
            tally.to_string(),
            "acknowledged 7, lost 0, corrupt 0, half-delivered 1"
        );
        assert!(!tally.is_clean());
    }
}
