import { randomBytes } from 'node:crypto';
import { DelayedError, WaitingError, Worker, type Job as QueuedItem } from 'bullmq';
import { Redis } from 'ioredis';
import { backoff, brokenOff, jobErrorOf, storeAnswersAfter, verdictOf } from '../failures.js';
import type { WorkRules } from '../queue-options.js';
import type { IngestBatch } from '../runner-options.js';
import { Batcher, GivenBackError } from './batcher.js';
import type { RedisConnection } from './connection.js';
import { itemQueueOptions, type ItemData, type ItemQueue } from './item-queue.js';
import type { JobLedger, StoredItem } from './job-ledger.js';
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
    const { job, position } = item.data;
    const state = await ledger.begin(job);
    if (state === 'paused') return this.park(item, token);
    const stored = state === 'running' ? await ledger.item(job, position) : null;
    // Finished before, or its job is cancelled or gone: there is nothing to do.
    if (!stored) return;
    if (item.stalledCounter >= maxBreaks)
      return ledger.finish(job, position, stored, brokenOff('this document', item.stalledCounter));
    const { externalId } = stored.document;
    if (!(await this.takeInHand(externalId))) return later(item, token, IN_HAND_WAIT);
    try {
      await this.work(item, token, stored);
    } finally {
      await this.parts.connection.script('free', [this.parts.keys.inHand(externalId)], [this.token]);
    }
  }

  private async work(item: QueuedItem<ItemData>, token: string, stored: StoredItem): Promise<void> {
    const { ledger, connection, keys } = this.parts;
    const { job, position } = item.data;
    const { document, order } = stored;
    const newest = await connection.run(() => connection.redis.get(keys.stored(document.externalId)));
    // A later revision is stored already.
    if (newest !== null && Number(newest) > order) return ledger.finish(job, position, stored, null);
    const renewal = setInterval(() => this.keepInHand(document.externalId), this.parts.leaseTime / 3);
    try {
      const outcome = await this.batcher.add(document, item.stalledCounter > 0);
      if (outcome.ok) {
        this.timesAway = 0;
        await ledger.finish(job, position, stored, null);
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
    if (verdict.isFinal) return this.parts.ledger.finish(item.data.job, item.data.position, stored, shown);
    if (verdict.counts) throw new Error(shown.message, { cause: error });
    this.timesAway++;
    return later(item, token, backoff(this.parts.retryDelay, Math.min(8, this.timesAway)));
  }

  /** Puts a document of a paused job aside until the job is resumed. */
  private async park(item: QueuedItem<ItemData>, token: string): Promise<void> {
    const { connection, keys, ledger, queue } = this.parts;
    const { job } = item.data;
    await connection.run(() => connection.redis.sadd(keys.parked(job), item.id ?? ''));
    await item.moveToDelayed(Date.now() + PARKED, token);
    // Resumed meanwhile: whoever resumed it may have come before there was anything to go on with.
    if ((await ledger.begin(job)) !== 'paused') await queue.unparkItems(job, [item.id ?? '']);
    throw new DelayedError();
  }

  private async takeInHand(externalId: string): Promise<boolean> {
    const { connection, keys, leaseTime } = this.parts;
    const taken = await connection.run(() =>
      connection.redis.set(keys.inHand(externalId), this.token, 'PX', leaseTime, 'NX'),
    );
    return taken === 'OK';
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
