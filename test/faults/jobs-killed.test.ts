import path from 'node:path';
import Database from 'libsql';
import { expect, test } from 'vitest';
import { DEFAULT_DOCUMENT_LIMITS } from '../../src/extraction/document-input.js';
import { SqliteJobQueue } from '../../src/jobs/sqlite-job-queue.js';
import { SqliteGraphStore } from '../../src/store/sqlite/sqlite-graph-store.js';
import { PROFILE } from '../jobs/tiny-extractor.js';
import { MIGRATIONS, withFolder } from '../store/temporary.js';
import { documentsOfRounds, extractionsOf, ROUNDS, surviveKills } from './job-rounds.js';
import { WorkerProcess } from './job-worker.js';

test(
  'workers killed at random moments lose no document and leave none half: SQLite and the embedded queue',
  () =>
    withFolder(async (folder) => {
      const storeOptions = { file: path.join(folder, 'graph.db'), migrationsDir: MIGRATIONS };
      const queueOptions = {
        file: path.join(folder, 'jobs.db'),
        migrationsDir: MIGRATIONS,
        pollInterval: 100,
      };
      const documents = documentsOfRounds();
      const store = new SqliteGraphStore(storeOptions);
      await store.open();
      const queue = new SqliteJobQueue({
        ...queueOptions,
        ...{ capacity: 10_000, limits: DEFAULT_DOCUMENT_LIMITS, ingest: null },
      });
      await queue.start();
      try {
        await surviveKills({
          ...{ documents, queue, store, longestLife: 600 },
          startWorker: () =>
            WorkerProcess.start(folder, {
              store: { kind: 'sqlite', options: storeOptions },
              // That the process dies is no document's fault here.
              queue: {
                kind: 'embedded',
                options: { ...queueOptions, batchDocuments: 4, maxBreaks: ROUNDS + 1 },
              },
              profile: PROFILE,
              documents: extractionsOf(documents),
            }),
        });
      } finally {
        await queue.stop();
        await store.close();
      }
      for (const file of [storeOptions.file, queueOptions.file]) {
        const database = new Database(file);
        expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
        expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
        database.close();
      }
    }),
  60_000 + ROUNDS * 20_000,
);
