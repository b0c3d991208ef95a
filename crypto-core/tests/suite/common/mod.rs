//! What several test programs share: vector files and random number generators that are not random.

#![allow(dead_code, reason = "not every test program uses all of it")]

use rand::{CryptoRng, RngCore, SeedableRng as _};
use rand_chacha::ChaCha20Rng;
use std::collections::BTreeMap;

/// A generator that gives the same bytes at every run.
pub(crate) fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

/// A file of `name: hexadecimal` lines; a value may go on over several lines, `#` begins a comment.
pub(crate) struct Vectors(BTreeMap<String, String>);

impl Vectors {
    pub(crate) fn parse(text: &str) -> Self {
        let mut values = BTreeMap::new();
        let mut name = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let digits = match line.split_once(": ") {
                Some((new, digits)) => {
                    name = new.to_owned();
                    digits
                }
                None => line,
            };
            values
                .entry(name.clone())
                .or_insert_with(String::new)
                .push_str(digits.trim());
        }
        Self(values)
    }

    pub(crate) fn find(&self, name: &str) -> Option<Vec<u8>> {
        self.0.get(name).map(|digits| from_hex(digits))
    }

    pub(crate) fn get(&self, name: &str) -> Vec<u8> {
        self.find(name)
            .unwrap_or_else(|| panic!("no vector {name}"))
    }
}

pub(crate) fn from_hex(digits: &str) -> Vec<u8> {
    assert!(digits.len().is_multiple_of(2), "odd number of digits");
    (0..digits.len())
        .step_by(2)
        .map(|place| u8::from_str_radix(&digits[place..place + 2], 16).unwrap())
        .collect()
}

pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A generator that gives out what it was told to, and nothing after that.
pub(crate) struct Scripted(Vec<u8>);

impl Scripted {
    pub(crate) fn new(parts: &[&[u8]]) -> Self {
        let mut bytes = parts.concat();
        bytes.reverse();
        Self(bytes)
    }

    pub(crate) fn assert_used_up(&self) {
        assert!(
            self.0.is_empty(),
            "{} scripted bytes are left",
            self.0.len()
        );
    }
}

impl RngCore for Scripted {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.0.pop().expect("the script has ended");
        }
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Scripted {}
