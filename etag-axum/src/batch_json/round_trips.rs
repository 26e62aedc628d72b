//! What is written is read back, and nothing that is read makes anybody panic.

use bytes::Bytes;
use etag_core::{BatchCodec as _, BatchPart, BatchStep, PartAnswer};
use proptest::{collection::vec, prelude::*, sample::Index, string::string_regex};
use serde_json::{Value, json};

use crate::JsonBatch;

fn text(pattern: &str) -> impl Strategy<Value = String> {
    string_regex(pattern).expect("the pattern is one")
}

/// Headers, and a body that is what they say. That of a JSON body has no white space around it, which gets lost.
fn content() -> impl Strategy<Value = (Vec<(String, String)>, Bytes)> {
    let json = prop_oneof![
        Just(json!({})),
        any::<i64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        vec(any::<bool>(), 0..3).prop_map(Value::from),
    ];
    let content = prop_oneof![
        Just((None, Bytes::new())),
        json.prop_map(|json| (Some("application/json"), Bytes::from(json.to_string()))),
        ".{0,8}".prop_map(|text| (Some("text/plain; charset=utf-8"), Bytes::from(text))),
        vec(any::<u8>(), 0..8).prop_map(|bytes| (Some("image/png"), Bytes::from(bytes))),
    ];
    (content, prop::collection::btree_map(text("x-[a-z]{1,5}"), text("[ -~ä]{0,10}"), 0..4)).prop_map(
        |((content_type, body), others)| {
            let own = content_type.map(|content_type| ("Content-Type".to_owned(), content_type.to_owned()));
            (own.into_iter().chain(others).collect(), body)
        },
    )
}

/// The shape of the steps: how many are together in each, none for one that is alone.
fn shape() -> impl Strategy<Value = Vec<Option<usize>>> {
    vec(prop::option::of(1..4_usize), 0..5)
}

/// Steps of this shape, with what `part` makes of the place of each.
fn steps<T>(shape: &[Option<usize>], mut part: impl FnMut(usize) -> T) -> Vec<BatchStep<T>> {
    let mut numbers = 0..;
    let mut next = || numbers.next().map(&mut part).expect("there are more numbers");
    let step = |size: &Option<usize>| match size {
        None => BatchStep::Alone(next()),
        Some(size) => BatchStep::Together((0..*size).map(|_| next()).collect()),
    };
    shape.iter().map(step).collect()
}

fn requests() -> impl Strategy<Value = Vec<BatchStep<BatchPart>>> {
    let texts =
        (text("[A-Z]{1,7}"), text(".{0,12}"), text("(group)?-?[a-z]{0,3}"), vec(text("[a-z]?[0-9]{0,2}"), 0..3));
    (shape(), vec((texts, content()), 12)).prop_map(|(shape, parts)| {
        steps(&shape, |index| {
            let ((method, target, id, after), (headers, body)) = parts[index % parts.len()].clone();
            BatchPart { id: Some(format!("{id}{index}")), method, target, headers, body, after }
        })
    })
}

fn answers() -> impl Strategy<Value = Vec<BatchStep<PartAnswer>>> {
    (shape(), vec((prop::option::of(".{0,4}"), 100..1000_u16, content()), 12)).prop_map(|(shape, parts)| {
        steps(&shape, |index| {
            let (id, status, (headers, body)) = parts[index % parts.len()].clone();
            PartAnswer { id, status, headers, body }
        })
    })
}

proptest! {
    #[test]
    fn requests_come_back(steps in requests()) {
        let written = JsonBatch::ODATA.write_requests(&steps);
        prop_assert_eq!(JsonBatch::ODATA.read_requests(&written.content_type, &written.body), Ok(steps));
    }

    #[test]
    fn answers_come_back(steps in answers()) {
        let written = JsonBatch::ODATA.write_answers(&steps);
        prop_assert_eq!(JsonBatch::ODATA.read_answers(&written.content_type, &written.body), Ok(steps));
    }

    #[test]
    fn no_damage_makes_it_panic(
        steps in requests(),
        damage in vec((any::<Index>(), any::<Index>(), vec(any::<u8>(), 0..3)), 0..6),
    ) {
        let mut body = JsonBatch::ODATA.write_requests(&steps).body.to_vec();
        for (start, end, bytes) in damage {
            let start = start.index(body.len() + 1);
            let end = (start + end.index(4)).min(body.len());
            body.splice(start..end, bytes);
        }
        let body = Bytes::from(body);
        let _ = JsonBatch::GRAPH.read_requests("application/json", &body);
        let _ = JsonBatch::ODATA.read_requests("application/json", &body);
        let _ = JsonBatch::ODATA.read_answers("application/json", &body);
    }

    #[test]
    fn no_bytes_make_it_panic(content_type in ".{0,20}", body in vec(any::<u8>(), 0..100)) {
        let body = Bytes::from(body);
        let _ = JsonBatch::ODATA.read_requests(&content_type, &body);
        let _ = JsonBatch::ODATA.read_requests("application/json", &body);
    }
}
