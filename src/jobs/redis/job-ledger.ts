import { randomBytes } from 'node:crypto';
import { groupBy } from '../../domain/arrays.js';
import type { DocumentInput } from '../../domain/model.js';
import type { JobError, JobPriority, JobState } from '../job-queue.js';
import { conflict, isOver, noSuchJob, nothingToRetry, notOpen, queueFull } from '../refusals.js';
import type { SiftedDocuments } from '../sift.js';
import type { RedisConnection } from './connection.js';
import type { Keys } from './keys.js';

/** A document as it waits in Redis. */
export interface StoredItem {
  /** Greater than that of every document that was accepted before. */
  readonly order: number;
  readonly document: DocumentInput;
}

/** What becomes of a document when a worker begins with it. */
export interface Begun {
  /** Of its job; null if that is gone. */
  readonly state: JobState | null;
  /** Null if the job does not run, or the document is finished or dropped. */
  readonly item: StoredItem | null;
}

/** A document that needs no more work. */
export interface FinishedItem {
  readonly job: string;
  readonly position: number;
  readonly item: StoredItem;
  /** Holds its externalId, if this value is what is there. */
  readonly hand: string;
  /** Null: it is stored. */
  readonly failure: JobError | null;
}

/** Why a document failed, as it is stored. */
export interface StoredFailure extends JobError {
  readonly externalId: string;
  /** Milliseconds since 1970. */
  readonly failedAt: number;
}

/** What clients and workers do to the jobs in Redis; each call one script. */
export class JobLedger {
  constructor(
    private readonly connection: RedisConnection,
    private readonly keys: Keys,
    private readonly capacity: number,
  ) {}

  /** @returns the new job's id. @throws NeighborKbError QUEUE_FULL, QUEUE_UNAVAILABLE */
  async create(documents: SiftedDocuments, priority: JobPriority, open: boolean): Promise<string> {
    const id = `job_${randomBytes(15).toString('base64url')}`;
    await this.accept(id, documents, { isNew: true, priority, open });
    return id;
  }

  /** @throws NeighborKbError NOT_FOUND, CONFLICT, QUEUE_FULL, QUEUE_UNAVAILABLE */
  async append(id: string, documents: SiftedDocuments): Promise<void> {
    await this.accept(id, documents, { isNew: false, priority: 'normal', open: true });
  }

  async steer(id: string, what: 'seal' | 'pause' | 'resume' | 'cancel'): Promise<void> {
    const { waiting, news, ended, outboxes } = this.keys;
    const answer = await this.connection.script(
      'steer',
      [...this.keys.ofJob(id), waiting, news, ended, outboxes],
      [id, Date.now(), what],
    );
    if (answer === 'none') throw noSuchJob(id);
    if (answer !== 'ok') throw isOver(id, answer as JobState);
  }

  /** @throws NeighborKbError NOT_FOUND, CONFLICT */
  async retry(id: string, positions: readonly number[]): Promise<void> {
    const { waiting, news, ended, outboxes } = this.keys;
    const answer = await this.connection.script(
      'retry',
      [...this.keys.ofJob(id), waiting, news, ended, outboxes],
      [id, Date.now(), ...positions],
    );
    if (answer === -1) throw noSuchJob(id);
    if (answer === 0) throw nothingToRetry(id);
  }

  /** Work on a document begins. */
  async begin(id: string, position: number): Promise<Begun> {
    const answer = await this.connection.script(
      'begin',
      [...this.keys.ofJob(id), this.keys.news, this.keys.ended],
      [id, Date.now(), position],
    );
    const [state, text] = answer as [JobState | null, (string | null)?];
    return { state, item: text ? parseItem(text) : null };
  }

  /** Finishes documents, each once, and frees their externalIds where their own hands hold them. */
  async finish(finished: readonly FinishedItem[]): Promise<void> {
    await Promise.all(
      [...groupBy(finished, ({ job }) => job)].map(([job, items]) => this.finishOf(job, items)),
    );
  }

  private async finishOf(job: string, finished: readonly FinishedItem[]): Promise<void> {
    const { waiting, news, ended } = this.keys;
    const now = Date.now();
    const keys = finished.flatMap(({ item: { document } }) => [
      this.keys.stored(document.externalId),
      this.keys.inHand(document.externalId),
    ]);
    const marks = finished.flatMap(({ position, item: { order, document }, hand, failure }) => {
      const stored: StoredFailure | null = failure && {
        ...failure,
        externalId: document.externalId,
        failedAt: now,
      };
      return [position, order, stored ? JSON.stringify(stored) : '', hand];
    });
    await this.connection.script(
      'finish',
      [...this.keys.ofJob(job), waiting, news, ended, ...keys],
      [job, now, ...marks],
    );
  }

  private async accept(
    id: string,
    { accepted, refused, count }: SiftedDocuments,
    { isNew, priority, open }: { isNew: boolean; priority: JobPriority; open: boolean },
  ): Promise<void> {
    const { waiting, outboxes, jobs, order, news, ended } = this.keys;
    const now = Date.now();
    const call = this.keys.call(randomBytes(12).toString('base64url'));
    const answer = await this.connection.script(
      'accept',
      [...this.keys.ofJob(id), waiting, outboxes, jobs, order, news, ended, call],
      [
        ...[id, now, this.capacity, Number(isNew), priority, Number(open), count, accepted.length],
        ...accepted.flatMap(({ position, document }) => [position, JSON.stringify(document)]),
        ...refused.flatMap(({ position, ...failure }) => [
          position,
          JSON.stringify({ ...failure, failedAt: now } satisfies StoredFailure),
        ]),
      ],
    );
    if (answer === 'none') throw noSuchJob(id);
    if (answer === 'closed') throw notOpen(id);
    const full = /^full:(\d+)$/.exec(String(answer));
    if (full) throw queueFull(Number(full[1]), accepted.length, this.capacity);
    if (answer !== 'ok') throw conflict(`job ${id}: unexpected answer ${String(answer)}`);
  }
}

/** `<order> <document as JSON>` */
function parseItem(text: string): StoredItem {
  const space = text.indexOf(' ');
  return {
    order: Number(text.slice(0, space)),
    document: JSON.parse(text.slice(space + 1)) as DocumentInput,
  };
}
