//! What each kind of resource lets clients write, and what the service makes of it.

use std::{collections::BTreeMap, future};

use etag_axum::Refused;
use etag_core::{Document, Put, Refusal, RefusalKind, merge_patch_paths};
use serde_json::{Value, json};

use crate::{
    body::{self, Members, OpenType},
    id::PlannerId,
    model::{Assignment, Bucket, ChecklistItem, Plan, PlanDetails, Reference, Task, TaskDetails},
    order_hint::is_order_hint,
    scene::Scene,
};

/// A kind of resource.
pub(crate) trait Entity: Document<Id = PlannerId> + Clone {
    /// What it is called in `@odata.context`.
    const NAME: &'static str;

    /// The members that clients may write.
    const WRITABLE: &'static [&'static str];

    /// Those of them that are dictionaries of values with types.
    const OPEN_TYPES: &'static [OpenType] = &[];

    /// What the service adds to a value that is to replace `before`, after it has checked it.
    fn complete(&mut self, before: Option<&Self>, scene: &Scene) -> Result<(), Refused>;

    /// What is written along with a value that changes have made, once it is sure that it may be where it is.
    fn along(&self, changes: &Members, scene: &Scene) -> impl Future<Output = Result<Option<Put>, Refused>> + Send {
        let _ = (changes, scene);
        future::ready(Ok(None))
    }
}

/// The changes that a body asks for.
pub(crate) fn changes<T: Entity>(body: Members) -> Members {
    body::changes(body, T::WRITABLE)
}

/// The paths of changes, to as many levels as the change log has.
pub(crate) fn paths<T: Entity>(changes: &Members, scene: &Scene) -> Vec<String> {
    let remembered = scene.rules.conditions.remembered(T::MODEL.changes);
    merge_patch_paths(&Value::Object(changes.clone()), remembered.depth)
}

/// The value that changes make of one that there is.
pub(crate) fn changed<T: Entity>(before: &T, changes: &Members, scene: &Scene) -> Result<T, Refused> {
    let document = serde_json::to_value(before).map_err(|_| RefusalKind::Internal)?;
    value(document, changes, Some(before), scene)
}

/// A new value, of which `given` are the members that clients can't change later.
pub(crate) fn new<T: Entity>(mut given: Value, body: Members, scene: &Scene) -> Result<T, Refused> {
    // The store fills in when it was made.
    given["createdDateTime"] = json!(scene.now);
    value(given, &changes::<T>(body), None, scene)
}

/// Dictionaries are merged by their keys, and what is `null` goes (RFC 7396).
fn value<T: Entity>(mut document: Value, changes: &Members, before: Option<&T>, scene: &Scene) -> Result<T, Refused> {
    body::demand_types(changes, T::OPEN_TYPES)?;
    json_patch::merge(&mut document, &Value::Object(changes.clone()));
    let mut value: T = serde_json::from_value(document).map_err(|error| Refused::invalid(error.to_string()))?;
    value.complete(before, scene)?;
    Ok(value)
}

impl Entity for Plan {
    const NAME: &'static str = "plannerPlan";
    const WRITABLE: &'static [&'static str] = &["title"];

    fn complete(&mut self, _before: Option<&Self>, _scene: &Scene) -> Result<(), Refused> {
        demand_text("title", &self.title)
    }
}

impl Entity for PlanDetails {
    const NAME: &'static str = "plannerPlanDetails";
    const WRITABLE: &'static [&'static str] = &["sharedWith", "categoryDescriptions"];

    fn complete(&mut self, _before: Option<&Self>, _scene: &Scene) -> Result<(), Refused> {
        self.shared_with.retain(|_, is_shared| *is_shared);
        self.category_descriptions.keys().try_for_each(|name| demand_category(name))
    }
}

impl Entity for Bucket {
    const NAME: &'static str = "plannerBucket";
    const WRITABLE: &'static [&'static str] = &["name", "orderHint"];

    fn complete(&mut self, _before: Option<&Self>, _scene: &Scene) -> Result<(), Refused> {
        demand_text("name", &self.name)?;
        demand_hint("orderHint", &self.order_hint)
    }
}

impl Entity for Task {
    const NAME: &'static str = "plannerTask";
    const WRITABLE: &'static [&'static str] = &[
        "title",
        "bucketId",
        "orderHint",
        "assigneePriority",
        "percentComplete",
        "priority",
        "startDateTime",
        "dueDateTime",
        "conversationThreadId",
        "appliedCategories",
        "assignments",
        "previewType",
    ];
    const OPEN_TYPES: &'static [OpenType] =
        &[OpenType { member: "assignments", of: "microsoft.graph.plannerAssignment" }];

    fn complete(&mut self, before: Option<&Self>, scene: &Scene) -> Result<(), Refused> {
        demand_text("title", &self.title)?;
        demand_hint("orderHint", &self.order_hint)?;
        demand_hint("assigneePriority", &self.assignee_priority)?;
        demand_at_most("percentComplete", self.percent_complete, 100)?;
        demand_at_most("priority", self.priority, 10)?;
        if let (Some(start), Some(due)) = (self.start_date_time, self.due_date_time)
            && start > due
        {
            return Err(Refused::invalid("startDateTime must not be after dueDateTime"));
        }
        self.applied_categories.keys().try_for_each(|name| demand_category(name))?;
        self.applied_categories.retain(|_, is_applied| *is_applied);
        limit("MaximumAssigneesInTasks", self.assignments.len(), scene.rules.limits.max_assignees)?;
        stamp(&mut self.assignments, before.map(|before| &before.assignments), scene)?;
        self.complete_dates(before, scene);
        Ok(())
    }

    async fn along(&self, changes: &Members, scene: &Scene) -> Result<Option<Put>, Refused> {
        self.demand_bucket(changes, scene).await?;
        self.details_along(changes, scene).await
    }
}

