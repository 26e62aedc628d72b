//! End-to-end, compile-fail and property tests; they stand in `tests/tests`.

/// The program of the README, compiled and not run. Its relative links mean nothing to rustdoc, so it is no documentation.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
