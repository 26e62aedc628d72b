//! End-to-end, compile-fail and property tests; they stand in `tests/tests`.

/// The program of the README, compiled as a doctest.
#[doc = include_str!("../../README.md")]
#[derive(Debug)]
pub struct Readme;
