CREATE TABLE etag_documents (
    collection text NOT NULL,
    id text NOT NULL,
    tag bytea NOT NULL,
    sequence bigint NOT NULL,
    epoch bigint NOT NULL,
    edited_sequence bigint NOT NULL,
    edited_epoch bigint NOT NULL,
    created_sequence bigint NOT NULL,
    created_epoch bigint NOT NULL,
    -- Microseconds since 1970.
    created_at bigint NOT NULL,
    modified_at bigint NOT NULL,
    -- Whether no other state of this resource had the same second.
    date_is_strong boolean NOT NULL,
    schema integer NOT NULL,
    content bytea NOT NULL,
    -- The links to parents as JSON; null where there are none.
    parents text,
    -- The change log as JSON; null where the model keeps none.
    changes text,
    body bytea NOT NULL,
    PRIMARY KEY (collection, id)
);

-- The order of lists. The tag is not in it, so that an update need not touch an index.
CREATE UNIQUE INDEX etag_documents_by_creation ON etag_documents (collection, created_sequence);

-- Which children name a parent, in the order of their creation.
CREATE TABLE etag_children (
    parent_collection text NOT NULL,
    parent_id text NOT NULL,
    link text NOT NULL,
    collection text NOT NULL,
    created_sequence bigint NOT NULL,
    id text NOT NULL,
    PRIMARY KEY (parent_collection, parent_id, link, collection, created_sequence)
);

-- The parents of a child, for the way up.
CREATE INDEX etag_children_by_child ON etag_children (collection, id);

-- Revisions, for the whole store.
CREATE SEQUENCE etag_sequence;

CREATE TABLE etag_meta (
    only_row integer PRIMARY KEY CHECK (only_row = 1),
    epoch bigint NOT NULL,
    -- The second in which a resource was removed last.
    last_removal bigint
);

-- Who writes: a row for each connection that does, which tells whether its last group was committed.
CREATE TABLE etag_lanes (
    lane bigint PRIMARY KEY,
    last_group bigint NOT NULL,
    opened_at bigint NOT NULL
);

-- What is locked for keys that are absent, and have no row: whoever relies on an absence holds the stripe of its key.
CREATE TABLE etag_stripes (stripe integer PRIMARY KEY);

INSERT INTO etag_stripes SELECT * FROM generate_series(0, 255);

CREATE TABLE etag_ledger (
    principal text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    outcome text NOT NULL,
    expires bigint NOT NULL,
    PRIMARY KEY (principal, key)
);

CREATE INDEX etag_ledger_by_expiry ON etag_ledger (expires);
