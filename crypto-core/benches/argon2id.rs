//! Argon2id by itself, natively on one thread: what the WebAssembly module is held against. Prints the median of some runs,
//! in milliseconds. How many can be named: whoever measures in turns asks for one at a time.

#![allow(clippy::print_stdout)] // whoever runs it reads there

use smail_crypto_core::{Argon2idCost, argon2id};
use std::time::Instant;

const ROUNDS: usize = 7;

fn main() {
    // Cargo adds an argument of its own.
    let rounds = std::env::args().find_map(|argument| argument.parse().ok());
    let rounds = rounds.unwrap_or(ROUNDS).max(1);
    let cost = Argon2idCost {
        memory_kib: 64 * 1024,
        iterations: 3,
        parallelism: 4,
    };
    let mut times: Vec<f64> = (0..=rounds)
        .map(|_| {
            let begun = Instant::now();
            let key = argon2id(b"correct horse battery staple", &[7; 16], 32, cost);
            assert!(key.is_ok());
            begun.elapsed().as_secs_f64() * 1_000.0
        })
        .skip(1) // the first run pays for memory that the others find
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{:.2}", times.get(rounds / 2).copied().unwrap_or(f64::NAN));
}
