//! Commands to try, which work as they are printed.

use etag_core::{Document, Error, Snapshot, Store, StoreExt as _};

use crate::model::{Board, Task};

/// A create, an update that works once, and a read that spares its body.
///
/// # Errors
/// Faults of the store.
pub(crate) async fn commands(store: &dyn Store) -> Result<Vec<String>, Error> {
    let mut commands = vec![CREATE.to_owned()];
    commands.push(first::<Task>(store).await?.map_or_else(|| LIST_TASKS.to_owned(), |task| update(&task)));
    commands.push(first::<Board>(store).await?.map_or_else(|| LIST_BOARDS.to_owned(), |board| revalidate(&board)));
    Ok(commands)
}

async fn first<T: Document>(store: &dyn Store) -> Result<Option<Snapshot<T>>, Error> {
    Ok(store.list(None, 1).await?.items.into_iter().next())
}

const CREATE: &str = r#"curl -i {url}/tasks -H 'Content-Type: application/json' -d '{"title":"Try the board"}'"#;
const LIST_TASKS: &str = "curl -i {url}/tasks";
const LIST_BOARDS: &str = "curl -i {url}/boards";

fn update(task: &Snapshot<Task>) -> String {
    let (id, etag) = (task.value().id.0, task.etag());
    let estimate = task.value().estimate + 1.0;
    format!(
        "curl -i -X PATCH {{url}}/tasks/{id} -H 'If-Match: {etag}' -H 'Content-Type: application/merge-patch+json' \
         -d '{{\"estimate\":{estimate}}}'"
    )
}

/// Of a board, since the command before moves a task's tag on.
fn revalidate(board: &Snapshot<Board>) -> String {
    format!("curl -i {{url}}/boards/{} -H 'If-None-Match: {}'", board.value().id.0, board.etag())
}
