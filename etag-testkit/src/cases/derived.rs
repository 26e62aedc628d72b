//! Fields of a parent that follow its children (rule F5), where the store has that ability.

mod models;
mod touches;

use std::sync::Arc;

use etag_core::{
    Batch, Delete, Effect, Environment, ErrorKind, Expectation, Member, Put, Snapshot, Store, StoreExt, UnitOfWork,
    UnitOutcome, Versioned, put_document,
};

use self::models::{Author, Plan, Remark, Task};
pub(crate) use self::touches::{
    a_child_touches_by_what_is_derived_alone_where_its_link_says_so,
    what_is_derived_is_remembered_for_as_long_as_its_parents_writer_said,
    what_is_derived_touches_those_whom_another_touch_spared,
};
use crate::{
    Ability, Backend,
    together::together,
    trial::{Trial, has, touch_of},
};

/// A plan `p` with the tasks `1` and `2`, and an author.
struct Family(Trial);

impl Family {
    /// `None` where the backend says that it can derive nothing, which must then be its answer, too.
    async fn on(backend: &dyn Backend) -> Option<Self> {
        let family = Self(Trial::on(backend).await);
        let made = family.begin().await;
        if has(backend, Ability::DerivedFields) {
            made.expect("nobody is in the way");
            return Some(family);
        }
        let refused = made.expect_err("a backend that lacks the ability has it");
        assert_eq!(refused.kind(), ErrorKind::Unsupported, "{refused}");
        let task = Task::key_of(&family.task("1", "").id);
        assert!(family.0.is_absent(&task).await, "a child was written that its parent does not follow");
        None
    }

    async fn begin(&self) -> Result<(), etag_core::Error> {
        let store = &self.0.store;
        store.create(&Plan { id: self.0.id("p"), remark_count: 0 }).await?;
        store.create(&self.task("1", "a")).await?;
        store.create(&self.task("2", "a")).await?;
        store.create(&Author { id: self.0.id("a") }).await.map(drop)
    }

    fn task(&self, id: &str, title: &str) -> Task {
        let (id, plan_id) = (self.0.id(id), self.0.id("p"));
        Task { id, plan_id, title: title.into(), remark_count: 0, texts: [].into() }
    }

    fn remark(&self, id: &str, task: &str, text: &str) -> Remark {
        Remark { id: self.0.id(id), task_id: self.0.id(task), author_id: None, text: text.into() }
    }

    fn put<T: etag_core::Document>(&self, value: &T, expectation: Expectation) -> Put {
        put_document(&*self.0.store, value, expectation).expect("the value can be written")
    }

    async fn create(&self, remark: &Remark) -> Snapshot<Remark> {
        self.0.store.create(remark).await.expect("its id is new")
    }

    async fn replace(&self, remark: &Remark) {
        self.0.write(self.put(remark, Expectation::Exists)).await;
    }

    async fn stored(&self, task: &str) -> Snapshot<Task> {
        self.0.store.get(&self.0.id(task)).await.expect("it was created")
    }

    /// What a task knows of its remarks, besides their number.
    async fn texts(&self, task: &str) -> Vec<String> {
        let (stored, _) = self.stored(task).await.into_parts();
        assert_eq!(stored.texts.len(), stored.remark_count);
        assert_eq!(stored.title, "a");
        stored.texts.into_values().collect()
    }

    /// A unit that is done, or has to be made anew.
    async fn remark_and_rewrite(&self, remark: &Remark) -> UnitOutcome<()> {
        let mut unit = UnitOfWork::new(Arc::clone(&self.0.store));
        let task = self.0.id("1");
        unit.begin(|member: Member| async move { drop(member.create(remark).await.expect("its id is new")) }).await;
        unit.begin(|member: Member| async move {
            let task = member.get::<Task>(&task).await.expect("it was created");
            let rewritten = Task { title: remark.id.clone(), remark_count: 99, ..task.value().clone() };
            let put = put_document(&member, &rewritten, Expectation::At(task.revision()));
            // Where it moved, the member ends before it learns of it.
            let _ = member.commit(Batch::new().put(put.expect("the value can be written"))).await;
        })
        .await;
        let outcome = unit.commit().await.expect("the store does not fail");
        assert!(!matches!(outcome, UnitOutcome::Refused { .. }), "nobody is to blame");
        outcome
    }

