//! Models as JSON documents: what is stored, what is served, and what a client's body may set.

mod without;

use std::{
    borrow::Cow,
    time::{SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use serde_json::{Map, Value};

use self::without::Without;
use crate::{
    ByName, Document, Epoch, Error, ErrorKind, Expectation, FieldRole, Head, Hold, Key, Model, ModelField, Parents,
    Put, Revision, Row, Store, Strength, Versioned, Violations, derived, time::push_rfc3339, versioned::tag_plan,
};

/// The write of `value` under `expectation`: its key, its document, its digest and the plan for its tag.
///
/// # Errors
/// [`ErrorKind::Invalid`] where [`Versioned::validate`] says so or values are nested too deeply, [`ErrorKind::Undecodable`] where serde can't write the
/// value as a JSON object that it can read again, [`ErrorKind::Misconfigured`] where a keyed model meets a store without a key.
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// let store = MemoryStore::new();
/// let note = Note { id: "1".into(), text: "milk".into() };
/// let put = put_document(&store, &note, Expectation::Absent)?;
/// assert_eq!(put.body, r#"{"id":"1","text":"milk"}"#);
/// # Ok::<(), Error>(())
/// ```
pub fn put_document<T: Document>(
    store: &(impl Store + ?Sized),
    value: &T,
    expectation: Expectation,
) -> Result<Put, Error> {
    value.validate()?;
    let content = value.content_digest();
    let environment = store.coordinator().environment();
    environment.learn(T::MODEL);
    let plan = tag_plan(value, content, environment)?;
    let body = encode_without(value, FieldRole::is_the_servers)?;
    let mut put = Put::new(value.key(), expectation, plan, content, T::MODEL.schema, body);
    put.parents = value.parents();
    put.changes = T::MODEL.changes;
    let read_back = demand_readable::<T>(&put)?;
    if T::MODEL.derived().next().is_some() {
        // What was read back has the fields as they are where no child is.
        put.body = encode(&read_back)?;
        put.keep_derived = Some(derived::keep::<T>);
    }
    Ok(put)
}

/// A model can be written and yet not read: a field that is only serialised under another name, or is skipped and has no
/// default, or a NaN. Stored, it would stay unreadable.
fn demand_readable<T: Document>(put: &Put) -> Result<T, Error> {
    let nowhere = Revision::new(Epoch::from_bytes([0; 6]), 0);
    let head = Head {
        key: put.key.clone(),
        tag: put.plan.tag(nowhere, UNIX_EPOCH),
        revision: nowhere,
        created: nowhere,
        created_at: UNIX_EPOCH,
        modified_at: UNIX_EPOCH,
        date_strength: Strength::Weak,
        schema: put.schema,
        content: put.content,
        edited: nowhere,
        parents: Parents::NONE,
    };
    let document = with_stamps(T::MODEL, &head, put.body.clone());
    serde_json::from_slice::<T>(&document).map_err(|error| not_readable::<T>(&put.key, error))
}

/// What serde wrote is JSON, so that its reader can find fault with the syntax only where a value that a client may write is
/// nested for more levels than it follows.
fn not_readable<T: Versioned>(key: &Key, error: serde_json::Error) -> Error {
    if error.is_syntax() {
        let message = format!("{key} would have lists and objects in one another for too many levels; use fewer");
        return Error::new(ErrorKind::Invalid, message).with_source(error);
    }
    let name = T::MODEL.name;
    let message = format!("{key} would be written as a document from which no `{name}` can be read: {error}");
    Error::new(ErrorKind::Undecodable, message).with_source(error)
}

/// The document of `value`: its JSON object without the fields that the store fills in.
pub(crate) fn encode<T: Document>(value: &T) -> Result<Bytes, Error> {
    encode_without(value, FieldRole::is_stamp)
}

/// The JSON object of `value` without the fields of such roles.
fn encode_without<T: Document>(value: &T, leaves_out: fn(FieldRole) -> bool) -> Result<Bytes, Error> {
    let mut body = Vec::with_capacity(256);
    let mut serializer = serde_json::Serializer::new(&mut body);
    let written = if T::MODEL.fields.iter().any(|field| leaves_out(field.role)) {
        value.serialize(Without::new(T::MODEL, leaves_out, &mut serializer))
    } else {
        value.serialize(&mut serializer)
    };
    written.map_err(|error| not_encodable::<T>(&error))?;
    Ok(Bytes::from(body))
}

fn not_encodable<T: Versioned>(error: &serde_json::Error) -> Error {
    Error::new(ErrorKind::Undecodable, format!("a `{}` can't be written as a JSON object: {error}", T::MODEL.name))
}

/// The representation of a stored resource: its document and what the store fills in. The stored bytes themselves where
/// the model has no such field.
///
/// # Errors
/// [`ErrorKind::Undecodable`] where an older document can't be upgraded.
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String, #[versioned(revision)] revision: u64 }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// let note = Note { id: "1".into(), text: "milk".into(), revision: 0 };
/// store.create(&note).await?;
/// let row = store.read(&note.key()).await?.expect("was just created");
/// assert_eq!(row.body, r#"{"id":"1","text":"milk"}"#);
/// assert_eq!(representation::<Note>(&row)?, r#"{"id":"1","text":"milk","revision":1}"#);
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
pub fn representation<T: Document>(row: &Row) -> Result<Bytes, Error> {
    if row.head.schema < T::MODEL.schema || row.head.parents.is_any_detached() {
        let document = without_detached(T::MODEL, &row.head, upgraded::<T>(row)?);
        let current = serde_json::to_vec(&document).map_err(|error| not_encodable::<T>(&error))?;
        return Ok(with_stamps(T::MODEL, &row.head, current.into()));
    }
    Ok(with_stamps(T::MODEL, &row.head, row.body.clone()))
}

/// A document that names a parent whose delete detached it was not rewritten then, so it is corrected when it is read.
fn without_detached(model: &Model, head: &Head, mut document: Value) -> Value {
    for link in head.parents.links().iter().filter(|link| link.hold == Hold::Detached) {
        if let Some(link) = model.link(&link.name) {
            document[link.field] = Value::Null;
        }
    }
    document
}

/// Appends the stamps to a document, as text: they cost no decoding. White space in it, which a repository of somebody's own
/// may keep, is no member.
fn with_stamps(model: &'static Model, head: &Head, document: Bytes) -> Bytes {
    let members = document.trim_ascii().strip_suffix(b"}").map(<[u8]>::trim_ascii_end);
    let Some(members) = members.filter(|_| model.stamps().next().is_some()) else {
        return document;
    };
    let mut body = Vec::with_capacity(document.len() + ROOM_FOR_STAMPS);
    body.extend_from_slice(members);
    for field in model.stamps() {
        if body.len() > 1 {
            body.push(b',');
        }
        push_text(&mut body, field.name);
        body.push(b':');
        push_stamp(&mut body, model, field.role, head);
    }
    body.push(b'}');
    body.into()
}

const ROOM_FOR_STAMPS: usize = 192;

/// What the store fills in for a field of this role, as JSON.
fn push_stamp(body: &mut Vec<u8>, model: &Model, role: FieldRole, head: &Head) {
    match role {
        FieldRole::Created => push_time(body, head.created_at),
        FieldRole::Modified => push_time(body, head.modified_at),
        FieldRole::Revision => {
            body.extend_from_slice(itoa::Buffer::new().format(head.revision.sequence()).as_bytes());
        }
        FieldRole::ETag => push_text(body, &String::from_utf8_lossy(model.publish(&head.tag).as_bytes())),
        FieldRole::Id | FieldRole::Data | FieldRole::Derived => body.extend_from_slice(b"null"),
    }
}

/// In the form of RFC 3339, which has nothing to escape.
fn push_time(body: &mut Vec<u8>, time: SystemTime) {
    body.push(b'"');
    push_rfc3339(body, time);
    body.push(b'"');
}

fn push_text(body: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(body, text).expect("memory takes all that is written to it");
}

/// The value of a stored resource.
///
/// # Errors
/// [`ErrorKind::Undecodable`] where the document is not one of the model, even after its upgrade.
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String, #[versioned(revision)] revision: u64 }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// let note = Note { id: "1".into(), text: "milk".into(), revision: 0 };
/// store.create(&note).await?;
/// let row = store.read(&note.key()).await?.expect("was just created");
/// let read: Note = decode(&row)?;
/// assert_eq!((read.text.as_str(), read.revision), ("milk", 1));
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
pub fn decode<T: Document>(row: &Row) -> Result<T, Error> {
    let body = representation::<T>(row)?;
    serde_json::from_slice(&body).map_err(|error| unreadable::<T>(row, error))
}

fn unreadable<T: Versioned>(row: &Row, error: serde_json::Error) -> Error {
    let (key, name) = (&row.head.key, T::MODEL.name);
    Error::new(ErrorKind::Undecodable, format!("the stored document of {key} is not a `{name}`: {error}"))
        .with_source(error)
}

/// The stored document as documents are written now.
pub(crate) fn current<T: Document>(row: &Row) -> Result<Bytes, Error> {
    if row.head.schema >= T::MODEL.schema {
        return Ok(row.body.clone());
    }
    let upgraded = serde_json::to_vec(&upgraded::<T>(row)?).map_err(|error| not_encodable::<T>(&error))?;
    Ok(upgraded.into())
}

fn upgraded<T: Document>(row: &Row) -> Result<Value, Error> {
    let document = serde_json::from_slice(&row.body).map_err(|error| unreadable::<T>(row, error))?;
    if row.head.schema >= T::MODEL.schema {
        return Ok(document);
    }
    T::upgrade(row.head.schema, document).map_err(|reason| {
        let (key, from, to) = (&row.head.key, row.head.schema, T::MODEL.schema);
        Error::new(ErrorKind::Undecodable, format!("{key} can't be upgraded from schema {from} to {to}: {reason}"))
    })
}

/// The value of a model that a client's JSON object asks for, with the id `id`, which the object may name or leave out.
///
/// Members that name a field which the server fills in, or derives from children, are not looked at, since clients send back
/// what they were given; what stands in these fields of the value means nothing, and is not written.
///
/// # Errors
/// [`ErrorKind::Invalid`] that names the member which is missing, of the wrong type, or an id other than `id`.
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// let body = serde_json::json!({ "text": 7 });
/// let error = from_client::<Note>(body, &"1".to_owned()).err().unwrap();
/// assert_eq!(error.violations().unwrap().iter().next().unwrap().pointer, "/text");
/// ```
pub fn from_client<T: Document>(body: Value, id: &T::Id) -> Result<T, Error> {
    let Value::Object(mut members) = body else {
        return Err(violation("", format!("must be a JSON object, the representation of a `{}`", T::MODEL.name)));
    };
    set_id::<T>(&mut members, id)?;
    set_provisional_stamps(T::MODEL, &mut members);
    T::MODEL.derived().for_each(|field| drop(members.remove(field.name)));
    serde_path_to_error::deserialize(ByName(Value::Object(members))).map_err(|error| {
        let pointer = json_pointer(error.path());
        violation(pointer, error.into_inner().to_string())
    })
}

fn violation(pointer: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Error {
    let mut violations = Violations::new();
    violations.add(pointer, message);
    Error::invalid(violations)
}

fn set_id<T: Document>(members: &mut Map<String, Value>, id: &T::Id) -> Result<(), Error> {
    let name = T::MODEL.id_field().map_or("id", |field| field.name);
    let own = serde_json::to_value(id).map_err(|error| not_encodable::<T>(&error))?;
    match members.get(name) {
        Some(given) if *given != own => {
            Err(violation(format!("/{name}"), format!("must be {own}, the id in the path, or be left out")))
        }
        _ => {
            members.insert(name.to_owned(), own);
            Ok(())
        }
    }
}

/// The struct wants its stamps; what stands there is never stored.
fn set_provisional_stamps(model: &'static Model, members: &mut Map<String, Value>) {
    for ModelField { name, role, .. } in model.stamps() {
        let provisional = match role {
            FieldRole::Revision => Value::from(0),
            FieldRole::ETag => Value::from("\"\""),
            _ => Value::from("1970-01-01T00:00:00Z"),
        };
        members.insert((*name).to_owned(), provisional);
    }
}

fn json_pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;

    let mut pointer = String::new();
    for segment in path {
        pointer.push('/');
        match segment {
            Segment::Seq { index } => pointer.push_str(&index.to_string()),
            Segment::Map { key } => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => pointer.push_str(variant),
            Segment::Unknown => pointer.push('?'),
        }
    }
    pointer
}
