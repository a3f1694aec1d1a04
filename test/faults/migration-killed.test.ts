import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { SqliteGraphStore } from '../../src/store/sqlite/sqlite-graph-store.js';
import { Workshop } from '../cli/workshop.js';
import { askServer } from '../graphql/harness.js';
import { buildDocument } from '../store/builders.js';
import { dumpGraph } from '../store/dump.js';
import { MIGRATIONS } from '../store/temporary.js';

/** Enough to be in the middle of them for a while. */
const DOCUMENTS = 150;
const FACTS = 15;

let workshop: Workshop;
beforeAll(async () => {
  workshop = await Workshop.open();
});
afterAll(() => workshop.close());

async function withStore<T>(folder: string, body: (store: SqliteGraphStore) => Promise<T>): Promise<T> {
  const file = workshop.path(folder, 'graph.db');
  const store = new SqliteGraphStore({ file, migrationsDir: MIGRATIONS });
  await store.open();
  return body(store).finally(() => store.close());
}

/** A server in a process of its own. @returns where it listens, and what ends it on the spot */
async function startServer(): Promise<{ url: string; kill: () => Promise<void> }> {
  const child = workshop.start(['serve', '--port', '0'], {
    NEIGHBORKB_MIGRATE_TO: `sqlite:${workshop.path('copy')}`,
    NEIGHBORKB_LOG_LEVEL: 'error',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [printed] = (await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('the server ended before it was ready'))),
  ])) as [Buffer];
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(printed.toString('utf8'))?.[0];
  if (url === undefined) throw new Error(`no address in: ${printed.toString('utf8')}`);
  const kill = async () => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return { url, kill };
}

interface ShownJob {
  readonly state: string;
  readonly done: number;
  readonly result: { readonly documents: number; readonly resumed: boolean } | null;
}

/** Looks at a job until it is as it should be. */
async function jobWhen(url: string, id: string, isThere: (job: ShownJob) => boolean): Promise<ShownJob> {
  for (;;) {
    const { data } = await askServer(
      url,
      'query ($id: ID!) { job(id: $id) { state done result { ... on StoreMigrated { documents resumed } } } }',
      { id },
    );
    const job = data.job as ShownJob;
    if (isThere(job)) return job;
    if (job.state === 'FAILED') throw new Error('the job failed');
    await delay(20);
  }
}

test('a server that is killed while it moves its knowledge base goes on when it is back', async () => {
  await withStore('data', async (store) => {
    for (let index = 0; index < DOCUMENTS; index++) {
      const facts = Array.from({ length: FACTS }, (_, fact) => ({
        subject: `Person ${(index + fact) % 40}`,
        predicate: 'P19',
        object: `Place ${fact}`,
      }));
      await store.saveDocument(buildDocument({ externalId: `d${index}`, facts }));
    }
  });
  const first = await startServer();
  const submitted = await askServer(first.url, 'mutation { migrateStore { ... on Job { id } } }');
  const { id } = submitted.data.migrateStore as { id: string };
  await jobWhen(first.url, id, ({ done }) => done > 0);
  await first.kill();
  const copied = await withStore('copy', async (copy) => (await copy.counts()).documents);
  expect(copied).toBeGreaterThan(0);
  expect(copied).toBeLessThan(DOCUMENTS);

  const second = await startServer();
  const job = await jobWhen(second.url, id, ({ state }) => state === 'COMPLETED');
  expect(job.result).toEqual({ documents: DOCUMENTS, resumed: true });
  await second.kill();
  expect(await withStore('copy', dumpGraph)).toEqual(await withStore('data', dumpGraph));
}, 120_000);
