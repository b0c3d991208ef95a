//! Has the server compiled again when the web app that it embeds was built anew. A debug build reads the files while
//! it runs, and only has to have seen their folder once.

use std::path::Path;

const WEB_APP: &str = "../www/dist";

fn main() {
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let watched = if is_release || !Path::new(WEB_APP).exists() {
        WEB_APP
    } else {
        "build.rs"
    };
    // How a build script talks to Cargo.
    #[allow(clippy::print_stdout)]
    {
        println!("cargo:rerun-if-changed={watched}");
    }
}