impl Task {
    fn complete_dates(&mut self, before: Option<&Self>, scene: &Scene) {
        match before {
            Some(before) => self.created_by.clone_from(&before.created_by),
            None => self.created_by = Some(scene.me()),
        }
        if self.percent_complete < 100 {
            (self.completed_by, self.completed_date_time) = (None, None);
        } else if self.completed_date_time.is_none() {
            (self.completed_by, self.completed_date_time) = (Some(scene.me()), Some(scene.now));
        }
    }
}

impl Entity for TaskDetails {
    const NAME: &'static str = "plannerTaskDetails";
    const WRITABLE: &'static [&'static str] = &["description", "previewType", "references", "checklist"];
    const OPEN_TYPES: &'static [OpenType] = &[
        OpenType { member: "references", of: "microsoft.graph.plannerExternalReference" },
        OpenType { member: "checklist", of: "microsoft.graph.plannerChecklistItem" },
    ];

    fn complete(&mut self, before: Option<&Self>, scene: &Scene) -> Result<(), Refused> {
        self.references.keys().try_for_each(|url| demand_encoded(url))?;
        limit("MaximumReferencesOnTask", self.references.len(), scene.rules.limits.max_references)?;
        limit("MaximumChecklistItemsOnTask", self.checklist.len(), scene.rules.limits.max_checklist_items)?;
        stamp(&mut self.references, before.map(|before| &before.references), scene)?;
        stamp(&mut self.checklist, before.map(|before| &before.checklist), scene)
    }
}

/// An entry of a dictionary, which says who changed it and when.
trait Entry: PartialEq {
    fn order_hint(&self) -> &str;
    fn sign(&mut self, scene: &Scene);
}

impl Entry for Assignment {
    fn order_hint(&self) -> &str {
        &self.order_hint
    }

    fn sign(&mut self, scene: &Scene) {
        self.assigned_by.get_or_insert(scene.me());
        self.assigned_date_time.get_or_insert(scene.now);
    }
}

impl Entry for ChecklistItem {
    fn order_hint(&self) -> &str {
        &self.order_hint
    }

    fn sign(&mut self, scene: &Scene) {
        (self.last_modified_by, self.last_modified_date_time) = (Some(scene.me()), Some(scene.now));
    }
}

impl Entry for Reference {
    fn order_hint(&self) -> &str {
        &self.preview_priority
    }

    fn sign(&mut self, scene: &Scene) {
        (self.last_modified_by, self.last_modified_date_time) = (Some(scene.me()), Some(scene.now));
    }
}

/// Signs the entries that are new or other ones than before.
fn stamp<E: Entry>(
    entries: &mut BTreeMap<String, E>,
    before: Option<&BTreeMap<String, E>>,
    scene: &Scene,
) -> Result<(), Refused> {
    for (key, entry) in entries {
        if before.and_then(|before| before.get(key)) != Some(entry) {
            demand_hint(key, entry.order_hint())?;
            entry.sign(scene);
        }
    }
    Ok(())
}

fn demand_text(name: &str, text: &str) -> Result<(), Refused> {
    if text.trim().is_empty() { Err(Refused::invalid(format!("{name} must not be empty"))) } else { Ok(()) }
}

fn demand_at_most(name: &str, number: u8, most: u8) -> Result<(), Refused> {
    if number > most { Err(Refused::invalid(format!("{name} must be {most} at most"))) } else { Ok(()) }
}

fn demand_hint(name: &str, text: &str) -> Result<(), Refused> {
    if is_order_hint(text) {
        Ok(())
    } else {
        Err(Refused::invalid(format!("{name} has {text:?}, which is no order hint")))
    }
}

fn demand_category(name: &str) -> Result<(), Refused> {
    let number = name.strip_prefix("category").and_then(|number| number.parse::<u8>().ok());
    if number.is_some_and(|number| (1..=25).contains(&number)) {
        return Ok(());
    }
    Err(Refused::invalid(format!("{name} is none of category1 to category25")))
}

fn demand_encoded(url: &str) -> Result<(), Refused> {
    if url.contains(['.', ':', '#']) {
        return Err(Refused::invalid(format!("the reference {url} must have its `.`, `:`, `@`, `#` and `%` encoded")));
    }
    Ok(())
}

/// The refusal of what is more than the service keeps of something.
pub(crate) fn limit(name: &'static str, count: usize, most: usize) -> Result<(), Refused> {
    if count <= most {
        return Ok(());
    }
    let message = format!("The limit {name} is {most}.");
    Err(Refusal::new(RefusalKind::Forbidden).with_code(name).saying(message).into())
}
