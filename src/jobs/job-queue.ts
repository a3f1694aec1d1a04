import type { ErrorCode, FieldPath } from '../domain/errors.js';
import type { DocumentInput } from '../domain/model.js';
import type { Page, PageRequest } from '../store/graph-store.js';
import type { JobKind, JsonObject, TaskKind } from './tasks.js';

export const JOB_STATES = ['queued', 'running', 'paused', 'completed', 'failed', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** States that nothing but `retry` leads out of. */
export const FINAL_STATES: ReadonlySet<JobState> = new Set(['completed', 'failed', 'cancelled']);

export const JOB_PRIORITIES = ['low', 'normal', 'high'] as const;
export type JobPriority = (typeof JOB_PRIORITIES)[number];

/** Documents to ingest, or a task, as it stood at one moment. Accepted means stored. */
export interface Job {
  readonly id: string;
  readonly kind: JobKind;
  readonly state: JobState;
  readonly priority: JobPriority;
  /** Whether documents may still be appended: the job cannot be completed before it is sealed. */
  readonly open: boolean;
  /** Documents accepted so far; of a task its units of work, 0 while unknown. */
  readonly total: number;
  /** Documents finished, failed ones included; of a task its units of work. */
  readonly done: number;
  /** Documents that failed: dead letters. */
  readonly failed: number;
  /** What a task is doing, for people. */
  readonly step: string | null;
  /** Documents or units of work a second over the last one to two minutes; null where nothing is known. */
  readonly rate: number | null;
  /** The first MAX_JOB_FAILURES documents that failed, by position; the others are kept. */
  readonly failures: readonly JobFailure[];
  /** What a completed task gave. */
  readonly result: JsonObject | null;
  /** Why a task failed. */
  readonly error: JobError | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** Grows with every change: where a subscriber resumes. */
  readonly sequence: number;
}

/** Failures that a job carries along; `deadLetters` pages through all of them. */
export const MAX_JOB_FAILURES = 100;

/** Changes of a job that are kept: who resumes from an older one gets those. */
export const MAX_JOB_CHANGES = 1000;

export interface JobError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly path: FieldPath;
}

export interface JobFailure extends JobError {
  readonly externalId: string;
}

/** A document that failed for good: refused, or given up after its tries. */
export interface DeadLetter extends JobFailure {
  /** `<job id>/<position>` */
  readonly id: string;
  readonly jobId: string;
  /** Its place among the documents of the job, from 0. */
  readonly position: number;
  /** Whether it can be tried again: a document that was malformed when it came is not kept. */
  readonly retryable: boolean;
  readonly failedAt: Date;
}

export interface SubmitOptions {
  /** Default `normal`. Waiting documents of a higher priority go first; work in hand is not broken off. */
  readonly priority?: JobPriority;
  /** A stream: documents may be appended until it is sealed, and none need come along. Default false. */
  readonly open?: boolean;
}

export interface JobQuery extends PageRequest {
  readonly filter?: { readonly kinds?: readonly JobKind[]; readonly states?: readonly JobState[] };
}

export interface DeadLetterQuery extends PageRequest {
  readonly filter?: { readonly jobId?: string; readonly codes?: readonly ErrorCode[] };
}

/**
 * Durable jobs. Two adapters keep it alike, one for processes that share a file (SQLite) and one for machines that
 * share a Redis (BullMQ); `test/jobs/contract.ts` holds both to it.
 *
 * Each document is done exactly once as far as the graph can tell: saving is idempotent, finishing is counted once,
 * and of two revisions under one externalId the one that was accepted later stays.
 */
export interface JobQueue {
  /** Takes up unfinished jobs and begins to work. @throws QUEUE_UNAVAILABLE, STORE_UNAVAILABLE, SCHEMA_* */
  start(): Promise<void>;
  /** Finishes the documents in hand and stops. */
  stop(): Promise<void>;

  /**
   * Stores the documents and answers at once. Malformed ones are dead letters from the start and take no room.
   * @throws QUEUE_FULL at `documents`: nothing was accepted; INVALID_ARGUMENT for no documents in a closed job
   */
  submit(documents: readonly DocumentInput[], options?: SubmitOptions): Promise<Job>;
  /** @throws NOT_FOUND; CONFLICT for a job that is not open; QUEUE_FULL: nothing was accepted */
  append(id: string, documents: readonly DocumentInput[]): Promise<Job>;
  /** No more documents will come. Sealing twice does nothing. @throws NOT_FOUND, CONFLICT for a task */
  seal(id: string): Promise<Job>;
  /** Lets work in hand end and begins no other. Pausing twice does nothing. @throws NOT_FOUND, CONFLICT if final */
  pause(id: string): Promise<Job>;
  /** @throws NOT_FOUND, CONFLICT if final; a job that is not paused is left alone */
  resume(id: string): Promise<Job>;
  /** Drops what waits; what is stored stays. @throws NOT_FOUND, CONFLICT if completed or failed */
  cancel(id: string): Promise<Job>;
  /**
   * Tries dead letters again, all that are retryable unless positions are given, or a failed task from its
   * checkpoint. @throws NOT_FOUND; CONFLICT where there is nothing to try again
   */
  retry(id: string, positions?: readonly number[]): Promise<Job>;

  job(id: string): Promise<Job | null>;
  /** Newest first. */
  jobs(query: JobQuery): Promise<Page<Job>>;
  /** Oldest job first, then by position. */
  deadLetters(query: DeadLetterQuery): Promise<Page<DeadLetter>>;
  /** The document of a dead letter, for people to read; null if it is none or not kept. */
  deadLetterDocument(jobId: string, position: number): Promise<DocumentInput | null>;
  /** The job's states after a sequence, ending with the final one. @throws NOT_FOUND when iterated */
  follow(id: string, afterSequence?: number): AsyncIterableIterator<Job>;
  /** Resolves when the job is final. @throws NOT_FOUND; CONFLICT if the queue stops before */
  finished(id: string): Promise<Job>;
}

/** Queues that do tasks, too. */
export interface TaskQueue {
  /** Stores a task. @throws INVALID_ARGUMENT at `kind`; what its handler says of the input, path under `input` */
  submitTask(kind: TaskKind, input: unknown, options?: Pick<SubmitOptions, 'priority'>): Promise<Job>;
}

/** Seconds until a job is done at its present rate; null where that cannot be said. */
export function remainingSeconds({ state, open, total, done, rate }: Job): number | null {
  if (state !== 'running' || open || rate === null || rate <= 0 || total === 0) return null;
  return (total - done) / rate;
}