    async fn count_of_plan(&self) -> usize {
        self.0.store.get::<Plan>(&self.0.id("p")).await.expect("it was created").remark_count
    }
}

pub(crate) async fn a_parent_follows_its_children(backend: &dyn Backend) {
    let Some(family) = Family::on(backend).await else { return };
    family.create(&family.remark("1", "1", "x")).await;
    let second = family.create(&family.remark("2", "1", "y")).await;
    assert_eq!(family.texts("1").await, ["x", "y"]);
    family.replace(&family.remark("1", "1", "z")).await;
    assert_eq!(family.texts("1").await, ["z", "y"]);
    family.0.store.delete::<Remark>(&second.id, second.etag()).await.expect("the tag is current");
    assert_eq!(family.texts("1").await, ["z"]);
}

/// The document and its tag are of one state, which the commit of the child has told of.
pub(crate) async fn what_is_derived_stands_under_the_tag_of_the_touch(backend: &dyn Backend) {
    let Some(family) = Family::on(backend).await else { return };
    let before = family.stored("1").await;
    let done = family.0.done(family.put(&family.remark("1", "1", "x"), Expectation::Absent)).await;
    let after = family.stored("1").await;
    let touch = touch_of(&done, &after.key());
    assert_eq!((&touch.before, touch.after.as_ref()), (&before.head().tag, Some(&after.head().tag)));
    assert_eq!((before.remark_count, after.remark_count), (0, 1));
    assert_eq!(before.head().content, after.head().content);
}

pub(crate) async fn what_is_derived_is_followed_in_turn(backend: &dyn Backend) {
    let Some(family) = Family::on(backend).await else { return };
    let plan = Plan::key_of(&family.0.id("p"));
    let before = family.0.tag(&plan).await;
    let remark = family.create(&family.remark("1", "1", "x")).await;
    family.create(&family.remark("2", "2", "x")).await;
    assert_eq!(family.count_of_plan().await, 2);
    assert_ne!(family.0.tag(&plan).await, before);
    family.0.store.delete::<Remark>(&remark.id, remark.etag()).await.expect("the tag is current");
    assert_eq!(family.count_of_plan().await, 1);
}

pub(crate) async fn a_move_is_followed_by_both_parents(backend: &dyn Backend) {
    let Some(family) = Family::on(backend).await else { return };
    family.create(&family.remark("1", "1", "x")).await;
    family.replace(&family.remark("1", "2", "y")).await;
    assert_eq!((family.texts("1").await, family.texts("2").await), (vec![], vec!["y".to_owned()]));
    assert_eq!(family.count_of_plan().await, 1);
}

/// The delete says nothing of the remarks, nor of the tasks that they leave.
pub(crate) async fn what_a_cascade_takes_from_a_parent_that_stays_is_followed(backend: &dyn Backend) {
    let Some(family) = Family::on(backend).await else { return };
    let author_id = Some(family.0.id("a"));
    for id in ["1", "2"] {
        family.create(&Remark { author_id: author_id.clone(), ..family.remark(id, "1", "x") }).await;
    }
    family.create(&family.remark("3", "1", "y")).await;
    let author = Author::key_of(&family.0.id("a"));
    family.0.done(Delete::new(author, Expectation::Exists)).await;
    assert_eq!(family.texts("1").await, ["y"]);
    assert_eq!(family.count_of_plan().await, 1);
}

