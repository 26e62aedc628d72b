//! Cards and boards in tables of their own on PostgreSQL, on a pool of sqlx: one statement that updates a card under its
//! revision and its board with it.

use sqlx::{PgPool, Row as _, postgres::PgPoolOptions};

use crate::family::{Board, Card};

const TABLES: [&str; 2] = [
    "CREATE TABLE boards (id bigint PRIMARY KEY, rev bigint NOT NULL, name text NOT NULL)",
    "CREATE TABLE cards (id bigint PRIMARY KEY, rev bigint NOT NULL, board_id bigint NOT NULL REFERENCES boards, \
     title text NOT NULL, count bigint NOT NULL)",
];
const UPDATE: &str = "WITH card AS (UPDATE cards SET rev = rev + 1, title = $3, count = $4 WHERE id = $1 AND rev = $2 \
     RETURNING board_id, rev), \
     board AS (UPDATE boards SET rev = boards.rev + 1 FROM card WHERE boards.id = card.board_id) SELECT rev FROM card";

/// The tables, and the pool as it comes: ten connections, prepared statements, a ping on each acquire.
#[derive(Clone)]
pub(crate) struct Cards(PgPool);

impl Cards {
    pub(crate) async fn open(url: &str) -> Self {
        let pool = PgPoolOptions::new().connect(url).await.expect("the server is ours");
        for table in TABLES {
            sqlx::query(table).execute(&pool).await.expect("the database is new");
        }
        Self(pool)
    }

    pub(crate) async fn insert_board(&self, board: &Board) {
        let insert = sqlx::query("INSERT INTO boards VALUES ($1, 1, $2)").bind(signed(board.id)).bind(&board.name);
        insert.execute(&self.0).await.expect("the id is new");
    }

    pub(crate) async fn insert(&self, card: &Card) {
        let insert = sqlx::query("INSERT INTO cards VALUES ($1, 1, $2, $3, $4)")
            .bind(signed(card.id))
            .bind(signed(card.board_id))
            .bind(&card.title)
            .bind(card.count);
        insert.execute(&self.0).await.expect("the id is new");
    }

    pub(crate) async fn find(&self, id: u64) -> (Card, i64) {
        let select = sqlx::query("SELECT rev, board_id, title, count FROM cards WHERE id = $1").bind(signed(id));
        let row = select.fetch_one(&self.0).await.expect("the card is there");
        let board_id = row.get::<i64, _>("board_id").unsigned_abs();
        (Card { id, board_id, title: row.get("title"), count: row.get("count") }, row.get("rev"))
    }

    /// The new revision; `None` where the card has another one than `revision`.
    pub(crate) async fn update(&self, card: &Card, revision: i64) -> Option<i64> {
        let update = sqlx::query(UPDATE).bind(signed(card.id)).bind(revision).bind(&card.title).bind(card.count);
        let row = update.fetch_optional(&self.0).await.expect("the database answers");
        row.map(|row| row.get(0))
    }
}

fn signed(id: u64) -> i64 {
    id.cast_signed()
}
