//! Commands to try, which work as they are printed.

use etag_core::{Document, Error, Snapshot, Store, StoreExt as _};

use crate::model::{Board, Details, Task};

/// A create, an update that works once, and a read that spares its body.
///
/// # Errors
/// Faults of the store.
pub(crate) async fn commands(store: &dyn Store) -> Result<Vec<String>, Error> {
    let board = first::<Board>(store).await?;
    let task = first::<Task>(store).await?;
    // Of a task's details, which the commands before leave alone.
    let details = first::<Details>(store).await?;
    Ok(vec![
        create(board.as_ref()),
        task.map_or_else(|| LIST_TASKS.to_owned(), |task| update(&task)),
        details.map_or_else(|| LIST_BOARDS.to_owned(), |details| revalidate(&details)),
    ])
}

async fn first<T: Document>(store: &dyn Store) -> Result<Option<Snapshot<T>>, Error> {
    Ok(store.list(None, 1).await?.items.into_iter().next())
}

const LIST_TASKS: &str = "curl -i {url}/tasks";
const LIST_BOARDS: &str = "curl -i {url}/boards";

fn create(board: Option<&Snapshot<Board>>) -> String {
    let below = board.map_or_else(String::new, |board| format!("/boards/{}", board.value().id.0));
    format!(r#"curl -i {{url}}{below}/tasks -H 'Content-Type: application/json' -d '{{"title":"Try the board"}}'"#)
}

fn update(task: &Snapshot<Task>) -> String {
    let (id, etag) = (task.value().id.0, task.etag());
    let estimate = task.value().estimate + 1.0;
    format!(
        "curl -i -X PATCH {{url}}/tasks/{id} -H 'If-Match: {etag}' -H 'Content-Type: application/merge-patch+json' \
         -d '{{\"estimate\":{estimate}}}'"
    )
}

fn revalidate(details: &Snapshot<Details>) -> String {
    let (task, etag) = (details.value().task_id.0, details.etag());
    format!("curl -i {{url}}/tasks/{task}/details -H 'If-None-Match: {etag}'")
}
