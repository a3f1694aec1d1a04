import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { DEFAULT_DOCUMENT_LIMITS } from '../../src/extraction/document-input.js';
import { workRules } from '../../src/jobs/queue-options.js';
import { RedisConnection } from '../../src/jobs/redis/connection.js';
import { DocumentWorker } from '../../src/jobs/redis/document-worker.js';
import { ItemQueue } from '../../src/jobs/redis/item-queue.js';
import { JobLedger } from '../../src/jobs/redis/job-ledger.js';
import { Keys } from '../../src/jobs/redis/keys.js';
import { RedisJobQueue } from '../../src/jobs/redis/redis-job-queue.js';
import type { IngestBatch } from '../../src/jobs/runner-options.js';
import { documentId } from '../../src/domain/identity.js';
import { describeRedis } from '../servers/redis-server.js';
import { intercepted } from './intercepted-redis.js';
import { inputs } from './sample-jobs.js';

const storeAll: IngestBatch = async (documents) =>
  documents.map(({ externalId }) => ({
    ok: true,
    externalId,
    saved: { documentId: documentId(externalId), change: 'created', tripleIds: [] },
  }));

describeRedis('documents of a paused job', (server) => {
  test('go on at once when the job is resumed while a worker is about to put them aside', async () => {
    const prefix = `{${randomUUID()}}`;
    const options = { capacity: 100, limits: DEFAULT_DOCUMENT_LIMITS, ingest: null };
    const front = new RedisJobQueue({ url: server().url, prefix, ...options });
    await front.start();
    const connection = await RedisConnection.open(server().url, 'any', () => undefined);
    const keys = new Keys(prefix);
    const queue = new ItemQueue(connection, keys, () => undefined);
    const { id } = await front.submit(inputs(3));
    await front.pause(id);
    let resumed: Promise<unknown> | undefined;
    const worker = new DocumentWorker({
      ...workRules(options),
      connection: intercepted(connection, 'sadd', async (add) => {
        const added = await add();
        await (resumed ??= front.resume(id));
        return added;
      }),
      keys,
      ledger: new JobLedger(connection, keys, options.capacity),
      queue,
      ingest: storeAll,
    });
    try {
      worker.start();
      // Far less than the time after which a document that was put aside is looked at again in any case.
      const job = await Promise.race([front.finished(id), late(15_000)]);
      expect(job).toMatchObject({ state: 'completed', done: 3 });
    } finally {
      await worker.stop();
      await queue.close();
      connection.close();
      await front.stop();
    }
  });
});

function late(milliseconds: number): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve('still waiting'), milliseconds).unref());
}
