import { randomBytes } from 'node:crypto';
import { DelayedError, WaitingError, Worker, type Job as QueuedItem } from 'bullmq';
import DataLoader from 'dataloader';
import { Redis } from 'ioredis';
import type { JobError } from '../job-queue.js';
import { backoff, brokenOff, jobErrorOf, storeAnswersAfter, verdictOf } from '../failures.js';
import type { WorkRules } from '../queue-options.js';
import type { IngestBatch } from '../runner-options.js';
import { Batcher, GivenBackError } from './batcher.js';
import type { RedisConnection } from './connection.js';
import { itemQueueOptions, type ItemData, type ItemQueue } from './item-queue.js';
import type { FinishedItem, JobLedger, StoredItem } from './job-ledger.js';
import type { Keys } from './keys.js';

export interface DocumentWorkerParts extends WorkRules {
  readonly connection: RedisConnection;
  readonly keys: Keys;
  readonly ledger: JobLedger;
  readonly queue: ItemQueue;
  readonly ingest: IngestBatch;
}

/** Milliseconds before a document is looked at again whose externalId another worker has in hand. */
const IN_HAND_WAIT = 200;

/** Works on the documents that BullMQ deals out: as many as make two batches, one in hand and one that gathers. */
export class DocumentWorker {
  private readonly token = randomBytes(9).toString('base64url');
  private readonly batcher: Batcher;
  private readonly redis: Redis;
  /** Documents of one batch end together, and are noted together. */
  private readonly finishing = new DataLoader<FinishedItem, null>(
    async (finished) => {
      await this.parts.ledger.finish(finished, this.token);
      return finished.map(() => null);
    },
    { cache: false },
  );
  private worker: Worker<ItemData> | null = null;
  /** Documents in a row that found the store away. */
  private timesAway = 0;

  constructor(private readonly parts: DocumentWorkerParts) {
    const { batchDocuments: documents, batchUnits: units, ingest, connection, onError } = parts;
    this.batcher = new Batcher(ingest, { documents, units });
    // BullMQ waits for Redis to come back however long it takes.
    this.redis = new Redis(connection.url, {
      lazyConnect: true,
      maxRetriesPerRequest: null,
      enableAutoPipelining: true,
      retryStrategy: (times) => Math.min(50 * 2 ** times, 2000),
    });
    this.redis.on('error', onError);
  }

  start(): void {
    const { batchDocuments, leaseTime, retryDelay, keys, onError } = this.parts;
    this.worker = new Worker<ItemData>(
      itemQueueOptions.name,
      (item, token) => this.process(item, token ?? ''),
      {
        connection: this.redis,
        prefix: keys.prefix,
        concurrency: 2 * batchDocuments,
        lockDuration: leaseTime,
        stalledInterval: leaseTime,
        // How often is too often is decided here, where it becomes a dead letter.
        maxStalledCount: Number.MAX_SAFE_INTEGER,
        settings: { backoffStrategy: (attempts) => backoff(retryDelay, attempts) },
        runRetryDelay: 500,
      },
    );
    this.worker.on('error', onError);
  }

  /** Finishes the batch in hand and gives back what waits for the next one. */
  async stop(): Promise<void> {
    const closing = this.worker?.close();
    await this.batcher.close();
    await closing;
    this.redis.disconnect();
  }

  private async process(item: QueuedItem<ItemData>, token: string): Promise<void> {
    const { ledger, maxBreaks } = this.parts;
    const { state, item: stored } = await ledger.begin(item.data.job, item.data.position);
    if (state === 'paused') return this.park(item, token);
    // Finished before, or its job is cancelled or gone: there is nothing to do.
    if (!stored) return;
    if (item.stalledCounter >= maxBreaks)
      return this.finish(item, stored, brokenOff('this document', item.stalledCounter));
    const { externalId } = stored.document;
    const { isTaken, newest } = await this.takeInHand(externalId);
    if (!isTaken) return later(item, token, IN_HAND_WAIT);
    try {
      // A later revision may be stored already.
      if (newest > stored.order) await this.finish(item, stored, null);
      else await this.work(item, token, stored);
    } catch (error) {
      await this.parts.connection.script('free', [this.parts.keys.inHand(externalId)], [this.token]);
      throw error;
    }
  }

