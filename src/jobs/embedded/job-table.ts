import { randomBytes } from 'node:crypto';
import { nextKey } from '../../store/sqlite/bulk-insert.js';
import type { Connection } from '../../store/sqlite/connection.js';
import type { SqliteDatabase } from '../../store/sqlite/database.js';
import type { Pacer } from '../../store/sqlite/pacer.js';
import { FINAL_STATES, type JobPriority } from '../job-queue.js';
import { isGone } from '../lease.js';
import { conflict, isOver, noSuchJob, nothingToRetry, notOpen, queueFull } from '../refusals.js';
import type { SiftedDocuments } from '../sift.js';
import type { JsonValue, TaskKind } from '../tasks.js';
import { recordChange } from './job-changes.js';
import { jobRow, PRIORITY_NUMBERS, type JobRow } from './job-rows.js';

/** What clients do to jobs; each call one transaction. */
export class JobTable {
  /** @param capacity most documents that may wait */
  constructor(
    private readonly database: SqliteDatabase,
    private readonly capacity: number,
  ) {}

  /** @returns the new job's id. @throws NeighborKbError QUEUE_FULL at `documents` */
  async insert(documents: SiftedDocuments, priority: JobPriority, open: boolean): Promise<string> {
    return this.database.write(async (connection, pacer) => {
      assertRoom(connection, documents.accepted.length, this.capacity);
      const { key, id } = insertJob(connection, 'ingest', priority, open);
      await this.addItems(connection, pacer, key, documents);
      return id;
    });
  }

  async insertTask(kind: TaskKind, input: JsonValue, priority: JobPriority): Promise<string> {
    return this.database.write(async (connection) => {
      const { key, id } = insertJob(connection, kind, priority, false);
      connection.run('UPDATE jobs SET input = ? WHERE key = ?', [JSON.stringify(input), key]);
      recordChange(connection, key, { state: 'queued' });
      return id;
    });
  }

  /** @throws NeighborKbError NOT_FOUND, CONFLICT, QUEUE_FULL */
  async append(id: string, documents: SiftedDocuments): Promise<void> {
    await this.database.write(async (connection, pacer) => {
      const row = found(connection, id);
      if (row.open === 0 || FINAL_STATES.has(row.state)) throw notOpen(id);
      assertRoom(connection, documents.accepted.length, this.capacity);
      await this.addItems(connection, pacer, row.key, documents);
    });
  }

  /** @throws NeighborKbError NOT_FOUND, CONFLICT */
  async seal(id: string): Promise<void> {
    await this.database.write(async (connection) => {
      const row = found(connection, id);
      if (row.kind !== 'ingest') throw conflict(`job ${id} is a task: it takes no documents`);
      if (row.open !== 0 && !FINAL_STATES.has(row.state)) recordChange(connection, row.key, { open: false });
    });
  }

  async pause(id: string): Promise<void> {
    await this.database.write(async (connection) => {
      const row = unfinished(connection, id);
      if (row.state === 'paused') return;
      setItems(connection, row.key, 'waiting', 'held');
      recordChange(connection, row.key, { state: 'paused' });
    });
  }

  async resume(id: string): Promise<void> {
    await this.database.write(async (connection) => {
      const row = unfinished(connection, id);
      if (row.state !== 'paused') return;
      setItems(connection, row.key, 'held', 'waiting');
      recordChange(connection, row.key, { state: row.started_at === null ? 'queued' : 'running' });
    });
  }

  /** @returns whether nobody has it in hand. @throws NeighborKbError NOT_FOUND, CONFLICT */
  async cancel(id: string): Promise<{ isIdle: boolean }> {
    return this.database.write(async (connection) => {
      const row = found(connection, id);
      if (row.state === 'cancelled') return { isIdle: false };
      if (FINAL_STATES.has(row.state)) throw isOver(id, row.state);
      connection.run(
        `UPDATE job_items SET state = 'cancelled', payload = NULL
         WHERE job_key = ? AND state IN ('waiting', 'held')`,
        [row.key],
      );
      const held = connection.first<{ owner: string }>(
        'SELECT lease_owner AS owner FROM jobs WHERE key = ? AND lease_until > ?',
        [row.key, Date.now()],
      );
      connection.run('UPDATE jobs SET lease_owner = NULL, lease_until = NULL WHERE key = ?', [row.key]);
      recordChange(connection, row.key, { state: 'cancelled', open: false });
      return { isIdle: !held || isGone(held.owner) };
    });
  }

