//! `yutu convert`: every format read back with someone else's program, and files of other programs read by Yutu.

#[path = "../common/mod.rs"]
mod common;

mod asked;
mod awkward;
mod engines;
mod others;
mod samples;
mod shifted;
mod systems;
mod written;
