//! What a path below the service's root names.

use clap::ValueEnum;
use etag_axum::Refused;
use etag_core::{Refusal, RefusalKind};
use uuid::Uuid;

use crate::tables::Set;

/// `accounts`, `accounts(ID)` or `accounts(ID)/name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) set: Set,
    pub(crate) id: Option<Uuid>,
    pub(crate) property: Option<String>,
}

/// How GUIDs are to be spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Guids {
    /// In any case
    AnyCase,
    /// In lower case; others are 400
    LowerCase,
}

impl Guids {
    /// The id that a text spells. What is written has lower case.
    ///
    /// # Errors
    /// [`RefusalKind::Invalid`] for what is no GUID, or not so spelled.
    pub(crate) fn read(self, text: &str) -> Result<Uuid, Refused> {
        let id = Uuid::try_parse(text)
            .map_err(|_| Refused::invalid(format!("{text:?} is no GUID, and alternate keys can't be had here")))?;
        let is_so_spelled = self == Self::AnyCase || id.to_string() == text;
        if is_so_spelled { Ok(id) } else { Err(Refused::invalid(format!("{text:?} is to be spelled {id}"))) }
    }

    fn in_parentheses(self, text: &str) -> Result<Uuid, Refused> {
        let end = || Refused::invalid(format!("the key ({text} has no end; close it with `)`"));
        self.read(text.strip_suffix(')').ok_or_else(end)?)
    }
}

impl Address {
    /// # Errors
    /// [`RefusalKind::NotFound`] for an unknown table, [`RefusalKind::Invalid`] for a key that is no GUID.
    pub(crate) fn parse(path: &str, guids: Guids) -> Result<Self, Refused> {
        let (row, property) = path.split_once('/').map_or((path, None), |(row, property)| (row, Some(property)));
        let (name, key) = row.split_once('(').map_or((row, None), |(name, key)| (name, Some(key)));
        let set = Set::named(name).ok_or_else(|| unknown_segment(name))?;
        let id = key.map(|key| guids.in_parentheses(key)).transpose()?;
        if property.is_some_and(|property| id.is_none() || property.contains('/')) {
            return Err(unknown_segment(path));
        }
        Ok(Self { set, id, property: property.map(str::to_owned) })
    }

    /// The row that a reference names: an address of one, below the root or from any root.
    ///
    /// # Errors
    /// As for [`parse`](Self::parse), and [`RefusalKind::Invalid`] for what names no row.
    pub(crate) fn of_reference(reference: &str, guids: Guids) -> Result<(Set, Uuid), Refused> {
        let row = reference.rsplit('/').next().unwrap_or_default();
        let address = Self::parse(row, guids)?;
        let id = address
            .id
            .ok_or_else(|| Refused::invalid(format!("{reference:?} names no row; send \"/accounts(ID)\"")))?;
        Ok((address.set, id))
    }
}

pub(crate) fn unknown_segment(segment: &str) -> Refused {
    Refusal::new(RefusalKind::NotFound)
        .with_code("0x8006088a")
        .saying(format!("Resource not found for the segment '{segment}'."))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "00000000-0000-0000-0000-00000000abcd";

    fn address(id: Option<&str>, property: Option<&str>) -> Address {
        let id = id.map(|id| id.parse().unwrap());
        Address { set: Set::Accounts, id, property: property.map(str::to_owned) }
    }

    fn parsed(path: &str) -> Result<Address, Refused> {
        Address::parse(path, Guids::AnyCase)
    }

    #[test]
    fn tables_rows_and_properties_have_addresses() {
        assert_eq!(parsed("accounts").unwrap(), address(None, None));
        assert_eq!(parsed(&format!("accounts({ID})")).unwrap(), address(Some(ID), None));
        assert_eq!(parsed(&format!("accounts({})/name", ID.to_uppercase())).unwrap(), address(Some(ID), Some("name")));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for (path, status) in [
            ("", 404),
            ("account", 404),
            ("accounts/name", 404),
            (&*format!("accounts({ID})/name/$value"), 404),
            ("accounts(", 400),
            ("accounts()", 400),
            ("accounts(accountnumber='x')", 400),
            (&*format!("accounts({ID}"), 400),
        ] {
            assert_eq!(parsed(path).unwrap_err().0.kind.usual_status(), status, "{path}");
        }
    }

    #[test]
    fn references_name_rows_from_any_root() {
        for reference in ["accounts(ID)", "/accounts(ID)", "http://h/api/data/v9.2/accounts(ID)"] {
            let named = Address::of_reference(&reference.replace("ID", ID), Guids::AnyCase).unwrap();
            assert_eq!(named, (Set::Accounts, ID.parse().unwrap()));
        }
        assert!(Address::of_reference("/accounts", Guids::AnyCase).is_err());
    }
}