  /** @throws NeighborKbError NOT_FOUND, CONFLICT */
  async retry(id: string, positions: readonly number[] | null): Promise<void> {
    await this.database.write(async (connection) => {
      const row = found(connection, id);
      if (row.kind === 'ingest') retryItems(connection, row, positions);
      else if (row.state === 'failed') {
        connection.run('UPDATE jobs SET breaks = 0, tries = 0, not_before = 0 WHERE key = ?', [row.key]);
        recordChange(connection, row.key, { state: 'queued', error: null });
      } else throw conflict(`job ${id} is ${row.state}: a task is tried again once it has failed`);
    });
  }

  private async addItems(
    connection: Connection,
    pacer: Pacer,
    jobKey: number,
    { accepted, refused, count }: SiftedDocuments,
  ): Promise<void> {
    const job = connection.first<{ total: number; priority: number; state: string }>(
      'SELECT total, priority, state FROM jobs WHERE key = ?',
      [jobKey],
    );
    const { total: offset, priority, state } = job ?? { total: 0, priority: 0, state: 'queued' };
    const first = nextKey(connection, 'job_items');
    for (const [index, { position, document }] of accepted.entries()) {
      connection.run(
        `INSERT INTO job_items (key, job_key, position, external_id, payload, units, state, priority)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          ...[first + index, jobKey, offset + position, document.externalId],
          ...[
            JSON.stringify(document),
            document.text.length,
            state === 'paused' ? 'held' : 'waiting',
            priority,
          ],
        ],
      );
      await pacer.breathe();
    }
    recordChange(connection, jobKey, {
      moreTotal: count,
      moreDone: refused.length,
      failures: refused.map((failure) => ({ ...failure, position: offset + failure.position })),
    });
  }
}

function insertJob(connection: Connection, kind: string, priority: JobPriority, open: boolean) {
  const id = `job_${randomBytes(15).toString('base64url')}`;
  const key = nextKey(connection, 'jobs');
  connection.run(
    'INSERT INTO jobs (key, id, kind, total, created_at, priority, open) VALUES (?, ?, ?, 0, ?, ?, ?)',
    [...[key, id, kind, Date.now(), PRIORITY_NUMBERS[priority], Number(open)]],
  );
  return { key, id };
}

function assertRoom(connection: Connection, wanted: number, capacity: number): void {
  const row = connection.first<{ waiting: number }>(
    `SELECT count(*) AS waiting FROM job_items WHERE state IN ('waiting', 'held', 'leased')`,
  );
  const waiting = row?.waiting ?? 0;
  if (wanted > 0 && waiting + wanted > capacity) throw queueFull(waiting, wanted, capacity);
}

function retryItems(connection: Connection, row: JobRow, positions: readonly number[] | null): void {
  const wanted = positions && new Set(positions);
  const letters = connection
    .all<{ position: number }>(
      `SELECT position FROM job_items WHERE job_key = ? AND state = 'failed' AND payload IS NOT NULL`,
      [row.key],
    )
    .map(({ position }) => position)
    .filter((position) => !wanted || wanted.has(position));
  if (row.state === 'cancelled' || letters.length === 0) throw nothingToRetry(row.id);
  const chosen = JSON.stringify(letters);
  connection.run(
    `UPDATE job_items SET state = ?, breaks = 0, tries = 0, not_before = 0
     WHERE job_key = ? AND position IN (SELECT value FROM json_each(?))`,
    [row.state === 'paused' ? 'held' : 'waiting', row.key, chosen],
  );
  connection.run(
    'DELETE FROM job_failures WHERE job_key = ? AND position IN (SELECT value FROM json_each(?))',
    [row.key, chosen],
  );
  recordChange(connection, row.key, {
    fewerFailed: letters.length,
    ...(FINAL_STATES.has(row.state) ? { state: 'running' as const } : {}),
  });
}

function setItems(connection: Connection, jobKey: number, from: string, to: string): void {
  connection.run('UPDATE job_items SET state = ? WHERE job_key = ? AND state = ?', [to, jobKey, from]);
}

function found(connection: Connection, id: string): JobRow {
  const row = jobRow(connection, id);
  if (!row) throw noSuchJob(id);
  return row;
}

function unfinished(connection: Connection, id: string): JobRow {
  const row = found(connection, id);
  if (FINAL_STATES.has(row.state)) throw isOver(id, row.state);
  return row;
}
