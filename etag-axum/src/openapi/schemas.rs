//! The schemas of a model: what is read, what is sent, how it is patched, and a page of it.

use std::borrow::Cow;

use etag_core::{FieldRole, Model};
use serde_json::{Map, Value, json};
use utoipa::{
    ToSchema,
    openapi::{RefOr, Schema},
};

/// The schema of a model, and those that it refers to.
pub(crate) struct ModelSchema {
    name: Cow<'static, str>,
    schema: Value,
    references: Vec<(String, Value)>,
}

impl ModelSchema {
    pub(crate) fn of<T: ToSchema>() -> Self {
        let mut references = Vec::new();
        T::schemas(&mut references);
        let references = references.into_iter().map(|(name, schema)| (name, value(&schema))).collect();
        Self { name: T::name(), schema: value(&T::schema()), references }
    }

    /// The names of all the schemas that describe the model.
    pub(crate) fn names(&self) -> [String; 5] {
        ["", "Creation", "Input", "MergePatch", "Page"].map(|suffix| format!("{}{suffix}", self.name))
    }

    /// A reference to the representation.
    pub(super) fn representation(&self) -> Value {
        reference(&self.name)
    }

    /// A reference to what a POST sends.
    pub(super) fn creation(&self) -> Value {
        reference(&format!("{}Creation", self.name))
    }

    /// What a POST sends that need not say `field`, which is in its path.
    pub(super) fn creation_without(&self, field: &str, model: &Model) -> Value {
        let mut schema = self.describe_creation(model);
        if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
            required.retain(|name| name != field);
        }
        schema
    }

    /// A reference to what a PUT sends.
    pub(super) fn input(&self) -> Value {
        reference(&format!("{}Input", self.name))
    }

    /// A reference to a merge patch.
    pub(super) fn merge_patch(&self) -> Value {
        reference(&format!("{}MergePatch", self.name))
    }

    /// A reference to a page of a list.
    pub(super) fn page(&self) -> Value {
        reference(&format!("{}Page", self.name))
    }

    /// The schema of the id.
    pub(super) fn id(&self, model: &Model) -> Value {
        let name = model.id_field().map_or("id", |field| field.name);
        self.schema["properties"].get(name).cloned().unwrap_or_else(|| json!({ "type": "string" }))
    }

    /// All schemas that the model brings along, by name.
    pub(super) fn components(&self, model: &Model) -> Map<String, Value> {
        let name = &self.name;
        let mut schemas: Map<_, _> = self.references.iter().cloned().collect();
        schemas.insert(name.to_string(), self.schema.clone());
        schemas.insert(format!("{name}Creation"), self.describe_creation(model));
        schemas.insert(format!("{name}Input"), self.describe_input(model));
        schemas.insert(format!("{name}MergePatch"), self.describe_merge_patch(model));
        schemas.insert(format!("{name}Page"), self.describe_page());
        schemas
    }

    /// The model without the demand for what the path or the server says.
    fn describe_input(&self, model: &Model) -> Value {
        let mut schema = self.schema.clone();
        if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
            required.retain(|name| {
                name.as_str().and_then(|name| model.field(name)).is_none_or(|field| is_data(field.role))
            });
        }
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            let servers = model.fields.iter().filter(|field| field.role.is_the_servers());
            servers.for_each(|field| drop(properties.remove(field.name)));
        }
        schema
    }

    /// The input without the id, which the server makes up.
    fn describe_creation(&self, model: &Model) -> Value {
        let mut schema = self.describe_input(model);
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            model.id_field().map(|field| properties.remove(field.name));
        }
        schema
    }

    /// What a client may write, all of it optional, `null` to remove it (RFC 7396).
    fn describe_merge_patch(&self, model: &Model) -> Value {
        let data = model.fields.iter().filter(|field| is_data(field.role));
        let nullable = |schema: &Value| json!({ "anyOf": [schema, { "type": "null" }] });
        let property = |name: &str| Some((name.to_owned(), nullable(self.schema["properties"].get(name)?)));
        let properties: Map<_, _> = data.filter_map(|field| property(field.name)).collect();
        json!({ "type": "object", "properties": properties })
    }

    fn describe_page(&self) -> Value {
        let item = json!({
            "type": "object",
            "required": ["etag", "value"],
            "properties": {
                "etag": { "type": "string", "description": "The tag to send in If-Match." },
                "value": self.representation(),
            },
        });
        json!({
            "type": "object",
            "required": ["items"],
            "properties": {
                "items": { "type": "array", "items": item },
                "next": { "type": "string", "description": "The cursor of the next page; left out on the last one." },
            },
        })
    }
}

fn is_data(role: FieldRole) -> bool {
    role == FieldRole::Data
}

fn value(schema: &RefOr<Schema>) -> Value {
    serde_json::to_value(schema).expect("a schema is plain data")
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}