pub(crate) async fn all_that_a_batch_does_to_children_is_followed(backend: &dyn Backend) {
    let Some(family) = Family::on(backend).await else { return };
    for id in ["1", "2"] {
        family.create(&family.remark(id, "1", "x")).await;
    }
    let delete = Delete::new(Remark::key_of(&family.0.id("2")), Expectation::Exists);
    let batch = Batch::new()
        .put(family.put(&family.remark("3", "1", "y"), Expectation::Absent))
        .put(family.put(&family.remark("1", "1", "z"), Expectation::Exists))
        .put(family.put(&Task { remark_count: 77, ..family.task("1", "a") }, Expectation::Exists))
        .put(family.put(&Task { remark_count: 78, ..family.task("2", "b") }, Expectation::Exists))
        .delete(delete)
        .put(family.put(&family.remark("4", "2", "w"), Expectation::Absent))
        .put(family.put(&family.remark("4", "1", "v"), Expectation::Exists));
    let done = family.0.done(batch).await;
    assert_eq!(family.texts("1").await, ["z", "y", "v"]);
    assert_eq!(family.count_of_plan().await, 3);
    let second = family.stored("2").await;
    assert_eq!((second.title.as_str(), second.remark_count), ("b", 0));
    let row = family.0.row(&second.key()).await.expect("it is there");
    assert_eq!((done.items[3].head.as_ref(), done.items[3].body.as_ref()), (Some(&row.head), Some(&row.body)));
}

/// Parent and child come to be together, and what is derived is of that child alone.
pub(crate) async fn a_parent_that_comes_with_its_child_follows_it(backend: &dyn Backend) {
    let Some(family) = Family::on(backend).await else { return };
    let batch = Batch::new()
        .put(family.put(&family.task("3", "a"), Expectation::Absent))
        .put(family.put(&family.remark("1", "3", "x"), Expectation::Absent));
    family.0.done(batch).await;
    assert_eq!(family.texts("3").await, ["x"]);
    let remade = Batch::new()
        .delete(Delete::new(Task::key_of(&family.0.id("3")), Expectation::Exists))
        .put(family.put(&family.task("3", "a"), Expectation::Absent))
        .put(family.put(&family.remark("1", "3", "y"), Expectation::Absent));
    family.0.done(remade).await;
    assert_eq!((family.texts("3").await, family.count_of_plan().await), (vec!["y".to_owned()], 1));
}

pub(crate) async fn a_batch_under_tags_held_before_changes_a_child_and_deletes_the_parent_that_follows_it(
    backend: &dyn Backend,
) {
    let Some(family) = Family::on(backend).await else { return };
    let remark = family.create(&family.remark("1", "1", "x")).await;
    let task = family.stored("1").await;
    assert_eq!(family.count_of_plan().await, 1);
    let batch = Batch::new()
        .put(family.put(&family.remark("1", "1", "y"), Remark::MODEL.expect(remark.etag())))
        .delete(Delete::new(task.key(), Task::MODEL.expect(task.etag())));
    family.0.done(batch).await;
    assert!(family.0.is_absent(&task.key()).await && family.0.is_absent(&remark.key()).await);
    assert_eq!(family.count_of_plan().await, 0);
}

pub(crate) async fn who_writes_the_parent_keeps_what_is_derived(backend: &dyn Backend) {
    let Some(family) = Family::on(backend).await else { return };
    family.create(&family.remark("1", "1", "x")).await;
    let held = family.stored("1").await;
    let wrong = |title| Task { remark_count: 77, texts: [].into(), ..family.task("1", title) };
    let same = family.0.did(family.put(&wrong("a"), Task::MODEL.expect(held.etag()))).await;
    assert_eq!((same.effect, same.head.as_ref()), (Effect::Unchanged, Some(held.head())));
    let replaced = family.0.store.replace(&wrong("b"), held.etag()).await.expect("the tag is current");
    assert_eq!((replaced.remark_count, replaced.title.as_str()), (1, "b"));
    assert_eq!(family.stored("1").await, replaced);
    assert!(family.0.store.replace(&wrong("c"), held.etag()).await.expect_err("the tag is old").is_stale());
}

