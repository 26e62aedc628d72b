//! Batches, and looks at what came of them.

use serde_json::{Value, json};

use crate::support::*;

impl Client {
    /// Sends a batch of these items, which are the members of a JSON list.
    pub(crate) async fn batch(&self, items: Value) -> Answer {
        self.batch_with(&[], items).await
    }

    pub(crate) async fn batch_with(&self, headers: &[&str], items: Value) -> Answer {
        self.post("/$batch", headers, json!({ "items": items }).to_string()).await
    }

    /// The titles of all tasks, in the order in which they were created.
    pub(crate) async fn titles(&self) -> Vec<String> {
        let page = self.get("/tasks", &[]).await.json();
        let items = page["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["value"]["title"].as_str().unwrap().to_owned()).collect()
    }
}

impl Answer {
    /// The statuses of the items, of a batch that was done or not.
    pub(crate) fn statuses(&self) -> Vec<u64> {
        let json = self.json();
        let items = json["items"].as_array().unwrap_or_else(|| panic!("no items in {json}"));
        items.iter().map(|item| item["status"].as_u64().unwrap()).collect()
    }

    /// The answer to one item.
    pub(crate) fn item(&self, index: usize) -> Value {
        self.json()["items"][index].clone()
    }

    /// The statuses of the items, after a look at whether none was done.
    pub(crate) fn refused(&self) -> Vec<u64> {
        assert_eq!((self.status.as_u16(), self.problem()), (409, "batch-failed".to_owned()), "{self:?}");
        self.statuses()
    }

    /// The pointers to what is wrong with the form of the batch.
    pub(crate) fn mistakes(&self) -> Vec<String> {
        assert_eq!((self.status.as_u16(), self.problem()), (422, "invalid".to_owned()), "{self:?}");
        let problem = self.json();
        let errors = problem["errors"].as_array().unwrap();
        errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect()
    }
}

/// The tag in the answer to an item.
pub(crate) fn etag_of(item: &Value) -> String {
    item["headers"]["ETag"].as_str().unwrap_or_else(|| panic!("no tag in {item}")).to_owned()
}

/// Creates a task under this id, or replaces none.
pub(crate) fn put(id: &str, title: &str) -> Value {
    json!({ "method": "PUT", "path": format!("/tasks/{id}"), "body": { "title": title } })
}

pub(crate) fn put_if(id: &str, etag: &str, title: &str) -> Value {
    json!({ "method": "PUT", "path": format!("/tasks/{id}"), "headers": { "If-Match": etag }, "body": { "title": title } })
}

pub(crate) fn merge_if(id: &str, etag: &str, patch: &Value) -> Value {
    let headers = json!({ "If-Match": etag, "Content-Type": "application/merge-patch+json" });
    json!({ "method": "PATCH", "path": format!("/tasks/{id}"), "headers": headers, "body": patch })
}

pub(crate) fn delete_if(id: &str, etag: &str) -> Value {
    json!({ "method": "DELETE", "path": format!("/tasks/{id}"), "headers": { "If-Match": etag } })
}

pub(crate) fn check_if(id: &str, etag: &str) -> Value {
    json!({ "method": "HEAD", "path": format!("/tasks/{id}"), "headers": { "If-Match": etag } })
}

/// The same item under a name.
pub(crate) fn named(name: &str, mut item: Value) -> Value {
    item["id"] = name.into();
    item
}
