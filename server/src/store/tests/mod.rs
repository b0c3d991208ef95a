//! Tests of the store as a whole: every engine runs the same suite, every verb runs on every engine.

mod accounts;
mod blobs;
mod changes;
mod concurrency;
mod conformance;
mod crash;
mod deliver;
mod fixture;
mod frozen;
mod items;
mod model;
mod opening;
mod sessions;
mod state;
mod sweep;
