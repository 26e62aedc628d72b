//! Requests in a document.

use bytes::Bytes;
use etag_core::{BatchPart, BatchStep, BatchSyntaxError, EncodedBatch};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{
    AtomicityGroups, BodyTypes, JsonBatch,
    body::{BodyKind, Embedded},
    document,
    headers::{self, Headers, Joined},
    names::Names,
    place::Place,
    steps::{self, Steps},
};

#[derive(Deserialize)]
struct Sent<'d> {
    #[serde(borrow)]
    requests: Vec<SentRequest<'d>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SentRequest<'d> {
    id: String,
    method: String,
    url: String,
    #[serde(default)]
    headers: Option<Headers>,
    #[serde(borrow, default)]
    body: Option<&'d RawValue>,
    #[serde(default)]
    depends_on: Option<Ids>,
    #[serde(default)]
    atomicity_group: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a list of ids, or one id")]
enum Ids {
    Several(Vec<String>),
    One(String),
}

/// The requests in a body.
///
/// # Errors
/// Where it is not of the form; it begins with a pointer to the place.
pub(super) fn read(
    codec: JsonBatch,
    content_type: &str,
    body: &Bytes,
) -> Result<Vec<BatchStep<BatchPart>>, BatchSyntaxError> {
    let mut sent: Sent<'_> = document::read(content_type, body)?;
    if codec.atomicity_groups == AtomicityGroups::Ignored {
        sent.requests.iter_mut().for_each(|request| request.atomicity_group = None);
    }
    let names = names(&sent.requests)?;
    let mut steps = Steps::new();
    for (index, mut request) in sent.requests.into_iter().enumerate() {
        let group = request.atomicity_group.take();
        let part = request.into_part(codec.body_types, body, &names, place(index))?;
        steps.add(group.as_deref(), part, place(index))?;
    }
    Ok(steps.finish())
}

fn place(index: usize) -> Place {
    Place { list: "requests", index }
}

fn names(requests: &[SentRequest<'_>]) -> Result<Names, BatchSyntaxError> {
    let mut names = Names::default();
    for (index, request) in requests.iter().enumerate() {
        names.add_request(&request.id, place(index))?;
    }
    for (index, request) in requests.iter().enumerate() {
        if let Some(group) = &request.atomicity_group {
            names.add_to_group(group, &request.id, place(index))?;
        }
    }
    Ok(names)
}

impl SentRequest<'_> {
    fn into_part(
        self,
        types: BodyTypes,
        document: &Bytes,
        names: &Names,
        place: Place,
    ) -> Result<BatchPart, BatchSyntaxError> {
        let method =
            method(&self.method).ok_or_else(|| place.error(&["method"], "is no method; send GET or another"))?;
        let mut headers = self.headers.unwrap_or_default().checked(place)?;
        let body = match self.body {
            Some(body) => {
                let kind = kind(&mut headers, types, place)?;
                kind.read(body, document).map_err(|flaw| place.error(&["body"], flaw))?
            }
            None => Bytes::new(),
        };
        let after = self.depends_on.map(Ids::into_list).unwrap_or_default();
        let after = after.into_iter().map(|name| names.resolve(name)).collect();
        Ok(BatchPart { id: Some(self.id), method, target: self.url, headers, body, after })
    }
}

impl Ids {
    fn into_list(self) -> Vec<String> {
        match self {
            Self::Several(ids) => ids,
            Self::One(id) => vec![id],
        }
    }
}

fn method(name: &str) -> Option<String> {
    let name = name.to_ascii_uppercase();
    Method::from_bytes(name.as_bytes()).is_ok().then_some(name)
}

/// The kind of body that the headers announce.
fn kind(headers: &mut Vec<(String, String)>, types: BodyTypes, place: Place) -> Result<BodyKind, BatchSyntaxError> {
    match (headers::content_type(headers), types) {
        (Some(content_type), _) => Ok(BodyKind::of(content_type)),
        (None, BodyTypes::JsonUnlessSaid) => {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
            Ok(BodyKind::Json)
        }
        (None, BodyTypes::Demanded) => {
            Err(place.error(&["headers"], "has no Content-Type; send it where there is a body"))
        }
    }
}

#[derive(Serialize)]
struct Written<'w> {
    requests: Vec<WrittenRequest<'w>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WrittenRequest<'w> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'w str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    atomicity_group: Option<String>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    depends_on: &'w [String],
    method: &'w str,
    url: &'w str,
    headers: Joined<'w>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Embedded<'w>>,
}

/// The body that holds these requests.
pub(super) fn write(steps: &[BatchStep<BatchPart>]) -> EncodedBatch {
    document::write(&Written { requests: steps::items(steps, |part| part.id.as_deref(), written) })
}

