//! The board that a new store begins with.

use etag_core::{Batch, Document, Error, Expectation, Scan, Store, Versioned, put_document};
use jiff::{
    Timestamp,
    civil::{Date, date},
};
use uuid::Uuid;

use crate::model::{Board, BoardId, Details, Item, ItemId, Link, Priority, Task, TaskId};

/// The ids are fixed, so that two servers which start on one new file at once can't both fill it.
const LAUNCH: BoardId = BoardId(Uuid::from_u128(0x0197_6a00_0000_7000_8000_0000_0000_0001));
const HOUSE: BoardId = BoardId(Uuid::from_u128(0x0197_6a00_0000_7000_8000_0000_0000_0002));

/// Writes the first boards and tasks where there are neither, all in one commit.
///
/// # Errors
/// Faults of the store.
pub(crate) async fn fill_if_empty(store: &dyn Store) -> Result<(), Error> {
    if has_any::<Board>(store).await? || has_any::<Task>(store).await? {
        return Ok(());
    }
    match store.commit(first_batch(store)?).await {
        // Another server was faster with the same batch.
        Err(error) if error.is_rejected() => Ok(()),
        committed => committed.map(drop),
    }
}

async fn has_any<T: Versioned>(store: &dyn Store) -> Result<bool, Error> {
    let page = store.scan_tags(&Scan::new(T::MODEL.collection, 1)).await?;
    Ok(!page.items.is_empty())
}

fn first_batch(store: &dyn Store) -> Result<Batch, Error> {
    let batch = puts(store, Batch::new(), &boards())?;
    let batch = puts(store, batch, &tasks())?;
    let batch = puts(store, batch, &details())?;
    puts(store, batch, &checklist())
}

fn puts<T: Document>(store: &dyn Store, batch: Batch, values: &[T]) -> Result<Batch, Error> {
    values.iter().try_fold(batch, |batch, value| Ok(batch.put(put_document(store, value, Expectation::Absent)?)))
}

fn boards() -> [Board; 2] {
    [board(LAUNCH, "Website launch"), board(HOUSE, "House")]
}

fn tasks() -> [Task; 6] {
    [
        Task {
            description: "Home, pricing and the first three articles.".to_owned(),
            due_date: Some(date(2027, 3, 1)),
            estimate: 3.0,
            priority: Priority::High,
            ..task(1, LAUNCH, "Write the texts", &["content"])
        },
        Task { estimate: 2.5, ..task(2, LAUNCH, "Choose a typeface", &["design"]) },
        Task { done: true, estimate: 0.5, ..task(3, LAUNCH, "Register the domain", &["ops"]) },
        Task {
            description: "The old addresses must redirect.".to_owned(),
            ..task(4, LAUNCH, "Move the server", &["ops", "risk"])
        },
        Task { due_date: Some(first_of_spring()), ..task(5, HOUSE, "Paint the fence", &["garden", "weekend"]) },
        Task { priority: Priority::Low, estimate: 0.25, ..task(6, HOUSE, "Bleed the radiators", &[]) },
    ]
}

/// Of every task, as if each had come by HTTP.
fn details() -> Vec<Details> {
    let all = tasks().map(|task| Details::of(&task.id));
    let typeface = Link { title: "The shortlist".to_owned(), url: "https://typefaces.example/shortlist".to_owned() };
    let [texts, choice, ..] = all.clone();
    let first = [
        Details { notes: "Ask the shop for the prices of next year.".to_owned(), ..texts },
        Details { links: vec![typeface], ..choice },
    ];
    first.into_iter().chain(all.into_iter().skip(2)).collect()
}

fn checklist() -> [Item; 4] {
    [
        Item { done: true, ..item(1, 1, "Home") },
        item(2, 1, "Pricing"),
        item(3, 1, "Three articles"),
        item(4, 5, "Buy the paint"),
    ]
}

fn first_of_spring() -> Date {
    date(2027, 3, 20)
}

fn board(id: BoardId, name: &str) -> Board {
    Board { id, name: name.to_owned(), created_at: Timestamp::UNIX_EPOCH, modified_at: Timestamp::UNIX_EPOCH }
}

fn item(number: u128, task: u128, title: &str) -> Item {
    Item {
        id: ItemId(Uuid::from_u128(0x0197_6a00_0000_7000_8000_0000_0000_0200 + number)),
        task_id: task_id(task),
        title: title.to_owned(),
        done: false,
        modified_at: Timestamp::UNIX_EPOCH,
    }
}

fn task_id(number: u128) -> TaskId {
    TaskId(Uuid::from_u128(0x0197_6a00_0000_7000_8000_0000_0000_0100 + number))
}

fn task(number: u128, board: BoardId, title: &str, tags: &[&str]) -> Task {
    Task {
        id: task_id(number),
        title: title.to_owned(),
        description: String::new(),
        tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
        priority: Priority::Normal,
        estimate: 0.0,
        done: false,
        due_date: None,
        board_id: Some(board),
        // The store fills the rest in.
        created_at: Timestamp::UNIX_EPOCH,
        modified_at: Timestamp::UNIX_EPOCH,
        revision: 0,
    }
}
