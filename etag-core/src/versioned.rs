//! The trait behind `#[derive(Versioned)]`.

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    ContentDigest, DigestRule, Digester, ETag, Environment, Error, ErrorKind, Key, MergeConflict, Model, ModelId,
    Parents, TagPlan, Validator, Violations,
};

/// A domain struct whose states have tags. Written by `#[derive(Versioned)]`.
///
/// ```
/// use etag_core::{Key, Versioned};
///
/// #[derive(Versioned)]
/// #[versioned(collection = "notes", validator = revision)]
/// struct Note {
///     #[versioned(id)]
///     id: String,
///     text: String,
/// }
/// let note = Note { id: "1".into(), text: "milk".into() };
/// assert_eq!(note.key(), Key::new(Note::MODEL.collection, "1"));
/// ```
///
/// # Contract
/// [`MODEL`](Self::MODEL) describes the struct; [`feed_content`](Self::feed_content) feeds the id and every field that a
/// client may write, and no field that the store fills in; [`feed_tag`](Self::feed_tag) feeds what a digest tag covers.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    label = "its type doesn't implement `Versioned`",
    note = "write `#[derive(etag_core::Versioned)]` on `{Self}`"
)]
pub trait Versioned: Sized + Send + Sync + 'static {
    /// The type of the id.
    type Id: ModelId;

    /// The typed patch: one `Option` for each field that a client may write.
    type Patch: Patch<Self>;

    /// The models above this one as a list, `(Board, (Person, ()))`, itself left out: in it the compiler finds a circle
    /// of models, which is a mistake (rule F1).
    type Lineage;

    /// The static description.
    const MODEL: &'static Model;

    /// The id.
    fn id(&self) -> &Self::Id;

    /// Feeds what a client may write: two values that feed the same are the same content (rule P7).
    fn feed_content(&self, sink: &mut Digester);

    /// Feeds what a digest tag covers: the content, less what is left out, plus what is hidden.
    fn feed_tag(&self, sink: &mut Digester) {
        self.feed_content(sink);
    }

    /// The tag that an opaque model holds.
    ///
    /// ```
    /// # use etag_core::*;
    /// #[derive(Versioned)]
    /// #[versioned(collection = "mirrored", validator = opaque)]
    /// struct Mirrored {
    ///     #[versioned(id)]
    ///     id: String,
    ///     #[versioned(etag)]
    ///     etag: ETag,
    /// }
    /// let mirrored = Mirrored { id: "1".into(), etag: ETag::strong("theirs")? };
    /// assert_eq!(mirrored.held_tag(), Some(&ETag::strong("theirs")?));
    /// # Ok::<(), InvalidETag>(())
    /// ```
    fn held_tag(&self) -> Option<&ETag> {
        None
    }

    /// The parents that the value names.
    ///
    /// ```
    /// # use etag_core::*;
    /// # #[derive(Versioned)]
    /// # #[versioned(collection = "boards", validator = revision)]
    /// # struct Board { #[versioned(id)] id: u64 }
    /// # #[derive(Versioned)]
    /// # #[versioned(collection = "tasks", validator = revision)]
    /// # struct Task { #[versioned(id)] id: u64, #[versioned(parent(Board, touch = none))] board_id: u64 }
    /// let task = Task { id: 7, board_id: 1 };
    /// assert_eq!(task.parents().of_link("board"), Some(&Board { id: 1 }.key()));
    /// ```
    fn parents(&self) -> Parents {
        Parents::NONE
    }

    /// Checks the value before it is written.
    ///
    /// # Errors
    /// [`Violations`] that name each bad field and what is wrong with it.
    ///
    /// ```
    /// # use etag_core::*;
    /// #[derive(Versioned)]
    /// #[versioned(collection = "notes", validator = revision, validate = check)]
    /// struct Note { #[versioned(id)] id: String, text: String }
    ///
    /// fn check(note: &Note) -> Result<(), Violations> {
    ///     let mut violations = Violations::new();
    ///     if note.text.is_empty() {
    ///         violations.add("/text", "must not be empty");
    ///     }
    ///     violations.into_result()
    /// }
    /// assert!(Note { id: "1".into(), text: String::new() }.validate().is_err());
    /// ```
    fn validate(&self) -> Result<(), Violations> {
        Ok(())
    }

    /// Brings a stored document of the older schema number `from` up to [`Model::schema`](crate::Model::schema).
    ///
    /// # Errors
    /// A text that says why the document can't be upgraded.
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde_json::{Value, json};
    /// #[derive(Versioned)]
    /// #[versioned(collection = "notes", validator = revision, schema = 2, upgrade = upgrade)]
    /// struct Note { #[versioned(id)] id: String, text: String }
    ///
    /// fn upgrade(_from: u32, mut document: Value) -> Result<Value, String> {
    ///     document["text"] = document["body"].take(); // schema 1 called it `body`
    ///     Ok(document)
    /// }
    /// assert_eq!(Note::upgrade(1, json!({ "body": "milk" }))?["text"], "milk");
    /// # Ok::<(), String>(())
    /// ```
    fn upgrade(from: u32, document: serde_json::Value) -> Result<serde_json::Value, String> {
        let _ = from;
        Ok(document)
    }

    /// Merges two edits of `base`: the caller's, `mine`, and the stored one, `theirs` (rule B3).
    ///
    /// # Errors
    /// [`MergeConflict`] that names the fields which both changed, differently, and which have no rule for that.
    ///
    /// ```
    /// # use etag_core::*;
    /// # #[derive(Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// let note = |text: &str| Note { id: "1".into(), text: text.into() };
    /// let merged = Note::merge(&note("milk"), note("tea"), &note("milk"))?;
    /// assert_eq!(merged.text, "tea");
    /// assert!(Note::merge(&note("milk"), note("tea"), &note("eggs")).is_err());
    /// # Ok::<(), MergeConflict>(())
    /// ```
    fn merge(base: &Self, mine: Self, theirs: &Self) -> Result<Self, MergeConflict>;

    /// The key of the resource with this id.
    ///
    /// ```
    /// # use etag_core::*;
    /// # #[derive(Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// assert_eq!(Note::key_of(&"1".to_owned()), Key::new("notes", "1"));
    /// ```
    fn key_of(id: &Self::Id) -> Key {
        Key::new(Self::MODEL.collection, id.to_text())
    }

    /// The key of this resource.
    fn key(&self) -> Key {
        Self::key_of(self.id())
    }

    /// The digest of what a client may write.
    ///
    /// ```
    /// # use etag_core::*;
    /// # #[derive(Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// let note = |text: &str| Note { id: "1".into(), text: text.into() };
    /// assert_eq!(note("milk").content_digest(), note("milk").content_digest());
    /// assert_ne!(note("milk").content_digest(), note("tea").content_digest());
    /// ```
    fn content_digest(&self) -> ContentDigest {
        let mut sink = Digester::new();
        self.feed_content(&mut sink);
        sink.finish()
    }
}

