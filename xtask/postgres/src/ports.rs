//! Ports that nobody listens on.

use std::{
    hash::{BuildHasher as _, RandomState},
    net::{Ipv4Addr, TcpListener},
    ops::Range,
};

use crate::Error;

/// Below what systems lend to outgoing connections: while our server is down, a client that tries to reconnect, or anyone
/// who asks for any port, can't be given ours.
const RANGE: Range<u16> = 20_000..32_000;

/// A port that was free a moment ago. Two that ask at once are unlikely to be given the same.
pub(crate) fn free() -> Result<u16, Error> {
    let start = u16::try_from(RandomState::new().hash_one(()) % u64::from(count())).unwrap_or_default();
    let candidates = (0..count()).map(|step| RANGE.start + (start + step) % count());
    candidates
        .into_iter()
        .find(|&port| is_free(port))
        .ok_or_else(|| Error::new(format!("no port of {}..{} is free on 127.0.0.1", RANGE.start, RANGE.end)))
}

const fn count() -> u16 {
    RANGE.end - RANGE.start
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_listened_on_is_not_free() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, free().unwrap())).unwrap();
        assert!(!is_free(listener.local_addr().unwrap().port()));
    }
}
