use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "boards")]
struct Board {
    #[versioned(id)]
    id: String,
    #[versioned(parent(Task, touch = content))]
    main_task_id: Option<String>,
}

#[derive(Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
    #[versioned(parent(Board, touch = content))]
    board_id: Option<String>,
}

fn main() {}
