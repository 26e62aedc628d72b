//! The user whose processes and files a server is made of.

use std::{
    os::unix::{fs::chown, process::CommandExt as _},
    path::Path,
    process::Command,
};

use nix::unistd::{User, geteuid};

use crate::Error;

/// Users without rights of their own; the first is there where PostgreSQL was installed by a package manager.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

/// The caller, unless that is root: PostgreSQL refuses to run as root.
#[derive(Debug)]
pub(crate) enum Owner {
    Caller,
    Other(User),
}

impl Owner {
    pub(crate) fn choose() -> Result<Self, Error> {
        if !geteuid().is_root() {
            return Ok(Self::Caller);
        }
        let other = UNPRIVILEGED.iter().find_map(|name| User::from_name(name).ok().flatten());
        other.map(Self::Other).ok_or_else(|| {
            Error::new(
                "PostgreSQL does not run as root, and there is no user `postgres` or `nobody`; run `useradd --system postgres`",
            )
        })
    }

    /// Makes the command run as this user.
    pub(crate) fn runs(&self, command: &mut Command) {
        if let Self::Other(user) = self {
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
    }

    /// Makes the folder this user's.
    pub(crate) fn takes(&self, folder: &Path) -> Result<(), Error> {
        let Self::Other(user) = self else { return Ok(()) };
        chown(folder, Some(user.uid.as_raw()), Some(user.gid.as_raw())).map_err(Error::while_trying(format_args!(
            "give {} to {}",
            folder.display(),
            user.name
        )))
    }
}
