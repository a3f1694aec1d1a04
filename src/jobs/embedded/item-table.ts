import { groupBy } from '../../domain/arrays.js';
import type { DocumentInput } from '../../domain/model.js';
import type { Connection } from '../../store/sqlite/connection.js';
import type { SqliteDatabase } from '../../store/sqlite/database.js';
import type { JobFailure } from '../job-queue.js';
import { isGone } from '../lease.js';
import { recordChange } from './job-changes.js';

/** A document that a worker has leased. */
export interface JobItem {
  readonly key: number;
  readonly jobKey: number;
  readonly position: number;
  readonly document: DocumentInput;
  /** Times that work on it was begun before and not seen to end. */
  readonly breaks: number;
  /** Times that work on it ended with an error that may pass. */
  readonly tries: number;
  /** A later revision under its externalId is stored already: there is nothing to do. */
  readonly isSuperseded: boolean;
}

/** What became of an item. */
export interface ItemResult {
  readonly item: JobItem;
  /** Null: it is stored. */
  readonly failure: JobFailure | null;
}

export interface BatchLimits {
  readonly documents: number;
  /** UTF-16 units of text together, one document excepted. */
  readonly units: number;
}

/** The documents of the jobs: leased, finished or given back; each step one transaction. */
export class ItemTable {
  constructor(
    private readonly database: SqliteDatabase,
    private readonly owner: string,
    /** Milliseconds that a lease lasts unless it is renewed. */
    private readonly leaseTime: number,
  ) {}

  /**
   * Leases the documents to work on next: by priority, then oldest first, no externalId twice, none that another
   * worker has in hand. A document whose work was begun before and not seen to end comes alone, so that it cannot
   * take others along.
   * @returns the items, and ids of the jobs whose state changed
   */
  async lease(limits: BatchLimits): Promise<{ items: JobItem[]; changed: string[] }> {
    // Most looks find nothing: those must not take the file's write lock.
    if (!hasWork(this.database.reader)) return { items: [], changed: [] };
    return this.database.write(async (connection) => {
      const now = Date.now();
      reclaim(connection, now);
      const keys = nextKeys(connection, limits, now);
      connection.run(
        `UPDATE job_items SET state = 'leased', lease_owner = ?, lease_until = ?, breaks = breaks + 1
         WHERE key IN (SELECT value FROM json_each(?))`,
        [this.owner, now + this.leaseTime, JSON.stringify(keys)],
      );
      const items = readItems(connection, keys);
      const started = connection.all<{ key: number; id: string }>(
        `SELECT key, id FROM jobs WHERE state = 'queued' AND key IN (SELECT value FROM json_each(?))`,
        [JSON.stringify([...new Set(items.map(({ jobKey }) => jobKey))])],
      );
      for (const { key } of started) recordChange(connection, key, { state: 'running' });
      return { items, changed: started.map(({ id }) => id) };
    });
  }

  /** Keeps the leases of this worker. */
  async renew(): Promise<void> {
    await this.database.write(async (connection) =>
      connection.run(`UPDATE job_items SET lease_until = ? WHERE state = 'leased' AND lease_owner = ?`, [
        Date.now() + this.leaseTime,
        this.owner,
      ]),
    );
  }

  /** Marks items as finished, each once. @returns ids of the jobs whose state changed */
  async finish(results: readonly ItemResult[]): Promise<string[]> {
    return this.database.write(async (connection) => {
      // Where a lease ran out another worker may have been faster.
      const marked = results.filter((result) => markFinished(connection, result));
      const byJob = groupBy(marked, ({ item }) => item.jobKey);
      for (const [jobKey, finished] of byJob)
        recordChange(connection, jobKey, {
          moreDone: finished.length,
          failures: finished.flatMap(({ item, failure }) =>
            failure ? [{ ...failure, position: item.position }] : [],
          ),
        });
      return jobIds(connection, [...byJob.keys()]);
    });
  }

  /**
   * Gives leased items back: work on them ended, they come again.
   * @param wait milliseconds until then
   * @param isTry whether an error ended it; else the worker stopped
   */
  async release(items: readonly JobItem[], wait: number, isTry: boolean): Promise<void> {
    if (items.length === 0) return;
    await this.database.write(async (connection) =>
      connection.run(
        `UPDATE job_items SET ${BACK_TO_QUEUE}, breaks = breaks - 1, tries = tries + ?, not_before = ?
         WHERE key IN (SELECT value FROM json_each(?)) AND state = 'leased' AND lease_owner = ?`,
        [...[Number(isTry), Date.now() + wait, JSON.stringify(items.map(({ key }) => key)), this.owner]],
      ),
    );
  }

  /** Gives items back whose batch broke off: each comes again alone, as if the process had died over it. */
  async isolate(items: readonly JobItem[]): Promise<void> {
    await this.database.write(async (connection) =>
      connection.run(
        `UPDATE job_items SET ${BACK_TO_QUEUE}
         WHERE key IN (SELECT value FROM json_each(?)) AND state = 'leased' AND lease_owner = ?`,
        [JSON.stringify(items.map(({ key }) => key)), this.owner],
      ),
    );
  }

