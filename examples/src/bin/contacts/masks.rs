//! Which fields of a person a request is about.

use std::collections::BTreeSet;

use etag_axum::Refused;

/// What can be asked for, and the numbers by which a tag tells it: those below 80 are in tags that were seen live, with the
/// fields which were asked for. Others are made up.
const READABLE: [(&str, &[u8]); 29] = [
    ("addresses", &[80]),
    ("ageRanges", &[81]),
    ("biographies", &[82]),
    ("birthdays", &[7]),
    ("calendarUrls", &[83]),
    ("clientData", &[84]),
    ("coverPhotos", &[85]),
    ("emailAddresses", &[9, 62]),
    ("events", &[86]),
    ("externalIds", &[87]),
    ("genders", &[8]),
    ("imClients", &[88]),
    ("interests", &[89]),
    ("locales", &[90]),
    ("locations", &[91]),
    ("memberships", &[22]),
    ("metadata", &[92]),
    ("miscKeywords", &[93]),
    ("names", &[2, 61]),
    ("nicknames", &[94]),
    ("occupations", &[95]),
    ("organizations", &[96]),
    ("phoneNumbers", &[97]),
    ("photos", &[3]),
    ("relations", &[98]),
    ("sipAddresses", &[99]),
    ("skills", &[100]),
    ("urls", &[101]),
    ("userDefined", &[102]),
];

/// The numbers that tags have whatever was asked for.
const ALWAYS: [u8; 3] = [1, 46, 55];

/// What a person has besides, in no mask.
const BESIDES: [&str; 8] = [
    "ageRange",
    "braggingRights",
    "fileAses",
    "relationshipInterests",
    "relationshipStatuses",
    "residences",
    "resourceName",
    "taglines",
];

/// What can be asked for and not changed.
const READ_ONLY: [&str; 5] = ["ageRanges", "coverPhotos", "metadata", "photos", "skills"];

/// Of which a contact has one value at most.
pub(crate) const SINGLETONS: [&str; 4] = ["biographies", "birthdays", "genders", "names"];

/// The fields that a request is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mask(Vec<&'static str>);

impl Mask {
    /// What the parameter of this name asks for.
    ///
    /// # Errors
    /// A path that is none of a person; no path at all.
    pub(crate) fn demanded(parameter: &str, given: Option<&str>) -> Result<Self, Refused> {
        let missing =
            || Refused::invalid(format!("{parameter} mask is required. Please specify one or more valid paths."));
        Self::read(parameter, given)?.ok_or_else(missing)
    }

    /// The same, or all where it asks for nothing.
    pub(crate) fn or_all(parameter: &str, given: Option<&str>) -> Result<Self, Refused> {
        Ok(Self::read(parameter, given)?.unwrap_or_else(|| Self(readable().collect())))
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
        Self(readable().filter(|path| !READ_ONLY.contains(path)).collect())
    }

    fn read(parameter: &str, given: Option<&str>) -> Result<Option<Self>, Refused> {
        let paths = given.unwrap_or_default().split(',').map(str::trim).filter(|path| !path.is_empty());
        let known = |path| readable().find(|known| *known == path).ok_or_else(|| illegal(parameter, path));
        let paths = paths.map(known).collect::<Result<Vec<_>, _>>()?;
        Ok(if paths.is_empty() { None } else { Some(Self(paths)) })
    }

    /// The paths, as they were given.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().copied()
    }

    /// The same as text, for tags that tell it.
    pub(crate) fn selection(&self) -> String {
        self.0.join(",")
    }

    /// Whether it is about this field.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.0.contains(&path)
    }
}

fn readable() -> impl Iterator<Item = &'static str> {
    READABLE.into_iter().map(|(path, _)| path)
}

/// Whether a person has a member of this name.
pub(crate) fn is_member(name: &str) -> bool {
    readable().chain(BESIDES).any(|known| known == name)
}

/// The numbers of the fields of a [`Mask::selection`], as tags tell them.
pub(crate) fn field_numbers(selection: &str) -> Vec<u8> {
    let asked = READABLE.into_iter().filter(|(path, _)| selection.split(',').any(|asked| asked == *path));
    let numbers = asked.flat_map(|(_, numbers)| numbers).chain(&ALWAYS);
    numbers.copied().collect::<BTreeSet<_>>().into_iter().collect()
}

fn illegal(parameter: &str, path: &str) -> Refused {
    Refused::invalid(format!("Invalid {parameter} mask path: {path}"))
}
