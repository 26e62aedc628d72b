//! Epochs, revisions and times as PostgreSQL keeps them: signed integers.

use std::time::SystemTime;

use etag_core::{Epoch, Revision, from_unix_micros, unix_micros};

pub(crate) fn epoch_to_sql(epoch: Epoch) -> i64 {
    epoch.to_bytes().into_iter().fold(0, |number, byte| (number << 8) | i64::from(byte))
}

pub(crate) fn epoch_from_sql(number: i64) -> Epoch {
    let [_, _, bytes @ ..] = number.to_be_bytes();
    Epoch::from_bytes(bytes)
}

pub(crate) fn revision_from_sql(sequence: i64, epoch: i64) -> Revision {
    Revision::new(epoch_from_sql(epoch), from_sql(sequence))
}

pub(crate) fn to_sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
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

/// A time as it will be read back.
pub(crate) fn to_stored_precision(time: SystemTime) -> SystemTime {
    from_unix_micros(unix_micros(time))
}
