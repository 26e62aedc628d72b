//! Three-way merge: two edits of one base become one where they can (rule B3).

use std::{collections::BTreeSet, fmt, hash::Hash};

/// The fields that two edits changed differently, and for which the model has no rule.
///
/// ```
/// # use etag_core::*;
/// # #[derive(Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// let note = |text: &str| Note { id: "1".into(), text: text.into() };
/// let conflict = Note::merge(&note("milk"), note("tea"), &note("eggs")).err();
/// assert_eq!(conflict, Some(MergeConflict::new(vec!["text"])));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeConflict {
    fields: Vec<&'static str>,
}

impl MergeConflict {
    /// A conflict in these fields.
    ///
    /// ```
    /// use etag_core::MergeConflict;
    ///
    /// let conflict = MergeConflict::new(vec!["title", "due"]);
    /// assert_eq!(conflict.fields(), ["title", "due"]);
    /// ```
    pub fn new(fields: Vec<&'static str>) -> Self {
        Self { fields }
    }

    /// The serialised names of the fields.
    pub fn fields(&self) -> &[&'static str] {
        &self.fields
    }
}

impl fmt::Display for MergeConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "both edits changed {}; choose one and write it under the current tag", self.fields.join(", "))
    }
}

impl std::error::Error for MergeConflict {}

/// What became of one field.
///
/// ```
/// use etag_core::{Merged, merge_field};
///
/// let sum = match merge_field(&10, 12, &15) {
///     Merged::Agreed(value) => value,
///     Merged::Contested { mine } => mine + 15 - 10,
/// };
/// assert_eq!(sum, 17);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Merged<T> {
    /// Only one edit changed it, or both alike.
    Agreed(T),
    /// Both changed it, differently.
    Contested {
        /// The caller's value.
        mine: T,
    },
}

/// The value of a field that at most one edit changed, or both alike.
///
/// ```
/// use etag_core::{Merged, merge_field};
///
/// assert_eq!(merge_field(&"milk", "tea", &"milk"), Merged::Agreed("tea"));
/// assert_eq!(merge_field(&"milk", "milk", &"eggs"), Merged::Agreed("eggs"));
/// assert_eq!(merge_field(&"milk", "tea", &"eggs"), Merged::Contested { mine: "tea" });
/// ```
pub fn merge_field<T: PartialEq + Clone>(base: &T, mine: T, theirs: &T) -> Merged<T> {
    if mine == *theirs || *theirs == *base {
        Merged::Agreed(mine)
    } else if mine == *base {
        Merged::Agreed(theirs.clone())
    } else {
        Merged::Contested { mine }
    }
}

/// A collection of which either edit may add and remove members, for `merge = union`.
///
/// ```
/// use etag_core::MergeUnion;
///
/// let (base, mine, theirs) = (vec!["a", "b"], vec!["b", "x"], vec!["a", "b", "y"]);
/// assert_eq!(Vec::merge_union(&base, mine, &theirs), ["b", "x", "y"]);
/// ```
///
/// # Contract
/// The result has each member that is in both edits, or that one edit added to the base.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no members to unite",
    label = "its type doesn't implement `MergeUnion`",
    note = "use a `Vec` or a set, or another merge rule, as `#[versioned(merge = path::to::function)]`"
)]
pub trait MergeUnion: Sized {
    /// Merges two edits of `base`.
    #[must_use]
    fn merge_union(base: &Self, mine: Self, theirs: &Self) -> Self;
}

/// Keeps the order of `mine`, then of what `theirs` added. A list is merged as a set: what counts is whether a member is in
/// it, and not how often.
impl<T: PartialEq + Clone> MergeUnion for Vec<T> {
    fn merge_union(base: &Self, mine: Self, theirs: &Self) -> Self {
        let added: Self = theirs.iter().filter(|item| !base.contains(item) && !mine.contains(item)).cloned().collect();
        let kept = mine.into_iter().filter(|item| theirs.contains(item) || !base.contains(item));
        kept.chain(added).collect()
    }
}

impl<T: Ord + Clone> MergeUnion for BTreeSet<T> {
    fn merge_union(base: &Self, mine: Self, theirs: &Self) -> Self {
        let added = theirs.difference(base).cloned();
        let kept = mine.iter().filter(|item| theirs.contains(item) || !base.contains(item)).cloned();
        kept.chain(added).collect()
    }
}

impl<T: Eq + Hash + Clone, S: std::hash::BuildHasher + Default> MergeUnion for std::collections::HashSet<T, S> {
    fn merge_union(base: &Self, mine: Self, theirs: &Self) -> Self {
        let added = theirs.iter().filter(|item| !base.contains(*item)).cloned();
        let kept = mine.iter().filter(|item| theirs.contains(*item) || !base.contains(*item)).cloned();
        kept.chain(added).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_of_one_side_stands() {
        assert_eq!(merge_field(&1, 2, &1), Merged::Agreed(2));
        assert_eq!(merge_field(&1, 1, &2), Merged::Agreed(2));
    }

    #[test]
    fn the_same_edit_of_both_sides_stands() {
        assert_eq!(merge_field(&1, 2, &2), Merged::Agreed(2));
    }

    #[test]
    fn different_edits_are_contested() {
        assert_eq!(merge_field(&1, 2, &3), Merged::Contested { mine: 2 });
    }

    #[test]
    fn a_union_keeps_what_either_added_and_drops_what_either_removed() {
        let merged = Vec::merge_union(&vec!["a", "b", "c"], vec!["b", "c", "x"], &vec!["a", "b", "y"]);
        assert_eq!(merged, ["b", "x", "y"]);
        let set = |items: &[&'static str]| items.iter().copied().collect::<BTreeSet<_>>();
        let merged = BTreeSet::merge_union(&set(&["a", "b", "c"]), set(&["b", "c", "x"]), &set(&["a", "b", "y"]));
        assert_eq!(merged, set(&["b", "x", "y"]));
    }
}
