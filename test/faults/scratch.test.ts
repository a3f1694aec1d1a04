import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_DOCUMENT_LIMITS } from '../../src/extraction/document-input.js';
import { DocumentIngester } from '../../src/jobs/document-ingester.js';
import { RedisJobQueue, type RedisJobQueueOptions } from '../../src/jobs/redis/redis-job-queue.js';
import { describeMine } from './scratch-neo4j.js';
import { isRedisInstalled, RedisServer } from '../servers/redis-server.js';
import { PROFILE } from '../jobs/tiny-extractor.js';
import { dumpGraph } from '../store/dump.js';
import { neo4jStore, SCHEMA, withNeo4jStore } from '../store/neo4j-store.js';
import { MIGRATIONS, withFolder } from '../store/temporary.js';
import { documentsOfRounds, extractionsOf, quietGraph, ROUNDS, surviveKills } from './job-rounds.js';
import { sizedDocument, WorkerProcess } from './job-worker.js';

describeMine('jobs in Redis, the graph in Neo4j', (neo4j) => {
  let redis: RedisServer | undefined;
  beforeAll(async () => {
    // Where Redis is missing, its own suite says so.
    if (isRedisInstalled() || process.env['NEIGHBORKB_REQUIRE_SERVERS'] === '1')
      redis = await RedisServer.start();
  });
  afterAll(() => redis?.dispose());

  const queueOptions = (prefix: string): RedisJobQueueOptions => ({
    url: redis?.url ?? '',
    prefix: `{${prefix}}`,
    ...{ capacity: 10_000, limits: DEFAULT_DOCUMENT_LIMITS, ingest: null },
    ...{ leaseTime: 5000, pollInterval: 200, retryDelay: 100 },
  });

  test(
    'of two workers one is killed again and again: no document is lost and none is half',
    async ({ skip }) => {
      if (!redis) return skip('Redis is not installed');
      await withFolder((folder) =>
        withNeo4jStore(neo4j as never, async (store) => {
          const documents = documentsOfRounds();
          const queue = new RedisJobQueue(queueOptions('killed'));
          await queue.start();
          const { url, user, password } = neo4j.server;
          const spec = {
            store: {
              kind: 'neo4j',
              options: {
                url,
                user,
                password,
                migrationsDir: MIGRATIONS,
                schema: { predicates: SCHEMA.predicates },
              },
            },
            // That the process dies is no document's fault here.
            queue: {
              kind: 'redis',
              options: { ...queueOptions('killed'), batchDocuments: 2, maxBreaks: ROUNDS + 1 },
            },
            profile: PROFILE,
            documents: extractionsOf(documents),
          } as const;
          const steady = await WorkerProcess.start(folder, spec);
          try {
            await surviveKills({
              ...{ documents, queue, store, longestLife: 800 },
              startWorker: () => WorkerProcess.start(folder, spec),
            });
          } catch (e) { const sess = neo4j.driver.session(); const r = await sess.run('MATCH (e:Entity) OPTIONAL MATCH (m:Mention)-[:REFERS_TO]->(e) WITH e, count(m) AS c OPTIONAL MATCH (d:Document)-[s:SPEAKS_OF]->(e) WITH e, c, sum(s.mentions) AS sp, count(s) AS docs WHERE c <> e.mentions OR sp <> e.mentions RETURN e.name AS name, e.mentions AS stored, c AS counted, sp, docs LIMIT 20'); console.error('mismatch', JSON.stringify(r.records.map((x: any) => x.toObject()))); throw e;
          } finally {
            await steady.kill();
            await queue.stop();
          }
        }),
      );
    },
    120_000 + ROUNDS * 40_000,
  );

  test('Neo4j stopped and started during a job: the job ends complete, nothing is stored twice', async ({
    skip,
  }) => {
    if (!redis) return skip('Redis is not installed');
    await neo4j.wipe();
    const documents = new Map(
      Array.from({ length: 60 }, (_, index) => [`s${index}`, sizedDocument(`s${index}`, 900, PROFILE)]),
    );
    const extracted = extractionsOf(documents);
    const store = neo4jStore(neo4j.server, { retryTime: 500 });
    await store.open();
    const extractor = {
      extract: async (batch: readonly { externalId: string }[]) =>
        batch.flatMap(({ externalId }) => {
          const found = extracted.get(externalId);
          return found ? [{ ok: true, extracted: found } as const] : [];
        }),
    };
    const ingester = new DocumentIngester({
      store,
      extractor,
      profile: PROFILE,
      limits: DEFAULT_DOCUMENT_LIMITS,
    });
    const queue = new RedisJobQueue({
      ...queueOptions('restart'),
      batchDocuments: 4,
      ingest: (batch, onOutcome) => ingester.ingest(batch, onOutcome),
      storeAnswers: () =>
        store.health().then(
          () => true,
          () => false,
        ),
    });
    try {
      await queue.start();
      const { id } = await queue.submit([...documents.values()].map(({ input }) => input));
      for await (const job of queue.follow(id)) if (job.done >= 5) break;
      await neo4j.server.stop();
      await delay(2000);
      expect(await queue.job(id)).toMatchObject({ state: 'running', failed: 0 });
      await neo4j.server.resume();
      expect(await queue.finished(id)).toMatchObject({ state: 'completed', done: 60, failed: 0 });
      expect(await dumpGraph(store)).toEqual(await quietGraph(documents));
    } finally {
      await queue.stop();
      await store.close();
    }
  }, 180_000);
});
