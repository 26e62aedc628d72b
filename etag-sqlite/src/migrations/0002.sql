-- Made anew, since a column that is added stands behind the body and is only found by reading through it.
CREATE TABLE documents_2 (
    -- The sequence number of the creation: the place in the lists, and the order in the file.
    created_sequence INTEGER PRIMARY KEY,
    created_epoch INTEGER NOT NULL,
    collection TEXT NOT NULL,
    id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    -- The revision of the last change that made editors stale; NULL where it is that of the state.
    edited_sequence INTEGER,
    edited_epoch INTEGER,
    -- Microseconds since 1970.
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    -- 1 where no other state of this resource had the same second.
    date_is_strong INTEGER NOT NULL CHECK (date_is_strong IN (0, 1)),
    schema INTEGER NOT NULL,
    content BLOB NOT NULL,
    tag BLOB NOT NULL,
    -- JSON: for each link its name, the parent's collection and id, the rule's code, and whether it holds; NULL without.
    parents TEXT,
    -- Last, so that whoever wants only what stands before it never reads its pages.
    body ANY NOT NULL,
    UNIQUE (collection, id),
    CHECK ((edited_sequence IS NULL) = (edited_epoch IS NULL))
) STRICT;

INSERT INTO documents_2 (created_sequence, created_epoch, collection, id, sequence, epoch, created_at, modified_at,
    date_is_strong, schema, content, tag, body)
SELECT created_sequence, created_epoch, collection, id, sequence, epoch, created_at, modified_at, date_is_strong, schema,
    content, tag, body FROM documents;

DROP TABLE documents;
ALTER TABLE documents_2 RENAME TO documents;

-- A list's ids and tags are read from here alone.
CREATE INDEX documents_by_creation ON documents (collection, created_sequence, id, tag);

-- Who names whom by a link that holds, in the order of creation.
CREATE TABLE children (
    parent_collection TEXT NOT NULL,
    parent_id TEXT NOT NULL,
    collection TEXT NOT NULL,
    link TEXT NOT NULL,
    -- The child's place in `documents`.
    child INTEGER NOT NULL,
    PRIMARY KEY (parent_collection, parent_id, collection, link, child)
) STRICT, WITHOUT ROWID;

ALTER TABLE meta RENAME TO etag_meta;
-- 1 where there may be a change log, so that who has none never looks for one.
ALTER TABLE etag_meta ADD COLUMN keeps_changes INTEGER NOT NULL DEFAULT 0;

ALTER TABLE ledger RENAME TO etag_ledger;
UPDATE etag_ledger SET outcome = '{"items":' || outcome || '}';
DROP INDEX ledger_by_expiry;
CREATE INDEX etag_ledger_by_expiry ON etag_ledger (expires);

CREATE TABLE etag_changes (
    collection TEXT NOT NULL,
    id TEXT NOT NULL,
    log TEXT NOT NULL,
    PRIMARY KEY (collection, id)
) STRICT, WITHOUT ROWID;
