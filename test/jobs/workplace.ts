import path from 'node:path';
import { DEFAULT_DOCUMENT_LIMITS } from '../../src/extraction/document-input.js';
import { DocumentIngester } from '../../src/jobs/document-ingester.js';
import { Ingestion } from '../../src/jobs/ingest.js';
import type { JobHistory } from '../../src/jobs/job-follower.js';
import type { JobQueue } from '../../src/jobs/job-queue.js';
import type { ErrorListener } from '../../src/jobs/queue-options.js';
import type { Retention } from '../../src/jobs/retention.js';
import type { IngestBatch, RunnerOptions } from '../../src/jobs/runner-options.js';
import { SqliteJobQueue, type SqliteJobQueueOptions } from '../../src/jobs/sqlite-job-queue.js';
import { SqliteGraphStore } from '../../src/store/sqlite/sqlite-graph-store.js';
import { MIGRATIONS, withFolder } from '../store/temporary.js';
import { PROFILE, TinyExtractor } from './tiny-extractor.js';

/** What the contract may ask of any queue. */
export interface QueueOptions extends Partial<RunnerOptions>, Partial<Retention> {
  readonly capacity?: number;
  readonly ingest?: IngestBatch | null;
  readonly storeAnswers?: () => Promise<boolean>;
}

export type TestQueue = JobQueue & Pick<JobHistory, 'events'>;

/** Makes a queue that is not started; queues of one folder share their jobs. */
export type QueueMaker = (
  folder: string,
  options: Required<Pick<QueueOptions, 'capacity' | 'ingest'>> &
    QueueOptions & { readonly onError: ErrorListener },
) => TestQueue;

export interface Workplace<Queue extends TestQueue = TestQueue> {
  readonly folder: string;
  readonly store: SqliteGraphStore;
  readonly extractor: TinyExtractor;
  readonly ingester: DocumentIngester;
  readonly queue: Queue;
  readonly ingestion: Ingestion;
  /** Errors that the queue reported. */
  readonly errors: unknown[];
  /** Of each of them whether it said that the work has failed. */
  readonly finals: boolean[];
  /** Another queue with the same jobs, as after a restart or in another process. */
  restarted(options?: QueueOptions): Queue;
}

/** Runs a body with a real store and a queue of the kind in question, which is not yet started. */
export type WithJobs = (
  body: (workplace: Workplace) => Promise<void>,
  options?: QueueOptions,
) => Promise<void>;

/** Runs `body` with a real store and a real embedded queue, which is not yet started. */
export function withWorkplace(
  body: (workplace: Workplace<SqliteJobQueue>) => Promise<void>,
  options: Partial<SqliteJobQueueOptions> = {},
): Promise<void> {
  return withQueue((folder, given) => embeddedQueue(folder, { ...given, ...options }), body);
}

export function embeddedQueue(
  folder: string,
  options: Parameters<QueueMaker>[1] & Partial<SqliteJobQueueOptions>,
): SqliteJobQueue {
  return new SqliteJobQueue({
    file: path.join(folder, 'jobs.db'),
    migrationsDir: MIGRATIONS,
    limits: DEFAULT_DOCUMENT_LIMITS,
    ...options,
  });
}

/** Runs `body` with a real store and a queue, which is not yet started. */
export async function withQueue<Queue extends TestQueue>(
  make: (folder: string, options: Parameters<QueueMaker>[1]) => Queue,
  body: (workplace: Workplace<Queue>) => Promise<void>,
  options: QueueOptions = {},
): Promise<void> {
  await withFolder(async (folder) => {
    const store = new SqliteGraphStore({ file: path.join(folder, 'graph.db'), migrationsDir: MIGRATIONS });
    await store.open();
    const extractor = new TinyExtractor();
    const limits = DEFAULT_DOCUMENT_LIMITS;
    const ingester = new DocumentIngester({ store, extractor, profile: PROFILE, limits });
    const errors: unknown[] = [];
    const finals: boolean[] = [];
    const queues: Queue[] = [];
    const restarted = (changed: QueueOptions = {}) => {
      const queue = make(folder, {
        capacity: 100,
        retryDelay: 1,
        pollInterval: 100,
        ingest: (documents, onOutcome) => ingester.ingest(documents, onOutcome),
        onError: (error, isFinal = false) => {
          errors.push(error);
          finals.push(isFinal);
        },
        ...options,
        ...changed,
      });
      queues.push(queue);
      return queue;
    };
    const queue = restarted();
    const ingestion = new Ingestion(ingester, queue, store);
    try {
      await body({ folder, store, extractor, ingester, queue, ingestion, errors, finals, restarted });
    } finally {
      for (const started of queues) await started.stop();
      await store.close();
    }
  });
}
