//! Writes of children on PostgreSQL, each of which touches its parent.

use std::sync::OnceLock;

use etag_core::{ETag, StoreExt as _};
use etag_postgres::PostgresStore;
use private_postgres::{Fsync, Server};

use super::Group;
use crate::{
    callers::{Caller, calling},
    family::{Board, Card},
    hand::postgres::Cards,
    measure::{Side, Sides},
    pace::Kind,
    place::all_cores,
    row::{Row, Target},
};

const CALLERS: u64 = 32;

pub(crate) fn group() -> Group {
    let p99 = Target::P99(std::time::Duration::from_millis(10));
    let rows = vec![
        children("postgres-child-1", "a child and its parent, 1 caller", 1, Parents::Own).target(Target::AtLeast(0.97)),
        children("postgres-child-32", "a child and its parent, 32 callers", CALLERS, Parents::Own)
            .target(Target::AtLeast(2.5)),
        children("postgres-hot-parent", "children of one parent, 32 callers", CALLERS, Parents::One)
            .target(Target::AtLeast(8.0))
            .target(p99),
        hot_row().target(Target::AtLeast(20.0)),
    ];
    Group { title: "Families on PostgreSQL", notes: NOTES, rows }
}

const NOTES: &str = "A private server with its own settings (fsync on), on the same machine. By hand: sqlx's pool as it comes, and one \
statement (CTE) that updates the card `WHERE id = $1 AND rev = $2` and the board with it. Ours: `replace` under the tag of the last \
answer; the board's touch is in the same commit. The hot row is one card whose board is touched as well: by hand read, edit, update, \
and again where no row was updated; ours `modify`.";

/// Whose parent is whose.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parents {
    Own,
    One,
}

impl Parents {
    fn of(self, caller: u64) -> u64 {
        if self == Self::Own { caller } else { 0 }
    }
}

/// A new database on the server that all rows share.
pub(super) fn database() -> String {
    static SERVER: OnceLock<Server> = OnceLock::new();
    let server = SERVER.get_or_init(|| Server::launch(Fsync::On).unwrap_or_else(|error| panic!("{error}")));
    server.fresh_database().expect("the server is ours")
}

fn children(id: &str, what: &str, callers: u64, parents: Parents) -> Row {
    Row::new(id, Kind::Disk, what, "one statement (sqlx)")
        .in_rates()
        .sides(move |_| Sides::new(by_hand(callers, parents), ours(callers, parents)))
}

fn by_hand(callers: u64, parents: Parents) -> Side {
    let runtime = all_cores();
    let cards = runtime.block_on(Cards::open(&database()));
    let updating = |caller| Updating { cards: cards.clone(), card: Card::of(parents.of(caller), caller), revision: 1 };
    let callers: Vec<_> = (0..callers).map(updating).collect();
    runtime.block_on(async {
        for caller in 0..if parents == Parents::Own { callers.len() as u64 } else { 1 } {
            cards.insert_board(&Board::nth(caller)).await;
        }
        for caller in &callers {
            cards.insert(&caller.card).await;
        }
    });
    calling(runtime, callers)
}

struct Updating {
    cards: Cards,
    card: Card,
    revision: i64,
}

impl Caller for Updating {
    async fn step(&mut self) {
        self.card.count += 1;
        self.revision = self.cards.update(&self.card, self.revision).await.expect("nobody else writes it");
    }
}

async fn store() -> PostgresStore {
    PostgresStore::open(database()).await.expect("the server is ours")
}

fn ours(callers: u64, parents: Parents) -> Side {
    let runtime = all_cores();
    let callers = runtime.block_on(async {
        let store = store().await;
        for caller in 0..if parents == Parents::Own { callers } else { 1 } {
            store.create(&Board::nth(caller)).await.expect("the id is new");
        }
        let mut all = Vec::new();
        for caller in 0..callers {
            let card = Card::of(parents.of(caller), caller);
            let etag = store.create(&card).await.expect("the id is new").etag().clone();
            all.push(Replacing { store: store.clone(), card, etag });
        }
        all
    });
    calling(runtime, callers)
}

struct Replacing {
    store: PostgresStore,
    card: Card,
    etag: ETag,
}

impl Caller for Replacing {
    async fn step(&mut self) {
        self.card.count += 1;
        let written = self.store.replace(&self.card, &self.etag).await.expect("nobody else writes it");
        self.etag = written.etag().clone();
    }
}

fn hot_row() -> Row {
    Row::new("postgres-hot-row", Kind::Disk, "`modify`, 32 callers in one process", "read, edit, update, retry (sqlx)")
        .in_rates()
        .sides(|_| Sides::new(retrying(), modifying()))
}

fn retrying() -> Side {
    let runtime = all_cores();
    let cards = runtime.block_on(async {
        let cards = Cards::open(&database()).await;
        cards.insert_board(&Board::nth(0)).await;
        cards.insert(&Card::of(0, 0)).await;
        cards
    });
    calling(runtime, (0..CALLERS).map(|_| Retrying(cards.clone())).collect())
}

struct Retrying(Cards);

impl Caller for Retrying {
    async fn step(&mut self) {
        loop {
            let (mut card, revision) = self.0.find(0).await;
            card.count += 1;
            if self.0.update(&card, revision).await.is_some() {
                return;
            }
        }
    }
}

fn modifying() -> Side {
    let runtime = all_cores();
    let store = runtime.block_on(async {
        let store = store().await;
        store.create(&Board::nth(0)).await.expect("the store is empty");
        store.create(&Card::of(0, 0)).await.expect("the store is empty");
        store
    });
    calling(runtime, (0..CALLERS).map(|_| Modifying(store.clone())).collect())
}

struct Modifying(PostgresStore);

impl Caller for Modifying {
    async fn step(&mut self) {
        let change = |card: &mut Card| {
            card.count += 1;
            Ok(())
        };
        self.0.modify(&0, change).await.expect("the card is there");
    }
}
