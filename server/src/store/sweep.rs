//! Removing what has had its time.

use super::{Store, StoreError};

/// What a sweep removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SweepReport {
    /// Sessions past their idle or absolute limit.
    pub sessions: u64,
    /// Uploads that were never finished.
    pub unfinished_uploads: u64,
    /// Blobs that were uploaded and named by no item for 24 hours.
    pub orphaned_blobs: u64,
    /// Idempotency keys past their time.
    pub idempotency_keys: u64,
    /// Streams of chunks whose blob went and which a crash had left.
    pub streams: u64,
}

impl Store {
    /// Removes what is due by `now_ms`. Call it every few minutes; it does little when little is due.
    ///
    /// # Errors
    /// [`StoreError`] alone; what was removed stays removed, the rest goes next time.
    pub fn sweep(&self, now_ms: u64) -> Result<SweepReport, StoreError> {
        let _ = now_ms;
        unimplemented!()
    }
}
