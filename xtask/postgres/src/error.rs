//! What can go wrong, in words.

use std::{fmt, io};

/// Why there is no server, or why it did not do what it was told to.
#[derive(Debug)]
pub struct Error {
    message: String,
    source: Option<io::Error>,
}

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None }
    }

    /// Makes an error of the system's, given what was tried.
    pub(crate) fn while_trying(what: impl fmt::Display) -> impl FnOnce(io::Error) -> Self {
        move |error| Self { message: format!("can't {what}: {error}"), source: Some(error) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}
