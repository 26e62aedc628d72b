//! Which members of a body a client may write, and of what type they are. All others are ignored, as the service does.

use etag_axum::Refused;
use etag_core::{Refusal, RefusalKind};
use serde_json::{Map, Value};

use crate::{errors::REQUIRED, model::Fields};

/// The members of one kind of resource, by their types: names with spaces between them.
pub(crate) struct Members {
    pub(crate) required: &'static str,
    pub(crate) texts: &'static str,
    pub(crate) numbers: &'static str,
    pub(crate) flags: &'static str,
    pub(crate) lists: &'static str,
    pub(crate) objects: &'static str,
}

/// Whether a value is of a type.
type IsRight = fn(&Value) -> bool;

impl Members {
    pub(crate) const NONE: Self = Self { required: "", texts: "", numbers: "", flags: "", lists: "", objects: "" };

    /// What a body says about all of a resource.
    ///
    /// # Errors
    /// [`RefusalKind::Invalid`] where a member is missing or of another type.
    pub(crate) fn read(&self, body: &Map<String, Value>) -> Result<Fields, Refused> {
        if let Some(name) = self.required.split_whitespace().find(|name| body.get(*name).is_none_or(Value::is_null)) {
            return Err(required(name));
        }
        let given = body.iter().filter(|(_, value)| !value.is_null());
        let known = given.filter_map(|(name, value)| Some((name, value, self.type_of(name)?)));
        let fields = known.map(
            |(name, value, is_right)| {
                if is_right(value) { Ok((name.clone(), value.clone())) } else { Err(invalid(name)) }
            },
        );
        fields.collect::<Result<_, _>>().map(Fields)
    }

    /// What a resource is after a body that says what to change (RFC 7396).
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    pub(crate) fn merge(&self, fields: &Fields, body: &Map<String, Value>) -> Result<Fields, Refused> {
        let mut merged = Value::Object(fields.0.clone());
        json_patch::merge(&mut merged, &Value::Object(body.clone()));
        self.read(merged.as_object().unwrap_or(&fields.0))
    }

    fn type_of(&self, name: &str) -> Option<IsRight> {
        let types: [(&str, IsRight); 5] = [
            (self.texts, Value::is_string),
            (self.numbers, Value::is_i64),
            (self.flags, Value::is_boolean),
            (self.lists, Value::is_array),
            (self.objects, Value::is_object),
        ];
        types
            .into_iter()
            .find(|(names, _)| names.split_whitespace().any(|known| known == name))
            .map(|(_, is_right)| is_right)
    }
}

/// A member, parameter or part of one is missing.
pub(crate) fn required(name: &str) -> Refused {
    Refusal::new(RefusalKind::Invalid).with_code(REQUIRED).saying(format!("Missing {name}.")).into()
}

/// A member or parameter makes no sense.
pub(crate) fn invalid(name: &str) -> Refused {
    Refused::invalid(format!("Invalid value for: {name}"))
}
