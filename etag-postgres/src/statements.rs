//! Every statement that the store sends, prepared once for each connection.
//!
//! They keep to what CockroachDB and YugabyteDB document as supported: `SELECT … FOR UPDATE`, recursive queries, `unnest` of
//! arrays, sequences; one table is modified by one statement at a time.

use futures_util::future::try_join_all;
use tokio_postgres::{Client, Error, Statement};

macro_rules! head_columns {
    () => {
        "d.collection, d.id, d.tag, d.sequence, d.epoch, d.edited_sequence, d.edited_epoch, d.created_sequence, \
         d.created_epoch, d.created_at, d.modified_at, d.date_is_strong, d.schema, d.content, d.parents"
    };
}

macro_rules! written_columns {
    () => {
        "collection, id, tag, sequence, epoch, edited_sequence, edited_epoch, created_sequence, created_epoch, \
         created_at, modified_at, date_is_strong, schema, content, parents"
    };
}

/// The arrays of [`written_columns`].
macro_rules! written_arrays {
    () => {
        "$1::text[], $2::text[], $3::bytea[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], \
         $9::bigint[], $10::bigint[], $11::bigint[], $12::boolean[], $13::integer[], $14::bytea[], $15::text[]"
    };
}

macro_rules! set_head {
    () => {
        "tag = n.tag, sequence = n.sequence, epoch = n.epoch, edited_sequence = n.edited_sequence, \
         edited_epoch = n.edited_epoch, created_sequence = n.created_sequence, created_epoch = n.created_epoch, \
         created_at = n.created_at, modified_at = n.modified_at, date_is_strong = n.date_is_strong, \
         schema = n.schema, content = n.content, parents = n.parents"
    };
}

