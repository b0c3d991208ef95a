//! What any S-Mail client must know, whatever it runs on.

pub mod views;
