//! Secrets that JavaScript holds handles of: wiped one by one when their handles are freed, or all at once.

use crate::error::Thrown;
use std::cell::RefCell;
use std::fmt;
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    static HELD: RefCell<Vec<Weak<dyn Wipe>>> = const { RefCell::new(Vec::new()) };
}

/// Wipes every secret that is held: keys, passwords, export keys, plaintexts of decrypted messages, logins and streams that
/// are under way. Their handles throw `cleared` from then on. What JavaScript was given as bytes is its own to wipe; an
/// operation that is running ends first.
#[wasm_bindgen]
pub fn clear() {
    let held = HELD.take();
    held.iter()
        .filter_map(Weak::upgrade)
        .for_each(|secret| secret.wipe());
    wipe_stack();
}

/// More of the stack than any operation uses; a quarter of what there is.
const STACK_BYTES: usize = 256 * 1024;

/// Overwrites the stack below: what is moved leaves a copy there.
#[inline(never)]
#[allow(clippy::large_stack_arrays)] // that is what it is for
fn wipe_stack() {
    if cfg!(target_arch = "wasm32") {
        std::hint::black_box([0_u8; STACK_BYTES]);
    }
}

trait Wipe {
    fn wipe(&self);
}

/// A secret, until it is taken out or all are wiped.
pub(crate) struct Held<T>(Rc<RefCell<State<T>>>);

enum State<T> {
    Here(Rc<T>),
    Taken,
    Cleared,
}

impl<T: 'static> Held<T> {
    pub(crate) fn new(secret: T) -> Self {
        let cell = Rc::new(RefCell::new(State::Here(Rc::new(secret))));
        HELD.with_borrow_mut(|held| {
            // Those that are gone are let go of when there is no room for another.
            if held.len() == held.capacity() {
                held.retain(|secret| secret.strong_count() > 0);
            }
            let weak: Weak<RefCell<State<T>>> = Rc::downgrade(&cell);
            held.push(weak);
        });
        Self(cell)
    }

    /// Lends it out; not to be kept over an `await`. If the module breaks off meanwhile, for want of memory say, the handle
    /// can still be cleared.
    pub(crate) fn get(&self) -> Result<Rc<T>, Thrown> {
        match &*self.0.borrow() {
            State::Here(secret) => Ok(Rc::clone(secret)),
            other => Err(other.fault()),
        }
    }

    /// Takes it out, to be used up or given back.
    pub(crate) fn take(&self) -> Result<T, Thrown> {
        let mut state = self.0.borrow_mut();
        match &*state {
            State::Here(_) => match std::mem::replace(&mut *state, State::Taken) {
                // Whoever was lent it, and broke off, has it still: it is not to be had any more.
                State::Here(secret) => Rc::try_unwrap(secret).map_err(|_| state.fault()),
                other => Err(other.fault()),
            },
            other => Err(other.fault()),
        }
    }

    /// Gives it back, unless all were wiped meanwhile.
    pub(crate) fn give_back(&self, secret: T) {
        let mut state = self.0.borrow_mut();
        if matches!(*state, State::Taken) {
            *state = State::Here(Rc::new(secret));
        }
    }
}

impl<T> Wipe for RefCell<State<T>> {
    fn wipe(&self) {
        // Nothing here keeps it borrowed while JavaScript runs.
        if let Ok(mut state) = self.try_borrow_mut() {
            *state = State::Cleared;
        }
    }
}

impl<T> State<T> {
    fn fault(&self) -> Thrown {
        match self {
            Self::Cleared => Thrown::new(
                "cleared",
                "the secrets were cleared: load or make them again",
            ),
            Self::Here(_) | Self::Taken => Thrown::new(
                "already-finished",
                "this has been finished, has failed, or is not done with the call before: begin a new one",
            ),
        }
    }
}

impl<T> Drop for Held<T> {
    fn drop(&mut self) {
        wipe_stack();
    }
}

impl<T> fmt::Debug for Held<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Held(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tells when it is dropped.
    struct Secret(Rc<RefCell<u32>>);

    impl Drop for Secret {
        fn drop(&mut self) {
            *self.0.borrow_mut() += 1;
        }
    }

    #[test]
    fn all_are_wiped_at_once() {
        let dropped = Rc::new(RefCell::new(0));
        let held: Vec<_> = (0..100)
            .map(|_| Held::new(Secret(Rc::clone(&dropped))))
            .collect();
        assert!(held[7].get().is_ok());
        clear();
        assert_eq!(*dropped.borrow(), 100);
        assert!(held.iter().all(|secret| secret.get().is_err()));
    }

    #[test]
    fn what_was_out_when_all_were_wiped_does_not_come_back() {
        let held = Held::new(1);
        let secret = held.take().unwrap();
        assert!(held.take().is_err());
        clear();
        held.give_back(secret);
        assert!(held.get().is_err());
    }

    #[test]
    fn what_broke_off_while_it_had_a_secret_leaves_no_handle_of_it() {
        let held = Held::new(1);
        std::mem::forget(held.get().unwrap());
        assert!(held.get().is_ok());
        clear();
        assert!(held.get().is_err());
        let held = Held::new(1);
        std::mem::forget(held.get().unwrap());
        assert!(held.take().is_err());
    }

    #[test]
    fn it_is_given_back() {
        let held = Held::new(1);
        let secret = held.take().unwrap();
        held.give_back(secret);
        assert_eq!(*held.get().unwrap(), 1);
    }

    #[test]
    fn those_that_are_gone_are_let_go_of() {
        for _ in 0..10_000 {
            drop(Held::new(1));
        }
        HELD.with_borrow(|held| assert!(held.len() < 100, "{}", held.len()));
    }
}
