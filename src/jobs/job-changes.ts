import type { ErrorCode, FieldPath } from '../domain/errors.js';
import type { Connection } from '../store/sqlite/connection.js';
import type { Job, JobFailure, JobState } from './job-queue.js';

/** A refused document with its place in the job. */
export type PlacedFailure = JobFailure & { readonly position: number };

export interface Progress {
  /** Documents that were finished with this change, refused ones included. */
  readonly finished: number;
  readonly failures: readonly PlacedFailure[];
  /** The job's state if documents are left. */
  readonly otherwise: 'queued' | 'running';
}

/** Writes the next state of a job; it is the final one once all documents are finished. */
export function recordProgress(connection: Connection, jobKey: number, progress: Progress): void {
  const { total, sequence, done } = presentState(connection, jobKey);
  for (const { position, externalId, code, message, path } of progress.failures)
    connection.run(
      `INSERT INTO job_failures (job_key, position, sequence, external_id, code, message, path)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      [jobKey, position, sequence + 1, externalId, code, message, JSON.stringify(path)],
    );
  const nowDone = done + progress.finished;
  const isFinal = nowDone === total;
  const state = isFinal ? finalState(connection, jobKey, total) : progress.otherwise;
  connection.run('INSERT INTO job_changes (job_key, sequence, state, done) VALUES (?, ?, ?, ?)', [
    ...[jobKey, sequence + 1, state, nowDone],
  ]);
  if (isFinal) connection.run('UPDATE jobs SET finished_at = ? WHERE key = ?', [Date.now(), jobKey]);
}

/** States of a job with a greater sequence, in order; the last one alone with `lastOnly`. Empty: no such job. */
export function readChanges(
  connection: Connection,
  id: string,
  afterSequence: number,
  lastOnly = false,
): Job[] {
  const changes = connection.all<ChangeRow>(
    `SELECT j.key, j.total, j.created_at, j.finished_at, c.sequence, c.state, c.done
     FROM jobs j JOIN job_changes c ON c.job_key = j.key
     WHERE j.id = ? AND c.sequence > ? ORDER BY c.sequence ${lastOnly ? 'DESC LIMIT 1' : ''}`,
    [id, afterSequence],
  );
  const [first] = changes;
  if (!first) return [];
  const failures = connection.all<FailureRow>(
    `SELECT sequence, external_id, code, message, path FROM job_failures WHERE job_key = ? ORDER BY position`,
    [first.key],
  );
  return changes.map((change) => ({
    id,
    state: change.state,
    total: change.total,
    done: change.done,
    failures: failures.filter(({ sequence }) => sequence <= change.sequence).map(failureOf),
    createdAt: new Date(change.created_at),
    // Of a state that is not the last one, the end was not known.
    finishedAt: isFinal(change.state) && change.finished_at !== null ? new Date(change.finished_at) : null,
    sequence: change.sequence,
  }));
}

export function stateOf(connection: Connection, jobKey: number): JobState | undefined {
  return connection.first<{ state: JobState }>(
    'SELECT state FROM job_changes WHERE job_key = ? ORDER BY sequence DESC LIMIT 1',
    [jobKey],
  )?.state;
}

interface ChangeRow {
  readonly key: number;
  readonly total: number;
  readonly created_at: number;
  readonly finished_at: number | null;
  readonly sequence: number;
  readonly state: JobState;
  readonly done: number;
}

interface FailureRow {
  readonly sequence: number;
  readonly external_id: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly path: string;
}

function presentState(
  connection: Connection,
  jobKey: number,
): { total: number; sequence: number; done: number } {
  const row = connection.first<{ total: number; sequence: number; done: number }>(
    `SELECT j.total, coalesce(max(c.sequence), 0) AS sequence, coalesce(max(c.done), 0) AS done
     FROM jobs j LEFT JOIN job_changes c ON c.job_key = j.key WHERE j.key = ?`,
    [jobKey],
  );
  return row ?? { total: 0, sequence: 0, done: 0 };
}

function finalState(connection: Connection, jobKey: number, total: number): 'completed' | 'failed' {
  const refused = connection.first<{ count: number }>(
    'SELECT count(*) AS count FROM job_failures WHERE job_key = ?',
    [jobKey],
  );
  return refused?.count === total ? 'failed' : 'completed';
}

function isFinal(state: JobState): boolean {
  return state === 'completed' || state === 'failed';
}

function failureOf(row: FailureRow): JobFailure {
  return {
    externalId: row.external_id,
    code: row.code,
    message: row.message,
    path: JSON.parse(row.path) as FieldPath,
  };
}
