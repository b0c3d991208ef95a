//! Makes a release build take up the web app anew when it was built anew. A debug build reads it while it runs.

fn main() {
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let watched = if is_release {
        "../www/dist"
    } else {
        "build.rs"
    };
    // How a build script talks to Cargo.
    #[allow(clippy::print_stdout)]
    {
        println!("cargo:rerun-if-changed={watched}");
    }
}