macro_rules! statements {
    ($($(#[$why:meta])* $name:ident: $sql:expr,)*) => {
        pub(crate) struct Statements {
            $($(#[$why])* pub(crate) $name: Statement,)*
        }

        impl Statements {
            /// Prepares all of them in one round trip.
            pub(crate) async fn prepare(client: &Client) -> Result<Self, Error> {
                let mut prepared = try_join_all([$($sql,)*].map(|sql| client.prepare(sql))).await?.into_iter();
                let mut next = || prepared.next().expect("as many statements are prepared as are named");
                Ok(Self { $($name: next(),)* })
            }
        }
    };
}

statements! {
    head: concat!("SELECT ", head_columns!(), " FROM etag_documents d WHERE d.collection = $1 AND d.id = $2"),
    row: concat!("SELECT ", head_columns!(), ", d.body FROM etag_documents d WHERE d.collection = $1 AND d.id = $2"),
    page: concat!(
        "SELECT ", head_columns!(), ", d.body FROM etag_documents d \
         WHERE d.collection = $1 AND d.created_sequence > $2 ORDER BY d.created_sequence LIMIT $3"
    ),
    page_of_parent: concat!(
        "SELECT ", head_columns!(), ", d.body FROM etag_children c \
         JOIN etag_documents d ON d.collection = c.collection AND d.id = c.id \
         WHERE c.collection = $1 AND c.created_sequence > $2 AND c.parent_collection = $4 AND c.parent_id = $5 \
         AND c.link = $6 ORDER BY c.created_sequence LIMIT $3"
    ),
    tags: "SELECT created_sequence, id, tag FROM etag_documents \
         WHERE collection = $1 AND created_sequence > $2 ORDER BY created_sequence LIMIT $3",
    tags_of_parent: "SELECT c.created_sequence, c.id, d.tag FROM etag_children c \
         JOIN etag_documents d ON d.collection = c.collection AND d.id = c.id \
         WHERE c.collection = $1 AND c.created_sequence > $2 AND c.parent_collection = $4 AND c.parent_id = $5 \
         AND c.link = $6 ORDER BY c.created_sequence LIMIT $3",
    recall: "SELECT fingerprint, outcome FROM etag_ledger WHERE principal = $1 AND key = $2 AND expires > $3",
    stripes: "SELECT stripe FROM etag_stripes WHERE stripe = ANY ($1::int[]) ORDER BY stripe FOR UPDATE",
    /// Locks resources and all their ancestors, in one order for all processes, so that no two wait for each other.
    lock: concat!(
        "WITH RECURSIVE up(collection, id) AS ( \
           SELECT * FROM unnest($1::text[], $2::text[]) \
           UNION SELECT c.parent_collection, c.parent_id FROM up JOIN etag_children c \
           ON c.collection = up.collection AND c.id = up.id) \
         SELECT ", head_columns!(), ", d.changes, CASE WHEN d.collection || '/' || d.id = ANY ($3::text[]) THEN d.body END \
         FROM etag_documents d WHERE (d.collection, d.id) IN (SELECT collection, id FROM up) \
         ORDER BY d.collection, d.id FOR UPDATE OF d"
    ),
    /// The same without the way up, where nothing is known to have parents.
    lock_alone: concat!(
        "SELECT ", head_columns!(), ", d.changes, CASE WHEN d.collection || '/' || d.id = ANY ($3::text[]) THEN d.body END \
         FROM etag_documents d JOIN unnest($1::text[], $2::text[]) AS k(collection, id) \
         ON d.collection = k.collection AND d.id = k.id ORDER BY d.collection, d.id FOR UPDATE OF d"
    ),
    /// The children of locked parents. A statement of its own: what was committed while the locks were waited for must be
    /// seen (rule S9).
    children: "SELECT k.collection, k.id, c.collection, c.id FROM unnest($1::text[], $2::text[]) AS k(collection, id) \
         CROSS JOIN LATERAL (SELECT collection, id FROM etag_children \
           WHERE parent_collection = k.collection AND parent_id = k.id LIMIT $3) AS c",
    ledger: "SELECT l.principal, l.key, l.fingerprint, l.outcome FROM etag_ledger l \
         JOIN unnest($1::text[], $2::text[]) AS k(principal, key) ON l.principal = k.principal AND l.key = k.key \
         WHERE l.expires > $3",
    /// After the locks, so that numbers grow for each resource.
    context: "SELECT m.epoch, m.last_removal, ARRAY(SELECT nextval('etag_sequence') FROM generate_series(1, $1::int)) \
         FROM etag_meta m, etag_lanes l WHERE l.lane = $2 FOR UPDATE OF l",
    context_alone: "SELECT m.epoch, m.last_removal, \
         ARRAY(SELECT nextval('etag_sequence') FROM generate_series(1, $1::int)), \
         current_setting('transaction_isolation') FROM etag_meta m",
    insert: concat!(
        "INSERT INTO etag_documents (", written_columns!(), ", body, changes) SELECT * FROM unnest(", written_arrays!(),
        ", $16::bytea[], $17::text[]) AS n"
    ),
    update: concat!(
        "UPDATE etag_documents AS d SET ", set_head!(), ", body = n.body, changes = n.changes FROM unnest(",
        written_arrays!(), ", $16::bytea[], $17::text[]) AS n(", written_columns!(), ", body, changes) \
         WHERE d.collection = n.collection AND d.id = n.id"
    ),
    update_head: concat!(
        "UPDATE etag_documents AS d SET ", set_head!(), ", changes = n.changes FROM unnest(", written_arrays!(),
        ", $16::text[]) AS n(", written_columns!(), ", changes) WHERE d.collection = n.collection AND d.id = n.id"
    ),
    delete: "DELETE FROM etag_documents d USING unnest($1::text[], $2::text[]) AS k(collection, id) \
         WHERE d.collection = k.collection AND d.id = k.id",
    delete_children: "DELETE FROM etag_children c USING unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[]) \
         AS k(parent_collection, parent_id, link, collection, created_sequence) \
         WHERE c.parent_collection = k.parent_collection AND c.parent_id = k.parent_id AND c.link = k.link \
         AND c.collection = k.collection AND c.created_sequence = k.created_sequence",
    insert_children: "INSERT INTO etag_children (parent_collection, parent_id, link, collection, created_sequence, id) \
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[]) AS k",
    insert_ledger: "INSERT INTO etag_ledger (principal, key, fingerprint, outcome, expires) \
         SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::text[], $5::bigint[]) AS k",
    /// More than the rows that come, so that the ledger shrinks, and few, so that no commit pays for many.
    purge_ledger: "DELETE FROM etag_ledger WHERE expires <= $1 AND ((principal, key) IN \
         (SELECT principal, key FROM etag_ledger WHERE expires <= $1 ORDER BY expires LIMIT 64) \
         OR (principal, key) IN (SELECT * FROM unnest($2::text[], $3::text[])))",
    /// Once a second at most, so that the row is not waited for by every delete.
    removal: "UPDATE etag_meta SET last_removal = $1 WHERE only_row = 1 AND (last_removal IS NULL OR last_removal < $1)",
    sign: "UPDATE etag_lanes SET last_group = $2 WHERE lane = $1",
    /// Compares all states that a group was planned on, and writes if they are the ones expected: locked first, so that the
    /// latest are compared. A lock that another holds is not waited for.
    write_if_known: concat!(
        "WITH n AS (SELECT * FROM unnest(", written_arrays!(), ", $16::bytea[]) AS n(", written_columns!(), ", body)), \
         expected AS (SELECT * FROM unnest($17::text[], $18::text[], $19::bigint[], $20::bigint[]) \
           AS e(collection, id, sequence, epoch)), \
         lane AS (SELECT last_group FROM etag_lanes WHERE lane = $23 FOR UPDATE), \
         locked AS (SELECT d.collection, d.id, d.sequence, d.epoch FROM etag_documents d JOIN expected e \
           ON d.collection = e.collection AND d.id = e.id ORDER BY d.collection, d.id FOR UPDATE OF d NOWAIT), \
         fits AS (SELECT (SELECT count(*) FROM locked l JOIN expected e ON l.collection = e.collection \
           AND l.id = e.id AND l.sequence = e.sequence AND l.epoch = e.epoch) = $21 \
           AND (SELECT epoch FROM etag_meta) = $22 AND (SELECT last_group FROM lane) = $24 AS ok), \
         written AS (UPDATE etag_documents AS d SET ", set_head!(), ", body = COALESCE(n.body, d.body) FROM n \
           WHERE (SELECT ok FROM fits) AND d.collection = n.collection AND d.id = n.id), \
         signed AS (UPDATE etag_lanes SET last_group = $25 WHERE lane = $23 AND (SELECT ok FROM fits)) \
         SELECT COALESCE(ok, false) FROM fits"
    ),
    /// Waits for the end of a group that a lost connection left, where that has locked the row. Whatever of it comes later
    /// finds another signature, and writes nothing. A group's own signature stays, so that it can be asked for again.
    signature: "WITH old AS (SELECT last_group FROM etag_lanes WHERE lane = $1 FOR UPDATE), \
         fence AS (UPDATE etag_lanes l SET last_group = $2 FROM old WHERE l.lane = $1 AND old.last_group <> $3) \
         SELECT last_group FROM old",
}
