//! What the disk gives at most: the same octets appended to one file, one `fdatasync` for as many messages as there are
//! senders, which is as large as a group of the group commit can be.

use super::people::{MESSAGE_BYTES, message};
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

/// Messages a second.
pub(crate) fn appended_per_s(directory: &Path, group: usize, time: Duration) -> f64 {
    let path = directory.join("ceiling");
    let mut file = File::create(&path).unwrap();
    let messages: Vec<Vec<u8>> = (0..group).map(|_| message()).collect();
    let (started, mut written) = (Instant::now(), 0_u64);
    while started.elapsed() < time {
        for message in &messages {
            debug_assert_eq!(message.len(), MESSAGE_BYTES);
            file.write_all(message).unwrap();
        }
        file.sync_data().unwrap();
        written += group as u64;
    }
    let per_s = written as f64 / started.elapsed().as_secs_f64();
    std::fs::remove_file(&path).unwrap();
    per_s
}
