//! Patches of what a client sees: JSON Merge Patch (RFC 7396) and JSON Patch (RFC 6902).

mod operations;

use etag_core::{FieldRole, Model, Violations};
use json_patch::PatchOperation;
use serde_json::Value;

use crate::{
    body,
    limits::Limits,
    media_type::PatchFormat,
    problem::{Problem, ProblemKind},
};

/// A patch that was read.
#[derive(Debug)]
pub(crate) enum Patch {
    Merge(Value),
    Json(json_patch::Patch),
}

impl Patch {
    pub(crate) fn parse(format: PatchFormat, body: &[u8], limits: &Limits) -> Result<Self, Problem> {
        match format {
            PatchFormat::Merge => body::json(body).map(Self::Merge),
            PatchFormat::Json => {
                let patch: json_patch::Patch = body::json(body)?;
                demand_few_operations(&patch, limits.patch_operations)?;
                Ok(Self::Json(patch))
            }
        }
    }

    /// Whether its answer tells what is there, even to who is not shown it.
    pub(crate) fn has_tests(&self) -> bool {
        let is_test = |operation: &PatchOperation| matches!(operation, PatchOperation::Test(_));
        matches!(self, Self::Json(patch) if patch.iter().any(is_test))
    }

    /// The patched document. What the server fills in can't be patched.
    pub(crate) fn apply(&self, model: &Model, document: &Value, limits: &Limits) -> Result<Value, Problem> {
        let mut patched = document.clone();
        match self {
            Self::Merge(patch) => json_patch::merge(&mut patched, patch),
            Self::Json(patch) => operations::apply(&mut patched, patch, limits.body_bytes)?,
        }
        demand_untouched(model, document, &patched)?;
        Ok(patched)
    }
}

fn demand_few_operations(patch: &json_patch::Patch, limit: usize) -> Result<(), Problem> {
    if patch.len() <= limit {
        return Ok(());
    }
    let detail = format!("the patch has {} operations; send at most {limit}", patch.len());
    Err(Problem::new(ProblemKind::Invalid, detail))
}

/// Unlike a PUT, which sends back what it was given, a patch that names such a member means to change it.
fn demand_untouched(model: &Model, before: &Value, after: &Value) -> Result<(), Problem> {
    if !after.is_object() {
        let message = "the patch leaves no JSON object, which every representation is";
        return Err(Problem::invalid_member(String::new(), message.to_owned()));
    }
    let is_protected = |role: FieldRole| role == FieldRole::Id || role.is_the_servers();
    let touched =
        model.fields.iter().filter(|field| is_protected(field.role) && before.get(field.name) != after.get(field.name));
    let mut violations = Violations::new();
    touched.for_each(|field| violations.add(format!("/{}", field.name), "can't be patched; the server sets it"));
    violations.into_result().map_err(|violations| Problem::invalid(&violations))
}
