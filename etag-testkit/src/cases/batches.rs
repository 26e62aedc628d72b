//! Writes that happen together, in order, or not at all (rules S1, B1).

use etag_core::{Batch, Committed, Effect, Error, ErrorKind, Expectation, Put};

use crate::{
    Backend,
    documents::{check, create, delete, digest, matching, put, update},
    together::together,
    trial::Trial,
};

fn effects(done: &Committed) -> Vec<Effect> {
    done.items.iter().map(|item| item.effect).collect()
}

fn culprits(error: &Error) -> Vec<(usize, ErrorKind)> {
    error.conflicts().iter().map(|conflict| (conflict.item, conflict.error_kind())).collect()
}

pub(crate) async fn all_items_are_done_and_answered_in_order(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let [a, b, c] = ["a", "b", "c"].map(|id| trial.note(id));
    trial.write(create(&a, "1")).await;
    trial.write(create(&b, "1")).await;
    let batch = Batch::new()
        .put(create(&c, "1"))
        .check(check(&a, Expectation::Exists))
        .delete(delete(&b, Expectation::Exists))
        .put(update(&a, "2"));
    let done = trial.done(batch).await;
    assert_eq!(effects(&done), [Effect::Created, Effect::Checked, Effect::Deleted, Effect::Replaced]);
    assert!(trial.is_absent(&b).await);
    assert_eq!(done.items[0].head, trial.find(&c).await);
    assert_eq!(done.items[3].head, trial.find(&a).await);
    assert!(done.touched.is_empty());
}

pub(crate) async fn a_refused_batch_writes_nothing(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let [kept, gone, new, stale] = ["kept", "gone", "new", "stale"].map(|id| trial.note(id));
    let before = trial.write(create(&kept, "1")).await;
    let other = trial.write(create(&gone, "1")).await;
    let old = trial.write(create(&stale, "1")).await;
    trial.write(update(&stale, "2")).await;
    let batch = Batch::new()
        .put(create(&new, "1"))
        .put(update(&kept, "2"))
        .delete(delete(&gone, Expectation::Exists))
        .put(put(&stale, "3", matching(&old.tag)));
    assert_eq!(culprits(&trial.refused(batch).await), [(3, ErrorKind::Stale)]);
    assert!(trial.is_absent(&new).await);
    assert_eq!(trial.head(&kept).await, before);
    assert_eq!(trial.head(&gone).await, other);
}

pub(crate) async fn every_culprit_is_reported_with_the_state_it_met(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let [stale, fine, there, gone] = ["stale", "fine", "there", "gone"].map(|id| trial.note(id));
    let old = trial.write(create(&stale, "1")).await;
    let now = trial.write(update(&stale, "2")).await;
    let present = trial.write(create(&there, "1")).await;
    let batch = Batch::new()
        .put(put(&stale, "3", matching(&old.tag)))
        .put(create(&fine, "1"))
        .check(check(&there, Expectation::Absent))
        .delete(delete(&gone, Expectation::Unconditional));
    let error = trial.refused(batch).await;
    assert_eq!(culprits(&error), [(0, ErrorKind::Stale), (2, ErrorKind::AlreadyExists), (3, ErrorKind::NotFound)]);
    let met: Vec<_> = error.conflicts().iter().map(|conflict| conflict.met.clone()).collect();
    assert_eq!(met, [Some(now), Some(present), None]);
}

/// The state that a conflict tells of is the one that refused the write, not the one that the caller knew (rule S9).
pub(crate) async fn a_conflict_tells_of_the_state_after_the_last_commit(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let note = trial.note("1");
    let first = trial.write(create(&note, "0")).await;
    let answers = together(16, |caller| {
        let (trial, note, tag) = (trial.clone(), note.clone(), first.tag.clone());
        async move { trial.commit(put(&note, &format!("by {caller}"), matching(&tag))).await }
    });
    let refusals: Vec<_> = answers.await.into_iter().filter_map(Result::err).collect();
    let now = trial.head(&note).await;
    assert_eq!(refusals.len(), 15);
    for refusal in refusals {
        assert_eq!(refusal.conflicts()[0].met.as_ref(), Some(&now));
    }
}

