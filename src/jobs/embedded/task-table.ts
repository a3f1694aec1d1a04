import type { SqliteDatabase } from '../../store/sqlite/database.js';
import { FINAL_STATES, type JobError, type JobState } from '../job-queue.js';
import { isGone } from '../lease.js';
import type { JsonObject, JsonValue, TaskKind } from '../tasks.js';
import { recordChange } from './job-changes.js';

/** A task that a process has leased. */
export interface LeasedTask {
  readonly key: number;
  readonly id: string;
  readonly kind: TaskKind;
  readonly input: JsonValue;
  /** As in `JobItem`. */
  readonly breaks: number;
  readonly tries: number;
}

/** The tasks among the jobs: leased, noted down, ended; each step one transaction. */
export class TaskTable {
  constructor(
    private readonly database: SqliteDatabase,
    private readonly owner: string,
    private readonly leaseTime: number,
  ) {}

  /** Leases the next task of these kinds, by priority, then oldest first. */
  async lease(kinds: readonly TaskKind[]): Promise<LeasedTask | null> {
    if (!this.next(kinds)) return null;
    return this.database.write(async (connection) => {
      // Looked up again under the lock.
      const row = this.next(kinds, connection);
      if (!row) return null;
      connection.run('UPDATE jobs SET lease_owner = ?, lease_until = ?, breaks = breaks + 1 WHERE key = ?', [
        ...[this.owner, Date.now() + this.leaseTime, row.key],
      ]);
      recordChange(connection, row.key, { state: 'running' });
      return { ...row, input: JSON.parse(row.input) as JsonValue };
    });
  }

  /** @returns the job's state: it may have been paused or cancelled; null if the lease is lost */
  async renew(key: number): Promise<JobState | null> {
    const state = this.stateOf(key);
    if (state !== 'running') return state;
    const kept = await this.database.write(async (connection) =>
      connection.run('UPDATE jobs SET lease_until = ? WHERE key = ? AND lease_owner = ?', [
        ...[Date.now() + this.leaseTime, key, this.owner],
      ]),
    );
    return kept > 0 ? state : null;
  }

  /** The state, also while another transaction runs; null if the job is gone. */
  stateOf(key: number): JobState | null {
    const row = this.database.reader.first<{ state: JobState }>('SELECT state FROM jobs WHERE key = ?', [
      key,
    ]);
    return row?.state ?? null;
  }

  async progress(key: number, progress: { done: number; total: number; step?: string }): Promise<void> {
    const { done, total, step } = progress;
    await this.database.write(async (connection) => {
      if (!this.isMine(key)) return;
      recordChange(connection, key, { progress: { done, total }, ...(step === undefined ? {} : { step }) });
    });
  }

  async complete(key: number, result: JsonObject): Promise<void> {
    await this.end(key, (state) => !FINAL_STATES.has(state), { state: 'completed', result });
  }

  async fail(key: number, error: JobError): Promise<void> {
    await this.end(key, (state) => !FINAL_STATES.has(state), { state: 'failed', error });
  }

  /** Gives the task back: it comes again after `wait` milliseconds, unless it is paused or cancelled. */
  async release(key: number, wait: number, counts: boolean): Promise<void> {
    await this.database.write(async (connection) => {
      const released = connection.run(
        `UPDATE jobs SET lease_owner = NULL, lease_until = NULL, breaks = breaks - 1, tries = tries + ?,
           not_before = ? WHERE key = ? AND lease_owner = ?`,
        [Number(counts), Date.now() + wait, key, this.owner],
      );
      if (released > 0 && this.stateOf(key) === 'running') recordChange(connection, key, { state: 'queued' });
    });
  }

  private async end(
    key: number,
    may: (state: JobState) => boolean,
    patch: Parameters<typeof recordChange>[2],
  ): Promise<void> {
    await this.database.write(async (connection) => {
      const state = this.stateOf(key);
      if (state === null || !may(state) || !this.isMine(key)) return;
      connection.run('UPDATE jobs SET lease_owner = NULL, lease_until = NULL WHERE key = ?', [key]);
      recordChange(connection, key, patch);
    });
  }

  private isMine(key: number): boolean {
    return (
      this.database.reader.first('SELECT 1 FROM jobs WHERE key = ? AND lease_owner = ?', [
        key,
        this.owner,
      ]) !== undefined
    );
  }

  private next(kinds: readonly TaskKind[], connection = this.database.reader): TaskRow | undefined {
    const now = Date.now();
    return connection
      .all<TaskRow>(
        `SELECT key, id, kind, input, breaks, tries, lease_owner, lease_until FROM jobs
         WHERE finished_at IS NULL AND state IN ('queued', 'running') AND not_before <= ?
           AND kind IN (SELECT value FROM json_each(?))
         ORDER BY priority DESC, key`,
        [now, JSON.stringify(kinds)],
      )
      .find(
        ({ lease_owner: owner, lease_until: until }) =>
          owner === null || until === null || until <= now || isGone(owner),
      );
  }
}

interface TaskRow extends Omit<LeasedTask, 'input'> {
  readonly input: string;
  readonly lease_owner: string | null;
  readonly lease_until: number | null;
}
