//! `cargo bench -p smail-mail-core --features bench --bench search [-- MESSAGES…]`: the search index on made mail.

#![allow(clippy::print_stdout)] // it speaks to whoever measures

use smail_mail_core::search::measure::{Figures, measure};

/// The made mail is the same for the same seed.
const SEED: u64 = 1;

fn main() {
    let named: Vec<usize> = std::env::args()
        .filter_map(|argument| argument.parse().ok())
        .collect();
    let sizes = if named.is_empty() {
        vec![10_000, 100_000]
    } else {
        named
    };
    for messages in sizes {
        print(&measure(messages, SEED));
    }
}

fn print(figures: &Figures) {
    let share = |of: usize| 100.0 * figures.index_bytes as f64 / of as f64;
    let megabytes = |bytes: usize| bytes as f64 / 1e6;
    println!(
        "{} messages, {:.1} MB of bodies: index {:.1} MB in {} parts ({:.1} % of the bodies, {:.1} % of all text)",
        figures.messages,
        megabytes(figures.body_bytes),
        megabytes(figures.index_bytes),
        figures.parts,
        share(figures.body_bytes),
        share(figures.text_bytes),
    );
    println!(
        "  built in {:.1} s with {:.1} MB written, loaded in {:.0} ms",
        figures.building.as_secs_f64(),
        megabytes(figures.written_bytes),
        figures.loading.as_secs_f64() * 1e3,
    );
    for (query, hits, median) in &figures.searches {
        println!(
            "  {:>8.2} ms, {hits:>6} found: {query}",
            median.as_secs_f64() * 1e3
        );
    }
}
