import type { ErrorCode, FieldPath } from '../domain/errors.js';
import type { DocumentInput } from '../domain/model.js';

export const JOB_STATES = ['queued', 'running', 'completed', 'failed'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** A batch of documents that was accepted: accepted means stored. */
export interface Job {
  readonly id: string;
  readonly state: JobState;
  readonly total: number;
  readonly done: number;
  /** Documents that were refused, with the reason; the others are kept. */
  readonly failures: readonly JobFailure[];
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
  /** Grows by one with every change: where a subscriber resumes. */
  readonly sequence: number;
}

export interface JobFailure {
  readonly externalId: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly path: FieldPath;
}

/** Durable ingestion: documents in, jobs out; unfinished jobs go on after a restart. */
export interface JobQueue {
  /** Stores the documents and answers at once. @throws QUEUE_FULL */
  submit(documents: readonly DocumentInput[]): Promise<Job>;
  job(id: string): Promise<Job | null>;
  /** The job's states from `afterSequence` on, ending with the final one. */
  follow(id: string, afterSequence?: number): AsyncIterable<Job>;
  /** Resolves when the job is completed or failed. */
  finished(id: string): Promise<Job>;
  /** Takes up unfinished jobs and begins to work. */
  start(): Promise<void>;
  /** Finishes the document in hand and stops. */
  stop(): Promise<void>;
}
