//! What members see of each other.

use std::sync::{Arc, Mutex};

use etag_core::{
    Batch, Begun, Check, Environment, Expectation, Head, Item, Member, MemoryStore, Put, Randomness, Row, Store as _,
    Strength, TagPlan, UnitOfWork, UnitOutcome,
};

use super::{commit, done, remove, text, unit};
use crate::support::{commit_one, created, digest, key, matching, put};

/// What a member reads of a note, before it finishes.
async fn read<'a>(unit: &mut UnitOfWork<'a, Option<Row>>, id: &'a str) -> Option<Row> {
    match unit.begin(|member| async move { member.read(&key(id)).await.unwrap() }).await {
        Begun::Finished(row) => row.clone(),
        Begun::Waits => panic!("a read waits for nothing"),
    }
}

async fn plan(unit: &mut UnitOfWork<'_, Option<Row>>, item: impl Into<Item> + Send + 'static) {
    let waits = unit
        .begin(|member| async move {
            commit(member, item).await.unwrap();
            None
        })
        .await;
    assert_eq!(waits, Begun::Waits);
}

fn tagged_by(plan: &TagPlan, mut put: Put) -> Put {
    put.plan = plan.clone();
    put
}

fn head_of(row: Option<Row>) -> Head {
    row.expect("it is planned").head
}

#[tokio::test]
async fn a_later_member_sees_what_earlier_ones_plan() {
    let store = MemoryStore::new();
    created(&store, "old").await;
    let mut unit = UnitOfWork::new(Arc::new(store.clone()));
    plan(&mut unit, put("new", "a", Expectation::Absent)).await;
    let row = read(&mut unit, "new").await.unwrap();
    assert_eq!((row.body, row.head.content), (put("new", "a", Expectation::Absent).body, digest("a")));

    plan(&mut unit, remove("old", Expectation::Exists)).await;
    assert_eq!(read(&mut unit, "old").await, None);
    plan(&mut unit, put("old", "again", Expectation::Absent)).await;
    plan(&mut unit, remove("new", Expectation::Exists)).await;
    assert!(read(&mut unit, "old").await.is_some());
    assert_eq!(read(&mut unit, "new").await, None);
    done(unit).await;
    assert_eq!((text(&store, "old").await.as_deref(), text(&store, "new").await), (Some("again"), None));
}

#[tokio::test]
async fn a_planned_state_keeps_what_a_write_does_not_change() {
    let store = MemoryStore::new();
    let (_, stored) = commit_one(&store, put("1", "a", Expectation::Absent)).await.unwrap();
    let mut unit = UnitOfWork::new(Arc::new(store.clone()));
    plan(&mut unit, put("1", "b", Expectation::Exists)).await;
    let planned = head_of(read(&mut unit, "1").await);
    assert_eq!((planned.created, planned.created_at), (stored.created, stored.created_at));
    assert!(planned.modified_at > stored.modified_at);
    assert_ne!(planned.tag, stored.tag);

    plan(&mut unit, remove("1", Expectation::Exists)).await;
    plan(&mut unit, put("1", "c", Expectation::Absent)).await;
    assert_ne!(head_of(read(&mut unit, "1").await).created, stored.created);
}

#[tokio::test]
async fn planned_states_of_one_resource_grow() {
    let mut unit = UnitOfWork::new(Arc::new(MemoryStore::new()));
    let mut last = None;
    for text in ["a", "b", "c"] {
        plan(&mut unit, put("1", text, if last.is_none() { Expectation::Absent } else { Expectation::Exists })).await;
        let head = head_of(read(&mut unit, "1").await);
        assert!(head.revision.sequence() >= head.created.sequence());
        assert!(last < Some(head.revision.sequence()), "{text}");
        last = Some(head.revision.sequence());
    }
}

#[tokio::test]
async fn who_was_shown_a_plan_is_told_apart() {
    let store = MemoryStore::new();
    created(&store, "stored").await;
    let mut unit = UnitOfWork::new(Arc::new(store.clone()));
    plan(&mut unit, put("planned", "a", Expectation::Absent)).await;
    for (id, seen) in [("stored", false), ("planned", true), ("absent", false)] {
        let mut reader: Option<Member> = None;
        unit.begin(|member| {
            let member = reader.insert(member).clone();
            async move { member.read(&key(id)).await.unwrap() }
        })
        .await;
        assert_eq!(reader.unwrap().has_seen_plans(), seen, "{id}");
    }
}

