//! Tests of the store as a whole: every engine runs the same suite, every verb runs on every engine.

mod accounts;
mod backup;
mod blobs;
mod changes;
mod check;
mod concurrency;
mod conformance;
mod crash;
mod deliver;
mod fixture;
mod frozen;
mod items;
mod model;
mod opening;
mod restore;
mod sessions;
mod state;
mod sweep;
