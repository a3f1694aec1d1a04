import path from 'node:path';
import Database from 'libsql';
import { describe, expect, test, vi } from 'vitest';
import type { DocumentInput, ExtractedDocument } from '../../src/domain/model.js';
import { DEFAULT_DOCUMENT_LIMITS } from '../../src/extraction/document-input.js';
import { documentRevision } from '../../src/extraction/prepare.js';
import type { JobQueue } from '../../src/jobs/job-queue.js';
import { SqliteJobQueue } from '../../src/jobs/sqlite-job-queue.js';
import { SqliteGraphStore } from '../../src/store/sqlite/sqlite-graph-store.js';
import { PROFILE } from '../jobs/tiny-extractor.js';
import { buildDocument } from '../store/builders.js';
import { dumpGraph } from '../store/dump.js';
import { MIGRATIONS, withFolder, withSqliteStore } from '../store/temporary.js';
import { WorkerProcess, type WorkerSpec } from './job-worker.js';
import { MAY_MOUNT, SmallDisk } from './small-disk.js';

// Some seconds each, where nothing else works the machine.
vi.setConfig({ testTimeout: 120_000 });

/** What the graph may take at first, KiB: a few documents. */
const ROOM = 4_000;
const DOCUMENTS = 7;
const FACTS = 200;

/** Small for the queue, large for the graph: the queue's file is not to be the one that is full. */
function wordyDocument(externalId: string): { input: DocumentInput; extracted: ExtractedDocument } {
  const facts = Array.from({ length: FACTS }, (_, index) => ({
    subject: `Person ${externalId} ${index}`,
    predicate: 'P19',
    object: `Place ${index % 7}`,
    voters: Array.from({ length: 8 }, (__, voter) => `P19-${(index * 8 + voter) % 50}`),
  }));
  const built = buildDocument({ externalId, facts, profile: `${PROFILE.name}@${PROFILE.version}` });
  const input = { externalId, text: `All about ${externalId}.` };
  return {
    input,
    extracted: { ...built, document: { ...built.document, revision: documentRevision(input) } },
  };
}

const documents = new Map(
  Array.from({ length: DOCUMENTS }, (_, index) => [`d${index}`, wordyDocument(`d${index}`)]),
);

/** A worker whose graph has little room, seen from a process that has enough. */
interface CrampedDesk {
  readonly queue: JobQueue;
  readonly store: SqliteGraphStore;
  readonly folder: string;
  readonly makeRoom: () => Promise<void>;
}

interface Cramp {
  /** KiB that a file of the worker may have. */
  readonly largestFile?: number;
  /** KiB of the file system of the graph. */
  readonly disk?: number;
}

/** @param retryDelay milliseconds before the worker's second try of a document */
function withCrampedWorker(
  { largestFile, disk }: Cramp,
  retryDelay: number,
  body: (desk: CrampedDesk) => Promise<void>,
): Promise<void> {
  return withFolder(async (folder) => {
    if (disk === undefined)
      return withDesk({ folder, retryDelay, largestFile }, (desk, worker) =>
        body({ ...desk, makeRoom: () => worker.liftLimit() }),
      );
    const mounted = await SmallDisk.mount(path.join(folder, 'graph'), disk);
    try {
      await withDesk({ folder, retryDelay }, (desk) =>
        body({ ...desk, makeRoom: () => mounted.resize(100_000) }),
      );
    } finally {
      await mounted.unmount();
    }
  });
}

async function withDesk(
  {
    folder,
    retryDelay,
    largestFile,
  }: { folder: string; retryDelay: number; largestFile?: number | undefined },
  body: (desk: Omit<CrampedDesk, 'makeRoom'>, worker: WorkerProcess) => Promise<void>,
): Promise<void> {
  const storeOptions = { file: path.join(folder, 'graph', 'graph.db'), migrationsDir: MIGRATIONS };
  const queueOptions = { file: path.join(folder, 'jobs.db'), migrationsDir: MIGRATIONS, pollInterval: 50 };
  const store = new SqliteGraphStore(storeOptions);
  const queue = new SqliteJobQueue({
    ...queueOptions,
    ...{ capacity: 1000, limits: DEFAULT_DOCUMENT_LIMITS, ingest: null },
  });
  await store.open();
  await queue.start();
  const spec: WorkerSpec = {
    store: { kind: 'sqlite', options: storeOptions },
    queue: { kind: 'embedded', options: { ...queueOptions, retryDelay } },
    profile: PROFILE,
    documents: new Map([...documents].map(([name, { extracted }]) => [name, extracted])),
  };
  const worker = await WorkerProcess.start(folder, spec, largestFile);
  try {
    await body({ queue, store, folder }, worker);
  } finally {
    await worker.kill();
    await queue.stop();
    await store.close();
  }
}

