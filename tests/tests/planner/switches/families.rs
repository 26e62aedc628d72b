//! Flags about what a write does to others.

use serde_json::{Value, json};

use crate::{Planner, Request, create, delete, etag, item};

#[test]
fn details_can_leave_the_task_alone_unless_it_shows_something_else() {
    for (which, is_left_alone) in [("all", false), ("derived", true)] {
        let mut planner = Planner::start(&["--details-touch-task", which]);
        let task = planner.task();
        let mut held = task.details_etag.clone();
        let mut change = |body: &Value| {
            let before = etag(&planner.get(&task.path()));
            held = planner.patch(&task.details(), &held, body).expect(204).etag();
            etag(&planner.get(&task.path())) != before
        };
        assert!(change(&json!({ "description": "White", "checklist": { "a": item("one") } })));
        assert_eq!(change(&json!({ "description": "Blue" })), !is_left_alone);
        assert_eq!(
            change(&json!({ "checklist": { "a": { "@odata.type": "#microsoft.graph.plannerChecklistItem",
            "title": "two" } } })),
            !is_left_alone
        );
        assert!(change(&json!({ "checklist": { "b": item("two") } })));
        assert!(change(&json!({ "description": "" })));
    }
}

#[test]
fn a_task_that_is_left_alone_by_its_details_can_be_deleted_under_the_tag_from_before() {
    let mut planner = Planner::start(&["--details-touch-task", "derived"]);
    let task = planner.task();
    let first = planner.patch(&task.details(), &task.details_etag, &json!({ "description": "a" })).expect(204).etag();
    let held = etag(&planner.get(&task.path()));
    planner.patch(&task.details(), &first, &json!({ "description": "b" })).expect(204);
    planner.send(&delete(&task.path()).if_match(held)).expect(204);
    planner.send(&Request::get(format!("/v1.0{}", task.details()))).expect(404);
}

/// The details within their task are not covered by its tag then.
#[test]
fn details_that_leave_the_task_alone_are_never_304_within_it() {
    for (which, status) in [("all", 304), ("derived", 200)] {
        let mut planner = Planner::start(&["--details-touch-task", which]);
        let task = planner.task();
        let read =
            |query: &str| Request::get(format!("/v1.0{}{query}", task.path())).header("if-none-match", &task.etag);
        planner.send(&read("")).expect(304);
        planner.send(&read("?$expand=details")).expect(status);
    }
}

#[test]
fn a_change_of_the_task_can_give_its_details_another_tag() {
    for (what, is_touched) in [("keeps-details", false), ("touches-details", true)] {
        let mut planner = Planner::start(&["--task-change", what]);
        let task = planner.task();
        let changed = planner.patch(&task.path(), &task.etag, &json!({ "title": "a" })).expect(204).etag();
        assert_eq!(etag(&planner.get(&task.details())) != task.details_etag, is_touched);
        assert_eq!(etag(&planner.get(&task.path())), changed);
    }
}

#[test]
fn a_new_task_can_give_its_plan_and_bucket_other_tags() {
    let mut planner = Planner::start(&["--new-task", "touches-parents"]);
    let (plan, bucket) = (planner.plan.clone(), planner.bucket.clone());
    let other = create(&mut planner.client, "buckets", &json!({ "planId": plan, "name": "Done", "orderHint": " !" }));
    let paths =
        [format!("/planner/plans/{plan}"), format!("/planner/buckets/{bucket}"), format!("/planner/buckets/{other}")];
    let mut touched_by = |request: &Request, status: u16| {
        let before = paths.each_ref().map(|path| etag(&planner.get(path)));
        let answer = planner.send(request).expect(status);
        let after = paths.each_ref().map(|path| etag(&planner.get(path)));
        ([0, 1, 2].map(|place| before[place] != after[place]), answer)
    };
    let task = json!({ "planId": plan, "bucketId": bucket, "title": "a" });
    let (touched, task) = touched_by(&Request::post("/v1.0/planner/tasks", &task), 201);
    assert_eq!(touched, [true, true, false]);
    let (path, held) = (format!("/planner/tasks/{}", task.json()["id"].as_str().unwrap()), etag(&task.json()));
    let (touched, changed) = touched_by(&crate::patch(&path, &json!({ "title": "b" })).if_match(held), 204);
    assert_eq!(touched, [false; 3]);
    let moved = crate::patch(&path, &json!({ "bucketId": other })).if_match(changed.etag());
    let (touched, moved) = touched_by(&moved, 204);
    assert_eq!(touched, [false, true, true]);
    assert_eq!(touched_by(&delete(&path).if_match(moved.etag()), 204).0, [true, false, true]);
}

#[test]
fn a_plan_or_a_bucket_with_something_in_it_can_be_kept() {
    let mut planner = Planner::start(&["--delete-of-full", "refused"]);
    let (plan, bucket) = (format!("/planner/plans/{}", planner.plan), format!("/planner/buckets/{}", planner.bucket));
    let body = json!({ "planId": planner.plan, "bucketId": planner.bucket, "title": "a" });
    let task = format!("/planner/tasks/{}", create(&mut planner.client, "tasks", &body));
    let mut remove = |path: &str| {
        let held = etag(&planner.get(path));
        planner.send(&delete(path).if_match(held))
    };
    for path in [&plan, &bucket] {
        let refused = remove(path).expect(409).json();
        assert_eq!(refused["error"]["code"], "NotEmpty", "{refused}");
    }
    for path in [&task, &bucket, &plan] {
        remove(path).expect(204);
    }
    planner.send(&Request::get(format!("/v1.0{plan}/details"))).expect(404);
}

#[test]
fn a_task_can_be_in_a_bucket_of_another_plan() {
    for (which, created, changed) in [("of-its-plan", 400, 400), ("of-any-plan", 201, 204)] {
        let mut planner = Planner::start(&["--buckets", which]);
        let other = create(&mut planner.client, "plans", &json!({ "owner": "group-2", "title": "Other" }));
        let bucket = json!({ "planId": other, "name": "Far", "orderHint": " !" });
        let bucket = create(&mut planner.client, "buckets", &bucket);
        let body = json!({ "planId": planner.plan, "bucketId": bucket, "title": "a" });
        planner.send(&Request::post("/v1.0/planner/tasks", &body)).expect(created);
        let task = planner.task();
        planner.patch(&task.path(), &task.etag, &json!({ "bucketId": bucket })).expect(changed);
    }
}

#[test]
fn a_parent_that_there_is_not_can_be_400() {
    for (what, status) in [("not-found", 404), ("invalid", 400)] {
        let mut planner = Planner::start(&["--unknown-parent", what]);
        let (none, task) = ("0000000000000000000000000000", planner.task());
        let in_no_plan = json!({ "planId": none, "title": "a" });
        planner.send(&Request::post("/v1.0/planner/tasks", &in_no_plan)).expect(status);
        planner.patch(&task.path(), &task.etag, &json!({ "bucketId": none })).expect(status);
        planner.send(&Request::get(format!("/v1.0/planner/plans/{none}"))).expect(404);
    }
}
