//! What tags look like, and where they are.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::{Planner, Request, etag};

/// What a tag says between `W/"` and `"`.
#[track_caller]
fn decoded(etag: &str) -> String {
    let text = etag.strip_prefix("W/\"").and_then(|rest| rest.strip_suffix('"')).expect("a weak tag");
    String::from_utf8(STANDARD.decode(text).expect("base64")).expect("text")
}

#[test]
fn first_tags_are_those_of_samples() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    assert_eq!(task.etag, "W/\"JzEtVGFzayAgQEBAQEBAQEBAQEBAQEBARCc=\"");
    assert_eq!(task.details_etag, "W/\"JzEtVGFza0RldGFpbHMgQEBAQEBAQEBAQEBAQEBARCc=\"");
    let (plan, bucket) = (planner.plan.clone(), planner.bucket.clone());
    for (path, text) in [
        (format!("/planner/plans/{plan}"), "'1-Plan  @@@@@@@@@@@@@@@D'"),
        (format!("/planner/plans/{plan}/details"), "'1-PlanDetails @@@@@@@@@@@@@@@D'"),
        (format!("/planner/buckets/{bucket}"), "'1-Bucket@@@@@@@@@@@@@@@D'"),
        (task.path(), "'1-Task  @@@@@@@@@@@@@@@D'"),
        (task.details(), "'1-TaskDetails @@@@@@@@@@@@@@@D'"),
    ] {
        assert_eq!(decoded(&etag(&planner.get(&path))), text);
    }
}

#[test]
fn a_later_tag_of_one_resource_is_greater_as_text_and_a_multiple_of_four() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let mut tags = vec![task.etag.clone()];
    for number in 0..20 {
        let tag =
            planner.patch(&task.path(), &tags[number], &json!({ "title": format!("{number}") })).expect(204).etag();
        tags.push(tag);
    }
    let texts: Vec<_> = tags.iter().map(|tag| decoded(tag)).collect();
    assert!(texts.is_sorted_by(|one, other| one < other), "{texts:?}");
    for text in texts {
        assert_eq!(text.as_bytes()[text.len() - 2] % 4, 0, "{text}");
    }
}

#[test]
fn every_representation_has_its_tag_and_the_header_has_it_too() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let read = planner.send(&Request::get(format!("/v1.0{}", task.path()))).expect(200);
    assert_eq!((read.etag(), etag(&read.json())), (task.etag.clone(), task.etag.clone()));
    let list = planner.get(&format!("/planner/plans/{}/tasks", planner.plan.clone()));
    assert_eq!(etag(&list["value"][0]), task.etag);
    let expanded = planner.get(&format!("{}?$expand=details", task.path()));
    assert_eq!((etag(&expanded), etag(&expanded["details"])), (task.etag, task.details_etag));
}

#[test]
fn a_reader_who_has_the_version_is_told_304() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let request = Request::get(format!("/v1.0{}", task.path())).if_none_match(&task.etag);
    assert_eq!(planner.send(&request).expect(304).etag(), task.etag);
}
