//! Lists in pages that stay where they are (rules S4, H4).

use etag_core::{Cursor, Expectation, Head, Key, Page, Row, Scan, TagEntry};

use crate::{
    Backend,
    documents::{APART, CONTENT, Shape, create, delete, link, update},
    together::together,
    trial::Trial,
};

async fn notes(trial: &Trial, count: usize) -> Vec<Key> {
    // Not in the order of their ids.
    let keys: Vec<_> = (0..count).map(|number| trial.note(&format!("{:03}", (number * 37) % 101))).collect();
    for key in &keys {
        trial.write(create(key, "a")).await;
    }
    keys
}

fn keys(page: &Page<Row>) -> Vec<Key> {
    page.items.iter().map(|row| row.head.key.clone()).collect()
}

/// All that a walk through the pages sees, and of how many each was.
async fn walk(trial: &Trial, scan: &Scan) -> (Vec<Key>, Vec<usize>) {
    let (mut seen, mut sizes, mut after) = (Vec::new(), Vec::new(), None);
    loop {
        let page = trial.page(&scan.clone().after(after)).await;
        sizes.push(page.items.len());
        seen.extend(keys(&page));
        after = page.next;
        if after.is_none() {
            return (seen, sizes);
        }
    }
}

pub(crate) async fn pages_hold_each_resource_once_in_the_order_of_creation(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let made = notes(&trial, 23).await;
    trial.write(update(&made[3], "b")).await;
    for (limit, sizes) in [(10, vec![10, 10, 3]), (23, vec![23]), (1, vec![1; 23]), (100, vec![23])] {
        let scan = Scan::new(trial.collection("notes"), limit);
        assert_eq!(walk(&trial, &scan).await, (made.clone(), sizes));
    }
}

pub(crate) async fn an_empty_collection_is_an_empty_page(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    trial.write(create(&trial.key("boards", "1"), "week")).await;
    let scan = Scan::new(trial.collection("notes"), 10);
    assert_eq!(trial.page(&scan).await, Page { items: Vec::new(), next: None });
    assert_eq!(trial.page(&scan.after(Some(Cursor(1)))).await.items, []);
}

pub(crate) async fn a_page_has_the_rows_that_reads_have(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = (trial.key("boards", "1"), trial.key("tasks", "1"));
    trial.write(create(&board, "week")).await;
    trial.write(create(&task, "a").under([link("board", &board, CONTENT)])).await;
    for key in [board, task] {
        let page = trial.page(&Scan::new(key.collection().to_owned(), 10)).await;
        assert_eq!(page.items, [trial.row(&key).await.expect("it is there")]);
    }
}

/// What was listed comes not again, and what is still to come is not left out.
pub(crate) async fn a_cursor_holds_while_others_write(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let made = notes(&trial, 9).await;
    let scan = Scan::new(trial.collection("notes"), 3);
    let first = trial.page(&scan).await;
    assert_eq!(keys(&first), made[..3]);
    trial.write(create(&trial.note("new"), "a")).await;
    trial.write(update(&made[0], "b")).await;
    trial.write(update(&made[4], "b")).await;
    trial.done(delete(&made[1], Expectation::Exists)).await;
    trial.done(delete(&made[2], Expectation::Exists)).await; // the one that the cursor stands behind
    trial.done(delete(&made[3], Expectation::Exists)).await;
    let second = trial.page(&scan.clone().after(first.next)).await;
    assert_eq!(keys(&second), made[4..7]);
    let third = trial.page(&scan.after(second.next)).await;
    assert_eq!(keys(&third), [made[7].clone(), made[8].clone(), trial.note("new")]);
    assert_eq!(third.next, None);
}

pub(crate) async fn what_is_made_again_stands_at_the_end(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let mut made = notes(&trial, 4).await;
    trial.done(delete(&made[1], Expectation::Exists)).await;
    trial.write(create(&made[1], "a")).await;
    let again = made.remove(1);
    made.push(again);
    assert_eq!(walk(&trial, &Scan::new(trial.collection("notes"), 3)).await.0, made);
}

