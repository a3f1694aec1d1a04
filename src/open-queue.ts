import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import { NeighborKbError } from './domain/errors.js';
import type { DocumentIngester } from './jobs/document-ingester.js';
import { JobBoard } from './jobs/job-board.js';
import type { JobQueue, TaskQueue } from './jobs/job-queue.js';
import type { RedisJobQueue, RedisJobQueueOptions } from './jobs/redis/redis-job-queue.js';
import { SqliteJobQueue } from './jobs/sqlite-job-queue.js';
import { TaskRegistry, type AnyTaskHandler } from './jobs/tasks.js';
import type { GraphStore } from './store/graph-store.js';

/** What work needs. */
export interface Workshop {
  readonly ingester: DocumentIngester;
  readonly store: GraphStore;
  readonly tasks: readonly AnyTaskHandler[];
}

export interface QueueParts {
  readonly logger: Logger;
  /** Null: this process looks after jobs and works on none. */
  readonly workshop: Workshop | null;
}

/**
 * Makes the queue of documents and tasks that the configuration names; it is not started.
 * @throws NeighborKbError INVALID_ARGUMENT for a queue of many machines over a store of one
 */
export async function makeQueue(config: Config, parts: QueueParts): Promise<JobQueue & TaskQueue> {
  const embedded = makeEmbeddedQueue(config, parts);
  return config.queue === 'embedded' ? embedded : new JobBoard(await makeRedisQueue(config, parts), embedded);
}

/** The queue in the data folder. */
function makeEmbeddedQueue(config: Config, parts: QueueParts): SqliteJobQueue {
  return new SqliteJobQueue({
    ...commonOptions(config, parts),
    file: queueFile(config),
    migrationsDir: config.migrationsDir,
    tasks: new TaskRegistry(parts.workshop?.tasks),
    logger: parts.logger,
  });
}

/** The queue of documents in Redis; tasks stay on the machine that took them. @throws INVALID_ARGUMENT */
export async function makeRedisQueue(config: Config, parts: QueueParts): Promise<RedisJobQueue> {
  if (parts.workshop) await requireSharedStore(parts.workshop.store);
  // Loaded where it is needed, like every client of a server.
  const { RedisJobQueue } = await import('./jobs/redis/redis-job-queue.js');
  return new RedisJobQueue({
    ...commonOptions(config, parts),
    url: config.queue,
    durability: config.queueDurability,
    onWarning: (message) => parts.logger.warn(message),
  });
}

function commonOptions(config: Config, { workshop, logger }: QueueParts) {
  return {
    capacity: config.maxQueuedDocuments,
    limits: { maxTextLength: config.maxTextLength },
    ingest: workshop && ((documents, onOutcome) => workshop.ingester.ingest(documents, onOutcome)),
    storeAnswers: async () =>
      workshop === null ||
      workshop.store.health().then(
        () => true,
        () => false,
      ),
    keepDays: config.keepJobDays,
    keepJobs: config.keepJobs,
    onError: (error, isFinal = false) => {
      const next = isFinal ? 'is not tried again by itself' : 'will be tried again';
      logger.error({ err: error }, `work of a job broke off and ${next}`);
    },
  } satisfies Partial<RedisJobQueueOptions>;
}

/** The file of the embedded queue. */
export function queueFile(config: Pick<Config, 'dataDir'>): string {
  return join(config.dataDir, 'jobs.db');
}

/** One SQLite file over several machines would be corrupted: file locks do not reach over networks. */
async function requireSharedStore(store: GraphStore): Promise<void> {
  // A store that does not answer is no file.
  const adapter = await store.health().then(
    (health) => health.adapter,
    () => null,
  );
  if (adapter === 'sqlite')
    throw new NeighborKbError(
      'INVALID_ARGUMENT',
      'a queue in Redis deals documents out to many machines, and all must write to one Neo4j: set ' +
        'NEIGHBORKB_STORE=neo4j://host:7687, or leave NEIGHBORKB_QUEUE at embedded for a SQLite store',
      ['queue'],
    );
}