/** Whether the queue has met an error with a document. */
function hasTried(folder: string): boolean {
  const database = new Database(path.join(folder, 'jobs.db'), { readonly: true });
  try {
    const { tried } = database.prepare('SELECT count(*) AS tried FROM job_items WHERE tries > 0').get() as {
      tried: number;
    };
    return tried > 0;
  } finally {
    database.close();
  }
}

/** What is stored is stored whole. @returns number of documents */
async function expectWhole({ store, folder }: CrampedDesk): Promise<number> {
  const { items } = await store.documents({ first: 200 });
  const stored = await store.queries.extractedDocuments(items.map(({ node }) => node.id));
  for (const extracted of stored) {
    const { predictions, sentences } = extracted ?? {};
    expect([sentences?.length, predictions?.length]).toEqual([FACTS, FACTS]);
    expect(predictions?.every(({ neighbours }) => neighbours.length === 8)).toBe(true);
  }
  const database = new Database(path.join(folder, 'graph', 'graph.db'), { readonly: true });
  expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  database.close();
  return items.length;
}

const expectAll = async ({ store }: CrampedDesk) => {
  const quiet = await withSqliteStore(async (empty) => {
    for (const { extracted } of documents.values()) await empty.saveDocument(extracted);
    return dumpGraph(empty);
  });
  expect(await dumpGraph(store)).toEqual(quiet);
};

const inputs = [...documents.values()].map(({ input }) => input);

describe.each([
  ['whose files may not grow', { largestFile: ROOM }, true],
  ['on a small file system', { disk: ROOM }, MAY_MOUNT],
] as const)('a graph %s', (_, cramp, isPossible) => {
  test.skipIf(!isPossible)('lets documents wait, whole or not at all, until there is room', () =>
    withCrampedWorker(cramp, 200, async (desk) => {
      const { queue, folder } = desk;
      const { id } = await queue.submit(inputs);
      await expect.poll(() => hasTried(folder), { timeout: 60_000, interval: 50 }).toBe(true);
      const stored = await expectWhole(desk);
      expect(stored).toBeGreaterThan(0);
      expect(stored).toBeLessThan(DOCUMENTS);
      expect(await queue.job(id)).toMatchObject({ state: 'running', failed: 0 });
      await desk.makeRoom();
      expect(await queue.finished(id)).toMatchObject({ state: 'completed', done: DOCUMENTS, failed: 0 });
      await expectAll(desk);
    }),
  );

  test.skipIf(!isPossible)('gives documents up that found no room for long; they can be tried again', () =>
    withCrampedWorker(cramp, 1, async (desk) => {
      const { queue } = desk;
      const { id } = await queue.submit(inputs);
      const { state, done, failed } = await queue.finished(id);
      expect([state, done]).toEqual(['completed', DOCUMENTS]);
      expect(await expectWhole(desk)).toBe(DOCUMENTS - failed);
      const letters = await queue.deadLetters({ first: 1, filter: { jobId: id } });
      expect(await letters.totalCount()).toBe(failed);
      expect(letters).toMatchObject({
        items: [
          {
            node: {
              code: 'STORE_UNAVAILABLE',
              message: expect.stringContaining('make room on its disk'),
              retryable: true,
            },
          },
        ],
      });
      await desk.makeRoom();
      await queue.retry(id);
      expect(await queue.finished(id)).toMatchObject({ state: 'completed', done: DOCUMENTS, failed: 0 });
      await expectAll(desk);
    }),
  );
});
