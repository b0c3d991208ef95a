//! What the black-box tests stand on: the real server as a process, a client that runs natively, a recorder of raw
//! traffic, hostile messages, and the canary scanner.

pub mod hostile;
pub mod http;
pub mod people;
pub mod recorder;
pub mod scan;
pub mod server;
