//! A clock that stands still until it is moved.

use futures_util::future::{BoxFuture, FutureExt as _};
use smail_server::clock::Clock;
use smail_server::rate_limit::MAX_DELAY;
use std::sync::Mutex;
use std::time::Duration;
use tokio::sync::watch;

/// Held-back answers are noted and come at once; longer sleeps end when the clock is moved past them.
pub(crate) struct TestClock {
    now_ms: watch::Sender<u64>,
    held_back: Mutex<Vec<Duration>>,
}

impl TestClock {
    pub(crate) fn new() -> Self {
        Self {
            now_ms: watch::channel(1_700_000_000_000).0,
            held_back: Mutex::default(),
        }
    }

    pub(crate) fn advance(&self, by: Duration) {
        let by_ms = u64::try_from(by.as_millis()).unwrap();
        self.now_ms.send_modify(|now_ms| *now_ms += by_ms);
    }

    /// By how much answers were held back since this was last asked.
    pub(crate) fn take_delays(&self) -> Vec<Duration> {
        std::mem::take(&mut self.held_back.lock().unwrap())
    }
}

impl Clock for TestClock {
    fn now_ms(&self) -> u64 {
        *self.now_ms.borrow()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        if duration <= MAX_DELAY {
            self.held_back.lock().unwrap().push(duration);
            return std::future::ready(()).boxed();
        }
        let mut now_ms = self.now_ms.subscribe();
        let until_ms = self.now_ms() + u64::try_from(duration.as_millis()).unwrap();
        async move {
            if now_ms.wait_for(|now_ms| *now_ms >= until_ms).await.is_err() {
                std::future::pending().await
            }
        }
        .boxed()
    }
}
