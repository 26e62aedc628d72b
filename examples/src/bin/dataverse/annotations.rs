//! `Prefer: odata.include-annotations`: what representations say besides columns.

use etag_axum::Exchange;
use serde_json::Value;

use crate::{
    columns::{Columns, Unread},
    tables::{Set, Table},
};

const PREFERENCE: &str = "odata.include-annotations";
const FORMATTED_VALUE: &str = "OData.Community.Display.V1.FormattedValue";
const LOOKUP_LOGICAL_NAME: &str = "Microsoft.Dynamics.CRM.lookuplogicalname";

/// The annotations that a client prefers.
#[derive(Clone, Debug)]
pub(crate) struct Annotations(String);

impl Annotations {
    /// What the request prefers; `None` where it says nothing of annotations.
    pub(crate) fn preferred(exchange: &Exchange) -> Option<Self> {
        exchange.preference(PREFERENCE).map(|wanted| Self(wanted.to_owned()))
    }

    /// Those that the text of a `Prefer` header names.
    pub(crate) fn named_in(prefer: &str) -> Option<Self> {
        let (_, wanted) = prefer.split_once(PREFERENCE)?;
        let wanted = wanted.strip_prefix('=')?;
        let (quoted, ends): (_, &[char]) =
            wanted.strip_prefix('"').map_or((wanted, &[',', ';', ' ']), |quoted| (quoted, &['"']));
        quoted.split(ends).next().map(|wanted| Self(wanted.to_owned()))
    }

    /// What `Preference-Applied` says of them.
    pub(crate) fn applied(&self) -> String {
        format!("{PREFERENCE}=\"{}\"", self.0)
    }

    /// Those of each column.
    pub(crate) fn of_all<T: Table>(&self, columns: &Unread<'_>) -> Columns {
        let values = columns.iter().filter_map(|(name, text)| Some((name, serde_json::from_str(text.get()).ok()?)));
        values.flat_map(|(name, value)| self.of::<T>(name, &value)).collect()
    }

    fn of<T: Table>(&self, name: &str, value: &Value) -> Vec<(String, Value)> {
        let lookup = T::lookup_in(name).filter(|_| value.is_string()).map(|navigation| logical_name(navigation.to));
        let all = [(LOOKUP_LOGICAL_NAME, lookup), (FORMATTED_VALUE, formatted(value))];
        let wanted = all.into_iter().filter(|(annotation, _)| self.include(annotation));
        wanted.filter_map(|(annotation, value)| Some((format!("{name}@{annotation}"), value?))).collect()
    }

    /// Whether an annotation, without its `@`, is one of them.
    pub(crate) fn include(&self, annotation: &str) -> bool {
        self.0.split(',').map(str::trim).any(|wanted| match wanted.strip_suffix('*') {
            Some(prefix) => annotation.starts_with(prefix),
            None => annotation == wanted,
        })
    }
}

fn logical_name(set: Set) -> Value {
    set.logical_name().into()
}

/// As a person would read it; texts need no such help.
fn formatted(value: &Value) -> Option<Value> {
    match value {
        Value::Bool(is_set) => Some(if *is_set { "Yes" } else { "No" }.into()),
        Value::Number(number) => Some(number.to_string().into()),
        _ => None,
    }
}
