import type { Connection } from '../../store/sqlite/connection.js';
import { FINAL_STATES, MAX_JOB_CHANGES, type JobError, type JobState } from '../job-queue.js';
import { advance, freshWindow, rateOf, type RateWindow } from '../rate.js';
import type { PlacedFailure } from '../sift.js';
import type { JsonObject } from '../tasks.js';
import { JOB_COLUMNS, type JobRow } from './job-rows.js';

/** What changes of a job; counts are added. */
export interface JobPatch {
  readonly state?: JobState;
  readonly open?: boolean;
  readonly moreTotal?: number;
  readonly moreDone?: number;
  readonly failures?: readonly PlacedFailure[];
  /** Dead letters that are tried again. */
  readonly fewerFailed?: number;
  /** Of a task, whose units are not counted one by one. */
  readonly progress?: { readonly done: number; readonly total: number };
  readonly step?: string;
  readonly result?: JsonObject;
  readonly error?: JobError | null;
}

/**
 * Writes the next state of a job, inside a transaction. An ingest job becomes final by itself, once it is sealed
 * and all of its documents are finished: failed if every one failed, else completed.
 */
export function recordChange(connection: Connection, jobKey: number, patch: JobPatch): void {
  const row = connection.first<JobRow>(`SELECT ${JOB_COLUMNS} FROM jobs WHERE key = ?`, [jobKey]);
  if (!row) return;
  const now = Date.now();
  const next = settled(row, patched(row, patch));
  const sequence = row.sequence + 1;
  const window = windowOf(row, next, now);
  const rate =
    next.state === 'running' || FINAL_STATES.has(next.state) ? rateOf(window, now, next.done) : null;
  for (const failure of patch.failures ?? []) insertFailure(connection, jobKey, sequence, failure, now);
  connection.run(
    `UPDATE jobs SET state = ?, open = ?, total = ?, done = ?, failed = ?, step = ?, rate = ?, rate_window = ?,
       result = ?, error = ?, sequence = ?, started_at = ?, finished_at = ? WHERE key = ?`,
    [
      ...[next.state, next.open, next.total, next.done, next.failed, next.step, rate, JSON.stringify(window)],
      ...[next.result, next.error, sequence],
      row.started_at ?? (next.state === 'running' ? now : null),
      FINAL_STATES.has(next.state) ? now : null,
      jobKey,
    ],
  );
  connection.run(
    `INSERT INTO job_changes (job_key, sequence, state, total, done, failed, open, step, rate)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [...[jobKey, sequence, next.state, next.total, next.done, next.failed], ...[next.open, next.step, rate]],
  );
  connection.run('DELETE FROM job_changes WHERE job_key = ? AND sequence <= ?', [
    ...[jobKey, sequence - MAX_JOB_CHANGES],
  ]);
}

type Standing = Pick<
  JobRow,
  'state' | 'open' | 'total' | 'done' | 'failed' | 'step' | 'result' | 'error' | 'kind'
>;

function patched(row: JobRow, patch: JobPatch): Standing {
  const fewer = patch.fewerFailed ?? 0;
  return {
    kind: row.kind,
    state: patch.state ?? row.state,
    open: patch.open === undefined ? row.open : Number(patch.open),
    total: patch.progress?.total ?? row.total + (patch.moreTotal ?? 0),
    done: patch.progress?.done ?? row.done + (patch.moreDone ?? 0) - fewer,
    failed: row.failed + (patch.failures?.length ?? 0) - fewer,
    step: patch.step ?? row.step,
    result: patch.result === undefined ? row.result : JSON.stringify(patch.result),
    error: patch.error === undefined ? row.error : patch.error && JSON.stringify(patch.error),
  };
}

function settled(row: JobRow, next: Standing): Standing {
  const isOver = next.kind === 'ingest' && next.open === 0 && next.done >= next.total;
  if (!isOver || next.state === 'cancelled' || FINAL_STATES.has(row.state)) return next;
  return { ...next, state: next.total > 0 && next.failed === next.total ? 'failed' : 'completed' };
}

/** The rate counts from where work began, or went on after a pause or a restart. */
function windowOf(row: JobRow, next: Standing, now: number): RateWindow {
  const isBegun = row.rate_window === null || row.state !== 'running';
  return isBegun
    ? freshWindow(now, next.done)
    : advance(JSON.parse(row.rate_window) as RateWindow, now, next.done);
}

function insertFailure(
  connection: Connection,
  jobKey: number,
  sequence: number,
  { position, externalId, code, message, path }: PlacedFailure,
  now: number,
): void {
  connection.run(
    `INSERT INTO job_failures (job_key, position, sequence, external_id, code, message, path, failed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [jobKey, position, sequence, externalId, code, message, JSON.stringify(path), now],
  );
}
