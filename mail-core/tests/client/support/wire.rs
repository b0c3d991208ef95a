//! One browser's connection to the server in memory: its cookie, its faults, and what it has asked.

use super::fault::{Fault, Harm};
use super::world::{Answer, World, json, problem};
use smail_mail_core::transport::{Body, HttpRequest, HttpResponse, Transport, TransportError};
use smail_protocol::ItemId;
use smail_protocol::routes::ACCOUNT_HEADER;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

#[derive(Clone)]
pub struct Wire {
    pub world: Rc<RefCell<World>>,
    cookie: Rc<Cell<Option<u64>>>,
    faults: Rc<RefCell<Vec<Fault>>>,
    /// Method and path of every request that was tried.
    pub log: Rc<RefCell<Vec<String>>>,
    /// Every wait, in milliseconds.
    pub waits_ms: Rc<RefCell<Vec<u32>>>,
    /// What was announced before and after messages were taken apart.
    pub announced: Rc<RefCell<Vec<(&'static str, ItemId)>>>,
}

impl Wire {
    pub fn to(world: &Rc<RefCell<World>>) -> Self {
        Self {
            world: world.clone(),
            cookie: Rc::default(),
            faults: Rc::default(),
            log: Rc::default(),
            waits_ms: Rc::default(),
            announced: Rc::default(),
        }
    }

    pub fn harm(&self, fault: Fault) {
        self.faults.borrow_mut().push(fault);
    }

    /// From now on nothing goes wrong.
    pub fn heal(&self) {
        self.faults.borrow_mut().clear();
    }

    pub fn asked(&self, what: &str) -> usize {
        self.log
            .borrow()
            .iter()
            .filter(|line| line.contains(what))
            .count()
    }

    pub fn drop_cookie(&self) {
        self.cookie.set(None);
    }

    /// Another page of the same browser has logged in: the cookie is its from now on.
    pub fn take_cookie_of(&self, other: &Self) {
        self.cookie.set(other.cookie.get());
    }

    fn next_harm(&self, request: &HttpRequest) -> Option<Harm> {
        let mut faults = self.faults.borrow_mut();
        let fault = faults.iter_mut().find(|fault| fault.fits(request))?;
        fault.times -= 1;
        Some(fault.harm)
    }

    fn carry(&self, request: &HttpRequest) -> HttpResponse {
        let body = match &request.body {
            Body::None => &[][..],
            Body::Json(bytes) | Body::Octets(bytes) => bytes,
        };
        let meant = request
            .headers
            .iter()
            .find(|(name, _)| *name == ACCOUNT_HEADER);
        let mut world = self.world.borrow_mut();
        let Answer {
            status,
            cookie,
            body,
        } = world.answer(
            request.method.as_str(),
            &request.path,
            self.cookie.get(),
            meant.map(|(_, account)| account.parse().unwrap()),
            body,
        );
        if let Some(cookie) = cookie {
            self.cookie.set(cookie);
        }
        HttpResponse {
            status,
            content_type: String::new(),
            retry_after_s: None,
            body,
        }
    }
}

impl Transport for Wire {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.log
            .borrow_mut()
            .push(format!("{} {}", request.method.as_str(), request.path));
        match self.next_harm(&request) {
            Some(Harm::Offline) => Err(TransportError::Offline),
            Some(Harm::AnswerLost) => {
                self.carry(&request);
                Err(TransportError::Offline)
            }
            Some(Harm::Refused(code, status)) => Ok(HttpResponse {
                status,
                content_type: String::new(),
                retry_after_s: None,
                body: json(&problem(code, status)),
            }),
            Some(Harm::Status(status, retry_after_s)) => Ok(HttpResponse {
                status,
                content_type: String::new(),
                retry_after_s,
                body: Vec::new(),
            }),
            None => Ok(self.carry(&request)),
        }
    }

    async fn sleep(&self, ms: u32) {
        self.waits_ms.borrow_mut().push(ms);
    }

    fn now_ms(&self) -> u64 {
        self.world.borrow_mut().tick()
    }

    fn opening(&self, item: ItemId) {
        self.announced.borrow_mut().push(("opening", item));
    }

    fn opened(&self, item: ItemId) {
        self.announced.borrow_mut().push(("opened", item));
    }
}
