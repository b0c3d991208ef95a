//! Who watches mail come in: told how far it is, asked whether to go on.

use super::error::Stop;
use crate::api::ApiError;
use crate::transport::Transport;
use crate::views::ImportProgress;
use std::cell::RefCell;

/// Wait before the server is asked again, beyond what each call tries by itself.
const RETRY_MS: u32 = 2_000;
/// Longest wait that the server may ask for at a time.
const MAX_WAIT_MS: u32 = 60_000;

/// Who watches mail come in.
pub trait ImportWatch {
    /// It has come so far.
    fn progress(&self, progress: &ImportProgress);

    /// Whether nobody wants it any more.
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// Nobody watches.
impl ImportWatch for () {
    fn progress(&self, _: &ImportProgress) {}
}

/// How far it has come, and who is told.
pub(super) struct Report<'a, W> {
    watch: &'a W,
    progress: RefCell<ImportProgress>,
}

impl<'a, W: ImportWatch> Report<'a, W> {
    pub(super) fn new(watch: &'a W, total_bytes: f64) -> Self {
        let progress = ImportProgress {
            total_bytes,
            ..ImportProgress::default()
        };
        Self {
            watch,
            progress: RefCell::new(progress),
        }
    }

    pub(super) fn now(&self) -> ImportProgress {
        self.progress.borrow().clone()
    }

    /// Changes it, and tells.
    pub(super) fn tell(&self, change: impl FnOnce(&mut ImportProgress)) {
        change(&mut self.progress.borrow_mut());
        self.watch.progress(&self.now());
    }

    /// Changes it without a word.
    pub(super) fn note(&self, change: impl FnOnce(&mut ImportProgress)) {
        change(&mut self.progress.borrow_mut());
    }

    /// Whether to go on.
    pub(super) fn go_on(&self) -> Result<(), Stop> {
        if self.watch.is_cancelled() {
            Err(Stop::Cancelled)
        } else {
            Ok(())
        }
    }

    /// Waits before the server is asked again.
    pub(super) async fn wait(&self, error: &ApiError, transport: &impl Transport) {
        self.tell(|progress| progress.waiting = true);
        let asked_ms = error.retry_after_s().unwrap_or(0).saturating_mul(1_000);
        let asked_ms = u32::try_from(asked_ms).unwrap_or(MAX_WAIT_MS);
        transport.sleep(asked_ms.clamp(RETRY_MS, MAX_WAIT_MS)).await;
        self.note(|progress| progress.waiting = false);
    }
}
