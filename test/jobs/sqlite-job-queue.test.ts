import { hostname } from 'node:os';
import path from 'node:path';
import Database from 'libsql';
import { describe, expect, test } from 'vitest';
import { jobQueueContract } from './contract.js';
import { inputs } from './sample-jobs.js';
import { embeddedQueue, withWorkplace } from './workplace.js';

jobQueueContract('SQLite', () => embeddedQueue);

/** Changes the items of the queue's file as a process that died would have left them. */
function leaveItems(folder: string, changes: string): void {
  const database = new Database(path.join(folder, 'jobs.db'));
  database.prepare(`UPDATE job_items SET ${changes}`).run();
  database.close();
}

describe('the queue in a file after a crash', () => {
  test('a document that took the process along five times is given up', () =>
    withWorkplace(async ({ restarted, folder, store }) => {
      const front = restarted({ ingest: null });
      await front.start();
      const { id } = await front.submit(inputs(1));
      leaveItems(folder, 'breaks = 5');
      await restarted().start();
      expect(await front.finished(id)).toMatchObject({
        ...{ state: 'failed', failures: [{ code: 'INTERNAL', message: expect.stringContaining('5 times') }] },
      });
      expect((await store.counts()).documents).toBe(0);
    }));

  test('what a process had in hand that is gone is taken over at once', () =>
    withWorkplace(async ({ restarted, folder }) => {
      const front = restarted({ ingest: null });
      await front.start();
      const { id } = await front.submit(inputs(3));
      // Above the largest process id that Linux gives.
      const owner = `${hostname()}/4999999/gone`;
      leaveItems(
        folder,
        `state = 'leased', lease_owner = '${owner}', lease_until = ${Date.now() + 3_600_000}`,
      );
      await restarted().start();
      expect(await front.finished(id)).toMatchObject({ state: 'completed', done: 3 });
    }));

  test('what a process on another host has in hand is waited for until its lease runs out', () =>
    withWorkplace(async ({ restarted, folder, extractor }) => {
      const front = restarted({ ingest: null });
      await front.start();
      const { id } = await front.submit(inputs(1));
      const until = Date.now() + 1500;
      leaveItems(folder, `state = 'leased', lease_owner = 'elsewhere/1/x', lease_until = ${until}`);
      await restarted().start();
      await front.finished(id);
      expect(Date.now()).toBeGreaterThanOrEqual(until);
      expect(extractor.calls).toHaveLength(1);
    }));
});
