//! Holds what it reads in its memory until it is stopped: something for the canary scanner to prove itself on.

use std::io::{Read as _, Write as _};

fn main() -> std::io::Result<()> {
    let mut held = Vec::new();
    std::io::stdin().read_to_end(&mut held)?;
    let mut out = std::io::stdout();
    writeln!(out, "holding")?;
    out.flush()?;
    loop {
        std::thread::park();
        std::hint::black_box(&held);
    }
}