fn written(part: &BatchPart, atomicity_group: Option<String>) -> WrittenRequest<'_> {
    WrittenRequest {
        id: part.id.as_deref(),
        atomicity_group,
        depends_on: &part.after,
        method: &part.method,
        url: &part.target,
        headers: Joined::of(&part.headers),
        body: Embedded::of(headers::content_type(&part.headers), &part.body),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn odata(requests: &str) -> Result<Vec<BatchStep<BatchPart>>, String> {
        let body = format!(r#"{{"requests": [{requests}]}}"#);
        read(JsonBatch::ODATA, "application/json", &body.into()).map_err(|error| error.to_string())
    }

    fn refusal(requests: &str) -> String {
        odata(requests).unwrap_err()
    }

    fn get(id: &str, more: &str) -> String {
        format!(r#"{{"id": "{id}", "method": "get", "url": "/a"{more}}}"#)
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let first = get("1", "");
        for (second, expected) in [
            (r#"{"id": "2", "method": "GET"}"#.to_owned(), "/requests/1: missing field `url`"),
            (get("2", r#", "id": "3""#), "/requests/1: duplicate field `id`"),
            (r#"{"id": 2}"#.to_owned(), "/requests/1/id: invalid type: integer `2`"),
            (get("2", r#", "headers": {"A": 1}"#), "/requests/1/headers/A: invalid type: integer `1`"),
            (get("2", r#", "headers": []"#), "/requests/1/headers: invalid type: sequence"),
            (get("2", r#", "dependsOn": 1"#), "/requests/1/dependsOn: expected a list of ids"),
            (r#"{"id": "2", "method": "G T", "url": "/"}"#.to_owned(), "/requests/1/method: is no method"),
            (r#"{"id": "2", "method": "", "url": "/"}"#.to_owned(), "/requests/1/method: is no method"),
            (get("1", ""), "/requests/1/id: is taken"),
            (
                get("2", r#", "headers": {"Content-Type": "text/plain"}, "body": {}"#),
                "/requests/1/body: must be a string",
            ),
            ("1".to_owned(), "/requests/1: invalid type: integer `1`"),
            (r#"{"id": "2""#.to_owned(), "/requests/1: expected `,` or `}`"),
        ] {
            let error = refusal(&format!("{first}, {second}"));
            assert!(error.starts_with(expected), "{second}: {error}");
        }
    }

    #[test]
    fn what_is_no_such_document_is_refused() {
        for body in ["", "{", "[]", "{}", r#"{"requests": {}}"#, r#"{"requests": []} x"#, "\u{feff}{}"] {
            let error = read(JsonBatch::GRAPH, "application/json", &Bytes::copy_from_slice(body.as_bytes()));
            assert!(error.is_err(), "{body}");
        }
        let error = read(JsonBatch::GRAPH, "multipart/mixed; boundary=b", &Bytes::new()).unwrap_err();
        assert_eq!(error.to_string(), "send application/json, not multipart/mixed; boundary=b");
    }

    #[test]
    fn an_id_is_short_since_others_that_name_its_group_repeat_it() {
        assert!(odata(&get(&"a".repeat(255), "")).is_ok());
        assert!(refusal(&get(&"a".repeat(256), "")).starts_with("/requests/0/id: is too long"));
    }

    #[test]
    fn ids_differ_in_more_than_case() {
        assert!(refusal(&format!("{}, {}", get("a", ""), get("A", ""))).starts_with("/requests/1/id: is taken"));
        let group = get("b", r#", "atomicityGroup": "A""#);
        assert!(refusal(&format!("{}, {group}", get("a", ""))).starts_with("/requests/1/atomicityGroup: is the id"));
    }

    #[test]
    fn dependences_are_named_as_the_requests_name_themselves() {
        let sent = [
            get("A", r#", "atomicityGroup": "g""#),
            get("b", r#", "atomicityGroup": "g", "dependsOn": "a""#),
            get("c", r#", "dependsOn": ["G", "B", "elsewhere"]"#),
            get("d", r#", "depends_on": ["A"], "dependsOn": null, "headers": null, "body": null, "if": 1"#),
        ];
        let steps = odata(&sent.join(",")).unwrap();
        let after: Vec<_> = steps.iter().flat_map(BatchStep::parts).map(|part| part.after.join(" ")).collect();
        assert_eq!(after, ["", "A", "A b elsewhere", ""]);
        assert!(steps[2].parts()[0].body.is_empty());
    }

    #[test]
    fn groups_that_are_ignored_keep_nothing_together() {
        let sent = [get("1", r#", "atomicityGroup": "a""#), get("a", ""), get("2", r#", "atomicityGroup": "a""#)];
        let body = format!(r#"{{"requests": [{}]}}"#, sent.join(","));
        let steps = read(JsonBatch::GRAPH, "application/json", &body.into()).unwrap();
        assert!(steps.len() == 3 && steps.iter().all(|step| matches!(step, BatchStep::Alone(_))), "{steps:?}");
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
        let steps = odata(&get("1", &format!(r#", "body": {deep}, "unknown": {deep}"#))).unwrap();
        assert_eq!(steps[0].parts()[0].body, deep);
        assert!(odata(&get("1", &format!(r#", "dependsOn": {deep}"#))).is_err());
    }

    #[test]
    fn a_method_may_be_in_any_case() {
        assert_eq!(odata(&get("1", "")).unwrap()[0].parts()[0].method, "GET");
    }
}
