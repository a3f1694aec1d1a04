import { EventEmitter } from 'node:events';
import { Redis } from 'ioredis';
import { NeighborKbError } from '../../domain/errors.js';
import type { DocumentInput } from '../../domain/model.js';
import type { Page } from '../../store/graph-store.js';
import { changeOf, finalOf, JobFollower, orFinalState, type JobHistory } from '../job-follower.js';
import type { DeadLetter, DeadLetterQuery, Job, JobQuery, JobQueue, SubmitOptions } from '../job-queue.js';
import { retentionOf, workRules, type QueueOptions } from '../queue-options.js';
import { noDocuments, nothingToRetry, stillThere } from '../refusals.js';
import { PRUNE_INTERVAL } from '../retention.js';
import { DEFAULT_RUNNER_OPTIONS } from '../runner-options.js';
import { sift } from '../sift.js';
import { placeOf, RedisConnection, type Durability } from './connection.js';
import { DocumentWorker, type DocumentWorkerParts } from './document-worker.js';
import { ItemQueue } from './item-queue.js';
import { JobLedger } from './job-ledger.js';
import { JobReader } from './job-reader.js';
import { Keys } from './keys.js';
import { prune } from './pruning.js';

export interface RedisJobQueueOptions extends QueueOptions {
  /** `redis://user:password@host:6379/0` */
  readonly url: string;
  /** Keeps several knowledge bases on one Redis apart; in braces. */
  readonly prefix?: string;
  readonly durability?: Durability;
  readonly onWarning?: (message: string) => void;
}

/** Milliseconds between looks for documents that were accepted and not delivered. */
const DELIVERY_INTERVAL = 5000;

/** The queue of many machines: jobs in Redis, documents dealt out by BullMQ. */
export class RedisJobQueue implements JobQueue, JobHistory {
  readonly events = new EventEmitter().setMaxListeners(0);
  readonly pollInterval: number;
  private opened: Opened | null = null;

  constructor(private readonly options: RedisJobQueueOptions) {
    this.pollInterval = options.pollInterval ?? DEFAULT_RUNNER_OPTIONS.pollInterval;
  }

  async start(): Promise<void> {
    if (this.opened) return;
    const { url, prefix, durability = 'required', capacity, onWarning = () => undefined } = this.options;
    const connection = await RedisConnection.open(url, durability, onWarning);
    const keys = new Keys(prefix);
    const ledger = new JobLedger(connection, keys, capacity);
    const items = new ItemQueue(connection, keys, this.onError);
    const worker = this.worker({ connection, keys, ledger, queue: items });
    const reader = new JobReader(connection, keys);
    const timers = [
      setInterval(() => void items.deliverAll().catch(this.onError), DELIVERY_INTERVAL).unref(),
      setInterval(() => void this.prune().catch(this.onError), PRUNE_INTERVAL).unref(),
    ];
    this.opened = {
      connection,
      keys,
      ledger,
      items,
      reader,
      worker,
      timers,
      news: this.listen(connection, keys),
    };
    await items.deliverAll();
    await this.prune();
    worker?.start();
  }

  async stop(): Promise<void> {
    const { opened } = this;
    if (!opened) return;
    for (const timer of opened.timers) clearInterval(timer);
    await opened.worker?.stop();
    this.opened = null;
    this.events.emit('end');
    opened.news.disconnect();
    await opened.items.close();
    opened.connection.close();
  }

  async submit(documents: readonly DocumentInput[], options: SubmitOptions = {}): Promise<Job> {
    const { priority = 'normal', open = false } = options;
    if (documents.length === 0 && !open) throw noDocuments();
    const id = await this.running.ledger.create(sift(documents, this.options.limits), priority, open);
    return this.accepted(id);
  }

  async append(id: string, documents: readonly DocumentInput[]): Promise<Job> {
    if (documents.length === 0) throw noDocuments();
    await this.running.ledger.append(id, sift(documents, this.options.limits));
    return this.accepted(id);
  }

  async seal(id: string): Promise<Job> {
    await this.running.ledger.steer(id, 'seal');
    return this.present(id);
  }

  async pause(id: string): Promise<Job> {
    await this.running.ledger.steer(id, 'pause');
    return this.present(id);
  }

  async resume(id: string): Promise<Job> {
    const { ledger, items } = this.running;
    await ledger.steer(id, 'resume');
    // Should this fail, the documents go on by themselves a minute later.
    await items.unpark(id).catch(this.onError);
    return this.present(id);
  }

  async cancel(id: string): Promise<Job> {
    await this.running.ledger.steer(id, 'cancel');
    return this.present(id);
  }

  async retry(id: string, positions?: readonly number[]): Promise<Job> {
    const { ledger, reader } = this.running;
    const chosen = positions ?? (await reader.letterPositions(id));
    if (chosen.length === 0 && (await this.job(id))) throw nothingToRetry(id);
    await ledger.retry(id, chosen);
    return this.accepted(id);
  }

  job(id: string): Promise<Job | null> {
    return this.running.reader.job(id);
  }

  jobs(query: JobQuery): Promise<Page<Job>> {
    return this.running.reader.jobs(query);
  }

  deadLetters(query: DeadLetterQuery): Promise<Page<DeadLetter>> {
    return this.running.reader.deadLetters(query);
  }

  deadLetterDocument(jobId: string, position: number): Promise<DocumentInput | null> {
    return this.running.reader.deadLetterDocument(jobId, position);
  }

  follow(id: string, afterSequence = 0): AsyncIterableIterator<Job> {
    return new JobFollower(this, id, afterSequence);
  }

  async finished(id: string): Promise<Job> {
    return finalOf(this, id);
  }

  async changesAfter(id: string, sequence: number): Promise<readonly Job[]> {
    return orFinalState(await this.running.reader.changesAfter(id, sequence), this, id, sequence);
  }

  /** The documents are stored; should they not be delivered now, whoever looks next delivers them. */
  private async accepted(id: string): Promise<Job> {
    await this.running.items.deliver(id).catch(this.onError);
    return this.present(id);
  }

  private async present(id: string): Promise<Job> {
    return stillThere(id, await this.job(id));
  }

  private worker(
    parts: Pick<DocumentWorkerParts, 'connection' | 'keys' | 'ledger' | 'queue'>,
  ): DocumentWorker | null {
    const { ingest } = this.options;
    return ingest && new DocumentWorker({ ...workRules(this.options), ...parts, ingest });
  }

  /** Hears of changes that any process makes. What is missed while Redis is away the followers see by looking. */
  private listen({ url }: RedisConnection, keys: Keys): Redis {
    const news = new Redis(url, { maxRetriesPerRequest: null });
    news.on('error', this.onError);
    news.on('message', (_channel: string, id: string) => this.events.emit(changeOf(id)));
    news.subscribe(keys.news).catch(this.onError);
    return news;
  }

  private async prune(): Promise<void> {
    const { connection, keys } = this.running;
    await prune(connection, keys, retentionOf(this.options));
  }

  private readonly onError = (error: unknown): void => this.options.onError?.(error);

  private get running(): Opened {
    if (!this.opened)
      throw new NeighborKbError(
        'QUEUE_UNAVAILABLE',
        `the job queue ${placeOf(this.options.url)} is not started`,
      );
    return this.opened;
  }
}

interface Opened {
  readonly connection: RedisConnection;
  readonly keys: Keys;
  readonly ledger: JobLedger;
  readonly items: ItemQueue;
  readonly reader: JobReader;
  readonly worker: DocumentWorker | null;
  readonly news: Redis;
  readonly timers: readonly NodeJS.Timeout[];
}
