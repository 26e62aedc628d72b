//! Callers that start at once, each with a decision that the others' commits may undo (rules S1, S2, S9, F7).

use etag_core::{Batch, Error, ErrorKind, Expectation, Key, LinkRule, Put, Scan};

use crate::{
    Backend,
    documents::{APART, CASCADE, CONTENT, DETACH, Shape, check, create, delete, digest, link, matching, put, update},
    together::{both, together},
    trial::Trial,
};

/// How often a race of two is run.
const TURNS: usize = 60;

pub(crate) async fn of_many_creates_at_once_one_is_done(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    for turn in 0..5 {
        let note = trial.note(&turn.to_string());
        let answers = together(16, |caller| {
            let (trial, note) = (trial.clone(), note.clone());
            async move { trial.commit(create(&note, &caller.to_string())).await }
        });
        let answers = answers.await;
        let winner = answers.iter().position(Result::is_ok).expect("one is done");
        assert_eq!(trial.head(&note).await.content, digest(&winner.to_string()));
        let refusals: Vec<_> = answers.into_iter().filter_map(Result::err).collect();
        assert_eq!(refusals.len(), 15);
        // Who lost the race hears what a latecomer hears.
        assert!(refusals.iter().all(Error::is_already_exists));
    }
}

pub(crate) async fn of_many_writes_under_one_tag_one_is_done(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    for turn in 0..5 {
        let note = trial.note(&turn.to_string());
        let tag = trial.write(create(&note, "nobody's")).await.tag;
        let answers = together(16, |caller| {
            let (trial, note, tag) = (trial.clone(), note.clone(), tag.clone());
            async move {
                if caller % 2 == 0 {
                    trial.commit(put(&note, &caller.to_string(), matching(&tag))).await
                } else {
                    trial.commit(delete(&note, matching(&tag))).await
                }
            }
        });
        let refusals: Vec<_> = answers.await.into_iter().filter_map(Result::err).collect();
        assert_eq!(refusals.len(), 15, "one write is done under one tag");
        assert!(refusals.iter().all(|error| error.is_stale() || error.is_not_found()));
    }
}

/// A create under a parent and the delete of that parent: one of the two is refused, or the child goes, too.
pub(crate) async fn a_create_never_outlives_the_delete_of_its_parent(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    for rule in [CONTENT, APART, CASCADE, DETACH] {
        for turn in 0..TURNS {
            let board = trial.key("boards", &format!("{turn} {rule:?}"));
            let task = trial.key("tasks", board.id());
            trial.write(create(&board, "week")).await;
            let child = create(&task, "a").under([link("board", &board, rule)]);
            race_with_the_delete(&trial, &board, &task, child).await;
        }
    }
}

/// The same for a child that moves to the parent that goes.
pub(crate) async fn a_move_never_ends_under_a_deleted_parent(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    for rule in [CONTENT, APART, CASCADE] {
        for turn in 0..TURNS {
            let board = trial.key("boards", &format!("{turn} {rule:?}"));
            let task = trial.key("tasks", board.id());
            trial.write(create(&board, "week")).await;
            trial.write(create(&task, "a")).await;
            let moved = update(&task, "a").under([link("board", &board, rule)]);
            race_with_the_delete(&trial, &board, &task, moved).await;
        }
    }
}

async fn race_with_the_delete(trial: &Trial, board: &Key, task: &Key, child: Put) {
    let (maker, remover) = (trial.clone(), trial.clone());
    let removal = delete(board, Expectation::Exists);
    let (made, gone) =
        both(async move { maker.commit(child).await }, async move { remover.commit(removal).await }).await;
    assert!(made.is_ok() || gone.is_ok(), "{made:?}, {gone:?}");
    let names_the_board = trial.find(task).await.is_some_and(|task| task.parents.of_link("board") == Some(board));
    assert!(!(names_the_board && trial.is_absent(board).await), "{task} is an orphan: {made:?}, {gone:?}");
    assert_eq!(trial.is_absent(board).await, gone.is_ok());
}

/// Each looks whether the other is off duty and goes on: with conditions on what it looked at, one of them is refused.
pub(crate) async fn two_that_check_what_the_other_writes_are_not_both_done(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    for turn in 0..TURNS {
        let [ada, bob] = ["ada", "bob"].map(|id| trial.note(&format!("{id}{turn}")));
        let tags = [trial.write(create(&ada, "on")).await.tag, trial.write(create(&bob, "on")).await.tag];
        let leave =
            |own: &Key, other: &Key, tag| Batch::new().check(check(other, matching(tag))).put(update(own, "off"));
        let (first, second) = (leave(&ada, &bob, &tags[1]), leave(&bob, &ada, &tags[0]));
        let (one, other) = (trial.clone(), trial.clone());
        let (one, other) =
            both(async move { one.commit(first).await }, async move { other.commit(second).await }).await;
        assert!(one.is_ok() != other.is_ok(), "{one:?}, {other:?}");
    }
}

/// Also where what is checked is that nothing is there.
pub(crate) async fn two_that_check_that_the_other_is_absent_are_not_both_done(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    for turn in 0..TURNS {
        let [ada, bob] = ["ada", "bob"].map(|id| trial.note(&format!("{id}{turn}")));
        let come =
            |own: &Key, other: &Key| Batch::new().check(check(other, Expectation::Absent)).put(create(own, "on"));
        let (first, second) = (come(&ada, &bob), come(&bob, &ada));
        let (one, other) = (trial.clone(), trial.clone());
        let (one, other) =
            both(async move { one.commit(first).await }, async move { other.commit(second).await }).await;
        assert!(one.is_ok() != other.is_ok(), "{one:?}, {other:?}");
    }
}

