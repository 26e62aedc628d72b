//! What else a write changed, told in `Link` header fields (rule F4).

use etag_core::{ETag, Key, Model, Touched};
use http::{HeaderMap, HeaderValue, header};

use crate::{
    authorize::{Access, Action},
    call::Call,
    endpoint::Endpoint,
};

/// The most resources that one answer tells of. Clients bound the fields that they read, often at a hundred.
const MOST_TOLD: usize = 32;

impl Call<'_> {
    /// Adds a `Link` for each resource that was touched and is there still, and that whoever is asking may read (rule H8).
    pub(crate) async fn place_touched(&self, headers: &mut HeaderMap, touched: &[Touched]) {
        let (up, others): (Vec<_>, Vec<_>) = touched.iter().partition(|touched| self.is_above(&touched.key));
        let related = up.into_iter().map(|touched| (touched, "up"));
        let related = related.chain(others.into_iter().map(|touched| (touched, "related")));
        let mut told = 0;
        for (touched, relation) in related {
            if told == MOST_TOLD {
                tracing::debug!(touched = touched.key.collection(), "the answer tells of no more touched resources");
                return;
            }
            if let Some(link) = self.link_to(touched, relation).await {
                headers.append(header::LINK, link);
                told += 1;
            }
        }
    }

    async fn link_to(&self, touched: &Touched, relation: &str) -> Option<HeaderValue> {
        let after = touched.after.as_ref()?;
        let endpoint = self.readable(&touched.key).await?;
        let model = endpoint.description();
        let path = self.path_of(&touched.key);
        link(&path, relation, &model.publish(&touched.before), &model.publish(after))
    }

    /// Whether what a write touched there is above what was written. Only a delete changes others than its ancestors.
    fn is_above(&self, touched: &Key) -> bool {
        let (model, collection) = (self.endpoint.description(), touched.collection());
        self.action != Action::Delete || (collection != model.collection && is_ancestor(model, collection))
    }

    /// The endpoint of a relative, where there is one and whoever is asking may read the resource there.
    pub(crate) async fn readable(&self, key: &Key) -> Option<&Endpoint> {
        let endpoint = &**self.route.registry.find(key.collection())?;
        endpoint.authorize(Access::to_read(key), self.parts).await.ok()?;
        if endpoint.model.judges_values() {
            self.look_at_neighbour(endpoint, key).await.ok()??;
        }
        Some(endpoint)
    }
}

/// Whether resources of this collection may be above those of the model.
pub(crate) fn is_ancestor(model: &Model, collection: &str) -> bool {
    model.links.iter().map(|link| (link.parent)()).any(|parent| {
        let is_another = parent.collection != model.collection;
        parent.collection == collection || (is_another && is_ancestor(parent, collection))
    })
}

/// One link (RFC 8288 §3) with the tags as quoted strings. `None` where the path holds a byte that no field can.
fn link(path: &str, relation: &str, before: &ETag, after: &ETag) -> Option<HeaderValue> {
    let mut link = format!("<{path}>; rel=\"{relation}\"; etag-before=").into_bytes();
    put_quoted(&mut link, before.as_bytes());
    link.extend_from_slice(b"; etag=");
    put_quoted(&mut link, after.as_bytes());
    HeaderValue::from_bytes(&link).ok()
}

/// A quoted string (RFC 9110 §5.6.4).
fn put_quoted(text: &mut Vec<u8>, value: &[u8]) {
    text.push(b'"');
    for &byte in value {
        if matches!(byte, b'"' | b'\\') {
            text.push(b'\\');
        }
        text.push(byte);
    }
    text.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_backslashes_of_tags_are_escaped() {
        let (before, after) = (ETag::strong(r"a\b").unwrap(), ETag::weak("c").unwrap());
        let link = link("/boards/1", "up", &before, &after).unwrap();
        assert_eq!(link, r#"</boards/1>; rel="up"; etag-before="\"a\\b\""; etag="W/\"c\"""#);
    }
}
