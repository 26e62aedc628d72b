//! What a write does to the tags of others.

use serde_json::json;

use crate::{CONFLICTED, Planner, Request, delete, etag, item};

#[test]
fn details_then_delete_is_409_until_the_task_is_read_again() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    planner.patch(&task.details(), &task.details_etag, &json!({ "description": "White" })).expect(204);
    planner.send(&delete(&task.path()).if_match(&task.etag)).expect_error(409, CONFLICTED);
    let read = etag(&planner.get(&task.path()));
    assert_ne!(read, task.etag);
    planner.send(&delete(&task.path()).if_match(read)).expect(204);
}

#[test]
fn a_task_shows_what_is_derived_from_its_details() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let reference = json!({ "@odata.type": "#microsoft.graph.plannerExternalReference", "alias": "Colours" });
    let mut done = item("Buy");
    done["isChecked"] = true.into();
    let body = json!({
        "description": "White",
        "previewType": "checklist",
        "references": { "https%3A//contoso%2Ecom/colours": reference },
        "checklist": { "a": done, "b": item("Paint"), "c": item("Wait") },
    });
    let changed = planner.patch(&task.details(), &task.details_etag, &body).expect(204).etag();
    let stored = planner.get(&task.path());
    let derived = ["hasDescription", "previewType", "referenceCount", "checklistItemCount", "activeChecklistItemCount"];
    assert_eq!(
        derived.map(|name| stored[name].clone()),
        [json!(true), json!("checklist"), json!(1), json!(3), json!(2)]
    );

    let body = json!({ "description": "", "checklist": { "b": null } });
    planner.patch(&task.details(), &changed, &body).expect(204);
    let stored = planner.get(&task.path());
    assert_eq!(
        derived.map(|name| stored[name].clone()),
        [json!(false), json!("checklist"), json!(1), json!(2), json!(1)]
    );
}

#[test]
fn every_change_of_the_details_gives_the_task_another_tag() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let first = planner.patch(&task.details(), &task.details_etag, &json!({ "description": "a" })).expect(204).etag();
    let before = planner.get(&task.path());
    planner.patch(&task.details(), &first, &json!({ "description": "b" })).expect(204);
    let after = planner.get(&task.path());
    assert_ne!(etag(&before), etag(&after));
    assert_eq!(before["hasDescription"], after["hasDescription"]);
    planner.send(&delete(&task.path()).if_match(etag(&before))).expect_error(409, CONFLICTED);
}

#[test]
fn a_change_of_the_task_leaves_the_tag_of_its_details() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    planner.patch(&task.path(), &task.etag, &json!({ "title": "a" })).expect(204);
    assert_eq!(etag(&planner.get(&task.details())), task.details_etag);
}

#[test]
fn a_preview_that_is_changed_on_the_task_is_that_of_its_details() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let changed =
        planner.patch(&task.path(), &task.etag, &json!({ "previewType": "noPreview", "title": "a" })).expect(204);
    let (stored, details) = (planner.get(&task.path()), planner.get(&task.details()));
    assert_eq!((&stored["previewType"], &details["previewType"]), (&json!("noPreview"), &json!("noPreview")));
    assert_eq!((etag(&stored), &stored["title"]), (changed.etag(), &json!("a")));
    assert_ne!(etag(&details), task.details_etag);
    planner.patch(&task.path(), &changed.etag(), &json!({ "previewType": "description" })).expect(204);
    assert_eq!(planner.get(&task.path())["previewType"], "description");
}

#[test]
fn a_new_task_leaves_the_tags_of_its_plan_and_bucket() {
    let mut planner = Planner::start(&[]);
    let (plan, bucket) = (planner.plan.clone(), planner.bucket.clone());
    let paths = [format!("/planner/plans/{plan}"), format!("/planner/buckets/{bucket}")];
    let before = paths.each_ref().map(|path| etag(&planner.get(path)));
    let body = json!({ "planId": plan, "bucketId": bucket, "title": "a" });
    planner.send(&Request::post("/v1.0/planner/tasks", &body)).expect(201);
    assert_eq!(paths.each_ref().map(|path| etag(&planner.get(path))), before);
}

#[test]
fn a_deleted_plan_takes_all_that_is_in_it() {
    let mut planner = Planner::start(&[]);
    let (plan, bucket, task) = (planner.plan.clone(), planner.bucket.clone(), planner.task());
    let path = format!("/planner/plans/{plan}");
    let held = etag(&planner.get(&path));
    planner.send(&delete(&path).if_match(held)).expect(204);
    let gone = [format!("{path}/details"), format!("/planner/buckets/{bucket}"), task.path(), task.details()];
    for path in gone.into_iter().chain([path.clone(), format!("{path}/tasks")]) {
        planner.send(&Request::get(format!("/v1.0{path}"))).expect(404);
    }
}

#[test]
fn details_can_be_neither_made_nor_deleted_by_themselves() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    planner.send(&Request::post(format!("/v1.0{}", task.details()), &json!({}))).expect(405);
    planner.send(&delete(&task.details()).if_match(&task.details_etag)).expect(405);
}
