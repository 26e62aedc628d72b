//! Flags about batches.

use serde_json::{Value, json};

use crate::{Planner, batches::batch};

fn statuses(planner: &mut Planner, requests: &Value) -> Vec<u64> {
    let answer = batch(planner, requests).expect(200).json();
    answer["responses"].as_array().expect("a list").iter().filter_map(|one| one["status"].as_u64()).collect()
}

#[test]
fn whole_urls_can_be_refused() {
    let with = |url: &str| json!([{ "id": "1", "method": "GET", "url": url }]);
    for (which, status) in [("any", 200), ("relative", 400)] {
        let mut planner = Planner::start(&["--batch-urls", which]);
        batch(&mut planner, &with("https://graph.microsoft.com/v1.0/me/planner/tasks")).expect(status);
        assert_eq!(statuses(&mut planner, &with("/me/planner/tasks")), [200]);
        assert_eq!(statuses(&mut planner, &with("/me/planner/tasks?of=http://graph.microsoft.com/")), [200]);
    }
}

#[test]
fn a_misspelt_dependency_can_be_honoured() {
    let requests = json!([
        { "id": "1", "method": "GET", "url": "/none", "depends_on": [] },
        { "id": "2", "method": "GET", "url": "/me/planner/tasks", "depends_on": ["1"] },
    ]);
    for (what, second) in [("overlooked", 200), ("honoured", 424)] {
        let mut planner = Planner::start(&["--depends-on", what]);
        assert_eq!(statuses(&mut planner, &requests), [404, second]);
        batch(&mut planner, &json!("no list")).expect(400);
    }
}
