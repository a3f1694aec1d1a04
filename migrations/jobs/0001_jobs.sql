-- The ingestion queue. Accepted means stored here; a document's payload goes when it is finished.

CREATE TABLE jobs (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  total INTEGER NOT NULL,
  -- Milliseconds since 1970, UTC.
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;

-- Every state that a job went through; its last row is its present state.
CREATE TABLE job_changes (
  job_key INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  -- From 1, without gaps.
  sequence INTEGER NOT NULL,
  state TEXT NOT NULL,
  -- Documents finished so far, refused ones included.
  done INTEGER NOT NULL,
  PRIMARY KEY (job_key, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE job_items (
  key INTEGER PRIMARY KEY,
  job_key INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  position INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  -- The document as JSON; NULL once the item is finished.
  payload TEXT,
  -- UTF-16 units of the document's text.
  units INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
  -- Times that work on it was begun and not seen to end.
  attempts INTEGER NOT NULL DEFAULT 0,
  UNIQUE (job_key, position)
) STRICT;
CREATE INDEX job_items_waiting ON job_items (key) WHERE state = 'waiting';

CREATE TABLE job_failures (
  job_key INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  position INTEGER NOT NULL,
  -- The change with which it became known.
  sequence INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  -- JSON array of field names and indices.
  path TEXT NOT NULL,
  PRIMARY KEY (job_key, position)
) STRICT, WITHOUT ROWID;
