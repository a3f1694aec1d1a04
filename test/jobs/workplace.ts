import path from 'node:path';
import { DEFAULT_DOCUMENT_LIMITS } from '../../src/extraction/document-input.js';
import { DocumentIngester } from '../../src/jobs/document-ingester.js';
import { Ingestion } from '../../src/jobs/ingest.js';
import { SqliteJobQueue, type SqliteJobQueueOptions } from '../../src/jobs/sqlite-job-queue.js';
import { SqliteGraphStore } from '../../src/store/sqlite/sqlite-graph-store.js';
import { MIGRATIONS, withFolder } from '../store/temporary.js';
import { PROFILE, TinyExtractor } from './tiny-extractor.js';

export interface Workplace {
  readonly store: SqliteGraphStore;
  readonly extractor: TinyExtractor;
  readonly ingester: DocumentIngester;
  readonly queue: SqliteJobQueue;
  readonly ingestion: Ingestion;
  /** Errors that the queue reported. */
  readonly errors: unknown[];
  /** Another queue on the same file, as after a restart. */
  restarted(options?: Partial<SqliteJobQueueOptions>): SqliteJobQueue;
}

/** Runs `body` with a real store and a real queue, which is not yet started. */
export async function withWorkplace(
  body: (workplace: Workplace) => Promise<void>,
  options: Partial<SqliteJobQueueOptions> = {},
): Promise<void> {
  await withFolder(async (folder) => {
    const store = new SqliteGraphStore({ file: path.join(folder, 'graph.db'), migrationsDir: MIGRATIONS });
    await store.open();
    const extractor = new TinyExtractor();
    const limits = DEFAULT_DOCUMENT_LIMITS;
    const ingester = new DocumentIngester({ store, extractor, profile: PROFILE, limits });
    const errors: unknown[] = [];
    const queues: SqliteJobQueue[] = [];
    const restarted = (changed: Partial<SqliteJobQueueOptions> = {}) => {
      const queue = new SqliteJobQueue({
        file: path.join(folder, 'jobs.db'),
        migrationsDir: MIGRATIONS,
        capacity: 100,
        limits,
        retryDelay: 1,
        ingest: (documents) => ingester.ingest(documents),
        onError: (error) => errors.push(error),
        ...options,
        ...changed,
      });
      queues.push(queue);
      return queue;
    };
    const queue = restarted();
    const ingestion = new Ingestion(ingester, queue, store);
    try {
      await body({ store, extractor, ingester, queue, ingestion, errors, restarted });
    } finally {
      for (const started of queues) await started.stop();
      await store.close();
    }
  });
}
