//! Which values can be hashed, and as what.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    num::NonZero,
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use super::Digester;

/// A value whose content can be hashed the same way everywhere (rule T4).
///
/// `#[derive(Content)]` writes it for structs and enums that are part of a model, `#[derive(Versioned)]` for the model
/// itself. Write it by hand for a type of your own that is one plain value, feeding what its serialised form says:
///
/// ```
/// use etag_core::{Content, Digester};
///
/// struct Celsius(f64);
///
/// impl Content for Celsius {
///     fn feed(&self, sink: &mut Digester) {
///         sink.float(self.0);
///     }
/// }
/// ```
///
/// # Contract
/// Values that are serialised differently feed different bytes; values that are equal feed the same bytes, on every
/// platform and in every process. Order comes from the content, never from a hash table.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be hashed into an entity tag",
    label = "its type doesn't implement `Content`",
    note = "write `#[derive(etag_core::Content)]` on `{Self}`, or `#[versioned(hash_with = path::to::function)]` on the field"
)]
pub trait Content {
    /// Feeds the value to `sink`.
    ///
    /// ```
    /// use etag_core::{Content, Digester};
    ///
    /// let mut sink = Digester::new();
    /// vec![Some(1_u32), None].feed(&mut sink);
    /// let digest = sink.finish();
    /// ```
    fn feed(&self, sink: &mut Digester);

    /// Feeds the value as a field of a record: its serialised name and then the value, in as few calls as that takes.
    #[doc(hidden)]
    fn feed_member(&self, name: &str, sink: &mut Digester) {
        sink.field(name);
        self.feed(sink);
    }
}

impl Digester {
    /// A field of a record: its serialised name and its value.
    ///
    /// ```
    /// use etag_core::Digester;
    ///
    /// let (mut short, mut long) = (Digester::new(), Digester::new());
    /// short.member("title", "tea");
    /// long.field("title");
    /// long.str("tea");
    /// assert_eq!(short.finish(), long.finish());
    /// ```
    #[inline]
    pub fn member(&mut self, name: &str, value: &(impl Content + ?Sized)) {
        value.feed_member(name, self);
    }
}

macro_rules! content_of_integers {
    ($($integer:ty => $method:ident, $member:ident as $wide:ty),* $(,)?) => {$(
        impl Content for $integer {
            #[inline]
            fn feed(&self, sink: &mut Digester) {
                sink.$method(*self as $wide);
            }

            #[inline]
            fn feed_member(&self, name: &str, sink: &mut Digester) {
                sink.$member(name, *self as $wide);
            }
        }

        impl Content for NonZero<$integer> {
            fn feed(&self, sink: &mut Digester) {
                self.get().feed(sink);
            }
        }
    )*};
}

content_of_integers! {
    u8 => unsigned, unsigned_member as u64, u16 => unsigned, unsigned_member as u64,
    u32 => unsigned, unsigned_member as u64, u64 => unsigned, unsigned_member as u64,
    usize => unsigned, unsigned_member as u64, i8 => signed, signed_member as i64,
    i16 => signed, signed_member as i64, i32 => signed, signed_member as i64,
    i64 => signed, signed_member as i64, isize => signed, signed_member as i64,
}

impl Content for u128 {
    fn feed(&self, sink: &mut Digester) {
        sink.unsigned_128(*self);
    }
}

impl Content for i128 {
    fn feed(&self, sink: &mut Digester) {
        sink.signed_128(*self);
    }
}

impl Content for bool {
    #[inline]
    fn feed(&self, sink: &mut Digester) {
        sink.bool(*self);
    }

    #[inline]
    fn feed_member(&self, name: &str, sink: &mut Digester) {
        sink.bool_member(name, *self);
    }
}

impl Content for f64 {
    fn feed(&self, sink: &mut Digester) {
        sink.float(*self);
    }
}

impl Content for f32 {
    fn feed(&self, sink: &mut Digester) {
        sink.float_32(*self);
    }
}

impl Content for char {
    fn feed(&self, sink: &mut Digester) {
        sink.str(self.encode_utf8(&mut [0; 4]));
    }
}

impl Content for str {
    #[inline]
    fn feed(&self, sink: &mut Digester) {
        sink.str(self);
    }

    #[inline]
    fn feed_member(&self, name: &str, sink: &mut Digester) {
        sink.str_member(name, self);
    }
}

impl Content for String {
    #[inline]
    fn feed(&self, sink: &mut Digester) {
        sink.str(self);
    }

    #[inline]
    fn feed_member(&self, name: &str, sink: &mut Digester) {
        sink.str_member(name, self);
    }
}

impl Content for () {
    fn feed(&self, sink: &mut Digester) {
        sink.none();
    }
}

impl<T: Content> Content for Option<T> {
    fn feed(&self, sink: &mut Digester) {
        match self {
            Some(value) => {
                sink.some();
                value.feed(sink);
            }
            None => sink.none(),
        }
    }
}

macro_rules! content_of_what_is_behind {
    ($($pointer:ty),* $(,)?) => {$(
        impl<T: Content + ?Sized> Content for $pointer {
            #[inline]
            fn feed(&self, sink: &mut Digester) {
                (**self).feed(sink);
            }

            #[inline]
            fn feed_member(&self, name: &str, sink: &mut Digester) {
                (**self).feed_member(name, sink);
            }
        }
    )*};
}

content_of_what_is_behind!(&T, Box<T>, Rc<T>, Arc<T>);

