//! What a path below the service's root names.

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

impl Address {
    /// # Errors
    /// [`RefusalKind::NotFound`] for an unknown table, [`RefusalKind::Invalid`] for a key that is no GUID.
    pub(crate) fn parse(path: &str) -> Result<Self, Refused> {
        let (row, property) = path.split_once('/').map_or((path, None), |(row, property)| (row, Some(property)));
        let (name, key) = row.split_once('(').map_or((row, None), |(name, key)| (name, Some(key)));
        let set = Set::named(name).ok_or_else(|| unknown_segment(name))?;
        let id = key.map(guid_in_parentheses).transpose()?;
        if property.is_some_and(|property| id.is_none() || property.contains('/')) {
            return Err(unknown_segment(path));
        }
        Ok(Self { set, id, property: property.map(str::to_owned) })
    }

    /// The row that a reference names: an address of one, below the root or from any root.
    ///
    /// # Errors
    /// As for [`parse`](Self::parse), and [`RefusalKind::Invalid`] for what names no row.
    pub(crate) fn of_reference(reference: &str) -> Result<(Set, Uuid), Refused> {
        let row = reference.rsplit('/').next().unwrap_or_default();
        let address = Self::parse(row)?;
        let id = address.id.ok_or_else(|| malformed(format!("{reference:?} names no row; send \"/accounts(ID)\"")))?;
        Ok((address.set, id))
    }
}

/// A GUID in any case; what is written has lower case.
pub(crate) fn guid(text: &str) -> Result<Uuid, Refused> {
    Uuid::try_parse(text).map_err(|_| malformed(format!("{text:?} is no GUID, and alternate keys can't be had here")))
}

fn guid_in_parentheses(text: &str) -> Result<Uuid, Refused> {
    guid(text.strip_suffix(')').ok_or_else(|| malformed(format!("the key ({text} has no end; close it with `)`")))?)
}

fn malformed(message: String) -> Refused {
    Refusal::new(RefusalKind::Invalid).saying(message).into()
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

    #[test]
    fn tables_rows_and_properties_have_addresses() {
        assert_eq!(Address::parse("accounts").unwrap(), address(None, None));
        assert_eq!(Address::parse(&format!("accounts({ID})")).unwrap(), address(Some(ID), None));
        assert_eq!(
            Address::parse(&format!("accounts({})/name", ID.to_uppercase())).unwrap(),
            address(Some(ID), Some("name"))
        );
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
            assert_eq!(Address::parse(path).unwrap_err().0.kind.usual_status(), status, "{path}");
        }
    }

    #[test]
    fn references_name_rows_from_any_root() {
        for reference in ["accounts(ID)", "/accounts(ID)", "http://h/api/data/v9.2/accounts(ID)"] {
            let named = Address::of_reference(&reference.replace("ID", ID)).unwrap();
            assert_eq!(named, (Set::Accounts, ID.parse().unwrap()));
        }
        assert!(Address::of_reference("/accounts").is_err());
    }
}