pub(crate) async fn a_refused_batch_derives_nothing(backend: &dyn Backend) {
    let Some(family) = Family::on(backend).await else { return };
    family.create(&family.remark("1", "1", "x")).await;
    let before = family.stored("1").await;
    let batch = Batch::new()
        .put(family.put(&family.remark("2", "1", "y"), Expectation::Absent))
        .put(family.put(&family.remark("1", "1", "y"), Expectation::Absent));
    assert!(family.0.refused(batch).await.is_rejected());
    assert_eq!(family.stored("1").await, before);
}

pub(crate) async fn a_conflict_names_what_was_derived(backend: &dyn Backend) {
    let Some(family) = Family::on(backend).await else { return };
    let held = family.stored("1").await;
    family.create(&family.remark("1", "1", "x")).await;
    let error = family.0.refused(family.put(&family.task("1", "b"), Task::MODEL.expect(held.etag()))).await;
    let derived = has(backend, Ability::ChangeLog).then(|| ["remark_count", "texts"].map(str::to_owned).to_vec());
    assert_eq!(error.conflicts()[0].changed, derived);
}

pub(crate) async fn the_children_of_16_writers_are_counted_exactly(backend: &dyn Backend) {
    let Some(family) = Family::on(backend).await else { return };
    let family = Arc::new(family);
    let done = together(16, |writer| {
        let family = Arc::clone(&family);
        async move {
            for turn in 0..4 {
                let name = format!("{writer}.{turn}");
                let remark = family.create(&family.remark(&name, "1", "x")).await;
                if turn == 3 {
                    family.0.store.delete::<Remark>(&remark.id, remark.etag()).await.expect("the tag is current");
                }
            }
        }
    });
    done.await;
    assert_eq!(family.texts("1").await.len(), 48);
    assert_eq!(family.count_of_plan().await, 48);
}

/// Each unit makes a remark on one of the tasks, and then writes task `1` on the state that it reads.
pub(crate) async fn units_that_write_a_child_and_its_parent_are_followed_exactly(backend: &dyn Backend) {
    let Some(family) = Family::on(backend).await else { return };
    let family = Arc::new(family);
    let done = together(8, |writer| {
        let family = Arc::clone(&family);
        async move {
            let remark = family.remark(&writer.to_string(), if writer % 2 == 0 { "1" } else { "2" }, "x");
            while let UnitOutcome::Moved(_) = family.remark_and_rewrite(&remark).await {}
        }
    });
    done.await;
    let [one, other] = [family.stored("1").await, family.stored("2").await];
    assert_eq!((one.remark_count, one.texts.len(), other.remark_count), (4, 4, 4));
    assert_eq!(family.count_of_plan().await, 8);
}

/// Nobody tells the store of the model but who deletes the child.
pub(crate) async fn children_are_followed_when_the_store_is_opened_again(backend: &dyn Backend) {
    let Some(Family(trial)) = Family::on(backend).await else { return };
    let family = Family(trial);
    for id in ["1", "2"] {
        family.create(&family.remark(id, "1", "x")).await;
    }
    family.0.store.close().await;
    let again = match backend.reopen(Environment::system()).await {
        Ok(store) => Family(family.0.over(store)),
        Err(error) => {
            assert!(!has(backend, Ability::Reopening), "{error}");
            return assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
        }
    };
    assert_eq!(again.texts("1").await.len(), 2);
    let remark = again.0.store.get::<Remark>(&again.0.id("1")).await.expect("it was created");
    again.0.store.delete::<Remark>(&remark.id, remark.etag()).await.expect("the tag is current");
    assert_eq!((again.texts("1").await.len(), again.count_of_plan().await), (1, 1));
}
