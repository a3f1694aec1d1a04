import type { DocumentLimits } from '../extraction/document-input.js';
import { given } from './given.js';
import { DEFAULT_RETENTION, type Retention } from './retention.js';
import { DEFAULT_RUNNER_OPTIONS, type IngestBatch, type RunnerOptions } from './runner-options.js';

/** @param isFinal the work that broke off has failed; absent or false: it is tried again */
export type ErrorListener = (error: unknown, isFinal?: boolean) => void;

/** What a queue is made with, wherever it keeps its jobs. */
export interface QueueOptions extends Partial<RunnerOptions>, Partial<Retention> {
  /** Most documents that may wait, over all jobs. */
  readonly capacity: number;
  readonly limits: DocumentLimits;
  /** Extracts and stores a batch. Null: this process accepts jobs and works on none. */
  readonly ingest: IngestBatch | null;
  /** Whether the graph store answers. Default: it does. */
  readonly storeAnswers?: () => Promise<boolean>;
  /** Hears of errors that no document is to blame for. */
  readonly onError?: ErrorListener;
}

/** What whoever works on jobs goes by. */
export interface WorkRules extends RunnerOptions {
  /** Whether the graph store answers. */
  readonly storeAnswers: () => Promise<boolean>;
  /** Something went wrong that no document is to blame for. */
  readonly onError: ErrorListener;
}

/** The rules that options mean: what is not given, or given as undefined, has its default. */
export function workRules({ storeAnswers, onError, ...options }: QueueOptions): WorkRules {
  return {
    ...DEFAULT_RUNNER_OPTIONS,
    ...given(options),
    storeAnswers: storeAnswers ?? (async () => true),
    onError: onError ?? (() => undefined),
  };
}

export function retentionOf({ keepDays, keepJobs }: QueueOptions): Retention {
  return { ...DEFAULT_RETENTION, ...given({ keepDays, keepJobs }) };
}
