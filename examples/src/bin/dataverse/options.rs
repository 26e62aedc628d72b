//! Query options (OData Protocol §11.2.5), as far as they are served.

use etag_axum::Refused;
use etag_core::Cursor;

use crate::errors::not_implemented;

/// The query options of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// The columns that are asked for; all where there are none.
    pub(crate) select: Vec<String>,
    /// The navigation properties that are asked for, with the columns of their rows.
    pub(crate) expand: Vec<(String, Vec<String>)>,
    /// How many rows are asked for.
    pub(crate) top: Option<usize>,
    /// Where the page begins.
    pub(crate) after: Option<Cursor>,
}

impl Options {
    /// Reads them; what begins with no `$` is left to others.
    ///
    /// # Errors
    /// 501 for an option that would change the answer and is not served, 400 for one that can't be read.
    pub(crate) fn of<'p>(pairs: impl IntoIterator<Item = (&'p str, &'p str)>) -> Result<Self, Refused> {
        let mut options = Self::default();
        for (name, value) in pairs {
            match name {
                "$select" => options.select = names(value, ','),
                "$expand" => options.expand = split(value, ',').into_iter().map(expansion).collect::<Result<_, _>>()?,
                "$top" => options.top = Some(number(name, value)?),
                "$skiptoken" => options.after = Some(Cursor(number(name, value)?)),
                name if name.starts_with('$') => {
                    return Err(not_implemented(&format!("the query option {name}")).into());
                }
                _ => {}
            }
        }
        Ok(options)
    }
}

/// `primarycontactid($select=fullname,telephone1)`.
fn expansion(text: &str) -> Result<(String, Vec<String>), Refused> {
    let (name, options) = text.split_once('(').unwrap_or((text, ")"));
    let options = options.strip_suffix(')').ok_or_else(|| malformed("$expand", text))?;
    let mut select = Vec::new();
    for option in split(options, ';') {
        match option.split_once('=') {
            Some(("$select", columns)) => select = names(columns, ','),
            _ => return Err(not_implemented(&format!("{option:?} in $expand")).into()),
        }
    }
    Ok((name.to_owned(), select))
}

fn names(text: &str, separator: char) -> Vec<String> {
    split(text, separator).into_iter().map(str::to_owned).collect()
}

/// The pieces between separators that don't stand in parentheses; empty ones are left out.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut depth = 0_usize;
    let pieces = text.split(|character| {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == separator && depth == 0
    });
    pieces.map(str::trim).filter(|piece| !piece.is_empty()).collect()
}

fn number<N: std::str::FromStr>(name: &str, value: &str) -> Result<N, Refused> {
    value.parse().map_err(|_| malformed(name, value))
}

fn malformed(name: &str, value: &str) -> Refused {
    Refused::invalid(format!("{value:?} is no value of {name}"))
}

#[cfg(test)]
mod tests {
    use etag_core::RefusalKind;

    use super::*;

    fn of(name: &str, value: &str) -> Result<Options, Refused> {
        Options::of([(name, value)])
    }

    #[test]
    fn columns_and_expansions_are_read() {
        assert_eq!(of("$select", "name, revenue").unwrap().select, ["name", "revenue"]);
        let expand =
            of("$expand", "primarycontactid($select=fullname,telephone1),contact_customer_accounts").unwrap().expand;
        let first = ("primarycontactid".to_owned(), vec!["fullname".to_owned(), "telephone1".to_owned()]);
        assert_eq!(expand, [first, ("contact_customer_accounts".to_owned(), Vec::new())]);
    }

    #[test]
    fn what_would_change_the_answer_and_is_not_served_is_501() {
        for (name, value) in [("$filter", "name eq 'x'"), ("$expand", "a($expand=b)"), ("$orderby", "name")] {
            assert_eq!(of(name, value).unwrap_err().0.status, Some(501), "{name}");
        }
        assert_eq!(of("prettyPrint", "true").unwrap(), Options::default());
    }

    #[test]
    fn what_can_not_be_read_is_400() {
        for (name, value) in [("$top", "-1"), ("$skiptoken", "x"), ("$expand", "a($select=b")] {
            assert_eq!(of(name, value).unwrap_err().0.kind, RefusalKind::Invalid, "{name}");
        }
    }
}
