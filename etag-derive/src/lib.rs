//! The derive macros of `etag-core`, which re-exports them: depend on that crate and write
//! `use etag_core::{Content, ModelId, Versioned};`.
//!
//! * [`Versioned`](macro@Versioned) makes a struct a model: something with an id, a tag, a patch and a merge.
//! * [`Content`](macro@Content) makes a struct or an enum a part of a model: something that can be hashed.
//! * [`ModelId`](macro@ModelId) makes a newtype an id.
//!
//! A mistake in an attribute is one error, on the token that makes it, and says what to write instead.

mod ast;
mod attr;
mod check;
mod content;
mod errors;
mod expand;
mod fallback;
mod model_id;
mod paths;
mod place;
mod serde_attr;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct with named fields a model.
///
/// ```
/// use etag_core::{ETag, Error, MemoryStore, ModelId, Versioned};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ModelId)]
/// struct BoardId(String);
///
/// #[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
/// #[versioned(collection = "boards")]
/// struct Board {
///     #[versioned(id)]
///     id: BoardId,
///     name: String,
/// }
///
/// #[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
/// #[versioned(collection = "tasks", validator = digest)]
/// struct Task {
///     #[versioned(id)]
///     id: u64,
///     title: String,
///     #[versioned(merge = union)]
///     tags: Vec<String>,
///     #[versioned(parent(Board, touch = content, on_delete = detach))]
///     board_id: Option<BoardId>,
/// }
///
/// async fn rename(store: &MemoryStore, read: &ETag) -> Result<(), Error> {
///     let patch = TaskPatch { title: Some("buy tea".into()), ..TaskPatch::default() };
///     let task = Task::patch_if_match(store, &7, read, patch).await?;
///     assert_eq!(*task.etag(), task.value().etag());
///     if let Some(board) = task.board(store).await? {
///         let page = Task::of_board(store, &board.id, None, 50).await?;
///         println!("{} is one of {} on {}", task.title, page.items.len(), board.name);
///     }
///     Ok(())
/// }
/// # let store = MemoryStore::new();
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// # let task = Task { id: 7, title: String::new(), tags: vec![], board_id: None };
/// # let created = task.create_if_absent(&store).await?;
/// # rename(&store, created.etag()).await
/// # }).unwrap();
/// ```
///
/// # What is generated
/// * `impl Versioned`, with the description of fields and links that stores and routers read.
/// * `create_if_absent`, `replace_if_match`, `patch_if_match` and `delete_if_match`, which need that serde can write and
///   read the struct.
/// * For each link a method of its name that reads the parent, `task.board(&store)`, and a function that reads a parent's
///   children: `Task::of_board(&store, &board_id, after, limit)`, a page at a time. Of a link on the id, where there is at
///   most one child, it is `Details::of_task(&store, &task_id)`.
/// * `etag()`, where a tag can be told without a store: of a `digest` and an `opaque` model. That of a `digest(keyed)`
///   model takes the key. Once a child's write has touched a resource, the store's tag for it is another.
/// * `TaskPatch`: an `Option` for each field that a client may write, all `None` by default. The patch of an
///   `Option<T>` is an `Option<Option<T>>`, so `Some(None)` clears a field and `None` leaves it.
///
/// The types of the fields need `Content` to be hashed, and `Clone` and `PartialEq` to be merged; so do type parameters.
///
/// # Attributes of the struct
/// | `#[versioned(...)]` | meaning |
/// |---|---|
/// | `collection = "tasks"` | the collection, and the first segment of its resources' paths; required |
/// | `validator = revision` | tags are made of the store's revisions; the default |
/// | `validator = digest` | tags are made of the content |
/// | `validator = digest(weak)` | the same, without what is `exclude`d or filled in by the store; such tags are weak |
/// | `validator = digest(keyed)` | the same, with hidden fields that are `include`d; the store needs a key |
/// | `validator = last_modified` | tags are made of the time of the last change; such tags are weak |
/// | `validator = opaque` | another server gave the tag, which is in the field marked `etag` |
/// | `representation = 2` | the number of the serialised form: another number gives other tags; 1 by default |
/// | `schema = 2` | the number of the stored form; 1 by default. See [below](#raising-schema) |
/// | `upgrade = function` | brings older documents up: `fn(u32, serde_json::Value) -> Result<serde_json::Value, String>` |
/// | `validate = function` | checks values before they are written: `fn(&Task) -> Result<(), Violations>` |
/// | `changes = 20` | how many of a resource's last versions the store remembers, touches by children among them, so that a conflict can name the fields that changed; none by default |
/// | `changes(keep = 20, depth = 3)` | the same, and what changed is told by paths of up to three names (`checklist/b4/done`) |
/// | `patch(name = TaskChanges)` | another name for the patch |
/// | `patch(derive(Clone, Deserialize))` | derives for the patch; serde's tell an absent member from a `null` |
/// | `crate = ::path::to::etag_core` | where `etag_core` is, if it goes by another name |
///
/// # Attributes of fields
/// | `#[versioned(...)]` | meaning |
/// |---|---|
/// | `id` | the id; required, once |
/// | `created`, `modified` | a time that the store fills in, in the form of RFC 3339 |
/// | `revision` | the sequence number of the revision, which the store fills in |
/// | `etag` | the resource's own tag, which the store fills in |
/// | `derived` | made of the states of children; see [below](#fields-that-follow-children) |
/// | `parent(Board, touch = content)` | the field holds the id of a parent, or an `Option` of it. See [below](#links-to-parents) |
/// | `exclude` | the field is left out of the tag; needs `digest(weak)` |
/// | `include` | the field is not serialised and part of the tag; needs `digest(keyed)`, and a store that keeps it |
/// | `hash_with = function` | hashes a type without `Content`: `fn(&Field, &mut Digester)` |
/// | `merge = reject` | two edits of the field are a conflict; the default |
/// | `merge = ours`, `theirs`, `max` | the caller's edit stands, the stored one, or the greater |
/// | `merge = union` | members that either edit added are in, those that either removed are out |
/// | `merge = path::to::function` | `fn(base: &Field, mine: Field, theirs: &Field) -> Option<Field>`; `None` is a conflict |
///
/// What the store fills in is no content, so it can't stand under a strong digest.
///
/// The stores of this project keep what serde writes. An `include`d field is hashed when the value is written and is lost
/// then: a value that is read has the field's default. It is for stores that keep it elsewhere, in a column of their own.
///
/// # Links to parents
/// `#[versioned(parent(Board, ...))]` stands on the field with the parent's id. On the model's own id (`id, parent(Task, ...)`)
/// it says that the two have one id, so that a parent has at most one such child. A model may have several links, also to
/// itself (`parent(Self, ...)`), but models can't be each other's parents: a circle of them does not compile.
///
/// | in `parent(Board, ...)` | meaning |
/// |---|---|
/// | `touch = content` | each write of the child changes the parent's tag |
/// | `touch = structure` | only a create, a delete or a move of the child does |
/// | `touch = derived` | each write that changes a field of the parent that follows the child does; needs `derive` |
/// | `touch = none` | none does; a parent with `validator = opaque` allows no other |
/// | `lock = family` | a touch makes the tags stale that the parent's editors hold; the default |
/// | `lock = own` | it does not: a write of the parent compares the part of its tag that touches don't change |
/// | `on_delete = restrict` | the parent can't be deleted while the child is there; the default |
/// | `on_delete = cascade` | the child goes with the parent; needs `touch = content`, so that the tag of who deletes covered it |
/// | `on_delete = cascade, cascade = unseen` | the child goes with the parent although its tag did not cover it |
/// | `on_delete = detach` | the child stays without a parent; the field is an `Option` |
/// | `derive = Board::follow_task` | fields of the parent follow the child; needs `touch = content` or `touch = derived`. A child that was written before its link said so is followed from its next write on |
/// | `name = "owner"` | a name for the link and its functions other than `board` |
///
/// `touch` must be spelled.
///
/// # Fields that follow children
/// A field that is `derived` is made of the states of the resource's children, in each child's own commit and by nobody else:
/// what a client says of it counts for nothing, and it is no part of what two writers can disagree about. Where the resource
/// is made it has the value that `#[serde(default)]` gives it. The child's link names the function,
/// `fn(parent: &mut Board, before: Option<&Task>, after: Option<&Task>)`, which is told of one child at a time: the state of
/// which this parent knew, and the one that it has now. `None` is a child that this parent had not, or has no longer.
///
/// ```
/// use etag_core::{Error, MemoryStore, StoreExt, Versioned};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, Versioned)]
/// #[versioned(collection = "boards", validator = revision)]
/// struct Board {
///     #[versioned(id)]
///     id: u64,
///     #[serde(default)]
///     #[versioned(derived)]
///     open_tasks: u32,
/// }
///
/// #[derive(Serialize, Deserialize, Versioned)]
/// #[versioned(collection = "tasks", validator = revision)]
/// struct Task {
///     #[versioned(id)]
///     id: u64,
///     is_done: bool,
///     #[versioned(parent(Board, touch = content, on_delete = cascade, derive = Board::follow_task))]
///     board_id: u64,
/// }
///
/// impl Board {
///     fn follow_task(&mut self, before: Option<&Task>, after: Option<&Task>) {
///         let is_open = |task: Option<&Task>| u32::from(task.is_some_and(|task| !task.is_done));
///         self.open_tasks = self.open_tasks + is_open(after) - is_open(before);
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// store.create(&Board { id: 1, open_tasks: 0 }).await?;
/// let task = store.create(&Task { id: 7, is_done: false, board_id: 1 }).await?;
/// assert_eq!(store.get::<Board>(&1).await?.open_tasks, 1);
/// store.replace(&Task { id: 7, is_done: true, board_id: 1 }, task.etag()).await?;
/// assert_eq!(store.get::<Board>(&1).await?.open_tasks, 0);
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
///
/// What is derived may be derived from in turn. It is not hashed: the touch that comes with each change of it is counted in
/// the tag. Children that were there before the link derived anything are followed from when they are written again.
///
/// # Raising `schema`
/// Documents stay as they were written until they are written again, and `upgrade` sees those of a lower number only. So
/// raise it when a field that was stored gets another name or type, and when it becomes one that the store fills in
/// (`created`, `modified`, `revision`, `etag`): old documents have the member still, and `upgrade` must take it out, or it
/// stands in them twice.
///
/// # Serde
/// Fields are hashed and described under their serialised names: `rename`, `rename_all`, `skip`, `skip_serializing` and
/// `skip_deserializing` mean what they mean to serde. A field that is not serialised is not hashed. A flattened field is
/// hashed as a whole under its own name. A struct that is serialised as something else (`into`, `from`, `try_from`,
/// `transparent`) is no model: version what it is serialised as.
#[proc_macro_derive(Versioned, attributes(versioned))]
pub fn derive_versioned(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::versioned(&input).into()
}