impl<T: Content + ToOwned + ?Sized> Content for Cow<'_, T> {
    fn feed(&self, sink: &mut Digester) {
        (**self).feed(sink);
    }
}

fn feed_list<'a, T: Content + 'a>(sink: &mut Digester, items: impl ExactSizeIterator<Item = &'a T>) {
    sink.list(items.len());
    items.for_each(|item| item.feed(sink));
}

impl<T: Content> Content for [T] {
    fn feed(&self, sink: &mut Digester) {
        feed_list(sink, self.iter());
    }
}

impl<T: Content, const N: usize> Content for [T; N] {
    fn feed(&self, sink: &mut Digester) {
        feed_list(sink, self.iter());
    }
}

impl<T: Content> Content for Vec<T> {
    fn feed(&self, sink: &mut Digester) {
        feed_list(sink, self.iter());
    }
}

impl<T: Content> Content for VecDeque<T> {
    fn feed(&self, sink: &mut Digester) {
        feed_list(sink, self.iter());
    }
}

impl<T: Content> Content for BTreeSet<T> {
    fn feed(&self, sink: &mut Digester) {
        feed_list(sink, self.iter());
    }
}

impl<T: Content + Ord, S> Content for HashSet<T, S> {
    fn feed(&self, sink: &mut Digester) {
        let mut items: Vec<_> = self.iter().collect();
        items.sort_unstable();
        feed_list(sink, items.into_iter());
    }
}

fn feed_map<'a, K, V>(sink: &mut Digester, entries: impl ExactSizeIterator<Item = (&'a K, &'a V)>)
where
    K: Content + ?Sized + 'a,
    V: Content + 'a,
{
    sink.map(entries.len());
    for (key, value) in entries {
        key.feed(sink);
        value.feed(sink);
    }
}

impl<K: Content, V: Content> Content for BTreeMap<K, V> {
    fn feed(&self, sink: &mut Digester) {
        feed_map(sink, self.iter());
    }
}

impl<K: Content + Ord, V: Content, S> Content for HashMap<K, V, S> {
    fn feed(&self, sink: &mut Digester) {
        let mut entries: Vec<_> = self.iter().collect();
        entries.sort_unstable_by_key(|(key, _)| *key);
        feed_map(sink, entries.into_iter());
    }
}

impl Content for serde_json::Value {
    fn feed(&self, sink: &mut Digester) {
        match self {
            Self::Null => sink.none(),
            Self::Bool(value) => sink.bool(*value),
            Self::Number(number) => feed_number(sink, number),
            Self::String(text) => sink.str(text),
            Self::Array(items) => feed_list(sink, items.iter()),
            Self::Object(members) => members.feed(sink),
        }
    }
}

impl Content for serde_json::Map<String, serde_json::Value> {
    fn feed(&self, sink: &mut Digester) {
        // Another crate of the build may have switched on serde_json's `preserve_order`.
        let mut members: Vec<_> = self.iter().collect();
        members.sort_unstable_by_key(|(name, _)| *name);
        feed_map(sink, members.into_iter());
    }
}

fn feed_number(sink: &mut Digester, number: &serde_json::Number) {
    match (number.as_u64(), number.as_i64(), number.as_f64()) {
        (Some(value), _, _) => sink.unsigned(value),
        (None, Some(value), _) => sink.signed(value),
        (None, None, Some(value)) => sink.float(value),
        // Only serde_json's `arbitrary_precision` has numbers beyond these; their text is their content.
        (None, None, None) => sink.str(&number.to_string()),
    }
}

impl Content for Duration {
    fn feed(&self, sink: &mut Digester) {
        sink.list(2);
        sink.unsigned(self.as_secs());
        sink.unsigned(self.subsec_nanos().into());
    }
}

impl Content for bytes::Bytes {
    fn feed(&self, sink: &mut Digester) {
        sink.bytes(self);
    }
}

macro_rules! content_of_texts {
    ($($(#[$feature:meta])? $text:ty),* $(,)?) => {$(
        $(#[$feature])?
        impl Content for $text {
            fn feed(&self, sink: &mut Digester) {
                sink.str(&self.to_string());
            }
        }
    )*};
}

content_of_texts! {
    IpAddr, Ipv4Addr, Ipv6Addr,
    #[cfg(feature = "jiff")] jiff::Timestamp,
    #[cfg(feature = "jiff")] jiff::civil::Date,
    #[cfg(feature = "jiff")] jiff::civil::Time,
    #[cfg(feature = "jiff")] jiff::civil::DateTime,
    #[cfg(feature = "jiff")] jiff::Zoned,
    #[cfg(feature = "jiff")] jiff::Span,
    #[cfg(feature = "jiff")] jiff::SignedDuration,
}

#[cfg(feature = "uuid")]
impl Content for uuid::Uuid {
    fn feed(&self, sink: &mut Digester) {
        sink.bytes(self.as_bytes());
    }
}

macro_rules! content_of_tuples {
    ($($length:literal: $($item:ident . $index:tt),*;)*) => {$(
        impl<$($item: Content),*> Content for ($($item,)*) {
            fn feed(&self, sink: &mut Digester) {
                sink.list($length);
                $(self.$index.feed(sink);)*
            }
        }
    )*};
}

content_of_tuples! {
    1: A.0;
    2: A.0, B.1;
    3: A.0, B.1, C.2;
    4: A.0, B.1, C.2, D.3;
    5: A.0, B.1, C.2, D.3, E.4;
    6: A.0, B.1, C.2, D.3, E.4, F.5;
}
