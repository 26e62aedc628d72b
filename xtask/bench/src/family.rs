//! A board with cards, whose every write touches the board.

use etag_core::Versioned;
use serde::{Deserialize, Serialize};

/// Holds cards.
#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "boards", validator = revision)]
pub(crate) struct Board {
    #[versioned(id)]
    pub(crate) id: u64,
    pub(crate) name: String,
}

/// A card of about 500 bytes.
#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "cards", validator = revision)]
pub(crate) struct Card {
    #[versioned(id)]
    pub(crate) id: u64,
    #[versioned(parent(Board, touch = content, on_delete = cascade))]
    pub(crate) board_id: u64,
    pub(crate) title: String,
    pub(crate) count: i64,
}

/// A folder in folders.
#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "folders", validator = revision)]
pub(crate) struct Folder {
    #[versioned(id)]
    pub(crate) id: u64,
    #[versioned(parent(Self, touch = content, name = "folder"))]
    pub(crate) inside: Option<u64>,
    pub(crate) count: i64,
}

impl Board {
    pub(crate) fn nth(id: u64) -> Self {
        Self { id, name: format!("Board {id}") }
    }
}

impl Card {
    pub(crate) fn of(board_id: u64, id: u64) -> Self {
        Self { id, board_id, title: "Write the release notes. ".repeat(18), count: 0 }
    }
}
