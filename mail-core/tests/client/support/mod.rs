//! A server in memory that speaks the API, with a real OPAQUE side, and a wire to it on which things can go wrong.

mod accounts;
mod deliver;
mod fault;
mod mail;
mod passkeys;
mod people;
mod wire;
mod world;

pub use accounts::{APP_CODE, MAX_ATTACHMENT_BYTES};
pub use deliver::{deliver, deliver_blob};
pub use fault::{Fault, Harm};
pub use people::{ALICE, BOB, Party, draft, only_row};
pub use wire::Wire;
pub use world::World;
