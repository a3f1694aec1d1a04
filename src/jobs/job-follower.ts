import type { EventEmitter } from 'node:events';
import { NeighborKbError } from '../domain/errors.js';
import type { Job, JobQueue } from './job-queue.js';
import { noSuchJob } from './refusals.js';

/** Where a follower gets the job's states from. */
export interface JobHistory {
  /** States with a greater sequence, in order; the last one again if it is final and none is greater. @throws NOT_FOUND */
  changesAfter(id: string, sequence: number): Promise<readonly Job[]>;
  /** Emits `changeOf(id)` with every change of a job that this process hears of, and `end` when no more will come. */
  readonly events: EventEmitter;
  /** Milliseconds between looks for changes that it does not hear of: other processes make them. */
  readonly pollInterval: number;
}

/** Name of the event that a job has changed. */
export function changeOf(id: string): string {
  return `job:${id}`;
}

/** The job once it is final. @throws NeighborKbError NOT_FOUND; CONFLICT if the queue stops before */
export async function finalOf(queue: Pick<JobQueue, 'job' | 'follow'>, id: string): Promise<Job> {
  const known = await queue.job(id);
  for await (const job of queue.follow(id, known?.sequence ?? 0)) if (job.finishedAt) return job;
  throw new NeighborKbError('CONFLICT', `the queue stopped before job ${id} was finished`);
}

/**
 * What `JobHistory.changesAfter` promises, from the changes that a queue keeps: who resumed past the end gets the final
 * state again, so that a follower is not left waiting.
 *
 * @param changes those with a greater sequence; null: there is no such job
 * @throws NeighborKbError NOT_FOUND
 */
export async function orFinalState(
  changes: readonly Job[] | null,
  queue: Pick<JobQueue, 'job'>,
  id: string,
  sequence: number,
): Promise<readonly Job[]> {
  if (changes === null) throw noSuchJob(id);
  if (changes.length > 0) return changes;
  const last = await queue.job(id);
  // A greater sequence came between the two looks: its state is among the changes of the next one.
  return last?.finishedAt && last.sequence <= sequence ? [last] : [];
}

/**
 * The states of one job as they come, read from the store when a consumer asks: a slow consumer costs nothing
 * and misses nothing. Ends with the final state; `return` ends it at once, also while `next` is waiting, which
 * an async generator would not do.
 */
export class JobFollower implements AsyncIterableIterator<Job> {
  private ready: Job[] = [];
  private ended = false;
  private hasNews = true;
  private wake: (() => void) | null = null;
  /** Calls of `next` wait for each other. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly history: JobHistory,
    private readonly id: string,
    private sequence: number,
  ) {
    history.events.on(changeOf(id), this.onChange);
    history.events.on('end', this.end);
  }

  next(): Promise<IteratorResult<Job, undefined>> {
    const result = this.turn.then(() => this.step());
    this.turn = result.catch(() => undefined);
    return result;
  }

  return(): Promise<IteratorResult<Job, undefined>> {
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private async step(): Promise<IteratorResult<Job, undefined>> {
    while (!this.ended) {
      if (this.ready.length === 0) await this.read();
      const job = this.ready.shift();
      if (job) {
        if (job.finishedAt) this.end();
        return { done: false, value: job };
      }
      await this.news();
    }
    return { done: true, value: undefined };
  }

  private async read(): Promise<void> {
    this.hasNews = false;
    try {
      this.ready = [...(await this.history.changesAfter(this.id, this.sequence))];
      this.sequence = this.ready.at(-1)?.sequence ?? this.sequence;
    } catch (error) {
      // A queue that stopped meanwhile ends its followers; anything else is theirs to know.
      if (this.ended) return;
      this.end();
      throw error;
    }
  }

  /** Until something changed, or may have. */
  private async news(): Promise<void> {
    if (this.hasNews || this.ended) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.history.pollInterval).unref();
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = null;
  }

  private readonly onChange = (): void => {
    this.hasNews = true;
    this.wake?.();
  };

  private readonly end = (): void => {
    this.ended = true;
    this.history.events.off(changeOf(this.id), this.onChange);
    this.history.events.off('end', this.end);
    this.wake?.();
  };
}