pub(crate) async fn later_items_meet_what_earlier_ones_wrote(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let note = trial.note("1");
    let batch = Batch::new()
        .put(create(&note, "a"))
        .put(put(&note, "b", Expectation::LeftBy(0)))
        .check(check(&note, Expectation::LeftBy(1)))
        .put(put(&note, "c", Expectation::LeftBy(2)))
        .delete(delete(&note, Expectation::LeftBy(3)))
        .check(check(&note, Expectation::LeftBy(4)))
        .put(create(&note, "d"));
    let done = trial.done(batch).await;
    let expected = [
        Effect::Created,
        Effect::Replaced,
        Effect::Checked,
        Effect::Replaced,
        Effect::Deleted,
        Effect::Checked,
        Effect::Created,
    ];
    assert_eq!(effects(&done), expected);
    assert_eq!(done.items[6].head, trial.find(&note).await);
    assert_eq!(trial.head(&note).await.content, digest("d"));
}

pub(crate) async fn an_item_builds_on_no_item_but_an_earlier_one(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let [a, b] = ["a", "b"].map(|id| trial.note(id));
    trial.write(create(&a, "1")).await;
    trial.write(create(&b, "1")).await;
    let batch = Batch::new().put(put(&a, "2", Expectation::LeftBy(0))).put(put(&b, "2", Expectation::LeftBy(7)));
    assert_eq!(culprits(&trial.refused(batch).await), [(0, ErrorKind::Stale), (1, ErrorKind::Stale)]);
    // What an earlier item left of another resource is no state of this one.
    let batch = Batch::new().put(update(&a, "2")).put(put(&b, "2", Expectation::LeftBy(0)));
    assert_eq!(culprits(&trial.refused(batch).await), [(1, ErrorKind::Stale)]);
}

pub(crate) async fn an_item_that_builds_on_a_failed_one_is_not_to_blame(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let note = trial.note("1");
    let batch =
        Batch::new().put(update(&note, "a")).put(put(&note, "b", Expectation::LeftBy(0))).put(create(&note, "c"));
    assert_eq!(culprits(&trial.refused(batch).await), [(0, ErrorKind::NotFound)]);
    assert!(trial.is_absent(&note).await);
}

pub(crate) async fn a_tag_from_before_the_batch_is_stale_after_an_earlier_item_wrote(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let note = trial.note("1");
    let before = trial.write(create(&note, "a")).await;
    let batch = Batch::new().put(put(&note, "b", matching(&before.tag))).put(put(&note, "c", matching(&before.tag)));
    assert_eq!(culprits(&trial.refused(batch).await), [(1, ErrorKind::Stale)]);
    assert_eq!(trial.head(&note).await, before);
}

pub(crate) async fn a_resource_made_again_in_a_batch_is_another_one(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let note = trial.note("1");
    let former = trial.write(create(&note, "a")).await;
    let batch = Batch::new().delete(delete(&note, matching(&former.tag))).put(create(&note, "a"));
    let done = trial.done(batch).await;
    let now = trial.head(&note).await;
    assert_eq!(done.items[1].head.as_ref(), Some(&now));
    assert_ne!(now.created, former.created);
    assert_ne!(now.tag, former.tag);
}

pub(crate) async fn checks_write_nothing(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let [there, absent] = ["there", "absent"].map(|id| trial.note(id));
    let head = trial.write(create(&there, "a")).await;
    let batch = Batch::new().check(check(&there, matching(&head.tag))).check(check(&absent, Expectation::Absent));
    let done = trial.done(batch).await;
    assert_eq!(done.items[0].head.as_ref(), Some(&head));
    assert_eq!(done.items[1].head, None);
    assert_eq!(trial.head(&there).await, head);
    assert!(trial.is_absent(&absent).await);
}

pub(crate) async fn a_batch_of_nothing_does_nothing(backend: &dyn Backend) {
    let done = Trial::on(backend).await.done(Batch::new()).await;
    assert!(done.items.is_empty() && done.touched.is_empty());
}

pub(crate) async fn a_long_batch_means_what_its_items_mean(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let notes: Vec<_> = (0..100).map(|id| trial.note(&id.to_string())).collect();
    let creates = notes.iter().map(|note| create(note, "a"));
    let updates = notes.iter().enumerate().map(|(index, note)| put(note, "b", Expectation::LeftBy(index)));
    let done = trial.done(creates.chain(updates).collect::<Batch>()).await;
    assert_eq!(done.items.len(), 200);
    for (note, item) in notes.iter().zip(&done.items[100..]) {
        assert_eq!(item.head, trial.find(note).await);
    }
    let all_but_one: Vec<Put> = notes.iter().map(|note| update(note, "c")).chain([create(&notes[50], "c")]).collect();
    assert_eq!(
        culprits(&trial.refused(all_but_one.into_iter().collect::<Batch>()).await),
        [(100, ErrorKind::AlreadyExists)]
    );
    assert_eq!(trial.head(&notes[0]).await.content, digest("b"));
}
