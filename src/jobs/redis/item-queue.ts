import { Queue, type JobsOptions } from 'bullmq';
import type { JobPriority } from '../job-queue.js';
import type { RedisConnection } from './connection.js';
import type { Keys } from './keys.js';

/** What BullMQ carries of a document: where the ledger has it. */
export interface ItemData {
  readonly job: string;
  readonly position: number;
}

export const itemQueueOptions = { name: 'documents' } as const;

/** BullMQ's: lower numbers go first. */
const PRIORITIES: Readonly<Record<JobPriority, number>> = { high: 1, normal: 2, low: 3 };

/** More than any document gets: when to stop trying is decided by the worker. */
const ATTEMPTS = 1000;

/** Documents that BullMQ is told of at once. */
const PAGE = 500;

/**
 * Tells BullMQ of the documents that the ledger has accepted. The ledger's outbox says which it was not told of yet:
 * whoever was to tell may have died between the two.
 */
export class ItemQueue {
  private readonly queue: Queue<ItemData>;

  constructor(
    private readonly connection: RedisConnection,
    private readonly keys: Keys,
    onError: (error: unknown) => void,
  ) {
    this.queue = new Queue<ItemData>(itemQueueOptions.name, {
      connection: connection.redis,
      prefix: keys.prefix,
      skipWaitingForReady: true,
    });
    this.queue.on('error', onError);
  }

  /** Tells BullMQ of what one job has in its outbox. */
  async deliver(job: string): Promise<void> {
    const { redis } = this.connection;
    for (;;) {
      const page = await redis.zrange(this.keys.outbox(job), 0, PAGE - 1, 'WITHSCORES');
      const priority = ((await redis.hget(this.keys.job(job), 'priority')) ?? 'normal') as JobPriority;
      const items = pairs(page).map(([position, retry]) => ({
        name: 'document',
        data: { job, position: Number(position) },
        opts: optionsOf(`${job}-${position}-${retry}`, priority),
      }));
      // Told twice is told once: the id says which document and which retry it is.
      if (items.length > 0) await this.queue.addBulk(items);
      await this.connection.script('delivered', [this.keys.outbox(job), this.keys.outboxes], [job, ...page]);
      if (items.length < PAGE) break;
    }
  }

  /** Tells BullMQ of what others left in their outboxes. */
  async deliverAll(): Promise<void> {
    for (const job of await this.connection.redis.smembers(this.keys.outboxes)) await this.deliver(job);
  }

  /** Lets the documents go on that were put aside while their job was paused. */
  async unpark(job: string): Promise<void> {
    const { redis } = this.connection;
    const parked = this.keys.parked(job);
    for (;;) {
      const ids = await redis.srandmember(parked, PAGE);
      if (ids.length === 0) return;
      await this.unparkItems(job, ids);
    }
  }

  /** Lets some of them go on. One that a worker is about to put aside, that worker lets go on. */
  async unparkItems(job: string, ids: readonly string[]): Promise<void> {
    await Promise.all(
      ids.map(async (id) => {
        const item = await this.queue.getJob(id);
        await item?.promote().catch(() => undefined);
      }),
    );
    await this.connection.redis.srem(this.keys.parked(job), ...ids);
  }

  async close(): Promise<void> {
    await this.queue.close();
  }
}

function optionsOf(jobId: string, priority: JobPriority): JobsOptions {
  return {
    jobId,
    priority: PRIORITIES[priority],
    attempts: ATTEMPTS,
    backoff: { type: 'custom' },
    removeOnComplete: true,
    removeOnFail: true,
  };
}

function pairs(flat: readonly string[]): (readonly [string, string])[] {
  return Array.from({ length: flat.length / 2 }, (_, index) => [
    flat[2 * index] ?? '',
    flat[2 * index + 1] ?? '',
  ]);
}
