//! Where a request comes from, for rate limits alone: never logged, never kept.

use crate::app_state::AppState;
use crate::rate_limit::Origin;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv6Addr};

/// The network of the connection's other end, or of whom a trusted proxy there speaks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientOrigin(pub(crate) Origin);

impl FromRequest for ClientOrigin {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let peer = request
            .peer_addr()
            .map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer| peer.ip());
        let client = request
            .app_data::<web::Data<AppState>>()
            .map_or(peer, |state| {
                state.trusted_proxies.client(peer, request.headers())
            });
        ready(Ok(Self(Origin::from(client))))
    }
}
