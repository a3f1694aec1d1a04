import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { documentId } from '../../src/domain/identity.js';
import { NeighborKbError } from '../../src/domain/errors.js';
import { DEFAULT_DOCUMENT_LIMITS } from '../../src/extraction/document-input.js';
import type { IngestOutcome } from '../../src/jobs/document-ingester.js';
import { RedisConnection } from '../../src/jobs/redis/connection.js';
import { ItemQueue } from '../../src/jobs/redis/item-queue.js';
import { JobLedger } from '../../src/jobs/redis/job-ledger.js';
import { Keys } from '../../src/jobs/redis/keys.js';
import { RedisJobQueue } from '../../src/jobs/redis/redis-job-queue.js';
import { sift } from '../../src/jobs/sift.js';
import { describeRedis } from '../servers/redis-server.js';
import { intercepted } from './intercepted-redis.js';
import { inputs } from './sample-jobs.js';
import { input } from './tiny-extractor.js';

const OPTIONS = { capacity: 100, limits: DEFAULT_DOCUMENT_LIMITS };
const documents = (count: number, prefix?: string) => sift(inputs(count, prefix), OPTIONS.limits);

function stored(externalId: string): IngestOutcome {
  return {
    ok: true,
    externalId,
    saved: { documentId: documentId(externalId), change: 'created', tripleIds: [] },
  };
}

describeRedis('what Redis deals out', (server) => {
  async function place() {
    const connection = await RedisConnection.open(server().url, 'any', () => undefined);
    const prefix = `{${randomUUID()}}`;
    const keys = new Keys(prefix);
    return { connection, prefix, keys, ledger: new JobLedger(connection, keys, OPTIONS.capacity) };
  }

  test('a retry is dealt out though another process is not done with dealing out the first try', async () => {
    const { connection, prefix, keys, ledger } = await place();
    let isReadable = false;
    const worker = new RedisJobQueue({
      ...{ url: server().url, prefix, ...OPTIONS },
      ingest: async (batch) =>
        batch.map(({ externalId }) =>
          isReadable
            ? stored(externalId)
            : { ok: false, externalId, error: new NeighborKbError('MALFORMED_TEXT', 'unreadable', ['text']) },
        ),
    });
    await worker.start();
    const id = await ledger.create(documents(1), 'normal', false);
    const slow = intercepted(connection, 'delivered', async (note) => {
      if (!isReadable) {
        await worker.finished(id);
        isReadable = true;
        await ledger.retry(id, [0]);
      }
      return note();
    });
    const items = new ItemQueue(slow, keys, () => undefined);
    try {
      await items.deliver(id);
      await items.deliver(id);
      expect(await worker.finished(id)).toMatchObject({ state: 'completed', done: 1, failed: 0 });
    } finally {
      await items.close();
      await worker.stop();
      connection.close();
    }
  });

  test('what is appended while a delivery ends is known to whoever looks next', async () => {
    const { connection, keys, ledger } = await place();
    const id = await ledger.create(documents(1), 'normal', true);
    let hasAppended = false;
    const slow = intercepted(connection, 'delivered', async (note) => {
      // Another process accepts it and dies before it delivers.
      if (!hasAppended) await ledger.append(id, documents(1, 'late'));
      hasAppended = true;
      return note();
    });
    const items = new ItemQueue(slow, keys, () => undefined);
    try {
      await items.deliver(id);
      expect(await connection.redis.zcard(keys.outbox(id))).toBe(1);
      expect(await connection.redis.smembers(keys.outboxes)).toEqual([id]);
      await items.deliverAll();
      expect(await connection.redis.smembers(keys.outboxes)).toEqual([]);
    } finally {
      await items.close();
      connection.close();
    }
  });

  test('a document keeps what it holds when an earlier one under its externalId ends late', async () => {
    const { connection, prefix, keys } = await place();
    const texts: string[] = [];
    const gates: (() => void)[] = [];
    const queue = new RedisJobQueue({
      ...{ url: server().url, prefix, ...OPTIONS, batchDocuments: 1 },
      ingest: async (batch) => {
        texts.push(...batch.map(({ text }) => text));
        await new Promise<void>((resolve) => gates.push(resolve));
        return batch.map(({ externalId }) => stored(externalId));
      },
    });
    await queue.start();
    try {
      const { id } = await queue.submit([input('a', 'one')]);
      await expect.poll(() => texts).toEqual(['one']);
      // Redis was away for longer than the lease.
      await connection.redis.del(keys.inHand('a'));
      await queue.submit([input('a', 'two')]);
      await expect.poll(() => connection.redis.exists(keys.inHand('a')), { timeout: 5000 }).toBe(1);
      gates[0]?.();
      await queue.finished(id);
      await expect.poll(() => texts).toEqual(['one', 'two']);
      expect(await connection.redis.exists(keys.inHand('a'))).toBe(1);
    } finally {
      for (const open of gates) open();
      await queue.stop();
      connection.close();
    }
  });
});
