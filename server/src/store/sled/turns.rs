//! Work that one thread does for all who wait: whoever gets the turn takes all that is waiting by then.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Jobs that wait, and the turn that does them.
#[derive(Debug)]
pub(super) struct Turns<Job, Outcome> {
    waiting: Mutex<Vec<Waiting<Job, Outcome>>>,
    turn: Mutex<()>,
}

#[derive(Debug)]
struct Waiting<Job, Outcome> {
    job: Job,
    outcome: Arc<OnceLock<Outcome>>,
}

impl<Job, Outcome: Clone> Turns<Job, Outcome> {
    /// Nothing waits.
    pub(super) fn new() -> Self {
        Self {
            waiting: Mutex::default(),
            turn: Mutex::default(),
        }
    }

    /// Has the job done, by this thread or another. `work` is given the jobs in the order in which they came, and gives
    /// their outcomes in the same; only one thread works at a time. `None` when the thread that did it panicked.
    pub(super) fn take(
        &self,
        job: Job,
        work: impl FnOnce(Vec<Job>) -> Vec<Outcome>,
    ) -> Option<Outcome> {
        let outcome = Arc::new(OnceLock::new());
        lock(&self.waiting).push(Waiting {
            job,
            outcome: Arc::clone(&outcome),
        });
        let _turn = lock(&self.turn);
        if outcome.get().is_none() {
            let (jobs, outcomes): (Vec<_>, Vec<_>) = std::mem::take(&mut *lock(&self.waiting))
                .into_iter()
                .map(|waiting| (waiting.job, waiting.outcome))
                .unzip();
            // None when whoever took this one panicked.
            if !jobs.is_empty() {
                for (place, outcome) in outcomes.iter().zip(work(jobs)) {
                    place.get_or_init(|| outcome);
                }
            }
        }
        outcome.get().cloned()
    }
}

/// A panic of whoever worked leaves nothing half-done that these locks guard.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::time::Duration;

    /// Waits until so many jobs are waiting.
    fn await_jobs<Job, Outcome>(turns: &Turns<Job, Outcome>, count: usize) {
        while lock(&turns.waiting).len() < count {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn what_waits_is_done_at_once_and_each_hears_of_its_own() {
        let turns = Turns::<u32, u32>::new();
        let (turns, works) = (&turns, &Mutex::new(Vec::new()));
        let double = |jobs: Vec<u32>| {
            lock(works).push(jobs.len());
            jobs.iter().map(|job| 2 * job).collect()
        };
        std::thread::scope(|scope| {
            let busy = lock(&turns.turn);
            let all: Vec<_> = (0..8)
                .map(|job| (job, scope.spawn(move || turns.take(job, double))))
                .collect();
            await_jobs(turns, 8);
            drop(busy);
            for (job, outcome) in all {
                assert_eq!(outcome.join().unwrap(), Some(2 * job));
            }
        });
        assert_eq!(*lock(works), [8]);
    }

    #[test]
    fn nobody_waits_for_whoever_panicked() {
        let turns = Turns::<u32, u32>::new();
        let turns = &turns;
        std::thread::scope(|scope| {
            let busy = lock(&turns.turn);
            let all: Vec<_> = (0..2)
                .map(|job| {
                    scope.spawn(move || {
                        catch_unwind(AssertUnwindSafe(|| turns.take(job, |_| panic!("gave up"))))
                    })
                })
                .collect();
            await_jobs(turns, 2);
            drop(busy);
            let outcomes = all.into_iter().map(|thread| thread.join().unwrap());
            let (panicked, told): (Vec<_>, Vec<_>) = outcomes.partition(Result::is_err);
            assert_eq!((panicked.len(), told.len()), (1, 1));
            assert!(matches!(told.first(), Some(Ok(None))));
        });
        assert_eq!(turns.take(7, |jobs| jobs), Some(7));
    }
}