/// A versioned model that can be kept as a JSON document: every one that serde can write and read.
///
/// ```
/// use etag_core::{Document, Error, Store, StoreExt};
///
/// /// The published tag of any model's resource.
/// async fn tag_of<T: Document>(store: &impl Store, id: &T::Id) -> Result<etag_core::ETag, Error> {
///     Ok(store.get::<T>(id).await?.etag().clone())
/// }
/// ```
pub trait Document: Versioned<Id: Serialize> + Serialize + DeserializeOwned {}

impl<T: Versioned<Id: Serialize> + Serialize + DeserializeOwned> Document for T {}

/// A typed patch: which fields to set, told apart from which to leave.
///
/// ```
/// # use etag_core::*;
/// # #[derive(Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// let mut note = Note { id: "1".into(), text: "milk".into() };
/// NotePatch::default().apply(&mut note);
/// assert_eq!(note.text, "milk");
/// NotePatch { text: Some("tea".into()) }.apply(&mut note);
/// assert_eq!(note.text, "tea");
/// ```
pub trait Patch<T>: Send + 'static {
    /// Sets the fields that the patch names.
    fn apply(self, value: &mut T);
}

/// The plan by which a store tags `value`.
///
/// # Errors
/// [`ErrorKind::Misconfigured`] where a keyed model meets an environment without a key.
pub(crate) fn tag_plan<T: Versioned>(
    value: &T,
    content: ContentDigest,
    environment: &Environment,
) -> Result<TagPlan, Error> {
    match T::MODEL.validator {
        Validator::Revision => Ok(TagPlan::Revision),
        Validator::LastModified => Ok(TagPlan::LastModified),
        Validator::Opaque => value.held_tag().cloned().map(TagPlan::Opaque).ok_or_else(no_held_tag::<T>),
        Validator::Digest(DigestRule::Whole) => {
            Ok(TagPlan::Digest { digest: content, strength: DigestRule::Whole.strength() })
        }
        Validator::Digest(rule) => {
            Ok(TagPlan::Digest { digest: tag_digest(value, rule, environment)?, strength: rule.strength() })
        }
    }
}

fn tag_digest<T: Versioned>(value: &T, rule: DigestRule, environment: &Environment) -> Result<ContentDigest, Error> {
    let mut sink = match rule {
        DigestRule::Keyed => Digester::keyed(environment.digest_key().ok_or_else(no_digest_key::<T>)?),
        DigestRule::Whole | DigestRule::Weak => Digester::new(),
    };
    value.feed_tag(&mut sink);
    Ok(sink.finish())
}

fn no_digest_key<T: Versioned>() -> Error {
    let name = T::MODEL.name;
    Error::new(
        ErrorKind::Misconfigured,
        format!("`{name}` has a keyed digest and the store has no key; give one with `Environment::with_digest_key`"),
    )
}

fn no_held_tag<T: Versioned>() -> Error {
    Error::new(ErrorKind::Misconfigured, format!("a `{}` has an opaque validator and holds no tag", T::MODEL.name))
}

/// The digest tag of a value, computed from its content alone; for `digest` models equal to what a store publishes.
pub(crate) fn digest_etag<T: Versioned>(value: &T, key: Option<&crate::DigestKey>) -> Option<ETag> {
    digest_etag_of(T::MODEL, key, &|sink| value.feed_tag(sink))
}

/// The part that does not depend on the type, compiled once and not for each model.
fn digest_etag_of(model: &Model, key: Option<&crate::DigestKey>, feed: &dyn Fn(&mut Digester)) -> Option<ETag> {
    let Validator::Digest(rule) = model.validator else { return None };
    let mut sink = match (rule, key) {
        (DigestRule::Keyed, key) => Digester::keyed(key?),
        (DigestRule::Whole | DigestRule::Weak, _) => Digester::new(),
    };
    feed(&mut sink);
    let plan = TagPlan::Digest { digest: sink.finish(), strength: rule.strength() };
    let nowhere = crate::Revision::new(crate::Epoch::from_bytes([0; 6]), 0);
    Some(model.publish(&plan.tag(nowhere, std::time::UNIX_EPOCH)))
}
