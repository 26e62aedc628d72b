use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
    #[versioned(parent(Board, touch = content))]
    board_id: Option<String>,
}

#[derive(Versioned)]
#[versioned(collection = "boards")]
struct Board {
    #[versioned(id)]
    id: String,
    #[versioned(parent(Person, touch = content))]
    owner_id: Option<String>,
}

#[derive(Versioned)]
#[versioned(collection = "people")]
struct Person {
    #[versioned(id)]
    id: String,
    #[versioned(parent(Task, touch = content))]
    current_task_id: Option<String>,
}

fn main() {}
