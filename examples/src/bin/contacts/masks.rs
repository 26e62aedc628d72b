//! Which fields of a person a request is about.

use etag_axum::Refused;
use etag_core::{Refusal, RefusalKind};

/// What can be asked for.
const READABLE: [&str; 29] = [
    "addresses",
    "ageRanges",
    "biographies",
    "birthdays",
    "calendarUrls",
    "clientData",
    "coverPhotos",
    "emailAddresses",
    "events",
    "externalIds",
    "genders",
    "imClients",
    "interests",
    "locales",
    "locations",
    "memberships",
    "metadata",
    "miscKeywords",
    "names",
    "nicknames",
    "occupations",
    "organizations",
    "phoneNumbers",
    "photos",
    "relations",
    "sipAddresses",
    "skills",
    "urls",
    "userDefined",
];

/// What can be asked for and not changed.
const READ_ONLY: [&str; 5] = ["ageRanges", "coverPhotos", "metadata", "photos", "skills"];

/// Of which a contact has one value at most.
pub(crate) const SINGLETONS: [&str; 4] = ["biographies", "birthdays", "genders", "names"];

/// The fields that a request is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mask(Vec<&'static str>);

impl Mask {
    /// What the parameter of this name asks for.
    ///
    /// # Errors
    /// A path that is none of a person; no path at all.
    pub(crate) fn demanded(parameter: &str, given: Option<&str>) -> Result<Self, Refused> {
        let missing = || invalid(format!("{parameter} mask is required. Please specify one or more valid paths."));
        Self::read(parameter, given)?.ok_or_else(missing)
    }

    /// The same, or all where it asks for nothing.
    pub(crate) fn or_all(parameter: &str, given: Option<&str>) -> Result<Self, Refused> {
        Ok(Self::read(parameter, given)?.unwrap_or_else(|| Self(READABLE.to_vec())))
    }

    /// The same, or nothing.
    pub(crate) fn or_nothing(parameter: &str, given: Option<&str>) -> Result<Option<Self>, Refused> {
        Self::read(parameter, given)
    }

    /// What the parameter of this name wants to change.
    ///
    /// # Errors
    /// As for [`demanded`](Self::demanded); a path that only the service writes.
    pub(crate) fn of_changes(parameter: &str, given: Option<&str>) -> Result<Self, Refused> {
        let mask = Self::demanded(parameter, given)?;
        match mask.0.iter().find(|path| READ_ONLY.contains(path)) {
            Some(path) => Err(illegal(parameter, path)),
            None => Ok(mask),
        }
    }

    /// All that can be changed.
    pub(crate) fn of_all_changes() -> Self {
        Self(READABLE.into_iter().filter(|path| !READ_ONLY.contains(path)).collect())
    }

    fn read(parameter: &str, given: Option<&str>) -> Result<Option<Self>, Refused> {
        let paths = given.unwrap_or_default().split(',').map(str::trim).filter(|path| !path.is_empty());
        let known = |path| READABLE.into_iter().find(|known| *known == path).ok_or_else(|| illegal(parameter, path));
        let paths = paths.map(known).collect::<Result<Vec<_>, _>>()?;
        Ok(if paths.is_empty() { None } else { Some(Self(paths)) })
    }

    /// The paths, as they were given.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().copied()
    }

    /// Whether it is about this field.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.0.contains(&path)
    }
}

fn illegal(parameter: &str, path: &str) -> Refused {
    invalid(format!("Invalid {parameter} mask path: {path}"))
}

/// A request that makes no sense, in these words.
pub(crate) fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> Refused {
    Refusal::new(RefusalKind::Invalid).saying(message).into()
}
