-- The store's own tables beside documents that are in tables of the user's.
CREATE TABLE etag_meta (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    -- How many of these migrations were done: the file's own numbers are the user's.
    schema INTEGER NOT NULL DEFAULT 0,
    epoch INTEGER NOT NULL,
    last_sequence INTEGER NOT NULL DEFAULT 0,
    -- No number above this one was given out without a flush.
    reserved INTEGER NOT NULL DEFAULT 0,
    last_removal INTEGER,
    -- Tells whose group was committed last.
    last_group INTEGER NOT NULL DEFAULT 0,
    -- 1 where there may be a change log, so that who has none never looks for one.
    keeps_changes INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE etag_ledger (
    principal TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    outcome TEXT NOT NULL,
    expires INTEGER NOT NULL,
    PRIMARY KEY (principal, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX etag_ledger_by_expiry ON etag_ledger (expires);

CREATE TABLE etag_changes (
    collection TEXT NOT NULL,
    id TEXT NOT NULL,
    log TEXT NOT NULL,
    PRIMARY KEY (collection, id)
) STRICT, WITHOUT ROWID;
