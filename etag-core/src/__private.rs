//! What generated code calls. Not part of the public interface.

pub use std::{
    clone::Clone,
    cmp::{PartialEq, PartialOrd},
    default::Default,
    future::Future,
    marker::{PhantomData, Send, Sized, Sync},
    option::Option,
    primitive::{str, u32, usize},
    result::Result,
    string::String,
    sync::Arc,
};

pub use serde_json::Value;

mod lineage;
mod links;

pub use self::{lineage::*, links::*};
pub use crate::derived::derive;

use std::{fmt::Debug, hash::Hash, pin::Pin};

use serde::{Deserialize, Deserializer};

use crate::{
    ChangeRule, DigestKey, Document, ETag, Error, MergeConflict, MergeUnion, Merged, Model, Patch, Snapshot, Store,
    StoreExt, Validator, Versioned, merge_field,
};

/// The answer of a generated method.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The tag of a digest model's value; `etag()` of models with a digest that needs no key.
///
/// # Panics
/// For a model that has no such tag, for which the derive writes no call.
pub fn digest_etag<T: Versioned>(value: &T) -> ETag {
    crate::versioned::digest_etag(value, None).expect("the derive calls this for digest models without a key only")
}

/// The tag of a keyed model's value.
///
/// # Panics
/// For a model that has no such tag, for which the derive writes no call.
pub fn keyed_etag<T: Versioned>(value: &T, key: &DigestKey) -> ETag {
    crate::versioned::digest_etag(value, Some(key)).expect("the derive calls this for digest models only")
}

/// A field that holds the tag of an opaque model.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't hold the tag of an opaque model",
    label = "neither `ETag` nor `Option<ETag>`",
    note = "make it an `etag_core::ETag`, or an `Option` of it"
)]
pub trait HeldTag {
    fn held_tag(&self) -> Option<&ETag>;
}

#[diagnostic::do_not_recommend]
impl HeldTag for ETag {
    fn held_tag(&self) -> Option<&ETag> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl HeldTag for Option<ETag> {
    fn held_tag(&self) -> Option<&ETag> {
        self.as_ref()
    }
}

/// A store as the methods of one model see it. It is a trait with the model as parameter so that a model that serde
/// can't write has those methods too, and only a call of one is an error.
pub trait StoreOf<T: Versioned> {
    fn create<'a>(&'a self, value: &'a T) -> BoxFuture<'a, Result<Snapshot<T>, Error>>;

    fn replace<'a>(&'a self, value: &'a T, etag: &'a ETag) -> BoxFuture<'a, Result<Snapshot<T>, Error>>;

    fn patch<'a>(&'a self, id: &'a T::Id, etag: &'a ETag, patch: T::Patch)
    -> BoxFuture<'a, Result<Snapshot<T>, Error>>;

    fn delete<'a>(&'a self, id: &'a T::Id, etag: &'a ETag) -> BoxFuture<'a, Result<(), Error>>;
}

impl<T: Document, S: Store + ?Sized> StoreOf<T> for S {
    fn create<'a>(&'a self, value: &'a T) -> BoxFuture<'a, Result<Snapshot<T>, Error>> {
        Box::pin(StoreExt::create(self, value))
    }

    fn replace<'a>(&'a self, value: &'a T, etag: &'a ETag) -> BoxFuture<'a, Result<Snapshot<T>, Error>> {
        Box::pin(StoreExt::replace(self, value, etag))
    }

    fn patch<'a>(
        &'a self,
        id: &'a T::Id,
        etag: &'a ETag,
        patch: T::Patch,
    ) -> BoxFuture<'a, Result<Snapshot<T>, Error>> {
        Box::pin(StoreExt::patch(self, id, etag, patch))
    }

    fn delete<'a>(&'a self, id: &'a T::Id, etag: &'a ETag) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(StoreExt::delete::<T>(self, id, etag))
    }
}

/// Sets what a patch names.
pub fn set<T>(field: &mut T, patched: Option<T>) {
    if let Some(value) = patched {
        *field = value;
    }
}

/// A member that is there: `null` is a value of the field's type or a mistake, and never an absent member.
///
/// # Errors
/// Those of the value.
pub fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A merge on its way: each method merges one field of the caller's edit, and notes where that can't be done.
#[derive(Debug, Default)]
pub struct Merge {
    conflicts: Vec<&'static str>,
}

impl Merge {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn reject<T: PartialEq + Clone>(&mut self, name: &'static str, base: &T, mine: &mut T, theirs: &T) {
        if is_contested(base, mine, theirs) {
            self.conflicts.push(name);
        }
    }

    pub fn ours<T: PartialEq + Clone>(&mut self, _: &'static str, base: &T, mine: &mut T, theirs: &T) {
        is_contested(base, mine, theirs);
    }

    pub fn theirs<T: PartialEq + Clone>(&mut self, _: &'static str, base: &T, mine: &mut T, theirs: &T) {
        if is_contested(base, mine, theirs) {
            mine.clone_from(theirs);
        }
    }

    pub fn max<T: PartialOrd + Clone>(&mut self, _: &'static str, base: &T, mine: &mut T, theirs: &T) {
        if is_contested(base, mine, theirs) && *theirs > *mine {
            mine.clone_from(theirs);
        }
    }

    pub fn union<T: MergeUnion + PartialEq + Clone>(&mut self, _: &'static str, base: &T, mine: &mut T, theirs: &T) {
        if is_contested(base, mine, theirs) {
            *mine = T::merge_union(base, mine.clone(), theirs);
        }
    }

    pub fn custom<T: PartialEq + Clone>(
        &mut self,
        name: &'static str,
        base: &T,
        mine: &mut T,
        theirs: &T,
        decide: fn(&T, T, &T) -> Option<T>,
    ) {
        if is_contested(base, mine, theirs) {
            match decide(base, mine.clone(), theirs) {
                Some(decided) => *mine = decided,
                None => self.conflicts.push(name),
            }
        }
    }

    /// The merged value.
    ///
    /// # Errors
    /// The conflicts, where there are any.
    pub fn finish<T>(self, merged: T) -> Result<T, MergeConflict> {
        if self.conflicts.is_empty() { Ok(merged) } else { Err(MergeConflict::new(self.conflicts)) }
    }
}

/// Whether both edits changed the field, differently. Where they did not, `mine` becomes what they agree on.
fn is_contested<T: PartialEq + Clone>(base: &T, mine: &mut T, theirs: &T) -> bool {
    match merge_field(base, mine.clone(), theirs) {
        Merged::Agreed(agreed) => {
            *mine = agreed;
            false
        }
        Merged::Contested { .. } => true,
    }
}

/// The description that stands in where the derive met mistakes; such a program is never run.
pub const NO_MODEL: &Model = &Model {
    name: "",
    collection: "",
    representation: 1,
    schema: 1,
    validator: Validator::Revision,
    fields: &[],
    links: &[],
    changes: ChangeRule::NONE,
};

/// The patch of a type that the derive could not read.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPatch;

impl<T> Patch<T> for NoPatch {
    fn apply(self, _: &mut T) {}
}

/// What `ModelId` demands of a type beside its own methods.
pub trait CanBeId: Clone + Eq + Hash + Debug + Send + Sync + 'static {}

impl<T: Clone + Eq + Hash + Debug + Send + Sync + 'static> CanBeId for T {}

/// The body of functions that stand in where the derive met mistakes.
///
/// # Panics
/// Always; no program that calls it compiles.
pub fn not_compiled() -> ! {
    unreachable!("a program with mistakes in its models does not compile")
}
