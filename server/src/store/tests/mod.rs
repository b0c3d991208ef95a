//! Tests of the store as a whole: every engine runs the same suite, every verb runs on every engine.

mod accounts;
mod backup;
mod blobs;
mod changes;
mod check;
mod clock;
mod concurrency;
mod conformance;
mod crash;
mod damage;
mod deliver;
mod fixture;
mod frozen;
mod full;
mod items;
mod migrations;
mod model;
mod opening;
mod restore;
mod sessions;
mod settled;
mod state;
mod sweep;
mod unread;
mod usage;
mod withholding;