  /**
   * Milliseconds until an item that waits for its next try may come; null if there is none. One that might have come
   * and was passed over waits for another worker.
   */
  nextDue(): number | null {
    const now = Date.now();
    const row = this.database.reader.first<{ due: number | null }>(
      `SELECT min(not_before) AS due FROM job_items WHERE state = 'waiting' AND not_before > ?`,
      [now],
    );
    return row?.due ? row.due - now : null;
  }
}

/** An item of a paused job goes back to those that are held, one of a cancelled job is dropped. */
const BACK_TO_QUEUE = `lease_owner = NULL, lease_until = NULL, state = (
  SELECT CASE j.state WHEN 'paused' THEN 'held' WHEN 'cancelled' THEN 'cancelled' ELSE 'waiting' END
  FROM jobs j WHERE j.key = job_key)`;

/** Candidates read at once: some are skipped. */
const LOOK_AHEAD = 4;

function hasWork(connection: Connection): boolean {
  return (
    connection.first(`SELECT 1 FROM job_items WHERE state = 'waiting' AND not_before <= ? LIMIT 1`, [
      Date.now(),
    ]) !== undefined ||
    connection.first(`SELECT 1 FROM job_items WHERE state = 'leased' LIMIT 1`) !== undefined
  );
}

/** Takes back the leases that ran out and those of processes that are gone. */
function reclaim(connection: Connection, now: number): void {
  const gone = connection
    .all<{ owner: string }>(
      `SELECT DISTINCT lease_owner AS owner FROM job_items WHERE state = 'leased' AND lease_until > ?`,
      [now],
    )
    .filter(({ owner }) => isGone(owner));
  connection.run(
    `UPDATE job_items SET ${BACK_TO_QUEUE} WHERE state = 'leased' AND
       (lease_until <= ? OR lease_owner IN (SELECT value FROM json_each(?)))`,
    [now, JSON.stringify(gone.map(({ owner }) => owner))],
  );
}

interface ItemHead {
  readonly key: number;
  readonly external_id: string;
  readonly units: number;
  readonly breaks: number;
}

function nextKeys(connection: Connection, { documents, units }: BatchLimits, now: number): number[] {
  const heads = connection.all<ItemHead>(
    `SELECT key, external_id, units, breaks FROM job_items w WHERE state = 'waiting' AND not_before <= ?
       AND NOT EXISTS (
         SELECT 1 FROM job_items l WHERE l.external_id = w.external_id AND l.state = 'leased')
     ORDER BY priority DESC, key LIMIT ?`,
    [now, documents * LOOK_AHEAD],
  );
  const keys: number[] = [];
  const seen = new Set<string>();
  let total = 0;
  for (const { key, external_id: externalId, units: size, breaks } of heads) {
    total += size;
    if (keys.length === documents) break;
    if (keys.length > 0 && (breaks > 0 || total > units || seen.has(externalId))) break;
    seen.add(externalId);
    keys.push(key);
    if (breaks > 0) break;
  }
  return keys;
}

interface ItemRow {
  readonly key: number;
  readonly job_key: number;
  readonly position: number;
  readonly payload: string;
  readonly breaks: number;
  readonly tries: number;
  readonly superseded: number;
}

function readItems(connection: Connection, keys: readonly number[]): JobItem[] {
  return connection
    .all<ItemRow>(
      `SELECT key, job_key, position, payload, breaks, tries, EXISTS (
         SELECT 1 FROM job_items n
         WHERE n.external_id = i.external_id AND n.key > i.key AND n.state = 'done') AS superseded
       FROM job_items i WHERE key IN (SELECT value FROM json_each(?)) ORDER BY priority DESC, key`,
      [JSON.stringify(keys)],
    )
    .map(({ key, job_key: jobKey, position, payload, breaks, tries, superseded }) => ({
      ...{ key, jobKey, position, tries },
      document: JSON.parse(payload) as DocumentInput,
      // This lease was counted already.
      breaks: breaks - 1,
      isSuperseded: superseded !== 0,
    }));
}

/** What is stored is stored in the graph: its payload goes; that of a failed document is kept for a retry. */
function markFinished(connection: Connection, { item, failure }: ItemResult): boolean {
  return (
    connection.run(
      `UPDATE job_items SET state = ?, payload = CASE WHEN ? THEN payload END, lease_owner = NULL,
         lease_until = NULL
       WHERE key = ? AND state IN ('waiting', 'held', 'leased')`,
      [failure ? 'failed' : 'done', Number(failure !== null), item.key],
    ) > 0
  );
}

export function jobIds(connection: Connection, keys: readonly number[]): string[] {
  return connection
    .all<{ id: string }>('SELECT id FROM jobs WHERE key IN (SELECT value FROM json_each(?))', [
      JSON.stringify(keys),
    ])
    .map(({ id }) => id);
}
