//! References from an item to an earlier one: `$name.id` and `$name.etag`.

use serde_json::Value;

use super::envelope::Names;

const LONGEST_NAME: usize = 64;

/// Whether a text can name an item.
pub(super) fn is_name(text: &str) -> bool {
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=LONGEST_NAME).contains(&text.len()) && text.bytes().all(is_of_name)
}

/// A text in which a leading `$` means something.
#[derive(Debug, PartialEq, Eq)]
enum Text<'t> {
    /// Itself, without the `$` that doubled its first one.
    Plain(&'t str),
    /// What an item has, and its index.
    Of(usize, &'t str),
}

/// Reads a text; an error says what is wrong with it.
fn read<'t>(text: &'t str, names: &Names, before: usize) -> Result<Text<'t>, String> {
    let Some(rest) = text.strip_prefix('$') else { return Ok(Text::Plain(text)) };
    if rest.starts_with('$') {
        return Ok(Text::Plain(rest));
    }
    let parts = rest.split_once('.').filter(|(name, what)| is_name(name) && matches!(*what, "id" | "etag"));
    let (name, what) = parts.ok_or_else(|| {
        "begins with `$`, and is no reference such as `$a.id`; write `$$` for one `$` at the beginning".to_owned()
    })?;
    match names.get(name).filter(|index| **index < before) {
        Some(&index) => Ok(Text::Of(index, what)),
        None => Err(format!("refers to {name:?}, which is the id of no earlier item")),
    }
}

/// The index of the item whose tag is meant.
pub(super) fn tag_of(text: &str, names: &Names) -> Result<usize, String> {
    match read(text, names, usize::MAX)? {
        Text::Of(index, "etag") => Ok(index),
        _ => Err("must be tags, or `$name.etag` for the tag that an earlier item leaves".to_owned()),
    }
}

/// The ids of the items before one.
pub(super) struct Ids<'a> {
    pub(super) names: &'a Names,
    /// The id in its form in a path and in a document, for each item that has one.
    pub(super) known: &'a [Option<(String, Value)>],
}

/// Why a reference gives no id.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unresolved {
    /// It is wrong.
    Mistake { pointer: String, message: String },
    /// The item that it refers to has failed.
    Dependent,
}

impl Ids<'_> {
    fn resolve<'t>(&self, text: &'t str) -> Result<Resolved<'t>, Unresolved> {
        let mistake = |message| Unresolved::Mistake { pointer: String::new(), message };
        match read(text, self.names, self.known.len()).map_err(mistake)? {
            Text::Plain(text) => Ok(Resolved::Plain(text)),
            Text::Of(index, "id") => self.known[index].clone().map(Resolved::Id).ok_or(Unresolved::Dependent),
            Text::Of(..) => {
                let message = "is not known before the commit; a tag can be referred to in If-Match only";
                Err(mistake(message.to_owned()))
            }
        }
    }

    /// The path with ids in place of the segments that refer to them.
    pub(super) fn in_path(&self, path: &str) -> Result<String, Unresolved> {
        let segment = |segment| match self.resolve(segment)? {
            Resolved::Plain(text) => Ok(text.to_owned()),
            Resolved::Id((id, _)) => Ok(crate::location::encoded(&id).to_string()),
        };
        Ok(path.split('/').map(segment).collect::<Result<Vec<_>, _>>()?.join("/"))
    }

    /// The same for the strings in a document.
    pub(super) fn in_document(&self, document: &mut Value) -> Result<(), Unresolved> {
        match document {
            Value::String(text) => {
                *document = match self.resolve(text)? {
                    Resolved::Plain(text) => Value::from(text),
                    Resolved::Id((_, id)) => id,
                };
                Ok(())
            }
            Value::Array(items) => items
                .iter_mut()
                .enumerate()
                .try_for_each(|(at, item)| self.in_document(item).map_err(|e| e.below(&at.to_string()))),
            Value::Object(members) => {
                members.iter_mut().try_for_each(|(name, value)| self.in_document(value).map_err(|e| e.below(name)))
            }
            _ => Ok(()),
        }
    }
}

enum Resolved<'t> {
    Plain(&'t str),
    Id((String, Value)),
}

impl Unresolved {
    /// The same, seen from what the place is in.
    pub(super) fn below(self, name: &str) -> Self {
        match self {
            Self::Mistake { pointer, message } => {
                let name = name.replace('~', "~0").replace('/', "~1");
                Self::Mistake { pointer: format!("/{name}{pointer}"), message }
            }
            Self::Dependent => Self::Dependent,
        }
    }
}

/// Whether a document may hold a string that begins with `$`, be it escaped; most hold none, and are passed on as they
/// came.
pub(super) fn may_refer(json: &str) -> bool {
    json.contains("\"$") || json.contains("\\u0024")
}
