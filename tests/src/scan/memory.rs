//! Reads another process's memory through `/proc` (Linux). Needs the right to trace it: same user and parent, or root.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// Why a process's memory cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MemoryError {
    /// No such process, or no right to trace it.
    #[error(
        "the memory of process {pid} cannot be read: run as root, or let processes of one user trace each other \
         (sysctl kernel.yama.ptrace_scope=0)"
    )]
    Unreadable {
        /// The process.
        pid: u32,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
}

/// One stretch of memory.
#[derive(Debug)]
pub struct Region {
    /// What `/proc/PID/maps` says of it: addresses, and the file it comes from.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Every region of the process that can be read. What is unmapped while it is read is left out.
///
/// # Errors
/// [`MemoryError::Unreadable`].
pub fn regions(pid: u32) -> Result<impl Iterator<Item = Region>, MemoryError> {
    let unreadable = |cause| MemoryError::Unreadable { pid, cause };
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).map_err(unreadable)?;
    let mut memory = File::open(format!("/proc/{pid}/mem")).map_err(unreadable)?;
    let ranges: Vec<_> = maps.lines().filter_map(readable_range).collect();
    Ok(ranges.into_iter().filter_map(move |(start, end, name)| {
        Some(Region {
            name,
            bytes: read_range(&mut memory, start, end).ok()?,
        })
    }))
}

/// Reads a line of `/proc/PID/maps`: `start-end rwxp offset device inode path`.
fn readable_range(line: &str) -> Option<(u64, u64, String)> {
    let mut words = line.split_whitespace();
    let (start, end) = words.next()?.split_once('-')?;
    let is_readable = words.next()?.starts_with('r');
    let path = words.nth(3).unwrap_or("anonymous");
    // The kernel's own pages: not the process's data, and not readable through /proc/PID/mem.
    if !is_readable || path.starts_with("[v") {
        return None;
    }
    let address = |text| u64::from_str_radix(text, 16).ok();
    Some((
        address(start)?,
        address(end)?,
        format!("{start}-{end} {path}"),
    ))
}

fn read_range(memory: &mut File, start: u64, end: u64) -> io::Result<Vec<u8>> {
    memory.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    memory.take(end - start).read_to_end(&mut bytes)?;
    Ok(bytes)
}
