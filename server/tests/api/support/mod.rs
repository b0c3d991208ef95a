//! What every test stands on.

pub(crate) mod authenticator;
mod clock;
pub(crate) mod opaque;
pub(crate) mod person;
mod remote;
mod running;
mod server;

pub(crate) use clock::TestClock;
pub(crate) use opaque::{LoginHalf, register_record};
pub(crate) use person::{Person, SignUp};
pub(crate) use remote::{RemoteAnswer, RemotePerson};
pub(crate) use running::{Running, smail};
pub(crate) use server::{Answer, PROXY, Server, stream_text};

use smail_protocol::Bytes;

/// Bytes in their wire form.
pub(crate) fn bytes(bytes: &[u8]) -> Bytes {
    bytes.to_vec().into()
}
