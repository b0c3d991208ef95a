//! Where a request comes from, for rate limits alone: never logged, never kept.

use crate::rate_limit::Origin;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv6Addr};

/// The network of the connection's other end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientOrigin(pub(crate) Origin);

impl FromRequest for ClientOrigin {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let address = request
            .peer_addr()
            .map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer| peer.ip());
        ready(Ok(Self(Origin::from(address))))
    }
}