/// Makes a struct or an enum something that can be part of a model: hashed by its serialised names and its values.
///
/// ```
/// use etag_core::{Content, Digester};
/// use serde::Serialize;
///
/// #[derive(Serialize, Content)]
/// #[serde(rename_all = "lowercase")]
/// enum Priority {
///     Low,
///     High { until: String },
/// }
///
/// let digest = |priority: Priority| {
///     let mut sink = Digester::new();
///     priority.feed(&mut sink);
///     sink.finish()
/// };
/// assert_ne!(digest(Priority::Low), digest(Priority::High { until: "noon".into() }));
/// ```
///
/// A newtype is hashed as what is in it, a tuple as a list, named fields as a record whose order does not matter; a
/// variant by its name and then its fields. Type parameters need `Content`. Serde's `rename`, `rename_all`,
/// `rename_all_fields`, `skip`, `skip_serializing` and `transparent` mean what they mean to serde.
///
/// # Attributes
/// | `#[versioned(...)]` | on | meaning |
/// |---|---|---|
/// | `hash_with = function` | a field | hashes a type without `Content`: `fn(&Field, &mut Digester)` |
/// | `crate = ::path::to::etag_core` | the type | where `etag_core` is, if it goes by another name |
#[proc_macro_derive(Content, attributes(versioned))]
pub fn derive_content(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    content::expand(&input).into()
}

/// Makes a newtype of an id (`String`, an integer, a `Uuid`, another such newtype) an id of its own.
///
/// It is parsed, written, made up and hashed as what is in it. Implements `Content` too.
///
/// ```
/// use etag_core::ModelId;
///
/// #[derive(Clone, Debug, PartialEq, Eq, Hash, ModelId)]
/// struct TaskId(u64);
///
/// assert_eq!(TaskId::parse("7").unwrap(), TaskId(7));
/// assert!(TaskId::parse("seven").is_err());
/// ```
///
/// # Attributes
/// | `#[versioned(...)]` | meaning |
/// |---|---|
/// | `crate = ::path::to::etag_core` | where `etag_core` is, if it goes by another name |
#[proc_macro_derive(ModelId, attributes(versioned))]
pub fn derive_model_id(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    model_id::expand(&input).into()
}
