//! Epochs, revisions and times as SQLite keeps them: signed integers.

use std::time::SystemTime;

use etag_core::{Environment, Epoch, Revision, from_unix_micros, unix_micros};

pub(crate) fn draw_epoch(environment: &Environment) -> Epoch {
    Epoch::from_bytes(environment.random_bytes())
}

pub(crate) fn epoch_to_sql(epoch: Epoch) -> i64 {
    epoch.to_bytes().into_iter().fold(0, |number, byte| (number << 8) | i64::from(byte))
}

pub(crate) fn epoch_from_sql(number: i64) -> Epoch {
    let [_, _, bytes @ ..] = number.to_be_bytes();
    Epoch::from_bytes(bytes)
}

pub(crate) fn sequence_to_sql(revision: Revision) -> i64 {
    to_sql(revision.sequence())
}

/// What is too great for SQLite is kept as the greatest that it has: no store lives that long.
pub(crate) fn to_sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(crate) fn count_to_sql(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(crate) fn from_sql(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

pub(crate) fn time_to_sql(time: SystemTime) -> i64 {
    to_sql(unix_micros(time))
}

pub(crate) fn time_from_sql(micros: i64) -> SystemTime {
    from_unix_micros(from_sql(micros))
}

/// The time as it will be read back: what a commit answers is what a later read finds.
pub(crate) fn to_stored_precision(time: SystemTime) -> SystemTime {
    from_unix_micros(unix_micros(time))
}
