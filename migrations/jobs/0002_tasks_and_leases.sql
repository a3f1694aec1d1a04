-- Jobs of several kinds, streams, priorities, pauses, retries; leases, so that processes can share the file.

-- A job's present state; `job_changes` has those before.
ALTER TABLE jobs ADD COLUMN kind TEXT NOT NULL DEFAULT 'ingest';
ALTER TABLE jobs ADD COLUMN state TEXT NOT NULL DEFAULT 'queued'
  CHECK (state IN ('queued', 'running', 'paused', 'completed', 'failed', 'cancelled'));
-- -1 low, 0 normal, 1 high.
ALTER TABLE jobs ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
-- 1: documents may still be appended.
ALTER TABLE jobs ADD COLUMN open INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN done INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN failed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN step TEXT;
ALTER TABLE jobs ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN started_at INTEGER;
-- JSON, see src/jobs/rate.ts.
ALTER TABLE jobs ADD COLUMN rate_window TEXT;
ALTER TABLE jobs ADD COLUMN rate REAL;
-- Of tasks: JSON of what was asked, what came of it, why it failed.
ALTER TABLE jobs ADD COLUMN input TEXT;
ALTER TABLE jobs ADD COLUMN result TEXT;
ALTER TABLE jobs ADD COLUMN error TEXT;
-- Of tasks, as in job_items.
ALTER TABLE jobs ADD COLUMN breaks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN lease_owner TEXT;
ALTER TABLE jobs ADD COLUMN lease_until INTEGER;

UPDATE jobs SET
  sequence = coalesce((SELECT max(sequence) FROM job_changes c WHERE c.job_key = jobs.key), 0),
  done = coalesce((SELECT max(done) FROM job_changes c WHERE c.job_key = jobs.key), 0),
  failed = (SELECT count(*) FROM job_failures f WHERE f.job_key = jobs.key),
  state = coalesce(
    (SELECT c.state FROM job_changes c WHERE c.job_key = jobs.key ORDER BY c.sequence DESC LIMIT 1), 'queued');
CREATE INDEX jobs_unfinished ON jobs (priority DESC, key) WHERE finished_at IS NULL;

ALTER TABLE job_changes ADD COLUMN total INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job_changes ADD COLUMN failed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job_changes ADD COLUMN open INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job_changes ADD COLUMN step TEXT;
ALTER TABLE job_changes ADD COLUMN rate REAL;
UPDATE job_changes SET
  total = (SELECT total FROM jobs WHERE key = job_key),
  failed = (SELECT count(*) FROM job_failures f
            WHERE f.job_key = job_changes.job_key AND f.sequence <= job_changes.sequence);

ALTER TABLE job_failures ADD COLUMN failed_at INTEGER NOT NULL DEFAULT 0;

DROP INDEX job_items_waiting;
ALTER TABLE job_items RENAME TO job_items_0001;
CREATE TABLE job_items (
  key INTEGER PRIMARY KEY,
  job_key INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  position INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  -- The document as JSON. Gone once the item is done or cancelled; of a failed one it is kept for a retry.
  payload TEXT,
  -- UTF-16 units of the document's text.
  units INTEGER NOT NULL,
  -- held: its job is paused. leased: a process works on it.
  state TEXT NOT NULL CHECK (state IN ('waiting', 'held', 'leased', 'done', 'failed', 'cancelled')),
  -- That of its job.
  priority INTEGER NOT NULL DEFAULT 0,
  -- Times that work on it was begun and not seen to end: the process died.
  breaks INTEGER NOT NULL DEFAULT 0,
  -- Times that work on it ended with an error that may pass.
  tries INTEGER NOT NULL DEFAULT 0,
  -- Milliseconds since 1970: not to be tried again before.
  not_before INTEGER NOT NULL DEFAULT 0,
  lease_owner TEXT,
  -- Milliseconds since 1970: from then on another process may take it.
  lease_until INTEGER,
  UNIQUE (job_key, position)
) STRICT;
INSERT INTO job_items (key, job_key, position, external_id, payload, units, state, breaks)
  SELECT key, job_key, position, external_id, payload, units, state, attempts FROM job_items_0001;
DROP TABLE job_items_0001;
CREATE INDEX job_items_waiting ON job_items (priority DESC, key) WHERE state = 'waiting';
CREATE INDEX job_items_leased ON job_items (lease_until) WHERE state = 'leased';
CREATE INDEX job_items_unfinished ON job_items (job_key) WHERE state IN ('waiting', 'held', 'leased');
CREATE INDEX job_items_external ON job_items (external_id, key);