/// All that was there when the walk began is seen once, whatever 8 writers do meanwhile.
pub(crate) async fn a_walk_under_concurrent_writes_misses_nothing(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let made = notes(&trial, 60).await;
    let scan = Scan::new(trial.collection("notes"), 5);
    let walks = together(9, |caller| {
        let (trial, made, scan) = (trial.clone(), made.clone(), scan.clone());
        async move { if caller == 0 { walk(&trial, &scan).await.0 } else { disturb(&trial, &made, caller).await } }
    });
    let seen = walks.await.swap_remove(0);
    let of_before: Vec<_> = seen.iter().filter(|key| made.contains(key)).cloned().collect();
    assert_eq!(of_before, made);
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), seen.len());
}

async fn disturb(trial: &Trial, made: &[Key], caller: usize) -> Vec<Key> {
    for turn in 0..10 {
        let key = trial.note(&format!("new-{caller}-{turn}"));
        trial.write(create(&key, "a")).await;
        trial.write(update(&made[(caller * 7 + turn) % made.len()], &format!("{caller}-{turn}"))).await;
        if turn % 2 == 0 {
            trial.done(delete(&key, Expectation::Exists)).await;
        }
    }
    Vec::new()
}

/// Three tasks on each of two boards, in turns.
async fn boards_with_tasks(trial: &Trial) -> [(Key, Vec<Key>); 2] {
    let mut boards = ["1", "2"].map(|id| (trial.key("boards", id), Vec::new()));
    for (board, _) in &boards {
        trial.write(create(board, "week")).await;
    }
    for turn in 0..3 {
        for (board, tasks) in &mut boards {
            let task = trial.key("tasks", &format!("{turn}-{}", board.id()));
            trial.write(create(&task, "a").under([link("board", board, CONTENT)])).await;
            tasks.push(task);
        }
    }
    boards
}

pub(crate) async fn a_page_of_children_has_those_of_one_parent(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    for (board, tasks) in boards_with_tasks(&trial).await {
        let scan = Scan::new(trial.collection("tasks"), 2).under("board", board.clone());
        assert_eq!(walk(&trial, &scan).await, (tasks, vec![2, 1]));
        assert!(
            trial.page(&Scan::new(trial.collection("tasks"), 2).under("user", board.clone())).await.items.is_empty()
        );
        assert!(trial.page(&Scan::new(trial.collection("items"), 2).under("board", board)).await.items.is_empty());
    }
}

pub(crate) async fn a_child_that_moves_is_listed_under_its_new_parent(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let [(from, mut left), (to, mut joined)] = boards_with_tasks(&trial).await;
    let moved = left.remove(1);
    trial.write(update(&moved, "a").under([link("board", &to, APART)])).await;
    joined.insert(1, moved);
    trial.done(delete(&left.remove(0), Expectation::Exists)).await;
    for (board, tasks) in [(from, left), (to, joined)] {
        let scan = Scan::new(trial.collection("tasks"), 10).under("board", board);
        assert_eq!(walk(&trial, &scan).await.0, tasks);
    }
}

pub(crate) async fn the_tags_of_a_page_are_those_of_its_rows(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let [(board, _), _] = boards_with_tasks(&trial).await;
    let all = Scan::new(trial.collection("tasks"), 4);
    let boards = Scan::new(trial.collection("boards"), 1);
    for scan in [all.clone(), all.clone().under("board", board), boards] {
        let mut after = None;
        loop {
            let scan = scan.clone().after(after);
            let (rows, tags) = (trial.page(&scan).await, trial.store.scan_tags(&scan).await.expect("the store lists"));
            let of_rows: Vec<_> = rows.items.iter().map(|row| entry(&row.head)).collect();
            assert_eq!((tags.items, tags.next), (of_rows, rows.next));
            after = rows.next;
            if after.is_none() {
                break;
            }
        }
    }
}

fn entry(head: &Head) -> TagEntry {
    TagEntry { id: head.key.id().into(), tag: head.tag.clone() }
}
