//! The operations of a JSON Patch, within bounds: copies double what they copy, and a few dozen of them in a small body
//! would fill any memory.

mod equality;

use json_patch::{PatchError, PatchErrorKind, PatchOperation, jsonptr::Pointer};
use serde_json::Value;

use self::equality::is_equal;
use crate::problem::{Problem, ProblemKind};

/// How deep a document may become: less than what `serde_json` reads again.
const MAX_DEPTH: usize = 100;

/// Applies `operations` one after the other. `document` is half patched where one fails.
pub(super) fn apply(document: &mut Value, operations: &[PatchOperation], max_carried: usize) -> Result<(), Problem> {
    let mut carried = 0;
    for (index, operation) in operations.iter().enumerate() {
        if holds(document, operation) {
            continue;
        }
        if let Some((value, target)) = placed(document, operation) {
            let (size, depth) = extent(value);
            carried += if is_from_the_document(operation) { size } else { 0 };
            if carried > max_carried || depth + target.count() > MAX_DEPTH {
                return Err(too_large(index));
            }
        }
        // Not `patch`, whose undoing after a failure nobody needs here and which panics where it can't.
        json_patch::patch_unsafe(document, std::slice::from_ref(operation)).map_err(|error| failed(index, &error))?;
    }
    Ok(())
}

/// Whether it is a test that the document passes. `json_patch` would tell 1 from 1.0.
fn holds(document: &Value, operation: &PatchOperation) -> bool {
    let PatchOperation::Test(test) = operation else { return false };
    document.pointer(test.path.as_str()).is_some_and(|value| is_equal(value, &test.value))
}

/// The value that an operation puts somewhere, and where. A move that leads no deeper is none of these: to look at all that
/// it takes along, a thousand times over, would take longer than to move it.
fn placed<'a>(document: &'a Value, operation: &'a PatchOperation) -> Option<(&'a Value, &'a Pointer)> {
    match operation {
        PatchOperation::Add(add) => Some((&add.value, &add.path)),
        PatchOperation::Replace(replace) => Some((&replace.value, &replace.path)),
        PatchOperation::Copy(copy) => Some((document.pointer(copy.from.as_str())?, &copy.path)),
        PatchOperation::Move(moved) if moved.path.count() > moved.from.count() => {
            Some((document.pointer(moved.from.as_str())?, &moved.path))
        }
        PatchOperation::Move(_) | PatchOperation::Remove(_) | PatchOperation::Test(_) => None,
    }
}

/// Whether the size of what it places is bounded by the document alone, and not by the patch.
fn is_from_the_document(operation: &PatchOperation) -> bool {
    matches!(operation, PatchOperation::Copy(_) | PatchOperation::Move(_))
}

/// About how many bytes of JSON a value is, and how deep it is.
fn extent(value: &Value) -> (usize, usize) {
    let join = |(size, depth): (usize, usize), (more, below): (usize, usize)| (size + more, depth.max(below + 1));
    match value {
        Value::Array(items) => items.iter().map(extent).fold((2, 1), join),
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| {
                let (size, depth) = extent(value);
                (size + name.len() + 4, depth)
            };
            members.iter().map(member).fold((2, 1), join)
        }
        Value::String(text) => (text.len() + 2, 0),
        Value::Null | Value::Bool(_) | Value::Number(_) => (8, 0),
    }
}

fn too_large(index: usize) -> Problem {
    Problem::invalid_member(format!("/{index}"), "the operation makes the document too large or too deep".to_owned())
}

/// 409 where the operation doesn't fit the state (RFC 5789 §2.2), 422 where it fits none.
fn failed(index: usize, error: &PatchError) -> Problem {
    let (path, kind) = (&error.path, &error.kind);
    if matches!(kind, PatchErrorKind::CannotMoveInsideItself) {
        return Problem::invalid_member(format!("/{index}"), format!("the operation at {path} can't be done: {kind}"));
    }
    let detail = format!("operation {index} of the patch, at {path}, doesn't fit the resource: {kind}; read it again");
    Problem::new(ProblemKind::PatchConflict, detail)
}
