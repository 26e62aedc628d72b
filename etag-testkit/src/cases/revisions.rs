//! No revision, and so no tag, is given out twice (rule T5), and states of one instant are told apart.

use std::{collections::HashSet, time::Duration};

use etag_core::{Batch, Conflict, Expectation, Head, Key, Put, Strength, TagPlan};

use crate::{
    Backend,
    clock::StandingClock,
    documents::{CONTENT, Shape, create, delete, link, matching, put, update},
    together::together,
    trial::Trial,
};

pub(crate) async fn a_resource_made_again_never_has_a_former_tag(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let note = trial.note("1");
    let mut tags = HashSet::new();
    for _ in 0..10 {
        let made = trial.write(create(&note, "a")).await;
        let changed = trial.write(update(&note, "b")).await;
        trial.done(delete(&note, Expectation::Exists)).await;
        assert!(tags.insert(made.tag) && tags.insert(changed.tag));
    }
}

/// Someone who read the former resource must not delete or change the one that came in its place.
pub(crate) async fn a_tag_of_a_former_resource_is_stale_and_the_conflict_says_so(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let note = trial.note("1");
    let former = trial.write(create(&note, "a")).await;
    trial.done(delete(&note, Expectation::Exists)).await;
    trial.write(create(&note, "a")).await;
    for error in [
        trial.refused(put(&note, "b", matching(&former.tag))).await,
        trial.refused(delete(&note, matching(&former.tag))).await,
        trial.refused(put(&note, "b", Expectation::At(former.revision))).await,
    ] {
        assert!(error.is_stale());
    }
    let error = trial.refused(delete(&note, matching(&former.tag))).await;
    assert!(error.conflicts().iter().all(Conflict::is_about_a_former_resource));
}

/// Also where they were only told to someone whose batch was refused.
pub(crate) async fn a_revision_that_was_told_is_never_drawn_again(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let note = trial.note("1");
    let mut told = HashSet::new();
    for turn in 0..10 {
        let batch = Batch::new().put(create(&note, "a")).put(create(&note, "b"));
        let error = trial.refused(batch).await;
        let met = error.conflicts()[0].met.clone().expect("what the first item would have left");
        assert!(told.insert(met.revision));
        let written = trial.write(create(&trial.note(&format!("other-{turn}")), "a")).await;
        assert!(told.insert(written.revision));
    }
}

pub(crate) async fn states_of_16_writers_have_revisions_that_differ(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let answers = together(16, |caller| {
        let trial = trial.clone();
        async move { write_states(&trial, caller).await }
    });
    let heads: Vec<Head> = answers.await.into_iter().flatten().collect();
    let revisions: HashSet<_> = heads.iter().map(|head| head.revision).collect();
    assert_eq!(revisions.len(), heads.len());
}

async fn write_states(trial: &Trial, caller: usize) -> Vec<Head> {
    let note = trial.note(&caller.to_string());
    let mut heads = vec![trial.write(create(&note, "0")).await];
    for turn in 1..20 {
        heads.push(trial.write(update(&note, &turn.to_string())).await);
    }
    heads
}

pub(crate) async fn revisions_of_a_resource_grow(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = (trial.key("boards", "1"), trial.key("tasks", "1"));
    let made = trial.write(create(&board, "week")).await;
    let mut last = made.revision;
    for turn in 0..10 {
        let child = update_or_create(turn, &task).under([link("board", &board, CONTENT)]);
        trial.write(child).await;
        let touched = trial.head(&board).await;
        let written = trial.write(update(&board, &turn.to_string())).await;
        for head in [touched, written] {
            assert_eq!(head.revision.epoch(), last.epoch());
            assert!(head.revision.sequence() > last.sequence());
            assert_eq!(head.created, made.created);
            last = head.revision;
        }
    }
}

fn update_or_create(turn: usize, task: &Key) -> Put {
    if turn == 0 { create(task, "0") } else { update(task, &turn.to_string()) }
}

pub(crate) async fn states_of_one_instant_have_tags_that_differ(backend: &dyn Backend) {
    let trial = Trial::within(backend, StandingClock::new().environment()).await;
    let note = trial.note("1");
    let mut tags = HashSet::new();
    for turn in 0..10 {
        let write = put(&note, &turn.to_string(), Expectation::Unconditional).tagged_by(TagPlan::LastModified);
        let head = trial.write(write).await;
        assert_eq!(head, trial.head(&note).await);
        assert!(tags.insert(head.tag));
    }
}

pub(crate) async fn a_clock_that_is_set_back_makes_no_state_older(backend: &dyn Backend) {
    let clock = StandingClock::new();
    let trial = Trial::within(backend, clock.environment()).await;
    let note = trial.note("1");
    let before = trial.write(create(&note, "a")).await;
    clock.set_back(Duration::from_secs(60));
    let after = trial.write(update(&note, "b")).await;
    assert!(after.modified_at > before.modified_at);
    assert_eq!(after.created_at, before.created_at);
    assert_eq!(after.date_strength, Strength::Weak);
    assert_eq!(trial.head(&note).await, after);
}

/// A date that two states share names neither (RFC 9110 §8.8.2.2).
pub(crate) async fn states_of_one_second_have_weak_dates(backend: &dyn Backend) {
    let clock = StandingClock::new();
    let trial = Trial::within(backend, clock.environment()).await;
    let note = trial.note("1");
    trial.write(create(&note, "a")).await;
    clock.advance(Duration::from_millis(10));
    assert_eq!(trial.write(update(&note, "b")).await.date_strength, Strength::Weak);
    clock.advance(Duration::from_millis(10));
    trial.done(delete(&note, Expectation::Exists)).await;
    clock.advance(Duration::from_millis(10));
    assert_eq!(trial.write(create(&note, "c")).await.date_strength, Strength::Weak);
}
