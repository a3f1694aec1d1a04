import type { DocumentInput } from '../domain/model.js';
import type { IngestOutcome } from './document-ingester.js';
import type { RetryRules } from './failures.js';

/** Extracts and stores a batch; `onOutcome` hears of each document as soon as it is stored or refused. */
export type IngestBatch = (
  documents: readonly DocumentInput[],
  onOutcome?: (outcome: IngestOutcome) => void,
) => Promise<readonly IngestOutcome[]>;

export interface RunnerOptions extends RetryRules {
  /** Documents of one batch at most. */
  readonly batchDocuments: number;
  /** UTF-16 units of text of one batch at most, one document excepted. */
  readonly batchUnits: number;
  /** Times that the process may die over a document before it is a dead letter. */
  readonly maxBreaks: number;
  /** Milliseconds that a lease lasts unless it is renewed, which is done three times meanwhile. */
  readonly leaseTime: number;
  /** Milliseconds between looks for what other processes left or brought. */
  readonly pollInterval: number;
}

export const DEFAULT_RUNNER_OPTIONS: RunnerOptions = {
  batchDocuments: 32,
  batchUnits: 50_000,
  maxAttempts: 3,
  maxBreaks: 5,
  retryDelay: 500,
  leaseTime: 30_000,
  pollInterval: 1000,
};
