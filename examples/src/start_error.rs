//! Why an example did not start, or did not stop well.

use std::{error::Error, fmt, io, net::SocketAddr};

use crate::StoreChoice;

/// Why an example ended with an exit code other than 0.
#[derive(Debug)]
pub enum StartError {
    /// The address can't be listened on.
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        error: io::Error,
    },
    /// The store can't be opened or filled.
    Store {
        /// The store.
        store: StoreChoice,
        /// What it said.
        error: etag_core::Error,
    },
    /// The server broke off.
    Serve(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen { address, error } if error.kind() == io::ErrorKind::AddrInUse => {
                write!(f, "can't listen on {address}: the port is in use; choose another one with --listen")
            }
            Self::Listen { address, error } => write!(f, "can't listen on {address}: {error}"),
            Self::Store { store, error } => write!(f, "can't use the store {store}: {error}"),
            Self::Serve(error) => write!(f, "the server stopped: {error}"),
        }
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Listen { error, .. } | Self::Serve(error) => Some(error),
            Self::Store { error, .. } => Some(error),
        }
    }
}