  private async work(item: QueuedItem<ItemData>, token: string, stored: StoredItem): Promise<void> {
    const { document } = stored;
    const renewal = setInterval(() => this.keepInHand(document.externalId), this.parts.leaseTime / 3);
    try {
      const outcome = await this.batcher.add(document, item.stalledCounter > 0);
      if (outcome.ok) {
        this.timesAway = 0;
        await this.finish(item, stored, null);
      } else await this.failed(item, token, stored, outcome.error);
    } catch (error) {
      if (error instanceof DelayedError || error instanceof WaitingError) throw error;
      if (error instanceof GivenBackError) {
        await item.moveToWait(token);
        throw new WaitingError();
      }
      if (isQueueError(error)) throw error;
      this.parts.onError(error);
      await this.failed(item, token, stored, error);
    } finally {
      clearInterval(renewal);
    }
  }

  /** A dead letter, or another try: BullMQ counts and delays those that it sees fail. */
  private async failed(
    item: QueuedItem<ItemData>,
    token: string,
    stored: StoredItem,
    error: unknown,
  ): Promise<void> {
    const shown = jobErrorOf(error, 'the document');
    const storeAnswers = await storeAnswersAfter([shown], this.parts.storeAnswers);
    const verdict = verdictOf(shown, item.attemptsMade, this.parts, storeAnswers);
    if (verdict.isFinal) return this.finish(item, stored, shown);
    if (verdict.counts) throw new Error(shown.message, { cause: error });
    this.timesAway++;
    return later(item, token, backoff(this.parts.retryDelay, Math.min(8, this.timesAway)));
  }

  /** Puts a document of a paused job aside until the job is resumed. */
  private async park(item: QueuedItem<ItemData>, token: string): Promise<void> {
    const { connection, keys, ledger, queue } = this.parts;
    const { job, position } = item.data;
    await connection.run(() => connection.redis.sadd(keys.parked(job), item.id ?? ''));
    await item.moveToDelayed(Date.now() + PARKED, token);
    // Resumed meanwhile: whoever resumed it may have come before there was anything to go on with.
    if ((await ledger.begin(job, position)).state !== 'paused') await queue.unparkItems(job, [item.id ?? '']);
    throw new DelayedError();
  }

  /** Notes that a document needs no more work, and frees its externalId. */
  private async finish(
    { data: { job, position } }: QueuedItem<ItemData>,
    item: StoredItem,
    failure: JobError | null,
  ): Promise<void> {
    await this.finishing.load({ job, position, item, failure });
  }

  /** @returns whether it was free, and the order of its newest revision that is stored */
  private async takeInHand(externalId: string): Promise<{ isTaken: boolean; newest: number }> {
    const { connection, keys, leaseTime } = this.parts;
    const { redis } = connection;
    const [taken, newest] = await connection.run(() =>
      Promise.all([
        redis.set(keys.inHand(externalId), this.token, 'PX', leaseTime, 'NX'),
        redis.get(keys.stored(externalId)),
      ]),
    );
    return { isTaken: taken === 'OK', newest: Number(newest ?? 0) };
  }

  private keepInHand(externalId: string): void {
    const { connection, keys, leaseTime, onError } = this.parts;
    connection.run(() => connection.redis.pexpire(keys.inHand(externalId), leaseTime)).catch(onError);
  }
}

/** Milliseconds after which a parked document is looked at again, should whoever resumed its job have missed it. */
const PARKED = 60_000;

async function later(item: QueuedItem<ItemData>, token: string, wait: number): Promise<never> {
  await item.moveToDelayed(Date.now() + wait, token);
  throw new DelayedError();
}

function isQueueError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'QUEUE_UNAVAILABLE';
}
