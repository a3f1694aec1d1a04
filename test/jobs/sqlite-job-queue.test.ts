import { hostname } from 'node:os';
import path from 'node:path';
import Database from 'libsql';
import { describe, expect, test } from 'vitest';
import { ItemTable } from '../../src/jobs/embedded/item-table.js';
import { APPLICATION_ID } from '../../src/jobs/sqlite-job-queue.js';
import { SqliteDatabase } from '../../src/store/sqlite/database.js';
import { MIGRATIONS } from '../store/temporary.js';
import { jobQueueContract } from './contract.js';
import { hold, inputs, overtaken } from './sample-jobs.js';
import { input } from './tiny-extractor.js';
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

describe('the queue in a file', () => {
  test('an older revision that comes late is not stored over a newer one, though the job of that is past its time', () =>
    withWorkplace(async ({ queue, store, restarted }) => {
      const old = await overtaken(queue);
      await queue.stop();
      const next = restarted({ keepJobs: 0 });
      await next.start();
      await next.seal(old);
      await next.resume(old);
      await next.finished(old);
      const { items } = await store.documents({ first: 5 });
      expect(items.map(({ node }) => node.text)).toEqual(['Ada P19 Paris.']);
    }));

  test('a worker that waits for what another one has in hand looks now and then', () =>
    withWorkplace(async ({ queue, restarted, extractor, folder }) => {
      const open = hold(extractor);
      await queue.start();
      await queue.submit([input('a', 'Ada P19 London.')]);
      await expect.poll(() => extractor.calls.length).toBe(1);
      const database = await SqliteDatabase.open({
        file: path.join(folder, 'jobs.db'),
        migrations: path.join(MIGRATIONS, 'jobs'),
        applicationId: APPLICATION_ID,
      });
      const front = restarted({ ingest: null });
      await front.start();
      const { id } = await front.submit([input('a', 'Ada P19 Paris.')]);
      const table = new ItemTable(database, 'elsewhere/1/x', 30_000);
      try {
        // As a worker leaves what it gives back.
        leaveItems(folder, `not_before = ${Date.now() - 1}`);
        expect(await table.lease({ documents: 8, units: 1000 })).toMatchObject({ items: [] });
        expect(table.nextDue()).toBeNull();
      } finally {
        open();
        await database.close();
      }
      await front.finished(id);
    }));
});
