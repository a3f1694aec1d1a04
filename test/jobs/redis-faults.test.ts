import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { DEFAULT_DOCUMENT_LIMITS } from '../../src/extraction/document-input.js';
import { RedisJobQueue, type RedisJobQueueOptions } from '../../src/jobs/redis/redis-job-queue.js';
import { freePort } from '../servers/ports.js';
import { describeRedis, RedisServer, type RedisServerOptions } from '../servers/redis-server.js';
import { inputs } from './sample-jobs.js';
import { withQueue } from './workplace.js';

function makeQueue(url: string, options: Partial<RedisJobQueueOptions> = {}): RedisJobQueue {
  return new RedisJobQueue({ url, capacity: 100, limits: DEFAULT_DOCUMENT_LIMITS, ingest: null, ...options });
}

/** Runs `body` with a server of its own, which it may stop. */
async function withServer(
  body: (server: RedisServer) => Promise<void>,
  options: RedisServerOptions = {},
): Promise<void> {
  const server = await RedisServer.start(options);
  try {
    await body(server);
  } finally {
    await server.dispose();
  }
}

describeRedis('trouble with Redis', () => {
  test('a Redis that is away at the start is named, without its password', async () => {
    const queue = makeQueue(`redis://user:secret@127.0.0.1:${await freePort()}`);
    const error = await queue.start().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'QUEUE_UNAVAILABLE', path: ['queue'] });
    expect(String(error)).toMatch(/127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/);
    expect(String(error)).not.toContain('secret');
    await expect(queue.submit(inputs(1))).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
  });

  test('a wrong password is named', () =>
    withServer(
      async ({ port }) => {
        const queue = makeQueue(`redis://:wrong@127.0.0.1:${port}`);
        await expect(queue.start()).rejects.toMatchObject({
          code: 'QUEUE_UNAVAILABLE',
          message: expect.stringMatching(/refuses the user or the password/) as string,
        });
      },
      { password: 'right' },
    ));

  test('a Redis that keeps no append-only file is refused, unless that is accepted: then it is warned of', () =>
    withServer(
      async ({ url }) => {
        await expect(makeQueue(url).start()).rejects.toMatchObject({
          code: 'QUEUE_UNAVAILABLE',
          message: expect.stringMatching(/appendonly yes.*NEIGHBORKB_QUEUE_DURABILITY=any/s) as string,
        });
        const warnings: string[] = [];
        const onWarning = (message: string) => warnings.push(message);
        const queue = makeQueue(url, { durability: 'any', onWarning });
        await queue.start();
        await queue.stop();
        expect(warnings).toEqual([expect.stringContaining('would lose jobs that it accepted')]);
      },
      { appendOnly: false },
    ));

  test('a Redis that evicts keys is refused', () =>
    withServer(
      async ({ url }) => {
        await expect(makeQueue(url).start()).rejects.toMatchObject({
          message: expect.stringContaining('maxmemory-policy allkeys-lru') as string,
        });
      },
      { settings: ['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru'] },
    ));

  test('a Redis without memory accepts nothing and says so; what it accepted is done', () =>
    withServer(
      async ({ url }) => {
        await withQueue(
          (_, options) => makeQueue(url, { ...options, capacity: 1000 }),
          async ({ queue, restarted }) => {
            const front = restarted({ ingest: null });
            await front.start();
            const { id } = await front.submit(inputs(3));
            const long = inputs(20, 'long').map((document) => ({
              ...document,
              text: `${document.text} ${'word '.repeat(100_000)}`,
            }));
            await expect(front.submit(long)).rejects.toMatchObject({
              code: 'QUEUE_UNAVAILABLE',
              message: expect.stringContaining('out of memory: nothing was accepted') as string,
            });
            await queue.start();
            expect(await front.finished(id)).toMatchObject({ state: 'completed', done: 3 });
            expect(await (await front.jobs({ first: 5 })).totalCount()).toBe(1);
          },
        );
      },
      { settings: ['--maxmemory', '6mb'] },
    ));

  test('a Redis that is killed in the middle of a job and comes back loses nothing', () =>
    withServer(async (server) => {
      await withQueue(
        (_, options) => makeQueue(server.url, options),
        async ({ queue, store, ingester, restarted }) => {
          // Slow enough that the kill comes in between.
          const worker = restarted({
            ingest: async (documents, onOutcome) => {
              await delay(50);
              return ingester.ingest(documents, onOutcome);
            },
          });
          await Promise.all([queue.stop(), worker.start()]);
          const { id } = await worker.submit(inputs(40));
          for await (const job of worker.follow(id)) if (job.done >= 4) break;
          await server.kill();
          await expect(worker.submit(inputs(1, 'late'))).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
          await server.resume();
          await expect
            .poll(async () => (await worker.job(id).catch(() => null))?.state, { timeout: 25_000 })
            .toBe('completed');
          expect(await worker.job(id)).toMatchObject({ done: 40, failed: 0 });
          expect((await store.counts()).documents).toBe(40);
        },
        { batchDocuments: 2, leaseTime: 2000 },
      );
    }));
});
