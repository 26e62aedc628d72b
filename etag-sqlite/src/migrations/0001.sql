CREATE TABLE documents (
    -- The sequence number of the creation: the place in the lists, and the order in the file.
    created_sequence INTEGER PRIMARY KEY,
    created_epoch INTEGER NOT NULL,
    collection TEXT NOT NULL,
    id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    -- Microseconds since 1970.
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    -- 1 where no other state of this resource had the same second.
    date_is_strong INTEGER NOT NULL CHECK (date_is_strong IN (0, 1)),
    schema INTEGER NOT NULL,
    content BLOB NOT NULL,
    tag BLOB NOT NULL,
    -- Last, so that whoever wants only what stands before it never reads its pages.
    body ANY NOT NULL,
    UNIQUE (collection, id)
) STRICT;

-- A list's ids and tags are read from here alone.
CREATE INDEX documents_by_creation ON documents (collection, created_sequence, id, tag);

CREATE TABLE meta (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    epoch INTEGER NOT NULL,
    last_sequence INTEGER NOT NULL DEFAULT 0,
    -- No number above this one was given out without a flush.
    reserved INTEGER NOT NULL DEFAULT 0,
    last_removal INTEGER,
    -- Tells whose group was committed last.
    last_group INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE ledger (
    principal TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    outcome TEXT NOT NULL,
    expires INTEGER NOT NULL,
    PRIMARY KEY (principal, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX ledger_by_expiry ON ledger (expires);
