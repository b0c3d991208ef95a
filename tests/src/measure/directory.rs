//! What a directory takes on the disk.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// Bytes of the blocks that all files below take.
pub(super) fn disk_bytes(directory: &Path) -> std::io::Result<u64> {
    let mut bytes = 0;
    for entry in directory.read_dir()? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        bytes += if metadata.is_dir() {
            disk_bytes(&entry.path())?
        } else {
            metadata.blocks() * 512
        };
    }
    Ok(bytes)
}
