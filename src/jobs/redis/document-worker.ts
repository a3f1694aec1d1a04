import { randomUUID } from 'node:crypto';
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

/** A document that this worker has in hand. */
interface Run {
  readonly item: QueuedItem<ItemData>;
  /** BullMQ's. */
  readonly token: string;
  readonly stored: StoredItem;
  /** Says that its externalId is in this run's hand, and in no other's of this worker either. */
  readonly hand: string;
}

/** What went wrong with a document. */
interface Failure {
  readonly error: unknown;
  /** The ingester's word on this document, which its dead letter has; else the log has to say it. */
  readonly isForeseen: boolean;
}

/** Works on the documents that BullMQ deals out: as many as make two batches, one in hand and one that gathers. */
export class DocumentWorker {
  private readonly batcher: Batcher;
  private readonly redis: Redis;
  /** Documents of one batch end together, and are noted together. */
  private readonly finishing = new DataLoader<FinishedItem, null>(
    async (finished) => {
      await this.parts.ledger.finish(finished);
      return finished.map(() => null);
    },
    { cache: false },
  );
  private worker: Worker<ItemData> | null = null;
  /** Times in a row that the store was asked for and away. */
  private timesAway = 0;
  /** Milliseconds since 1970: when it is asked for again. */
  private awayUntil = 0;

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
    const away = this.awayUntil - Date.now();
    if (away > 0) return later(item, token, away);
    try {
      await this.begin(item, token);
    } catch (error) {
      if (!isQueueError(error)) throw error;
      // No fault of the document: BullMQ would count a try.
      this.parts.onError(error);
      return later(item, token, this.parts.retryDelay);
    }
  }

  private async begin(item: QueuedItem<ItemData>, token: string): Promise<void> {
    const { ledger, maxBreaks, connection, keys } = this.parts;
    const { state, item: stored } = await ledger.begin(item.data.job, item.data.position);
    if (state === 'paused') return this.park(item, token);
    // Finished before, or its job is cancelled or gone: there is nothing to do.
    if (!stored) return;
    const run: Run = { item, token, stored, hand: randomUUID() };
    if (item.stalledCounter >= maxBreaks)
      return this.finish(run, brokenOff('this document', item.stalledCounter));
    const { isTaken, newest } = await this.takeInHand(run);
    if (!isTaken) return later(item, token, IN_HAND_WAIT);
    try {
      // A later revision may be stored already.
      if (newest > stored.order) await this.finish(run, null);
      else await this.work(run);
    } catch (error) {
      await connection.script('free', [keys.inHand(stored.document.externalId)], [run.hand]);
      throw error;
    }
  }

  private async work(run: Run): Promise<void> {
    const failure = await this.ingest(run);
    if (failure) return this.failed(run, failure);
    this.timesAway = 0;
    this.awayUntil = 0;
    await this.finish(run, null);
  }

  /** @returns null: it is stored */
  private async ingest({ item, token, stored: { document }, hand }: Run): Promise<Failure | null> {
    const renewal = setInterval(() => this.keepInHand(document.externalId, hand), this.parts.leaseTime / 3);
    try {
      const outcome = await this.batcher.add(document, item.stalledCounter > 0);
      return outcome.ok ? null : { error: outcome.error, isForeseen: true };
    } catch (error) {
      if (error instanceof GivenBackError) {
        await item.moveToWait(token);
        throw new WaitingError();
      }
      return { error, isForeseen: false };
    } finally {
      clearInterval(renewal);
    }
  }

  /** A dead letter, or another try: BullMQ counts and delays those that it sees fail. */
  private async failed(run: Run, { error, isForeseen }: Failure): Promise<void> {
    const { item, token } = run;
    const shown = jobErrorOf(error, 'the document');
    const storeAnswers = await storeAnswersAfter([shown], this.parts.storeAnswers);
    const verdict = verdictOf(shown, item.attemptsMade, this.parts, storeAnswers);
    if (!isForeseen) this.parts.onError(error, verdict.isFinal);
    if (verdict.isFinal) return this.finish(run, shown);
    if (verdict.counts) throw new Error(shown.message, { cause: error });
    return later(item, token, this.waitForStore());
  }

  /** The store is away: documents that find it so together count once. @returns milliseconds to wait */
  private waitForStore(): number {
    const now = Date.now();
    if (now >= this.awayUntil)
      this.awayUntil = now + backoff(this.parts.retryDelay, Math.min(8, ++this.timesAway));
    return this.awayUntil - now;
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
  private async finish({ item, stored, hand }: Run, failure: JobError | null): Promise<void> {
    const { job, position } = item.data;
    await this.finishing.load({ job, position, item: stored, hand, failure });
  }

  /** @returns whether it was free, and the order of its newest revision that is stored */
  private async takeInHand({ stored, hand }: Run): Promise<{ isTaken: boolean; newest: number }> {
    const { connection, keys, leaseTime } = this.parts;
    const { redis } = connection;
    const { externalId } = stored.document;
    const [taken, newest] = await connection.run(() =>
      Promise.all([
        redis.set(keys.inHand(externalId), hand, 'PX', leaseTime, 'NX'),
        redis.get(keys.stored(externalId)),
      ]),
    );
    return { isTaken: taken === 'OK', newest: Number(newest ?? 0) };
  }

  private keepInHand(externalId: string, hand: string): void {
    const { connection, keys, leaseTime, onError } = this.parts;
    connection.script('keep', [keys.inHand(externalId)], [hand, leaseTime]).catch(onError);
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
