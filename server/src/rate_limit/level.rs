//! Levels that attempts raise and time lowers, and the delays that they turn into.

use super::MAX_DELAY;
use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

/// Most keys of one kind whose levels are remembered.
const MAX_LEVELS: usize = 100_000;

/// How far above the allowance a level rises at most: a burst, however long, is forgiven within minutes.
const MAX_OVER_ALLOWANCE: f64 = 80.0;

/// How a level turns into a delay.
#[derive(Debug, Clone, Copy)]
pub(super) struct Curve {
    /// Attempts that cost nothing.
    pub(super) allowance: u32,
    /// Attempts that a minute forgives.
    pub(super) forgiven_per_minute: u32,
    pub(super) growth: Growth,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Growth {
    /// 250 ms, doubled by each attempt over the allowance.
    Doubling,
    /// 100 ms for each attempt over the allowance.
    Steady,
}

impl Curve {
    fn delay(self, level: f64) -> Duration {
        let over = level - f64::from(self.allowance);
        if over <= 0.0 {
            return Duration::ZERO;
        }
        let seconds = match self.growth {
            Growth::Doubling => 0.25 * (over.ceil() - 1.0).min(16.0).exp2(),
            Growth::Steady => 0.1 * over.ceil(),
        };
        Duration::from_secs_f64(seconds.min(MAX_DELAY.as_secs_f64()))
    }

    fn ceiling(self) -> f64 {
        f64::from(self.allowance) + MAX_OVER_ALLOWANCE
    }

    fn level_after(self, level: Level, now_ms: u64) -> f64 {
        let minutes = now_ms.saturating_sub(level.at_ms) as f64 / 60_000.0;
        (level.value - minutes * f64::from(self.forgiven_per_minute)).max(0.0)
    }
}

#[derive(Debug, Clone, Copy)]
struct Level {
    value: f64,
    at_ms: u64,
}

/// Levels of one kind of key.
#[derive(Debug)]
pub(super) struct Levels<K> {
    curve: Curve,
    levels: HashMap<K, Level>,
}

impl<K: Eq + Hash + Clone> Levels<K> {
    /// No attempts yet.
    pub(super) fn new(curve: Curve) -> Self {
        Self {
            curve,
            levels: HashMap::new(),
        }
    }

    /// Counts an attempt, or a part of one, and says what it costs.
    pub(super) fn raise(&mut self, key: K, attempts: f64, now_ms: u64) -> Duration {
        if self.levels.len() >= MAX_LEVELS && !self.levels.contains_key(&key) {
            self.make_room(now_ms);
        }
        let level = self.levels.entry(key).or_insert(Level {
            value: 0.0,
            at_ms: now_ms,
        });
        *level = Level {
            value: (self.curve.level_after(*level, now_ms) + attempts).min(self.curve.ceiling()),
            at_ms: now_ms,
        };
        self.curve.delay(level.value)
    }

    /// Forgets a key's attempts.
    pub(super) fn forget(&mut self, key: &K) {
        self.levels.remove(key);
    }

    /// Takes one attempt back.
    pub(super) fn lower(&mut self, key: &K) {
        if let Some(level) = self.levels.get_mut(key) {
            level.value = (level.value - 1.0).max(0.0);
        }
    }

    /// Forgets who is forgiven; when nobody is, the lower half.
    fn make_room(&mut self, now_ms: u64) {
        let curve = self.curve;
        self.levels
            .retain(|_, level| curve.level_after(*level, now_ms) > 0.0);
        if self.levels.len() >= MAX_LEVELS {
            let mean = self.levels.values().map(|level| level.value).sum::<f64>()
                / self.levels.len() as f64;
            self.levels.retain(|_, level| level.value > mean);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_burst_is_forgiven_like_a_short_one() {
        let mut levels = Levels::new(Curve {
            allowance: 20,
            forgiven_per_minute: 4,
            growth: Growth::Doubling,
        });
        for _ in 0..10_000 {
            levels.raise("key", 1.0, 0);
        }
        assert_eq!(levels.raise("key", 1.0, 0), MAX_DELAY);
        let minutes = 21;
        assert_eq!(levels.raise("key", 1.0, minutes * 60_000), Duration::ZERO);
    }

    #[test]
    fn memory_is_bounded() {
        let mut levels = Levels::new(Curve {
            allowance: 1,
            forgiven_per_minute: 1,
            growth: Growth::Steady,
        });
        for key in 0..MAX_LEVELS + 10 {
            levels.raise(key, 1.0, 0);
        }
        assert!(levels.levels.len() <= MAX_LEVELS);
    }
}
