//! Ids: what may name a resource in a path and in a store.

use std::{fmt, hash::Hash, sync::Arc};

use crate::{Content, Environment};

/// The longest id, in bytes of its text form.
///
/// ```
/// use etag_core::{MAX_ID_BYTES, ModelId};
///
/// assert!(String::parse(&"x".repeat(MAX_ID_BYTES)).is_ok());
/// assert!(String::parse(&"x".repeat(MAX_ID_BYTES + 1)).is_err());
/// ```
pub const MAX_ID_BYTES: usize = 255;

/// A type that can be the id of a model: `String`, integers, `uuid::Uuid` (feature `uuid`), or a newtype of one of them
/// with `#[derive(ModelId)]`.
///
/// ```
/// use etag_core::ModelId;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ModelId)]
/// struct TaskId(u64);
///
/// assert_eq!(TaskId::parse("7")?, TaskId(7));
/// assert_eq!(&*TaskId(7).to_text(), "7");
/// # Ok::<(), etag_core::InvalidId>(())
/// ```
///
/// # Contract
/// [`to_text`](Self::to_text) and [`parse`](Self::parse) are inverse, and an id has one text form only, so that two paths
/// never name one resource.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be an id",
    label = "its type doesn't implement `ModelId`",
    note = "use a `String`, an integer, a `uuid::Uuid` (feature `uuid`), or a newtype of one with `#[derive(etag_core::ModelId)]`"
)]
pub trait ModelId: Content + Clone + Eq + Hash + fmt::Debug + Send + Sync + 'static {
    /// What the id looks like, in words, for messages: "a UUID".
    const EXPECTED: &'static str;

    /// The text form: 1 to [`MAX_ID_BYTES`] bytes.
    fn to_text(&self) -> Arc<str>;

    /// The id with this text form.
    ///
    /// # Errors
    /// [`InvalidId`] where the text is not the one form of an id.
    ///
    /// ```
    /// use etag_core::ModelId;
    ///
    /// assert_eq!(u64::parse("7")?, 7);
    /// assert!(u64::parse("007").is_err()); // would be a second name of 7
    /// # Ok::<(), etag_core::InvalidId>(())
    /// ```
    fn parse(text: &str) -> Result<Self, InvalidId>;

    /// A new id that no resource has, where ids of this type can be made up.
    ///
    /// ```
    /// use etag_core::{Environment, ModelId};
    ///
    /// assert_eq!(u64::generate(&Environment::system()), None);
    /// ```
    fn generate(environment: &Environment) -> Option<Self> {
        let _ = environment;
        None
    }
}

/// Why a text is not an id.
///
/// ```
/// use etag_core::ModelId;
///
/// let message = u64::parse("007").unwrap_err().to_string();
/// assert_eq!(message, "\"007\" is not an integer in its shortest form");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidId {
    expected: &'static str,
    text: String,
}

impl InvalidId {
    /// `text` is not an id; one would look as `expected` says.
    ///
    /// ```
    /// use etag_core::InvalidId;
    ///
    /// let error = InvalidId::new("a letter and a number", "7a");
    /// assert_eq!(error.to_string(), "\"7a\" is not a letter and a number");
    /// ```
    pub fn new(expected: &'static str, text: &str) -> Self {
        Self { expected, text: text.chars().take(64).collect() }
    }
}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not {}", self.text, self.expected)
    }
}

impl std::error::Error for InvalidId {}

impl ModelId for String {
    const EXPECTED: &'static str = "a text of 1 to 255 bytes without control characters";

    fn to_text(&self) -> Arc<str> {
        self.as_str().into()
    }

    fn parse(text: &str) -> Result<Self, InvalidId> {
        let is_id = (1..=MAX_ID_BYTES).contains(&text.len()) && !text.chars().any(char::is_control);
        if is_id { Ok(text.to_owned()) } else { Err(InvalidId::new(Self::EXPECTED, text)) }
    }
}

macro_rules! integers_as_ids {
    ($($integer:ty),*) => {$(
        impl ModelId for $integer {
            const EXPECTED: &'static str = "an integer in its shortest form";

            fn to_text(&self) -> Arc<str> {
                itoa::Buffer::new().format(*self).into()
            }

            fn parse(text: &str) -> Result<Self, InvalidId> {
                // `+7` and `007` parse too, but would be second names of the resource 7.
                let id = text.parse().ok().filter(|id: &Self| &*id.to_text() == text);
                id.ok_or_else(|| InvalidId::new(Self::EXPECTED, text))
            }
        }
    )*};
}

integers_as_ids!(u32, u64, i32, i64);

#[cfg(feature = "uuid")]
impl ModelId for uuid::Uuid {
    const EXPECTED: &'static str = "a UUID in lower case with hyphens";

    fn to_text(&self) -> Arc<str> {
        (&*self.as_hyphenated().encode_lower(&mut [0; uuid::fmt::Hyphenated::LENGTH])).into()
    }

    fn parse(text: &str) -> Result<Self, InvalidId> {
        let is_canonical =
            |id: &Self| &*id.as_hyphenated().encode_lower(&mut [0; uuid::fmt::Hyphenated::LENGTH]) == text;
        Self::try_parse(text).ok().filter(is_canonical).ok_or_else(|| InvalidId::new(Self::EXPECTED, text))
    }

    /// A version 7 UUID: ids made later sort later, which keeps an index of them compact.
    fn generate(environment: &Environment) -> Option<Self> {
        let since = environment.now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let millis = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
        Some(uuid::Builder::from_unix_timestamp_millis(millis, &environment.random_bytes()).into_uuid())
    }
}
