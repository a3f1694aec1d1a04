import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { DEFAULT_DOCUMENT_LIMITS } from '../../src/extraction/document-input.js';
import { RedisConnection } from '../../src/jobs/redis/connection.js';
import { JobLedger, type FinishedItem } from '../../src/jobs/redis/job-ledger.js';
import { JobReader } from '../../src/jobs/redis/job-reader.js';
import { Keys } from '../../src/jobs/redis/keys.js';
import { prune } from '../../src/jobs/redis/pruning.js';
import { sift } from '../../src/jobs/sift.js';
import { describeRedis } from '../servers/redis-server.js';
import { intercepted } from './intercepted-redis.js';
import { inputs } from './sample-jobs.js';

const FAILURE = { code: 'INVALID_ARGUMENT', message: 'expected a text', path: ['text'] } as const;

describeRedis('the ledger of jobs in Redis', (server) => {
  /** A job of documents that a worker has begun, in a place of its own. */
  async function begun(count: number) {
    const connection = await RedisConnection.open(server().url, 'any', () => undefined);
    const keys = new Keys(`{${randomUUID()}}`);
    const ledger = new JobLedger(connection, keys, 100);
    const reader = new JobReader(connection, keys);
    const job = await ledger.create(sift(inputs(count), DEFAULT_DOCUMENT_LIMITS), 'normal', false);
    const finished = await Promise.all(
      Array.from({ length: count }, async (_, position): Promise<FinishedItem> => {
        const { item } = await ledger.begin(job, position);
        if (!item) throw new Error(`document ${position} is not there`);
        return { job, position, item, hand: `hand-${position}`, failure: null };
      }),
    );
    return { connection, keys, ledger, reader, job, finished };
  }

  test('documents that end together are one change, and each counts once', async () => {
    const { connection, ledger, reader, job, finished } = await begun(4);
    try {
      const before = await reader.job(job);
      await ledger.finish(
        finished.slice(0, 3).map((one) => (one.position === 1 ? { ...one, failure: FAILURE } : one)),
      );
      const after = await reader.job(job);
      expect(after).toMatchObject({ state: 'running', done: 3, failed: 1 });
      expect(after?.sequence).toBe((before?.sequence ?? 0) + 1);

      // Sent again, with one that is new: only that one counts.
      await ledger.finish(finished);
      expect(await reader.job(job)).toMatchObject({ state: 'completed', done: 4, failed: 1 });
      expect((await reader.deadLetters({ first: 10, filter: { jobId: job } })).items).toMatchObject([
        { node: { position: 1, ...FAILURE } },
      ]);
    } finally {
      connection.close();
    }
  });

  test('a document that is finished is not begun again', async () => {
    const { connection, ledger, job, finished } = await begun(2);
    try {
      await ledger.finish(finished.slice(0, 1));
      expect(await ledger.begin(job, 0)).toEqual({ state: 'running', item: null });
      expect((await ledger.begin(job, 1)).item?.document.externalId).toBe('d1');
    } finally {
      connection.close();
    }
  });

  test('finishing frees what is in the hand of the document, and nothing that is in another one', async () => {
    const { connection, keys, ledger, finished } = await begun(2);
    try {
      await connection.redis.set(keys.inHand('d0'), 'hand-0');
      await connection.redis.set(keys.inHand('d1'), 'hand-0');
      await ledger.finish(finished);
      expect(await connection.redis.get(keys.inHand('d0'))).toBeNull();
      expect(await connection.redis.get(keys.inHand('d1'))).toBe('hand-0');
    } finally {
      connection.close();
    }
  });

  test('a Redis that has forgotten the scripts is told them again', async () => {
    const { connection, ledger, reader, job, finished } = await begun(50);
    try {
      await connection.redis.script('FLUSH');
      await Promise.all(finished.map((one) => ledger.finish([one])));
      expect(await reader.job(job)).toMatchObject({ state: 'completed', done: 50 });
    } finally {
      connection.close();
    }
  });

  test('a job that is retried while old jobs are removed stays', async () => {
    const { connection, keys, ledger, reader, job, finished } = await begun(1);
    try {
      await ledger.finish(finished.map((one) => ({ ...one, failure: FAILURE })));
      const retried = intercepted(connection, 'zrange', async (read) => {
        const found = await read();
        await ledger.retry(job, [0]).catch(() => undefined);
        return found;
      });
      await prune(retried, keys, { keepDays: 30, keepJobs: 0 });
      expect(await reader.job(job)).toMatchObject({ state: 'running', done: 0 });
      expect(await connection.redis.get(keys.waiting)).toBe('1');
    } finally {
      connection.close();
    }
  });

  test('an old job that has ended goes, and all that it had', async () => {
    const { connection, keys, ledger, reader, job, finished } = await begun(2);
    try {
      await ledger.finish(finished);
      await prune(connection, keys, { keepDays: 30, keepJobs: 0 });
      expect(await reader.job(job)).toBeNull();
      expect(await connection.redis.exists(...keys.ofJob(job))).toBe(0);
    } finally {
      connection.close();
    }
  });
});
