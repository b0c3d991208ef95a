//! Octets of messages in the clear.

use std::fmt;
use std::hint::black_box;
use std::ops::{Deref, DerefMut};
use zeroize::ZeroizeOnDrop;

/// What is in a message, wiped when dropped. Like `Zeroizing<Vec<u8>>`, whose wiping goes octet by octet and took a third of
/// the time that a large message took (docs/decisions/0018); this fills, and keeps the compiler from leaving that out.
/// Keys stay in `Zeroizing`.
#[derive(Default)]
pub struct Plaintext(Vec<u8>);

impl Plaintext {
    /// Takes octets that are a secret from now on.
    #[must_use]
    pub const fn new(octets: Vec<u8>) -> Self {
        Self(octets)
    }
}

impl Deref for Plaintext {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.0
    }
}

impl DerefMut for Plaintext {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl Drop for Plaintext {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

impl ZeroizeOnDrop for Plaintext {}

impl fmt::Debug for Plaintext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Plaintext(..)")
    }
}

static ZEROS: [u8; 4096] = [0; 4096];

/// Overwrites all that the buffer has, used or not, with zeros. By `memset` and `memcpy`: loops over octets stay loops in
/// code that is compiled for size.
fn wipe(octets: &mut Vec<u8>) {
    octets.fill(0);
    while let Some(room_bytes @ 1..) = octets.capacity().checked_sub(octets.len()) {
        octets.extend_from_slice(ZEROS.get(..room_bytes).unwrap_or(&ZEROS));
    }
    // What is handed over here could be read by anybody, as far as the compiler knows.
    black_box(octets.as_mut_slice());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_it_is_wiped() {
        for bytes in [0, 1, 4_096, 10_000] {
            let mut octets = vec![7; bytes];
            octets.truncate(bytes / 3);
            wipe(&mut octets);
            assert_eq!(octets.len(), octets.capacity());
            assert!(octets.len() >= bytes && octets.iter().all(|octet| *octet == 0));
        }
    }

    #[test]
    fn it_shows_nothing() {
        assert_eq!(format!("{:?}", Plaintext::new(vec![7])), "Plaintext(..)");
    }
}
