/** Which finished jobs are kept. */
export interface Retention {
  /** Days after its end that a job is kept with its dead letters. */
  readonly keepDays: number;
  /** Finished jobs that are kept at most, the last ones. */
  readonly keepJobs: number;
}

export const DEFAULT_RETENTION: Retention = { keepDays: 30, keepJobs: 1000 };

/** Milliseconds between two looks. */
export const PRUNE_INTERVAL = 10 * 60_000;

/** Milliseconds. */
export const DAY = 24 * 3600_000;
