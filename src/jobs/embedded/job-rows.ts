import { groupBy } from '../../domain/arrays.js';
import type { ErrorCode, FieldPath } from '../../domain/errors.js';
import type { Connection, SqlValue } from '../../store/sqlite/connection.js';
import {
  MAX_JOB_FAILURES,
  type Job,
  type JobError,
  type JobFailure,
  type JobPriority,
  type JobState,
} from '../job-queue.js';
import type { JobKind, JsonObject } from '../tasks.js';

/** A row of `jobs` without what only its runner needs. */
export interface JobRow {
  readonly key: number;
  readonly id: string;
  readonly kind: JobKind;
  readonly state: JobState;
  readonly priority: number;
  readonly open: number;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly step: string | null;
  readonly rate: number | null;
  readonly rate_window: string | null;
  readonly result: string | null;
  readonly error: string | null;
  readonly sequence: number;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly finished_at: number | null;
}

export const JOB_COLUMNS =
  'key, id, kind, state, priority, open, total, done, failed, step, rate, rate_window, result, error, sequence, ' +
  'created_at, started_at, finished_at';

export const PRIORITY_NUMBERS: Readonly<Record<JobPriority, number>> = { low: -1, normal: 0, high: 1 };

export function jobRow(connection: Connection, id: string): JobRow | undefined {
  return connection.first<JobRow>(`SELECT ${JOB_COLUMNS} FROM jobs WHERE id = ?`, [id]);
}

/** Jobs as they stand, each with its first failures, from rows that one statement gave. */
export function jobsOf(connection: Connection, rows: readonly JobRow[]): Job[] {
  const failures = groupBy(failureRows(connection, rows), ({ job_key: job }) => job);
  return rows.map((row) => jobOf(row, failures.get(row.key) ?? []));
}

/** States of a job with a greater sequence, in order; null if there is no such job. */
export function changesAfter(connection: Connection, id: string, sequence: number): Job[] | null {
  const row = jobRow(connection, id);
  if (!row) return null;
  const failures = failureRows(connection, [row]);
  return connection
    .all<ChangeRow>(
      `SELECT sequence, state, total, done, failed, open, step, rate FROM job_changes
       WHERE job_key = ? AND sequence > ? ORDER BY sequence`,
      [row.key, sequence],
    )
    .map((change) => asOf(row, change, failures));
}

interface ChangeRow {
  readonly sequence: number;
  readonly state: JobState;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly open: number;
  readonly step: string | null;
  readonly rate: number | null;
}

interface FailureRow {
  readonly job_key: number;
  readonly sequence: number;
  readonly external_id: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly path: string;
}

/** The job as it stood at a change: what came later is not known yet. */
function asOf(row: JobRow, change: ChangeRow, failures: readonly FailureRow[]): Job {
  const isLast = change.sequence === row.sequence;
  const then: JobRow = {
    ...row,
    ...change,
    result: isLast ? row.result : null,
    error: isLast ? row.error : null,
    started_at: change.state === 'queued' && !isLast ? null : row.started_at,
    // A job that was tried again after its end went on: a follower must not stop there.
    finished_at: isLast ? row.finished_at : null,
  };
  return jobOf(
    then,
    failures.filter(({ sequence }) => sequence <= change.sequence),
  );
}

function jobOf(row: JobRow, failures: readonly FailureRow[]): Job {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    priority: row.priority < 0 ? 'low' : row.priority > 0 ? 'high' : 'normal',
    open: row.open !== 0,
    total: row.total,
    done: row.done,
    failed: row.failed,
    step: row.step,
    rate: row.rate,
    failures: failures.map(failureOf),
    result: row.result === null ? null : (JSON.parse(row.result) as JsonObject),
    error: row.error === null ? null : (JSON.parse(row.error) as JobError),
    createdAt: new Date(row.created_at),
    startedAt: row.started_at === null ? null : new Date(row.started_at),
    finishedAt: row.finished_at === null ? null : new Date(row.finished_at),
    sequence: row.sequence,
  };
}

/** The first failures of each job, by position. */
function failureRows(connection: Connection, rows: readonly JobRow[]): FailureRow[] {
  const withFailures: SqlValue[] = rows.filter(({ failed }) => failed > 0).map(({ key }) => key);
  if (withFailures.length === 0) return [];
  return connection.all<FailureRow>(
    `SELECT job_key, sequence, external_id, code, message, path FROM (
       SELECT *, row_number() OVER (PARTITION BY job_key ORDER BY position) AS place
       FROM job_failures WHERE job_key IN (SELECT value FROM json_each(?)))
     WHERE place <= ${MAX_JOB_FAILURES} ORDER BY job_key, position`,
    [JSON.stringify(withFailures)],
  );
}

function failureOf(row: FailureRow): JobFailure {
  return {
    externalId: row.external_id,
    code: row.code,
    message: row.message,
    path: JSON.parse(row.path) as FieldPath,
  };
}