#[tokio::test]
async fn a_planned_state_is_written_on_by_each_of_its_names() {
    let names: [fn(&Head) -> Expectation; 4] = [
        |head| Expectation::At(head.revision),
        |head| Expectation::Unedited(head.edited),
        |head| matching(&head.tag),
        |_| Expectation::Exists,
    ];
    for plan_of_tag in [TagPlan::Revision, TagPlan::LastModified] {
        for name in names {
            let store = MemoryStore::new();
            let mut unit = UnitOfWork::new(Arc::new(store.clone()));
            plan(&mut unit, tagged_by(&plan_of_tag, put("1", "a", Expectation::Absent))).await;
            let head = head_of(read(&mut unit, "1").await);
            plan(&mut unit, tagged_by(&plan_of_tag, put("1", "b", name(&head)))).await;
            // The state is named by its last writer.
            let later = head_of(read(&mut unit, "1").await);
            plan(&mut unit, remove("1", name(&later))).await;
            done(unit).await;
            assert_eq!(text(&store, "1").await, None);
        }
    }
}

#[tokio::test]
async fn a_name_of_a_state_that_was_passed_over_is_stale() {
    let store = MemoryStore::new();
    let mut unit = unit(&store);
    let before = Arc::new(Mutex::new(None));
    unit.begin(|member| commit(member, put("1", "a", Expectation::Absent))).await;
    let seen = Arc::clone(&before);
    unit.begin(|member| async move {
        let head = member.head(&key("1")).await.unwrap().unwrap();
        *seen.lock().unwrap() = Some(head.revision);
        commit(member, put("1", "b", Expectation::At(head.revision))).await
    })
    .await;
    let passed_over = before.lock().unwrap().expect("the member has read it");
    unit.begin(|member| commit(member, put("1", "c", Expectation::At(passed_over)))).await;
    let (member, answer) = super::refused(unit).await;
    assert_eq!((member, answer.unwrap_err().is_stale()), (2, true));
}

#[tokio::test]
async fn a_provisional_tag_is_good_for_nothing_outside() {
    let store = MemoryStore::new();
    let mut unit = UnitOfWork::new(Arc::new(store.clone()));
    plan(&mut unit, put("1", "a", Expectation::Absent)).await;
    let provisional = head_of(read(&mut unit, "1").await);
    done(unit).await;
    for expectation in [matching(&provisional.tag), Expectation::At(provisional.revision)] {
        assert!(commit_one(&store, put("1", "b", expectation)).await.unwrap_err().is_stale());
    }
}

#[tokio::test]
async fn a_digest_is_its_own_name_before_and_after() {
    let store = MemoryStore::new();
    let digest = TagPlan::Digest { digest: digest("a"), strength: Strength::Strong };
    let mut unit = UnitOfWork::new(Arc::new(store.clone()));
    plan(&mut unit, tagged_by(&digest, put("1", "a", Expectation::Absent))).await;
    let planned = head_of(read(&mut unit, "1").await);
    done(unit).await;
    assert_eq!(store.head(&key("1")).await.unwrap().unwrap().tag, planned.tag);
}

#[tokio::test]
async fn what_a_member_leaves_as_it_is_keeps_its_tag_for_later_ones() {
    let store = MemoryStore::new();
    let tag = created(&store, "1").await;
    let mut unit = UnitOfWork::new(Arc::new(store.clone()));
    plan(&mut unit, put("1", "first", matching(&tag))).await;
    assert_eq!(head_of(read(&mut unit, "1").await).tag, tag);
    plan(&mut unit, put("1", "second", matching(&tag))).await;
    done(unit).await;
    assert_eq!(text(&store, "1").await.as_deref(), Some("second"));
}

#[tokio::test]
async fn checks_see_plans() {
    let store = MemoryStore::new();
    let tag = created(&store, "1").await;
    let mut unit = unit(&store);
    unit.begin(|member| commit(member, put("1", "b", Expectation::Exists))).await;
    let begun = unit.begin(|member| commit(member, Check::new(key("1"), matching(&tag)))).await;
    assert!(matches!(begun, Begun::Finished(Err(error)) if error.is_stale()));
    let checks = |head: Head| {
        let check = Check::new(key("1"), Expectation::At(head.revision));
        Batch::new().check(check).check(Check::new(key("1"), Expectation::LeftBy(0)))
    };
    let check = async move |member: Member| {
        let head = member.head(&key("1")).await.unwrap().unwrap();
        member.commit(checks(head)).await
    };
    let begun = unit.begin(check).await;
    assert!(matches!(begun, Begun::Finished(Ok(_))), "{begun:?}");
    assert!(matches!(unit.commit().await.unwrap(), UnitOutcome::Done(_)));
}

/// As a test has it: the same bytes for the store's epoch and the unit's.
struct Constant;

impl Randomness for Constant {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

#[tokio::test]
async fn a_stored_revision_is_not_taken_for_a_provisional_one() {
    let store = MemoryStore::with_environment(Environment::system().with_randomness(Constant));
    let (_, stored) = commit_one(&store, put("1", "a", Expectation::Absent)).await.unwrap();
    let mut unit = unit(&store);
    unit.begin(|member| commit(member, put("1", "b", Expectation::Exists))).await;
    unit.begin(|member| commit(member, put("1", "c", Expectation::At(stored.revision)))).await;
    let (member, answer) = super::refused(unit).await;
    assert_eq!((member, answer.unwrap_err().is_stale()), (1, true));
}