/// Batches that write the same resources in opposite orders wait for one another, and all are done.
pub(crate) async fn batches_in_opposite_orders_make_no_deadlock(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let notes: Vec<_> = (0..6).map(|id| trial.note(&id.to_string())).collect();
    for note in &notes {
        trial.write(create(note, "0")).await;
    }
    let answers = together(16, |caller| {
        let (trial, mut notes) = (trial.clone(), notes.clone());
        if caller % 2 == 1 {
            notes.reverse();
        }
        async move {
            for turn in 0..5 {
                let text = format!("{caller} {turn}");
                trial.done(notes.iter().map(|note| update(note, &text)).collect::<Batch>()).await;
            }
        }
    });
    answers.await;
    let last = trial.head(&notes[0]).await.content;
    for note in &notes {
        assert_eq!(trial.head(note).await.content, last, "half of one batch is on top of half of another");
    }
}

/// Children that go to and fro between two parents touch both, each time in another order.
pub(crate) async fn moves_in_opposite_directions_make_no_deadlock(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let boards = ["1", "2"].map(|id| trial.key("boards", id));
    for board in &boards {
        trial.write(create(board, "week")).await;
    }
    let answers = together(16, |caller| {
        let (trial, boards) = (trial.clone(), boards.clone());
        async move { move_often(&trial, &boards, caller, CONTENT).await }
    });
    answers.await;
    for board in &boards {
        let scan = Scan::new(trial.collection("tasks"), 32).under("board", board.clone());
        assert_eq!(trial.page(&scan).await.items.len(), 8);
    }
}

async fn move_often(trial: &Trial, boards: &[Key; 2], caller: usize, rule: LinkRule) {
    let task = trial.key("tasks", &caller.to_string());
    for turn in 0..6 {
        let board = &boards[(caller + turn) % 2];
        trial.done(put(&task, "a", Expectation::Unconditional).under([link("board", board, rule)])).await;
    }
}

/// 32 writers on 32 children and a deleter of their parent: all is told, nothing is lost, nothing is orphaned.
pub(crate) async fn a_family_under_fire_loses_nothing(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let board = trial.key("boards", "1");
    trial.write(create(&board, "week")).await;
    let answers = together(33, |caller| {
        let (trial, board) = (trial.clone(), board.clone());
        async move {
            if caller == 32 { delete_often(&trial, &board).await } else { write_often(&trial, &board, caller).await }
        }
    });
    let counts = answers.await;
    let tasks = Scan::new(trial.collection("tasks"), 100);
    for row in trial.page(&tasks).await.items {
        let caller: usize = row.head.key.id().parse().expect("the caller's number");
        assert_eq!(row.head.content, digest(&counts[caller].to_string()), "the last acknowledged write of {caller}");
        assert!(!trial.is_absent(&board).await, "{} is an orphan", row.head.key);
    }
}

/// The number of the last write that was done; the parent's tag is new after each.
async fn write_often(trial: &Trial, board: &Key, caller: usize) -> usize {
    let task = trial.key("tasks", &caller.to_string());
    let mut last = 0;
    for turn in 1..=8 {
        let before = trial.find(board).await.map(|head| head.tag);
        let write = put(&task, &turn.to_string(), Expectation::Unconditional).under([link("board", board, CONTENT)]);
        match trial.commit(write).await {
            Ok(_) => {
                last = turn;
                assert_ne!(trial.find(board).await.map(|head| head.tag), before, "the parent's tag is not new");
            }
            Err(error) => assert_eq!(error.kind(), ErrorKind::NoParent),
        }
    }
    last
}

/// Where nothing keeps the board, it goes and comes again.
async fn delete_often(trial: &Trial, board: &Key) -> usize {
    for _ in 0..20 {
        match trial.commit(delete(board, Expectation::Exists)).await {
            Ok(_) => drop(trial.write(create(board, "week")).await),
            Err(error) => assert_eq!(error.kind(), ErrorKind::HasChildren),
        }
        tokio::task::yield_now().await;
    }
    0
}

/// Whoever goes away in mid-commit leaves all of it or nothing (rule S8).
pub(crate) async fn a_dropped_commit_is_wholly_done_or_not_at_all(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    for turn in 0..TURNS {
        let collection = format!("notes-{turn}");
        let notes: Vec<_> = (0..5).map(|id| trial.key(&collection, &id.to_string())).collect();
        let (caller, batch) = (trial.clone(), notes.iter().map(|note| create(note, "a")).collect::<Batch>());
        let commit = tokio::spawn(async move { caller.commit(batch).await.is_ok() });
        for _ in 0..turn % 7 {
            tokio::task::yield_now().await;
        }
        commit.abort();
        let was_answered = commit.await.unwrap_or(false);
        // All in one read, since the commit may still come about.
        let there = trial.page(&Scan::new(trial.collection(&collection), 10)).await.items.len();
        assert!(there == 5 || there == 0 && !was_answered, "{there} of 5 are there");
    }
}
