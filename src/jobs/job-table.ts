import { randomBytes } from 'node:crypto';
import { NeighborKbError } from '../domain/errors.js';
import type { DocumentInput } from '../domain/model.js';
import { nextKey } from '../store/sqlite/bulk-insert.js';
import type { Connection } from '../store/sqlite/connection.js';
import type { SqliteDatabase } from '../store/sqlite/database.js';
import { recordProgress, stateOf, type PlacedFailure } from './job-changes.js';
import type { JobFailure } from './job-queue.js';

/** A document that waits or is worked on. */
export interface JobItem {
  readonly key: number;
  readonly jobKey: number;
  readonly position: number;
  readonly document: DocumentInput;
  /** Times that work on it was begun and not seen to end. */
  readonly attempts: number;
}

/** What became of an item. */
export interface ItemResult {
  readonly item: JobItem;
  /** Null: it is stored. */
  readonly failure: JobFailure | null;
}

export interface Submission {
  readonly accepted: readonly { readonly position: number; readonly document: DocumentInput }[];
  readonly refused: readonly PlacedFailure[];
}

/** The queue's documents: accepted, begun, finished; each step one transaction. */
export class JobTable {
  constructor(private readonly database: SqliteDatabase) {}

  /**
   * @param capacity most documents that may wait
   * @returns the new job's id
   * @throws NeighborKbError QUEUE_FULL at `documents`
   */
  async insert({ accepted, refused }: Submission, capacity: number): Promise<string> {
    const id = `job_${randomBytes(15).toString('base64url')}`;
    await this.database.write(async (connection, pacer) => {
      assertRoom(connection, accepted.length, capacity);
      const jobKey = nextKey(connection, 'jobs');
      connection.run('INSERT INTO jobs (key, id, total, created_at) VALUES (?, ?, ?, ?)', [
        ...[jobKey, id, accepted.length + refused.length, Date.now()],
      ]);
      const first = nextKey(connection, 'job_items');
      for (const [index, { position, document }] of accepted.entries()) {
        connection.run(
          `INSERT INTO job_items (key, job_key, position, external_id, payload, units, state)
           VALUES (?, ?, ?, ?, ?, ?, 'waiting')`,
          [
            ...[first + index, jobKey, position, document.externalId],
            ...[JSON.stringify(document), document.text.length],
          ],
        );
        await pacer.breathe();
      }
      recordProgress(connection, jobKey, {
        finished: refused.length,
        failures: refused,
        otherwise: 'queued',
      });
    });
    return id;
  }

  /**
   * The documents to work on next, oldest first: at most `documents` with at most `units` UTF-16 units of text
   * together (one at least), no externalId twice. A document whose work was begun before and not seen to end
   * comes alone, so that it cannot take others along.
   */
  next(documents: number, units: number): JobItem[] {
    const heads = this.database.reader.all<ItemHead>(
      `SELECT key, external_id, units, attempts FROM job_items WHERE state = 'waiting' ORDER BY key LIMIT ?`,
      [documents],
    );
    const keys: number[] = [];
    const seen = new Set<string>();
    let total = 0;
    for (const { key, external_id: externalId, units: size, attempts } of heads) {
      total += size;
      if (keys.length > 0 && (attempts > 0 || total > units || seen.has(externalId))) break;
      seen.add(externalId);
      keys.push(key);
      if (attempts > 0) break;
    }
    return this.items(keys);
  }

  /** Notes that work on the items begins. @returns ids of the jobs whose state changed */
  async begin(items: readonly JobItem[]): Promise<string[]> {
    return this.database.write(async (connection) => {
      connection.run(
        'UPDATE job_items SET attempts = attempts + 1 WHERE key IN (SELECT value FROM json_each(?))',
        [JSON.stringify(items.map(({ key }) => key))],
      );
      const started = [...new Set(items.map(({ jobKey }) => jobKey))].filter(
        (jobKey) => stateOf(connection, jobKey) === 'queued',
      );
      for (const jobKey of started)
        recordProgress(connection, jobKey, { finished: 0, failures: [], otherwise: 'running' });
      return jobIds(connection, started);
    });
  }

  /** Marks items as finished, each once. @returns ids of the jobs whose state changed */
  async finish(results: readonly ItemResult[]): Promise<string[]> {
    return this.database.write(async (connection) => {
      const byJob = new Map<number, ItemResult[]>();
      for (const result of results) {
        // Another runner on the same file may have been faster.
        if (!markFinished(connection, result)) continue;
        const { jobKey } = result.item;
        byJob.set(jobKey, [...(byJob.get(jobKey) ?? []), result]);
      }
      for (const [jobKey, finished] of byJob)
        recordProgress(connection, jobKey, {
          finished: finished.length,
          failures: finished.flatMap(({ item, failure }) =>
            failure ? [{ ...failure, position: item.position }] : [],
          ),
          otherwise: 'running',
        });
      return jobIds(connection, [...byJob.keys()]);
    });
  }

  private items(keys: readonly number[]): JobItem[] {
    return this.database.reader
      .all<ItemRow>(
        `SELECT key, job_key, position, payload, attempts FROM job_items
         WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key`,
        [JSON.stringify(keys)],
      )
      .map(({ key, job_key: jobKey, position, payload, attempts }) => {
        const document = JSON.parse(payload) as DocumentInput;
        return { key, jobKey, position, document, attempts };
      });
  }
}

interface ItemHead {
  readonly key: number;
  readonly external_id: string;
  readonly units: number;
  readonly attempts: number;
}

interface ItemRow {
  readonly key: number;
  readonly job_key: number;
  readonly position: number;
  readonly payload: string;
  readonly attempts: number;
}

function assertRoom(connection: Connection, wanted: number, capacity: number): void {
  const row = connection.first<{ waiting: number }>(
    `SELECT count(*) AS waiting FROM job_items WHERE state = 'waiting'`,
  );
  const waiting = row?.waiting ?? 0;
  if (wanted > 0 && waiting + wanted > capacity)
    throw new NeighborKbError(
      'QUEUE_FULL',
      `${waiting} of at most ${capacity} documents wait: there is no room for ${wanted} more`,
      ['documents'],
    );
}

/** The payload goes with the work: what is stored is stored in the graph. */
function markFinished(connection: Connection, { item, failure }: ItemResult): boolean {
  return (
    connection.run(`UPDATE job_items SET state = ?, payload = NULL WHERE key = ? AND state = 'waiting'`, [
      failure ? 'failed' : 'done',
      item.key,
    ]) > 0
  );
}

function jobIds(connection: Connection, keys: readonly number[]): string[] {
  return connection
    .all<{ id: string }>('SELECT id FROM jobs WHERE key IN (SELECT value FROM json_each(?))', [
      JSON.stringify(keys),
    ])
    .map(({ id }) => id);
}
