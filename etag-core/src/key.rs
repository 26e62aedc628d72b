//! What names a resource: its collection and its id.

use std::{
    borrow::Cow,
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

/// Names one resource in a store: the collection it is in and its id there.
///
/// Cloning is cheap: the collection is usually a constant and the id is shared.
///
/// ```
/// use etag_core::Key;
///
/// let key = Key::new("tasks", "7f3c");
/// assert_eq!(key.collection(), "tasks");
/// assert_eq!(key.id(), "7f3c");
/// assert_eq!(key.to_string(), "tasks/7f3c");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    collection: Cow<'static, str>,
    id: Arc<str>,
}

impl Key {
    /// The resource `id` of `collection`.
    ///
    /// ```
    /// use etag_core::Key;
    ///
    /// let read_from_a_row = Key::new(String::from("tasks"), String::from("7f3c"));
    /// assert_eq!(read_from_a_row, Key::new("tasks", "7f3c"));
    /// ```
    pub fn new(collection: impl Into<Cow<'static, str>>, id: impl Into<Arc<str>>) -> Self {
        Self { collection: collection.into(), id: id.into() }
    }

    /// The collection's name, as the model declares it.
    pub fn collection(&self) -> &str {
        &self.collection
    }

    /// The collection's name in its own form, without a copy where it is a constant.
    ///
    /// ```
    /// use std::borrow::Cow;
    /// use etag_core::Key;
    ///
    /// assert!(matches!(Key::new("tasks", "7f3c").collection_name(), Cow::Borrowed("tasks")));
    /// ```
    pub fn collection_name(&self) -> Cow<'static, str> {
        self.collection.clone()
    }

    /// The id in its text form, unique within the collection.
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// By the id alone: ids of two collections are seldom the same, and a hash of less is a faster one.
impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(self.id.as_bytes());
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.collection, self.id)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({self})")
    }
}
