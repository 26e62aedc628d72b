//! Ids, whose case counts.

use crate::{Planner, Request};

#[test]
fn ids_have_28_characters() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    for id in [&task.id, &planner.plan, &planner.bucket] {
        assert_eq!(id.len(), 28);
        assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')), "{id}");
    }
    assert_eq!(planner.get(&task.details())["id"], task.id);
}

#[test]
fn an_id_that_was_cut_or_whose_case_was_changed_is_400() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let swapped: String = task.id.chars().map(swap_case).collect();
    for id in
        [&task.id[1..], &task.id[..27], &task.id.to_lowercase(), &task.id.to_uppercase(), &swapped, "a", "%20", "é"]
    {
        for path in ["tasks", "plans", "buckets"] {
            planner.send(&Request::get(format!("/v1.0/planner/{path}/{id}"))).expect(400);
        }
    }
}

fn swap_case(character: char) -> char {
    if character.is_ascii_lowercase() { character.to_ascii_uppercase() } else { character.to_ascii_lowercase() }
}

#[test]
fn an_id_that_nothing_has_is_404() {
    let mut planner = Planner::start(&[]);
    for path in [
        "tasks/ID",
        "tasks/ID/details",
        "plans/ID",
        "plans/ID/details",
        "plans/ID/tasks",
        "plans/ID/buckets",
        "buckets/ID",
        "buckets/ID/tasks",
    ] {
        let path = path.replace("ID", "01gzSlKkIUSUl6DF_EilrmQAKDhh");
        let answer = planner.send(&Request::get(format!("/v1.0/planner/{path}")));
        answer.expect_error(404, "The requested item is not found.");
    }
}
