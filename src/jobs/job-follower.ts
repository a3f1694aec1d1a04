import type { EventEmitter } from 'node:events';
import type { Job } from './job-queue.js';

/** Where a follower gets the job's states from. */
export interface JobHistory {
  /** States with a greater sequence, in order. @throws NOT_FOUND */
  changesAfter(id: string, sequence: number): readonly Job[];
  /** Emits `changeOf(id)` with every change of a job, and `end` when no more will come. */
  readonly events: EventEmitter;
}

/** Name of the event that a job has changed. */
export function changeOf(id: string): string {
  return `job:${id}`;
}

/**
 * The states of one job as they come, read from the store when a consumer asks: a slow consumer costs nothing
 * and misses nothing. Ends with the final state; `return` ends it at once, also while `next` is waiting, which
 * an async generator would not do.
 */
export class JobFollower implements AsyncIterableIterator<Job> {
  private readonly ready: Job[] = [];
  private ended = false;
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
      if (this.ready.length === 0) this.read();
      const job = this.ready.shift();
      if (job) {
        if (job.finishedAt) this.end();
        return { done: false, value: job };
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return { done: true, value: undefined };
  }

  private read(): void {
    try {
      this.ready.push(...this.history.changesAfter(this.id, this.sequence));
      this.sequence = this.ready.at(-1)?.sequence ?? this.sequence;
    } catch (error) {
      this.end();
      throw error;
    }
  }

  private readonly onChange = (): void => {
    this.wake?.();
    this.wake = null;
  };

  private readonly end = (): void => {
    this.ended = true;
    this.history.events.off(changeOf(this.id), this.onChange);
    this.history.events.off('end', this.end);
    this.onChange();
  };
}
